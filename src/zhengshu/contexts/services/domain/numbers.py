"""What leaders count of services: every figure is a sum over applications or bad ratings, and opens down to them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from zhengshu.contexts.services.domain.applications import ApplicationState

_ENDED: Final = frozenset(ApplicationState) - {ApplicationState.OPEN, ApplicationState.WITHDRAWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What is counted of one application.

    Attributes:
        kept: whether its case kept all its limits; None without a limit.
        days_saved: calendar days between its decision and the end of the statutory limit; 0 while it is open.
        visits_saved: one for an application that came from home, one for a result that did not have to be fetched.
        materials: how many materials of the item the data supplied.
        checks: how many checks of the pre-review it had.
        checks_by_rule: how many of them a rule answered, without a question to a person.
    """

    id: UUID
    item: str
    item_name: str
    department: str
    department_name: str
    month: date
    state: ApplicationState
    is_hands_free: bool
    kept: bool | None
    days_saved: int
    visits_saved: int
    materials: int
    checks: int = 0
    checks_by_rule: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRating:
    """What is counted of one bad rating; it leads to no application."""

    id: UUID
    item: str
    item_name: str
    department: str
    department_name: str
    month: date
    is_mended: bool


Test = Callable[[Fact], bool]
Weight = Callable[[Fact], int]


def _each(_fact: Fact) -> int:
    return 1


def _decided(fact: Fact) -> bool:
    return fact.state in _ENDED


def _timed(fact: Fact) -> int:
    return int(fact.kept is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How a figure is made: the sum of a weight over the applications that pass a test; a share has a whole."""

    counts: Test
    weight: Weight = _each
    of: Weight | None = None


CHECKS, MENDED = "checks", "mended"
"""What opens down to checks and to bad ratings; everything else to applications."""

MEASURES: Final[Mapping[str, Measure]] = {
    "applications": Measure(counts=lambda fact: True),  # noqa: ARG005 - all of them
    "open": Measure(counts=lambda fact: fact.state == ApplicationState.OPEN),
    "granted": Measure(counts=lambda fact: fact.state == ApplicationState.GRANTED),
    "refused": Measure(counts=lambda fact: fact.state == ApplicationState.REFUSED),
    "withdrawn": Measure(counts=lambda fact: fact.state == ApplicationState.WITHDRAWN),
    "kept": Measure(counts=lambda fact: fact.kept is True, of=_timed),
    "late": Measure(counts=lambda fact: fact.kept is False, of=_timed),
    "instant": Measure(counts=lambda fact: fact.is_hands_free, of=_each),
    "checks": Measure(
        counts=lambda fact: fact.checks_by_rule > 0,
        weight=lambda fact: fact.checks_by_rule,
        of=lambda fact: fact.checks,
    ),
    "days": Measure(counts=lambda fact: fact.days_saved > 0, weight=lambda fact: fact.days_saved),
    "visits": Measure(counts=lambda fact: fact.visits_saved > 0, weight=lambda fact: fact.visits_saved),
    "materials": Measure(counts=lambda fact: fact.materials > 0, weight=lambda fact: fact.materials),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure: its value, the whole for a share, and of how many applications (or bad ratings) it is the sum."""

    value: int
    whole: int | None
    cases: int

    @property
    def share(self) -> float | None:
        """The share of the whole; None where there is none."""
        return self.value / self.whole if self.whole else None


def figures(facts: Iterable[Fact], bad: Iterable[BadRating] = ()) -> Mapping[str, Figure]:
    """Return every figure over some applications and some bad ratings."""
    known, ratings = list(facts), list(bad)
    mended = sum(1 for one in ratings if one.is_mended)
    return {
        **{code: _figure(measure, known) for code, measure in MEASURES.items()},
        MENDED: Figure(value=mended, whole=len(ratings), cases=mended),
    }


def grouped(
    facts: Iterable[Fact], bad: Iterable[BadRating] = (), *, by: str
) -> Mapping[tuple[str, str], Mapping[str, Figure]]:
    """Return the figures of each item, department or month: key and name → figures, in order."""
    groups: dict[tuple[str, str], tuple[list[Fact], list[BadRating]]] = defaultdict(lambda: ([], []))
    for fact in facts:
        groups[_key(fact, by)][0].append(fact)
    for rating in bad:
        groups[_key(rating, by)][1].append(rating)
    return {key: figures(*some) for key, some in sorted(groups.items(), key=lambda pair: pair[0])}


def counted(facts: Iterable[Fact], *, figure: str) -> Mapping[UUID, int]:
    """Return the applications that a figure counts, with what each adds to it."""
    measure = MEASURES[figure]
    return {fact.id: measure.weight(fact) for fact in facts if measure.counts(fact)}


def _key(fact: Fact | BadRating, by: str) -> tuple[str, str]:
    if by == "item":
        return fact.item, fact.item_name
    if by == "department":
        return fact.department, fact.department_name
    return f"{fact.month:%Y-%m}", f"{fact.month:%Y-%m}"


def _figure(measure: Measure, facts: list[Fact]) -> Figure:
    found = [fact for fact in facts if measure.counts(fact)]
    whole = None if measure.of is None else sum(measure.of(fact) for fact in facts)
    return Figure(value=sum(measure.weight(fact) for fact in found), whole=whole, cases=len(found))
