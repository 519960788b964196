"""Working days: the State Council's yearly notice, local overrides, and what is only a guess."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Self

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WEEKDAY = "weekday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    """A weekend that is worked in exchange for a day off (调休)."""
    OVERRIDE = "override"
    """A day that the platform's own table decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    """A day that differs from its weekday.

    Attributes:
        day: the date.
        is_working: whether it is worked.
        reason: the holiday's name, or why the table was overridden.
        basis: the notice that decides it.
        is_override: whether it comes from the platform's own table.
    """

    day: date
    is_working: bool
    reason: str
    basis: str = ""
    is_override: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAnswer:
    """Whether one day is worked, why, and whether that is published or only estimated."""

    day: date
    is_working: bool
    kind: DayKind
    reason: str = ""
    basis: str = ""
    is_estimate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days after a date up to and with another, each with its answer."""

    days: tuple[DayAnswer, ...]

    @property
    def working_days(self) -> int:
        """How many of the days are worked."""
        return sum(day.is_working for day in self.days)

    @property
    def is_estimate(self) -> bool:
        """Whether one of the days lies in a year whose notice was not published."""
        return any(day.is_estimate for day in self.days)


OFFICE_HOURS = ((time(9), time(12)), (time(13), time(17)))
"""When offices work unless the calendar's content says otherwise."""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Working days as published, with overrides; beyond the last published year weekends only.

    Attributes:
        special: the days that differ from their weekday.
        published: the years whose notice is known; days of others are estimates.
        hours: the working hours of a working day, in order, as half-open intervals of local time.
    """

    special: Mapping[date, SpecialDay] = field(default_factory=dict)
    published: frozenset[int] = frozenset()
    hours: tuple[tuple[time, time], ...] = OFFICE_HOURS

    @classmethod
    def of(
        cls,
        *,
        days: Iterable[SpecialDay],
        published: Iterable[int],
        hours: tuple[tuple[time, time], ...] = OFFICE_HOURS,
    ) -> Self:
        """Make a calendar of the published days."""
        return cls(MappingProxyType({day.day: day for day in days}), frozenset(published), hours)

    def overridden(self, days: Iterable[SpecialDay]) -> Self:
        """Return the calendar with days that the platform's own table decides."""
        own = {day.day: replace(day, is_override=True) for day in days}
        return replace(self, special=MappingProxyType({**self.special, **own}))

    def answer(self, day: date) -> DayAnswer:
        """Tell whether a day is worked, why, and whether that is an estimate."""
        special = self.special.get(day)
        if special is not None:
            if special.is_override:
                kind = DayKind.OVERRIDE
            else:
                kind = DayKind.MAKE_UP if special.is_working else DayKind.HOLIDAY
            return DayAnswer(
                day=day, is_working=special.is_working, kind=kind, reason=special.reason, basis=special.basis
            )
        is_working = day.weekday() < _SATURDAY
        kind = DayKind.WEEKDAY if is_working else DayKind.WEEKEND
        return DayAnswer(
            day=day, is_working=is_working, kind=kind, is_estimate=day.year not in self.published
        )

    def is_working_day(self, day: date) -> bool:
        """Whether a day is worked."""
        special = self.special.get(day)
        return day.weekday() < _SATURDAY if special is None else special.is_working

    def days_after(self, start: date) -> Iterator[DayAnswer]:
        """Yield the answer for each day after a day, without end."""
        day = start
        while True:
            day += _ONE_DAY
            yield self.answer(day)

    def add_working_days(self, start: date, count: int) -> date:
        """Return the working day that is so many working days after a day; the day itself is not counted.

        With a count of zero: the day itself, or the next working day if it is not worked.

        Raises:
            ValueError: a negative count.
        """
        if count < 0:
            message = "working days are counted forward only"
            raise ValueError(message)
        day = start
        while count == 0 and not self.is_working_day(day):
            day += _ONE_DAY
        while count:
            day += _ONE_DAY
            count -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after the start up to and with the end; negative when the end is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        return sum(self.is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def explain(self, start: date, end: date) -> Span:
        """Return the answer for each day after the start up to and with the end."""
        return Span(
            days=tuple(self.answer(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
        )
