"""What table rules compare: texts that are alike, and the shares of values in two runs."""

import math
import string
from collections.abc import Mapping

MOST_VALUES = 50
"""A column with more different values has no shares to compare; its values may be personal data too."""

_FULL = {chr(0xFF01 + offset): chr(0x21 + offset) for offset in range(0x5E)}
_LOWER = {capital: capital.lower() for capital in string.ascii_uppercase}
_DROPPED = string.punctuation + " \t\r\n\u00a0\u3000\ufeff\u200b·•・，。、；：？！“”‘’（）《》【】—…￥"
_FOLDED = {
    letter: _LOWER.get(plain, plain)
    for letter, plain in (*_FULL.items(), *_LOWER.items())
    if plain not in string.punctuation
}

FROM = "".join(
    (*_FOLDED, *dict.fromkeys((*_DROPPED, *(letter for letter in _FULL if letter not in _FOLDED))))
)
"""Letters that are changed, then those that are dropped: the arguments of SQL's ``translate``."""
TO = "".join(_FOLDED.values())

_TABLE = {ord(letter): (TO[place] if place < len(TO) else None) for place, letter in enumerate(FROM)}
_LEAST_SHARE = 1e-4


def folded(text: str) -> str:
    """Return a text without width, case, blanks and punctuation.

    >>> folded("云州（集团） 有限公司ＡＢ")
    '云州集团有限公司ab'
    """
    return text.translate(_TABLE)


def stability_index(former: Mapping[str, float], now: Mapping[str, float]) -> float:
    """Return the population stability index of two distributions; above 0.2 it is usually called a change.

    >>> stability_index({"1": 0.5, "2": 0.5}, {"1": 0.5, "2": 0.5})
    0.0
    """
    total = 0.0
    for value in {*former, *now}:
        before, after = (max(shares.get(value, 0.0), _LEAST_SHARE) for shares in (former, now))
        total += (after - before) * math.log(after / before)
    return total
