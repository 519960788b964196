"""What was meant by a word that was typed wrongly, or typed in letters by its sound."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import accumulate, chain
from typing import Final

from zhengshu.contexts.services.domain.questions import EMPTY_LETTERS
from zhengshu.kernel.pinyin import sound, syllables
from zhengshu.kernel.words import is_word, pieces

_LEAST_LETTERS: Final = 2
_MOST_LETTERS: Final = 6
_LEAST_MASKED: Final = 4
"""Shorter words are too like each other for one of their letters to be left open."""


class Spelling:
    """The words that are known, by how they sound and by what they are but for one letter."""

    def __init__(self, words: Iterable[str]) -> None:
        """Learn words of two to six Chinese characters."""
        self._known = {
            word for word in words if _LEAST_LETTERS <= len(word) <= _MOST_LETTERS and not word.isascii()
        }
        ordered = sorted(self._known)
        self._by_sound = defaultdict[str, list[str]](list)
        for word in ordered:
            self._by_sound[sound(word)].append(word)
        self._by_mask = {mask: word for word in ordered for mask in _masks(word)}
        self._by_letters = {"".join(syllables(word)): word for word in ordered}

    def corrected(self, question: str) -> str:
        """Return a question with its wrong letters put right, as far as a known word is meant.

        Only what is no known word is put right, the longest first, and of each word one letter: one of the same sound,
        or any between others.

        >>> Spelling(["结婚", "登记", "营业执照"]).corrected("结婚登纪")
        '结婚登记'
        """
        cut = pieces(question)
        odd = frozenset(piece for piece in cut if not is_word(piece))
        letters = [letter for piece in cut for letter in (piece if piece in odd else [piece])]
        found, start = "", 0
        while start < len(letters):
            end, word = self._meant(letters, start, odd) or (start + 1, letters[start])
            found, start = found + word, end
        return found

    def word_of(self, letters: str) -> str:
        """Return the known word that is typed with these letters; empty where there is none.

        >>> Spelling(["身份证"]).word_of("shenfenzheng")
        '身份证'
        """
        return self._by_letters.get(_plain(letters), "")

    def _meant(self, letters: Sequence[str], start: int, odd: Collection[str]) -> tuple[int, str] | None:
        for end in range(min(len(letters), start + _MOST_LETTERS), start, -1):
            typed = "".join(letters[start:end])
            if not _LEAST_LETTERS <= len(typed) <= _MOST_LETTERS or typed.isascii():
                continue
            if typed in self._known:
                return end, typed
            if len(typed) > _LEAST_LETTERS or (typed in odd and not EMPTY_LETTERS & set(typed)):
                alike = (word for word in self._by_sound.get(sound(typed), ()) if _wrong(typed, word) == 1)
                masked = (self._by_mask[mask] for mask in _masks(typed) if mask in self._by_mask)
                if word := next(chain(alike, masked), ""):
                    return end, word
        return None


def _wrong(typed: str, word: str) -> int:
    return sum(one != other for one, other in zip(typed, word, strict=True))


def _masks(word: str) -> Iterator[str]:
    if len(word) >= _LEAST_MASKED:
        for place in range(1, len(word) - 1):
            yield f"{word[:place]}*{word[place + 1 :]}"


class Letters:
    """Names by how they are typed on a keyboard: in full (`shengyu`) or by first letters (`sydj`)."""

    def __init__(self, names: Iterable[str]) -> None:
        """Learn names in their order."""
        self._names = [_Said(syllables(name)) for name in names]

    def places(self, typed: str) -> dict[int, float]:
        """Return which names hold what was typed, by their places, with how much of the name it is.

        >>> Letters(["结婚登记", "生育津贴支付"]).places("shengyu")
        {1: 0.3333333333333333}
        """
        wanted = _plain(typed)
        if len(wanted) < _LEAST_LETTERS or not (wanted.isascii() and wanted.isalpha()):
            return {}
        shares = ((place, said.share(wanted)) for place, said in enumerate(self._names))
        return {place: share for place, share in shares if share}


class _Said:
    """A name in letters."""

    __slots__ = ("first", "full", "starts")

    def __init__(self, said: Sequence[str]) -> None:
        self.full = "".join(said)
        self.first = "".join(syllable[0] for syllable in said)
        self.starts = tuple(accumulate((len(syllable) for syllable in said), initial=0))

    def share(self, wanted: str) -> float:
        """Return how much of the name letters are that begin where a syllable does; 0 where they do not stand in it."""
        if wanted in self.first:
            return len(wanted) / len(self.first)
        start = self.full.find(wanted)
        while start >= 0:
            if start in self.starts:
                return sum(start <= one < start + len(wanted) for one in self.starts) / len(self.first)
            start = self.full.find(wanted, start + 1)
        return 0.0


def _plain(typed: str) -> str:
    return "".join(typed.lower().split()).replace("'", "")
