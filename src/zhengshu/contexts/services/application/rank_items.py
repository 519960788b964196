"""Rank items by how well they answer an everyday question: by its words, its meaning, and its official terms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import numpy as np
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from zhengshu.contexts.services.application import meaning
from zhengshu.contexts.services.application.everyday_words import everyday_words
from zhengshu.contexts.services.application.index import INDEX
from zhengshu.contexts.services.application.known import Known, Scores
from zhengshu.contexts.services.domain.everyday import Meant
from zhengshu.contexts.services.domain.questions import core_of, words_of
from zhengshu.contexts.services.domain.vocabulary import ItemState
from zhengshu.contexts.services.models import ServiceItem
from zhengshu.contexts.services.models.items import ServiceItemQuerySet
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.words import exact_question, words

MOST_FOUND: Final = 200
"""So many are ranked for a question; nobody reads further."""

MOST_HIT: Final = 1000
"""Of the words of a question the rarest are looked up, up to so many items: whoever asks for a permit to fell trees is
not shown all permits, and the server need not rank them."""

LEAST_CLOSE: Final = 0.30
"""Below, two texts have nothing to do with each other."""

LEAST_FOREIGN: Final = 0.5
"""The closest to a question in Latin letters, where none of its words was found either: English questions
are at 0.6 and more, letters struck at random at 0.2 to 0.42."""

WORDS_WEIGH: Final = 0.4
"""The share of the words; looked at with the questions of `bench/seeds/item_questions.yaml`, as are those below."""

TERM_WEIGHS: Final = 0.8
"""What an item comes to whose name is the official term for the whole of the question; half for a small part of it."""

REST_WEIGHS: Final = 0.5
"""The share of words and meaning where an official term was found: they tell the items with that term apart."""

ALL_BUT_ROUNDING: Final = 0.999
"""What the words of a term add up to in a name that has them all."""

STEP_ASKED: Final = 0.03
STEP_NOT_ASKED: Final = -0.06
"""What it counts that a name speaks of a step (a change, a loss) that was asked for, or that was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Items that answer a question.

    Attributes:
        scores: the items, best first, with how well they do.
        meant: the official term by which an item was found, where it was found by it.
        corrected: the question with its wrong letters put right; empty where there were none.
    """

    scores: Mapping[UUID, float]
    meant: Mapping[UUID, Meant] = field(default_factory=dict)
    corrected: str = ""


def rank(text: str, *, actor: Actor, by_meaning: bool = True) -> Ranking:
    """Return the items that answer a question, best first.

    The words count by how rare they are in names; the meaning by how close it is to that of the name, the summary or a
    way in which people call the matter. An item whose name is the question comes first. Where people say otherwise
    what names say in official words, the names with those words come first, of them the step that was asked for.

    Args:
        text: the question.
        actor: who asks.
        by_meaning: False asks by the words alone, as they were typed.
    """
    core = core_of(text)
    if not by_meaning:
        return _best(_by_words([core], actor=actor))
    known = INDEX.current()
    corrected = known.spelling.word_of(core) or known.spelling.corrected(core)
    cores = list(dict.fromkeys((core, corrected)))
    spoken = _by_words(cores, actor=actor)
    close = known.closeness(meaning.vectors_of(cores))
    if not spoken and core.isascii():
        by_letters = _by_letters(core, known)
        if by_letters.scores or close.max(initial=0.0) < LEAST_FOREIGN:
            return by_letters
    asked = _Asked(text=text, cores=cores, known=known)
    ranking = asked.ranked(spoken=spoken, close=close)
    return Ranking(
        scores=ranking.scores, meant=ranking.meant, corrected=corrected if corrected != core else ""
    )


@dataclass(frozen=True, kw_only=True)
class _Asked:
    text: str
    cores: Sequence[str]
    known: Known

    def ranked(self, *, spoken: Mapping[UUID, float], close: Scores) -> Ranking:
        """Put words, meaning, official terms and steps together; a meaning not learned yet is as close as the words."""
        known = self.known
        told = np.zeros(len(known.ids))
        for item_id in spoken.keys() & known.places.keys():
            told[known.places[item_id]] = spoken[item_id]
        near = np.where((close >= LEAST_CLOSE) | (told > 0), close, 0.0)
        scores = WORDS_WEIGH * told + (1 - WORDS_WEIGH) * near
        scores, by_term = self._by_terms(scores)
        found = _top(scores)
        steps = self._steps(known.names[place] for place in found)
        best = {
            known.ids[place]: float(scores[place]) + step for place, step in zip(found, steps, strict=True)
        }
        unlearned = {one: score for one, score in spoken.items() if one not in known.places}
        ranking = _best({**unlearned, **best})
        meant = {
            known.ids[place]: one for place, one in by_term.items() if known.ids[place] in ranking.scores
        }
        return Ranking(scores=ranking.scores, meant=meant)

    def _by_terms(self, scores: Scores) -> tuple[Scores, Mapping[int, Meant]]:
        """Lift the items whose names say in official words what was asked for."""
        rest, by_term = REST_WEIGHS * scores, dict[int, Meant]()
        for meant in everyday_words().meant(self.text, *self.cores):
            share = self.known.share(meant.term)
            lifted = TERM_WEIGHS * (0.5 + 0.5 * meant.share) * share**2 + rest
            better = lifted > scores
            scores = np.where(better, lifted, scores)
            by_term |= dict.fromkeys(np.flatnonzero(better & (share >= ALL_BUT_ROUNDING)).tolist(), meant)
        return scores, by_term

    def _steps(self, names: Iterable[str]) -> list[float]:
        everyday = everyday_words()
        asked = everyday.steps_asked(" ".join((self.text, *self.cores)))
        return [
            sum(STEP_ASKED if step in asked else STEP_NOT_ASKED for step in everyday.steps_named(name))
            for name in names
        ]


def offered(actor: Actor) -> ServiceItemQuerySet:
    """Return the items that are offered, as far as the actor may see them."""
    return ServiceItem.objects.visible_to(actor).filter(state=ItemState.PUBLISHED.value)


def _by_letters(typed: str, known: Known) -> Ranking:
    """Return the items whose names are typed so on a keyboard."""
    shares = known.letters.places(typed)
    return _best({known.ids[place]: (1 + share) / 2 for place, share in shares.items()})


def _by_words(cores: Sequence[str], *, actor: Actor) -> Mapping[UUID, float]:
    """Return the items that have some of the words, with the share of what the words tell that they have."""
    known = INDEX.current()
    asked = {core: words_of(core) for core in cores}
    telling = {core: known.telling(words, most=MOST_HIT) for core, words in asked.items()}
    questions = [
        one
        for core in cores
        for one in (" | ".join(f"'{word}'" for word in telling[core]), *exact_question(core))
    ]
    wanted = " | ".join(f"({one})" for one in dict.fromkeys(questions) if one)
    if not wanted:
        return {}
    hits = RawSQL("services_item.all_words @@ %s::tsquery", (wanted,), output_field=BooleanField())
    order = RawSQL("ts_rank('{0.1,0.3,0.7,1}', services_item.all_words, %s::tsquery)", (wanted,))
    rows = offered(actor).filter(hits).annotate(order=order).order_by("-order")
    found = list(rows.values_list("id", "name", "all_words", "order")[:MOST_FOUND])
    rarities = {core: known.rarity(asked[core]) for core in cores}
    return {
        item_id: max(_score(name, str(lexemes), rarities[core], question=core) for core in cores)
        for item_id, name, lexemes, _order in found
    }


def _score(name: str, lexemes: str, rarity: Mapping[str, float], *, question: str) -> float:
    in_name = frozenset(words(name))
    told = sum(
        rare if word in in_name else 0.7 * rare if f"'{word}'" in lexemes else 0.0
        for word, rare in rarity.items()
    )
    short = len(question) / max(len(name), len(question))
    return told / (sum(rarity.values()) or 1.0) * 0.9 + (0.1 * short if question in name else 0.0)


def _top(scores: Scores) -> list[int]:
    """Return the places of the highest scores above nothing."""
    count = min(MOST_FOUND, len(scores))
    places = np.argpartition(-scores, count - 1)[:count] if count else np.zeros(0, dtype=np.int64)
    return [int(place) for place in places if scores[place] > 0]


def _best(scores: Mapping[UUID, float]) -> Ranking:
    best = sorted(scores.items(), key=lambda one: (-one[1], one[0]))
    return Ranking(scores=dict(best[:MOST_FOUND]))
