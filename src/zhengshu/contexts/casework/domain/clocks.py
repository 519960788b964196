"""The clocks of a case: which limit applies, when it ends, and what colour its light has at any moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import ClassVar

from zhengshu.contexts.casework.domain import expressions
from zhengshu.contexts.casework.domain.definitions import ClockRule, Extension, Limit
from zhengshu.contexts.casework.domain.expressions import Data
from zhengshu.kernel import clocks as kernel
from zhengshu.kernel.calendars import WorkCalendar
from zhengshu.kernel.clocks import Due, Light, Pause
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.limits import LimitUnit, TimeLimit


class ExtensionNotProvided(Refused):
    """The case type provides no (further) extension for such a case."""

    code: ClassVar[str] = "casework.extension-not-provided"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The clock %(clock)s of this case cannot be extended (any further)."


class NoLimitApplies(Refused):
    """The data of the case fit no limit of the clock; the case type must be corrected."""

    code: ClassVar[str] = "casework.no-limit-applies"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "No time limit of the clock %(clock)s applies to the data of this case."


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """An extension that was consented to."""

    value: int
    unit: LimitUnit
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What has happened to one clock."""

    limit: TimeLimit
    started_at: datetime
    extensions: tuple[Granted, ...] = ()
    pauses: tuple[Pause, ...] = ()

    @property
    def is_paused(self) -> bool:
        """Whether it stands still."""
        return any(pause.to is None for pause in self.pauses)

    @property
    def whole_limit(self) -> TimeLimit:
        """The limit with all its extensions."""
        limit = self.limit
        for extension in self.extensions:
            limit = limit.extended(value=extension.value, basis=extension.basis)
        return limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What lists need of a clock, fixed until something happens to it.

    Attributes:
        due_at: its last second; None while it stands still.
        yellow_at: when its light turns yellow; None while it stands still.
        is_estimate: whether a day on the way lies in a year whose holidays were not published.
    """

    due_at: datetime | None
    yellow_at: datetime | None
    is_estimate: bool = False


def limit_of(*, clock: str, rule: ClockRule, data: Data) -> TimeLimit:
    """Return the first limit of a clock that applies to a case's data.

    Raises:
        NoLimitApplies: none does.
    """
    for limit in rule.limits:
        if not limit.when or expressions.evaluate(limit.when, data=data):
            value = _value_of(limit, data=data)
            warn = min(rule.lights.yellow, value)
            return TimeLimit(code=clock, value=value, unit=limit.unit, basis=limit.basis, warn=warn)
    raise NoLimitApplies(clock=clock)


def _value_of(limit: Limit, *, data: Data) -> int:
    """Return how many units a limit has: as declared, or as chosen in the case, never more than declared."""
    chosen = data.get(limit.chosen_by, limit.value)
    return max(1, min(chosen, limit.value)) if isinstance(chosen, int) else limit.value


def extension_of(*, clock: str, rule: ClockRule, data: Data, granted: int) -> Extension:
    """Return the extension that a clock may still get.

    Raises:
        ExtensionNotProvided: none is declared, it does not apply to the case's data, or it was used up.
    """
    extension = rule.extension
    if extension is None or granted >= extension.times:
        raise ExtensionNotProvided(clock=clock)
    if extension.when and not expressions.evaluate(extension.when, data=data):
        raise ExtensionNotProvided(clock=clock)
    return extension


def may_be_extended(*, rule: ClockRule, data: Data, granted: int, times: Times, at: datetime) -> bool:
    """Whether a clock may still get an extension at a moment."""
    if times.due_at is not None and at > times.due_at:
        return False
    try:
        extension_of(clock="", rule=rule, data=data, granted=granted)
    except ExtensionNotProvided:
        return False
    return True


def end_of(course: Course, *, calendar: WorkCalendar, zone: tzinfo, at: datetime) -> Due:
    """Return when a clock ends, with each day explained; a paused one as if it went on at once."""
    return kernel.due(
        start=course.started_at,
        limit=course.whole_limit,
        calendar=calendar,
        zone=zone,
        pauses=course.pauses,
        at=at,
    )


def times_of(course: Course, *, calendar: WorkCalendar, zone: tzinfo, at: datetime) -> Times:
    """Return the instants at which a clock's light changes, in UTC."""
    if course.is_paused:
        return Times(due_at=None, yellow_at=None)
    end = end_of(course, calendar=calendar, zone=zone, at=at)
    return Times(
        due_at=end.due_at.astimezone(UTC),
        yellow_at=_yellow_at(end, calendar=calendar, zone=zone, start=course.started_at).astimezone(UTC),
        is_estimate=end.is_estimate,
    )


def light_of(times: Times, *, is_running: bool, at: datetime) -> Light:
    """Return the colour of a clock's light: grey when it stands still or has ended."""
    if not is_running or times.due_at is None:
        return Light.GREY
    if at > times.due_at:
        return Light.RED
    return Light.YELLOW if times.yellow_at is not None and at >= times.yellow_at else Light.GREEN


def nearest(times: Sequence[Times]) -> Times:
    """Return the times of the clock that ends first; empty when none runs."""
    running = [(one.due_at, one) for one in times if one.due_at is not None]
    if not running:
        return Times(due_at=None, yellow_at=None)
    return min(running, key=lambda pair: pair[0])[1]


def _yellow_at(end: Due, *, calendar: WorkCalendar, zone: tzinfo, start: datetime) -> datetime:
    """Return the first moment of yellow: a midnight for limits in days, a full hour after the start for hours."""
    if end.limit.unit == LimitUnit.HOURS:
        return end.due_at - timedelta(hours=end.limit.warning)
    if end.limit.unit == LimitUnit.WORKING_HOURS:
        hours = int((end.due_at - start) / timedelta(hours=1)) + 1
        moments = [start + timedelta(hours=hour) for hour in range(hours + 1)]
    else:
        moments = [datetime.combine(line.day, time(), zone) for line in end.days]
    is_yellow = (
        kernel.light(end=end, at=moment, calendar=calendar, zone=zone) != Light.GREEN for moment in moments
    )
    first = next((moment for moment, yes in zip(moments, is_yellow, strict=True) if yes), end.due_at)
    return max(first, start)
