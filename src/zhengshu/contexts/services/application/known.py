"""What a process knows of the items that are offered: what they mean, and the words of their names."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

import numpy as np
import numpy.typing as npt

from zhengshu.contexts.services.application import meaning
from zhengshu.contexts.services.application.everyday_words import everyday_words
from zhengshu.contexts.services.domain.spelling import Letters, Spelling
from zhengshu.kernel.words import words

Scores = npt.NDArray[np.float64]
"""A number for each item, by its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What is known of one item."""

    digest: str
    name: str
    rows: meaning.Vectors
    words: frozenset[str]


@dataclass(frozen=True)
class Known:
    """Items by their places, as they are at one time."""

    ids: Sequence[UUID] = ()
    names: Sequence[str] = ()
    matrix: meaning.Vectors = field(default_factory=lambda: np.zeros((0, meaning.WIDTH), dtype=np.float32))
    owners: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    having: Mapping[str, npt.NDArray[np.int64]] = field(default_factory=dict)

    @classmethod
    def of(cls, learned: Mapping[UUID, Learned]) -> "Known":
        """Put together what is known of each item."""
        each = list(learned.values())
        if not each:
            return cls()
        having: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(each):
            for word in one.words:
                having[word].append(place)
        return cls(
            ids=list(learned),
            names=[one.name for one in each],
            matrix=np.concatenate([one.rows for one in each]),
            owners=np.repeat(np.arange(len(each)), [len(one.rows) for one in each]),
            having={word: np.array(places) for word, places in having.items()},
        )

    @cached_property
    def places(self) -> Mapping[UUID, int]:
        """Where each item stands."""
        return {item_id: place for place, item_id in enumerate(self.ids)}

    @cached_property
    def spelling(self) -> Spelling:
        """The words of names, and everyday words."""
        return Spelling([*self.having, *everyday_words().words()])

    @cached_property
    def letters(self) -> Letters:
        """Names as they are typed by sound."""
        return Letters(self.names)

    def closeness(self, vectors: meaning.Vectors) -> Scores:
        """Return how close each item is to the closest of some meanings (1: the same)."""
        best = np.full(len(self.ids), -1.0, dtype=np.float32)
        if self.ids:
            meaning.use_one_thread()
            np.maximum.at(best, self.owners, (self.matrix @ vectors.T).max(axis=1))
        return best.astype(np.float64)

    def rarity(self, asked: Sequence[str]) -> Mapping[str, float]:
        """Return how much each word tells: the logarithm of how rare it is among the names of items."""
        return {
            word: math.log(1 + (1 + len(self.ids)) / (1 + len(self.having.get(word, ())))) for word in asked
        }

    def telling(self, asked: Sequence[str], *, most: int) -> tuple[str, ...]:
        """Return the rarest words of a question, as long as the names of not more than so many items have them.

        At least one word is left; where nothing is known, all are.
        """
        chosen: list[str] = []
        hits = 0
        for word in sorted(asked, key=lambda one: len(self.having.get(one, ()))):
            hits += len(self.having.get(word, ()))
            if chosen and hits > most:
                break
            chosen.append(word)
        return tuple(chosen)

    def share(self, term: str) -> Scores:
        """Return how much of what the words of a term tell each name has; all of it where the term stands in it."""
        told = np.zeros(len(self.ids))
        rarity = self.rarity(tuple(dict.fromkeys(words(term))))
        for word, rare in rarity.items():
            if word in self.having:
                told[self.having[word]] += rare
        told /= sum(rarity.values()) or 1.0
        told[[place for place, name in enumerate(self.names) if term in name]] = 1.0
        return told
