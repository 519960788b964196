"""Clocks: when a time limit ends, why on that day, and which colour its light has.

The rules, each with its law:

- the day on which a period starts is not counted (Civil Code, article 201);
- a period in days that would end on a day off ends on the next working day (Civil Code, article 203);
- a period in hours starts at once; working hours pass only within the calendar's hours of working days;
- while a clock is paused (特别程序: Administrative Licensing Law, article 45) nothing is counted. A day is
  paused when its last moment is, so that a pause moves the end by exactly the days it spans.

A period ends with the last second of its last day, so a clock is late once ``at > due_at``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

from zhengshu.kernel.calendars import DayAnswer, WorkCalendar
from zhengshu.kernel.limits import LimitUnit, TimeLimit

_ONE_DAY: Final = timedelta(days=1)
_LAST_SECOND: Final = time(23, 59, 59)
_LONGEST: Final = 20 * 366
"""Days after which a clock that never ends is taken for a fault of its calendar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A time in which a clock stood still; `to` is None while it still does."""

    since: datetime
    to: datetime | None = None
    ground: str = ""


class Why(StrEnum):
    """Why a day was counted or not."""

    COUNTED = "counted"
    STARTS = "starts"
    PAUSED = "paused"
    DAY_OFF = "day_off"
    ROLLED = "rolled"
    """The period would have ended on a day off before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDay:
    """One line of the explanation of a clock.

    Attributes:
        day: the date.
        why: whether it was counted and why not.
        number: the units used up at the end of the day.
        answer: what the calendar says of the day.
    """

    day: date
    why: Why
    number: int
    answer: DayAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The end of a period.

    Attributes:
        limit: what was counted.
        due_at: the last second in time.
        due_on: the day of it.
        days: the explanation, day by day, from the start.
        is_estimate: a day on the way lies in a year whose holidays were not published.
        is_paused: the clock stands still; the end is what it would be if it went on at once.
    """

    limit: TimeLimit
    due_at: datetime
    due_on: date
    days: tuple[CountedDay, ...]
    is_estimate: bool
    is_paused: bool


class Light(StrEnum):
    """The traffic light of a clock."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"
    """It stands still or has ended."""


def due(
    *,
    start: datetime,
    limit: TimeLimit,
    calendar: WorkCalendar,
    zone: tzinfo,
    pauses: Sequence[Pause] = (),
    at: datetime | None = None,
) -> Due:
    """Return when a limit that started then ends, with each day explained.

    Args:
        start: when the period began; aware.
        limit: how long, in which unit.
        calendar: the working days.
        zone: whose midnight a day ends at.
        pauses: when the clock stood still; at most one may still be open.
        at: the present, needed only where a pause is open.

    Raises:
        ValueError: a naive time, or an open pause without `at`.
    """
    if start.tzinfo is None:
        message = "a clock starts at an aware time"
        raise ValueError(message)
    closed = tuple(_closed(pause, at, zone) for pause in pauses)
    if limit.unit in {LimitUnit.HOURS, LimitUnit.WORKING_HOURS}:
        due_at, days = _after_hours(start.astimezone(zone), limit, calendar, closed)
    else:
        days = _after_days(start.astimezone(zone), limit, calendar, closed)
        due_at = datetime.combine(days[-1].day, _LAST_SECOND, zone)
    return Due(
        limit=limit,
        due_at=due_at,
        due_on=due_at.astimezone(zone).date(),
        days=days,
        is_estimate=limit.unit != LimitUnit.HOURS and any(day.answer.is_estimate for day in days[1:]),
        is_paused=any(pause.to is None for pause in pauses),
    )


def explain(
    *,
    start: datetime,
    limit: TimeLimit,
    calendar: WorkCalendar,
    zone: tzinfo,
    pauses: Sequence[Pause] = (),
    at: datetime | None = None,
) -> tuple[CountedDay, ...]:
    """Return each day of a period with whether it was counted and why; see `due`."""
    return due(start=start, limit=limit, calendar=calendar, zone=zone, pauses=pauses, at=at).days


def light(*, end: Due, at: datetime, calendar: WorkCalendar, zone: tzinfo) -> Light:
    """Return the colour of a running clock: red when late, yellow when its warning has come."""
    if end.is_paused:
        return Light.GREY
    if at > end.due_at:
        return Light.RED
    return Light.YELLOW if _is_near(end, at=at.astimezone(zone), calendar=calendar) else Light.GREEN


def _is_near(end: Due, *, at: datetime, calendar: WorkCalendar) -> bool:
    warning = end.limit.warning
    match end.limit.unit:
        case LimitUnit.WORKING_DAYS:
            return calendar.working_days_between(at.date(), end.due_on) <= warning
        case LimitUnit.DAYS:
            return (end.due_on - at.date()).days <= warning
        case LimitUnit.HOURS:
            return end.due_at - at <= timedelta(hours=warning)
        case LimitUnit.WORKING_HOURS:
            left = sum((stop - begin for begin, stop in _open_hours(at, end.due_at, calendar)), timedelta())
            return left <= timedelta(hours=warning)


def _closed(pause: Pause, at: datetime | None, zone: tzinfo) -> tuple[datetime, datetime]:
    end = pause.to or at
    if end is None:
        message = "a clock that stands still has an end only as seen from a present time"
        raise ValueError(message)
    return pause.since.astimezone(zone), max(pause.since, end).astimezone(zone)


def _after_days(
    start: datetime, limit: TimeLimit, calendar: WorkCalendar, pauses: Sequence[tuple[datetime, datetime]]
) -> tuple[CountedDay, ...]:
    first = start.date()
    days = [CountedDay(day=first, why=Why.STARTS, number=0, answer=calendar.answer(first))]
    for answer in calendar.days_after(first):
        midnight = datetime.combine(answer.day + _ONE_DAY, time(), start.tzinfo)
        number = days[-1].number
        if any(since < midnight <= to for since, to in pauses):
            why = Why.PAUSED
        elif number == limit.value:
            why = Why.ROLLED
        elif limit.unit == LimitUnit.WORKING_DAYS and not answer.is_working:
            why = Why.DAY_OFF
        else:
            why, number = Why.COUNTED, number + 1
        days.append(CountedDay(day=answer.day, why=why, number=number, answer=answer))
        if number == limit.value and answer.is_working and why != Why.PAUSED:
            return tuple(days)
        if len(days) > _LONGEST:
            break
    message = "the calendar has no working days"
    raise ValueError(message)


def _after_hours(
    start: datetime, limit: TimeLimit, calendar: WorkCalendar, pauses: Sequence[tuple[datetime, datetime]]
) -> tuple[datetime, tuple[CountedDay, ...]]:
    left = timedelta(hours=limit.value)
    days: list[CountedDay] = []
    horizon = start + timedelta(days=_LONGEST)
    for begin, stop in _unpaused(_running(start, horizon, limit, calendar), pauses):
        taken = min(left, stop - begin)
        left -= taken
        used = int((timedelta(hours=limit.value) - left) / timedelta(hours=1))
        answer = calendar.answer(begin.date())
        days = [line for line in days if line.day != answer.day]
        days.append(CountedDay(day=answer.day, why=Why.COUNTED, number=used, answer=answer))
        if not left:
            return begin + taken, tuple(days)
    message = "the calendar has no working hours"
    raise ValueError(message)


def _running(
    start: datetime, end: datetime, limit: TimeLimit, calendar: WorkCalendar
) -> Iterator[tuple[datetime, datetime]]:
    if limit.unit == LimitUnit.WORKING_HOURS:
        yield from _open_hours(start, end, calendar)
        return
    while start < end:
        stop = min(end, datetime.combine(start.date() + _ONE_DAY, time(), start.tzinfo))
        yield start, stop
        start = stop


def _open_hours(
    start: datetime, end: datetime, calendar: WorkCalendar
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the working time between two instants, piece by piece."""
    day = start.date()
    while datetime.combine(day, time(), start.tzinfo) < end:
        for opens, closes in calendar.hours if calendar.is_working_day(day) else ():
            begin = max(start, datetime.combine(day, opens, start.tzinfo))
            stop = min(end, datetime.combine(day, closes, start.tzinfo))
            if begin < stop:
                yield begin, stop
        day += _ONE_DAY


def _unpaused(
    pieces: Iterator[tuple[datetime, datetime]], pauses: Sequence[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    for begin, stop in pieces:
        now = begin
        for since, to in sorted(pauses):
            if now < since < stop:
                yield now, since
            if since < stop and to > now:
                now = max(now, min(to, stop))
        if now < stop:
            yield now, stop
