"""Chinese text as words and letter pairs, for an index that finds parts of names and forgives a wrong letter.

PostgreSQL has no Chinese parser of its own and its trigram extension may be absent, so that both the document and
the question are cut here. A document carries words (weights A to D) and, for its title, all pairs of neighboring
letters, marked with ``~``. A question is tried three times, ever looser: all words; all letter pairs, which finds
any substring; all but two neighboring ones, which forgives a mistyped letter.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

import rjieba

_RUNS = re.compile(r"[0-9a-z]+|[\u3400-\u9fff\U00020000-\U0003134f]+")
_MOST_WORDS = 12
_MOST_PAIRS = 8
_MOST_POSITION = 16383
_MOST_LEXEME_LETTERS = 60
_MOST_LEXEMES = 6000


def normalized(text: str) -> str:
    """Return a text in half width and lower case, so that ＡＢＣ and abc are one.

    >>> normalized("ＡＢＣ企业")
    'abc企业'
    """
    return unicodedata.normalize("NFKC", text).lower()


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, long words also in their parts.

    >>> words("不动产登记信息")
    ('不动', '动产', '不动产', '登记', '信息')
    """
    found: list[str] = []
    for run in _RUNS.findall(normalized(text)):
        if run[0].isascii():
            found.append(run[:_MOST_LEXEME_LETTERS])
        else:
            found.extend(word[:_MOST_LEXEME_LETTERS] for word in rjieba.cut_for_search(run))
    return tuple(found)


def pieces(text: str) -> tuple[str, ...]:
    """Return a text cut into words that, put together, are the text again; for reading, not for an index.

    >>> pieces("结婚登记预约")
    ('结婚登记', '预约')
    """
    return tuple(rjieba.cut(text))


def is_word(text: str) -> bool:
    """Whether the dictionary has a word."""
    return rjieba.has_word(text)


def pairs(text: str) -> tuple[str, ...]:
    """Return each pair of neighboring letters; a single letter stands alone.

    >>> pairs("不动产 a1")
    ('不动', '动产', 'a1')
    """
    return tuple(pair for run in _RUNS.findall(normalized(text)) for pair in _pairs(run))


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for start in range(len(run) - 1):
        yield run[start : start + 2]


def document(
    *,
    title: str,
    second: Iterable[str] = (),
    third: Iterable[str] = (),
    fourth: Iterable[str] = (),
    parts: str = "",
) -> str:
    """Return the text of a `tsvector`: the title weighs A, the others B to D; parts of title and `parts` are found.

    >>> document(title="登记簿")
    "'登记':1A '登记簿':2A '~登记':3 '~记簿':4"
    """
    weighted = (
        *((word, "A") for word in words(title)),
        *((f"~{pair}", "") for pair in pairs(f"{title} {parts}")),
        *((word, "B") for text in second for word in words(text)),
        *((word, "C") for text in third for word in words(text)),
        *((word, "D") for text in fourth for word in words(text)),
    )
    places: dict[str, tuple[int, str]] = {}
    for position, (lexeme, weight) in enumerate(weighted, start=1):
        if len(places) < _MOST_LEXEMES:
            places.setdefault(lexeme, (min(position, _MOST_POSITION), weight))
    return " ".join(f"'{lexeme}':{place}{weight}" for lexeme, (place, weight) in places.items())


def exact_question(text: str) -> tuple[str, ...]:
    """Return the texts of up to two `tsquery` that cost the same in a large index: words, then pairs of letters.

    Words are not also taken as beginnings of others, for a short one begins thousands; only a letter alone is.
    """
    asked = _asked(text)
    if not asked:
        return ()
    is_letter = len(asked) == 1 and len(asked[0]) == 1
    strict = " & ".join(f"'{word}'" for word in asked) + (":*" if is_letter else "")
    return tuple(dict.fromkeys((strict, " & ".join(_marked_pairs(text)))))


def question(text: str) -> tuple[str, ...]:
    """Return the texts of up to three `tsquery`, each looser than the one before; none for an empty question.

    The first two are those of `exact_question`. The last forgives a wrong letter, which spoils two neighboring
    pairs: it asks for all others.
    """
    exact, asked = exact_question(text), _marked_pairs(text)
    spoilt = min(2, len(asked) // 2)
    if not exact or not spoilt:
        return exact
    left = [(*asked[:start], *asked[start + spoilt :]) for start in range(len(asked) - spoilt + 1)]
    return (*exact, " | ".join("(" + " & ".join(pairs) + ")" for pairs in left))


def marked(text: str, *, asked: str) -> tuple[tuple[str, bool], ...]:
    """Return a text in pieces, each with whether it is what was asked for.

    Whole words are marked; where none of them stands in the text, pairs of their letters are.

    >>> marked("城镇职工参保信息", asked="参保")
    (('城镇职工', False), ('参保', True), ('信息', False))
    """
    plain = text.lower() if len(text.lower()) == len(text) else text
    wanted = _asked(asked)
    if not any(word in plain for word in wanted):
        wanted = pairs(asked)[:_MOST_PAIRS]
    if not any(word in plain for word in wanted):
        return ((text, False),) if text else ()
    longest_first = sorted(set(wanted), key=len, reverse=True)
    found = re.compile("(?:" + "|".join(map(re.escape, longest_first)) + ")+").finditer(plain)
    return tuple(_pieces(text, [match.span() for match in found]))


def _pieces(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    end = 0
    for start, stop in spans:
        if start > end:
            yield text[end:start], False
        yield text[start:stop], True
        end = stop
    if end < len(text):
        yield text[end:], False


def _asked(text: str) -> tuple[str, ...]:
    found: list[str] = []
    for run in _RUNS.findall(normalized(text)):
        cut = (run,) if run[0].isascii() else rjieba.cut(run)
        found.extend(word[:_MOST_LEXEME_LETTERS] for word in cut)
    return tuple(dict.fromkeys(found))[:_MOST_WORDS]


def _marked_pairs(text: str) -> tuple[str, ...]:
    asked = pairs(text)[:_MOST_PAIRS]
    return tuple(dict.fromkeys(f"'~{pair}'" + ("" if len(pair) > 1 else ":*") for pair in asked))
