"""Numbers for leaders: over the applications and the bad ratings that the reader may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from zhengshu.contexts.services.application.number_facts import bad_ratings_of, facts_of, fits
from zhengshu.contexts.services.domain.numbers import BadRating, Fact, Figure, figures, grouped
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor

BY = ("month", "item", "department")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """All figures of what was asked for.

    Attributes:
        figures: by code, see `domain.numbers.figures`.
        groups: the same by month, item or department.
        items: item code → name, to narrow down.
        departments: department id → name.
        months: the months in which something was sent or rated, the latest first.
    """

    figures: Mapping[str, Figure]
    groups: Mapping[tuple[str, str], Mapping[str, Figure]]
    items: Mapping[str, str]
    departments: Mapping[str, str]
    months: tuple[str, ...]


def see_numbers(*, query: ListQuery, by: str, actor: Actor, at: datetime) -> Numbers:
    """Return the figures over what the reader may see, narrowed by item, department and month."""
    facts, bad = tuple(facts_of(actor=actor, at=at)), tuple(bad_ratings_of(actor=actor))
    shown = [fact for fact in facts if fits(fact, query)]
    rated = [rating for rating in bad if fits(rating, query)]
    every: tuple[Fact | BadRating, ...] = (*facts, *bad)
    return Numbers(
        figures=figures(shown, rated),
        groups=grouped(shown, rated, by=by if by in BY else "month"),
        items=_sorted((one.item, one.item_name) for one in every),
        departments=_sorted((one.department, one.department_name) for one in every),
        months=tuple(sorted({_month(one) for one in every}, reverse=True)),
    )


def _month(one: Fact | BadRating) -> str:
    return f"{one.month:%Y-%m}"


def _sorted(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    return dict(sorted(dict(pairs).items(), key=lambda pair: pair[1]))
