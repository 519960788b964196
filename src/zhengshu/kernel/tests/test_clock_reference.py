"""Clocks against a slow reading of the law that walks day by day, or hour by hour, over twenty years."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from zhengshu.kernel.calendars import SpecialDay, WorkCalendar
from zhengshu.kernel.clocks import Pause, Why, due
from zhengshu.kernel.limits import LimitUnit, TimeLimit

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2016, 1, 1), date(2035, 12, 31)
HOURS = ((time(9), time(12)), (time(13), time(17)))
ONE_DAY, ONE_HOUR = timedelta(days=1), timedelta(hours=1)

days_of_twenty_years = st.dates(min_value=FIRST, max_value=LAST)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """A published calendar with holidays and make-up days, and the platform's own table over it."""
    published = draw(st.dictionaries(days_of_twenty_years, st.booleans(), max_size=40))
    own = draw(st.dictionaries(days_of_twenty_years, st.booleans(), max_size=10))
    days = [SpecialDay(day=day, is_working=works, reason="放假") for day, works in published.items()]
    overrides = [SpecialDay(day=day, is_working=works, reason="通告") for day, works in own.items()]
    calendar = WorkCalendar.of(days=days, published=range(2016, 2031), hours=HOURS)
    return calendar.overridden(overrides)


@st.composite
def runs(draw: st.DrawFn) -> tuple[datetime, list[Pause]]:
    """A start at a full hour, and pauses that follow each other from full hour to full hour, dense near the start."""
    start = datetime.combine(draw(days_of_twenty_years), time(draw(st.integers(0, 23))), ZONE)
    pauses, moment = [], start
    for _ in range(draw(st.integers(0, 3))):
        since = moment + draw(st.integers(0, 120)) * ONE_HOUR
        moment = since + draw(st.integers(0, 200)) * ONE_HOUR
        pauses.append(Pause(since=since, to=moment))
    return start, pauses


def works(calendar: WorkCalendar, day: date) -> bool:
    """Read the calendar as a clerk would: what is written for the day, else Monday to Friday."""
    written = calendar.special.get(day)
    return written.is_working if written else day.isoweekday() <= 5


def stands_still(pauses: Sequence[Pause], moment: datetime) -> bool:
    return any(pause.to is not None and pause.since <= moment < pause.to for pause in pauses)


def slow_days(start: datetime, limit: TimeLimit, calendar: WorkCalendar, pauses: Sequence[Pause]) -> date:
    """Tick days off a wall calendar until the limit is used up and the last one is worked."""
    day, used = start.date(), 0
    while True:
        day += ONE_DAY
        last_moment = datetime.combine(day, time(23, 59, 59, 999999), ZONE)
        if stands_still(pauses, last_moment):
            continue
        if used < limit.value and (limit.unit == LimitUnit.DAYS or works(calendar, day)):
            used += 1
        if used == limit.value and works(calendar, day):
            return day


def slow_hours(
    start: datetime, limit: TimeLimit, calendar: WorkCalendar, pauses: Sequence[Pause]
) -> datetime:
    """Tick hours off a clock on the wall until the limit is used up."""
    moment, used = start, 0
    while used < limit.value:
        is_open = limit.unit == LimitUnit.HOURS or (
            works(calendar, moment.date()) and any(opens <= moment.time() < shuts for opens, shuts in HOURS)
        )
        used += is_open and not stands_still(pauses, moment)
        moment += ONE_HOUR
    return moment


@settings(max_examples=150, deadline=None)
@given(
    run=runs(),
    calendar=calendars(),
    unit=st.sampled_from([LimitUnit.WORKING_DAYS, LimitUnit.DAYS]),
    value=st.integers(1, 60),
    more=st.integers(0, 30),
)
def test_days_end_where_a_slow_reading_ends_them(
    run: tuple[datetime, list[Pause]], calendar: WorkCalendar, unit: LimitUnit, value: int, more: int
) -> None:
    start, pauses = run
    limit = TimeLimit(code="c", value=value, unit=unit, basis="法")
    limit = limit.extended(value=more, basis="延长") if more else limit

    end = due(start=start, limit=limit, calendar=calendar, zone=ZONE, pauses=pauses)

    assert end.due_on == slow_days(start, limit, calendar, pauses)
    assert end.due_at == datetime.combine(end.due_on, time(23, 59, 59), ZONE)
    assert sum(line.why == Why.COUNTED for line in end.days) == limit.value
    assert [line.day for line in end.days] == [
        start.date() + number * ONE_DAY for number in range((end.due_on - start.date()).days + 1)
    ]


@settings(max_examples=100, deadline=None)
@given(
    run=runs(),
    calendar=calendars(),
    unit=st.sampled_from([LimitUnit.WORKING_HOURS, LimitUnit.HOURS]),
    value=st.integers(1, 80),
    more=st.integers(0, 20),
)
def test_hours_end_where_a_slow_reading_ends_them(
    run: tuple[datetime, list[Pause]], calendar: WorkCalendar, unit: LimitUnit, value: int, more: int
) -> None:
    start, pauses = run
    limit = TimeLimit(code="c", value=value, unit=unit, basis="法")
    limit = limit.extended(value=more, basis="延长") if more else limit

    end = due(start=start, limit=limit, calendar=calendar, zone=ZONE, pauses=pauses)

    assert end.due_at.astimezone(UTC) == slow_hours(start, limit, calendar, pauses).astimezone(UTC)
