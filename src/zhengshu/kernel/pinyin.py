"""How Chinese characters sound, for text that was typed by sound: homophones, and letters instead of characters.

Readings are those of single characters; a few words in which the usual reading is another are named here.
"""

import os
from collections.abc import Mapping
from functools import cache
from typing import Final
from unicodedata import category, normalize

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "银行": ("yin", "hang"),
    "会计": ("kuai", "ji"),
    "长期": ("chang", "qi"),
    "调解": ("tiao", "jie"),
    "重新": ("chong", "xin"),
    "成都": ("cheng", "du"),
    "给付": ("ji", "fu"),
    "畜牧": ("xu", "mu"),
    "音乐": ("yin", "yue"),
}


def syllables(text: str) -> tuple[str, ...]:
    """Return the syllable of each character, without tones; what is no Chinese character stands for itself.

    >>> syllables("银行卡A")
    ('yin', 'hang', 'ka', 'a')
    """
    found = [_reading(letter) for letter in text]
    for word, said in _WORDS.items():
        start = text.find(word)
        while start >= 0:
            found[start : start + len(word)] = said
            start = text.find(word, start + len(word))
    return tuple(found)


def sound(text: str) -> str:
    """Return what texts that sound alike have in common; zh, ch, sh are taken as z, c, s, and a final ng as n.

    >>> sound("登纪") == sound("登记"), sound("执造") == sound("执照")
    (True, True)
    """
    return "'".join(map(_folded, syllables(text)))


def _folded(syllable: str) -> str:
    if syllable[:2] in {"zh", "ch", "sh"}:
        syllable = syllable[0] + syllable[2:]
    return syllable.removesuffix("g") if syllable.endswith("ng") else syllable


@cache
def _reading(letter: str) -> str:
    said = _readings().get(ord(letter), "").partition(",")[0]
    bare = "".join(mark for mark in normalize("NFD", said.replace("ü", "v")) if category(mark) != "Mn")
    return bare or letter.lower()


@cache
def _readings() -> Mapping[int, str]:
    """Return the readings of characters; without those of words, which take 45 MB, the library takes twelve."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.pinyin_dict import pinyin_dict

    return pinyin_dict
