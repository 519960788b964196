"""What a list of cases is narrowed by, read from the texts of an address; what is not understood narrows nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from uuid import UUID

from zhengshu.contexts.casework.domain.records import OPEN
from zhengshu.kernel.clocks import Light

TIMES = ("opened", "due", "closed")
FILTERS = (
    "type", "light", "state", "department", "party", "whose",
    *(f"{name}_{end}" for name in TIMES for end in ("from", "to"))
)  # fmt: skip
"""Filters in the address of a list of cases."""

ENDED = "ended"
"""The state of all cases that have ended, however they did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From the beginning of one day to the end of another; either may be missing."""

    start: datetime | None = None
    end: datetime | None = None
    """The first moment that no longer belongs to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What a list of cases is narrowed by.

    Attributes:
        types: codes of case types.
        lights: traffic lights; only open cases have one.
        is_ended: whether the cases have ended; None where that does not matter.
        ends: the ends that they may have come to.
        departments: who opened them.
        parties: departments or persons who are parties to them.
        times: `opened`, `due`, `closed` → days.
    """

    types: tuple[str, ...]
    lights: tuple[Light, ...]
    is_ended: bool | None
    ends: tuple[str, ...]
    departments: tuple[UUID, ...]
    parties: tuple[UUID, ...]
    times: Mapping[str, Span]

    @property
    def is_open(self) -> bool:
        """Whether only open cases are left: lights are theirs alone."""
        return self.is_ended is False or bool(self.lights)

    @property
    def has_ended(self) -> bool:
        """Whether only ended cases are left."""
        return self.is_ended is True or self.times["closed"] != Span()

    @property
    def is_in_words(self) -> bool:
        """Whether the index of words knows all of it: types, parties, and whether a case is open or has ended."""
        spans = any(span != Span() for span in self.times.values())
        return not (self.lights or self.ends or self.departments or spans)


def narrowing(filters: Mapping[str, tuple[str, ...]], *, zone: tzinfo) -> Narrowing:
    """Read the filters of a list; days are days of the time zone."""
    states = filters.get("state", ())
    ends = tuple(state for state in states if state not in {OPEN, ENDED})
    lights = {light.value: light for light in Light}
    return Narrowing(
        types=filters.get("type", ()),
        lights=tuple(lights[name] for name in filters.get("light", ()) if name in lights),
        is_ended=_is_ended(states),
        ends=ends if OPEN not in states and ENDED not in states else (),
        departments=_ids(filters.get("department", ())),
        parties=_ids(filters.get("party", ())),
        times={name: _span(filters, name, zone=zone) for name in TIMES},
    )


def _is_ended(states: tuple[str, ...]) -> bool | None:
    if not states or (OPEN in states and len(states) > 1):
        return None
    return OPEN not in states


def _ids(texts: tuple[str, ...]) -> tuple[UUID, ...]:
    return tuple(found for text in texts if (found := _id(text)) is not None)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _span(filters: Mapping[str, tuple[str, ...]], name: str, *, zone: tzinfo) -> Span:
    first, last = _day(filters.get(f"{name}_from", ())), _day(filters.get(f"{name}_to", ()))
    return Span(
        start=None if first is None else datetime.combine(first, time(), zone),
        end=None if last is None else datetime.combine(last + timedelta(days=1), time(), zone),
    )


def _day(texts: tuple[str, ...]) -> date | None:
    """Read a day; years in which nothing of ours happens are not understood, and cannot overflow."""
    try:
        found = date.fromisoformat(texts[0][:10])
    except (IndexError, ValueError):
        return None
    return found if 1900 <= found.year <= 2999 else None  # noqa: PLR2004 - centuries
