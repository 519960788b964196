"""How people say what names of items say in official words, and which step of a matter they mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Final

import msgspec

from zhengshu.kernel.text import narrow

MOST_MEANT: Final = 4
"""So many official terms are looked for in one question: whoever opens a restaurant needs several things."""


Word = Annotated[str, msgspec.Meta(pattern=r"\S")]
"""Something to be looked for: nothing would stand in every question."""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step of a matter: the first time, a change, a loss, an end.

    Attributes:
        names: what names of items say of it.
        words: how people say it; none for what is meant where nothing is said.
    """

    names: tuple[Word, ...]
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """An official term for something that was asked for in other words.

    Attributes:
        typed: the words of the question.
        term: what names of items say.
        share: how much of the question they are, up to 1.
    """

    typed: str
    term: str
    share: float


class Everyday(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everyday words and what they stand for.

    Attributes:
        terms: official term → words of people; of a word in several parts, each part stands somewhere in a question.
        steps: name → step.
    """

    terms: dict[Word, tuple[Word, ...]]
    steps: dict[str, Step]

    def meant(self, *questions: str) -> tuple[Meant, ...]:
        """Return the official terms for what is asked in one way or another, the surest first.

        >>> pack = Everyday(terms={"林木采伐许可": ("砍 树",)}, steps={})
        >>> [(one.typed, one.term) for one in pack.meant("山上的树能砍吗")]
        [('砍…树', '林木采伐许可')]
        """
        found: dict[str, Meant] = {}
        for plain in dict.fromkeys(narrow(question).lower() for question in questions):
            for term, words in self.terms.items():
                said = max((word for word in words if _stands(word, plain)), key=_length, default="")
                share = min(1.0, _length(said) / max(1, len(plain)))
                if said and term not in plain and (term not in found or share > found[term].share):
                    found[term] = Meant(typed="…".join(said.split()), term=term, share=share)
        return tuple(sorted(found.values(), key=lambda one: -one.share)[:MOST_MEANT])

    def steps_asked(self, question: str) -> frozenset[str]:
        """Return the steps that a question speaks of; the first one where it speaks of none."""
        plain = narrow(question)
        said = {name for name, step in self.steps.items() if any(word in plain for word in step.words)}
        return frozenset(said or (name for name, step in self.steps.items() if not step.words))

    def steps_named(self, name: str) -> frozenset[str]:
        """Return the steps that the name of an item speaks of."""
        return frozenset(one for one, step in self.steps.items() if any(part in name for part in step.names))

    def words(self) -> Iterable[str]:
        """Return all terms and words, each part of a word for itself."""
        for term, words in self.terms.items():
            yield term
            for word in words:
                yield from word.split()


def _stands(word: str, plain: str) -> bool:
    return all(part in plain for part in _parts(word))


@cache
def _parts(word: str) -> tuple[str, ...]:
    return tuple(word.lower().split())


def _length(word: str) -> int:
    return sum(map(len, word.split()))
