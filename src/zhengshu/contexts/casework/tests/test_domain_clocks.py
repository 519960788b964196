from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.casework.domain import clocks as rules
from zhengshu.contexts.casework.domain.clocks import (
    Course,
    ExtensionNotProvided,
    Granted,
    NoLimitApplies,
    Times,
    end_of,
    light_of,
    limit_of,
    nearest,
    times_of,
)
from zhengshu.contexts.casework.domain.definitions import ClockRule, Extension, Lights, Limit
from zhengshu.kernel import clocks as kernel
from zhengshu.kernel.calendars import SpecialDay, WorkCalendar
from zhengshu.kernel.clocks import Light, Pause
from zhengshu.kernel.limits import LimitUnit, TimeLimit

ZONE = ZoneInfo("Asia/Shanghai")
HOLIDAYS = [
    SpecialDay(day=date(2026, 10, day), is_working=False, reason="国庆节", basis="通知")
    for day in range(1, 8)
]
MAKE_UP = SpecialDay(day=date(2026, 10, 10), is_working=True, reason="国庆节", basis="通知")
CALENDAR = WorkCalendar.of(days=[*HOLIDAYS, MAKE_UP], published=[2026])

starts = st.integers(0, 300 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
limits = st.builds(
    TimeLimit,
    code=st.just("answer"),
    value=st.integers(1, 60),
    unit=st.sampled_from([LimitUnit.WORKING_DAYS, LimitUnit.DAYS]),
    basis=st.just("法"),
    warn=st.just(1),
)


def end_on(course: Course) -> date:
    return end_of(course, calendar=CALENDAR, zone=ZONE, at=course.started_at).due_on


class TestTheEnd:
    @given(start=starts, value=st.integers(1, 40), wait=st.integers(0, 20), length=st.integers(0, 40))
    def test_moves_by_exactly_the_working_days_of_a_pause(
        self, start: datetime, value: int, wait: int, length: int
    ) -> None:
        limit = TimeLimit("answer", value, LimitUnit.WORKING_DAYS, "法", warn=1)
        plain = end_on(Course(limit=limit, started_at=start))
        since, to = start + timedelta(days=wait), start + timedelta(days=wait + length)
        first = since.astimezone(ZONE).date()
        if first > plain:
            return
        paused = end_on(Course(limit=limit, started_at=start, pauses=(Pause(since=since, to=to),)))

        started_on = start.astimezone(ZONE).date()
        days = [first + timedelta(days=n) for n in range((to.astimezone(ZONE).date() - first).days)]
        lost = sum(CALENDAR.is_working_day(day) and day > started_on for day in days)

        assert CALENDAR.working_days_between(plain, paused) == lost

    @given(start=starts, value=st.integers(1, 40), more=st.integers(1, 20))
    def test_moves_by_exactly_the_extension(self, start: datetime, value: int, more: int) -> None:
        limit = TimeLimit("answer", value, LimitUnit.WORKING_DAYS, "法", warn=1)
        granted = Granted(value=more, unit=LimitUnit.WORKING_DAYS, basis="法")

        plain = end_on(Course(limit=limit, started_at=start))
        longer = end_on(Course(limit=limit, started_at=start, extensions=(granted,)))

        assert longer == CALENDAR.add_working_days(plain, more)

    @given(start=starts, limit=limits)
    def test_is_the_same_however_late_one_looks(self, start: datetime, limit: TimeLimit) -> None:
        course = Course(limit=limit, started_at=start)

        early = times_of(course, calendar=CALENDAR, zone=ZONE, at=start)
        late = times_of(course, calendar=CALENDAR, zone=ZONE, at=start + timedelta(days=300))

        assert early == late

    def test_is_open_while_the_clock_stands_still(self) -> None:
        start = datetime(2026, 3, 2, tzinfo=UTC)
        limit = TimeLimit("answer", 3, LimitUnit.DAYS, "法")
        course = Course(limit=limit, started_at=start, pauses=(Pause(since=start),))

        assert times_of(course, calendar=CALENDAR, zone=ZONE, at=start) == Times(due_at=None, yellow_at=None)


class TestLights:
    @given(
        start=starts,
        limit=limits,
        warn=st.integers(1, 5),
        after=st.timedeltas(timedelta(), timedelta(days=120)),
    )
    def test_agree_with_the_kernel_at_any_moment(
        self, start: datetime, limit: TimeLimit, warn: int, after: timedelta
    ) -> None:
        limit = TimeLimit("answer", limit.value, limit.unit, "法", warn=min(warn, limit.value))
        course = Course(limit=limit, started_at=start)
        end = end_of(course, calendar=CALENDAR, zone=ZONE, at=start)
        times = times_of(course, calendar=CALENDAR, zone=ZONE, at=start)

        light = light_of(times, is_running=True, at=start + after)

        assert light == kernel.light(end=end, at=start + after, calendar=CALENDAR, zone=ZONE)

    @pytest.mark.parametrize(
        ("unit", "yellow", "red"), [(LimitUnit.HOURS, 12, 13), (LimitUnit.WORKING_HOURS, 12, 14)]
    )
    def test_of_limits_in_hours_turn_yellow_before_red(self, unit: LimitUnit, yellow: int, red: int) -> None:
        start = datetime.combine(date(2026, 3, 2), time(9), ZONE)
        course = Course(limit=TimeLimit("call", 4, unit, "法", warn=1), started_at=start)

        times = times_of(course, calendar=CALENDAR, zone=ZONE, at=start)

        assert times == Times(
            yellow_at=datetime.combine(date(2026, 3, 2), time(yellow), ZONE),
            due_at=datetime.combine(date(2026, 3, 2), time(red), ZONE),
        )

    def test_of_a_case_are_those_of_its_nearest_clock(self) -> None:
        start = datetime(2026, 3, 2, tzinfo=UTC)
        times = [Times(due_at=start + timedelta(days=n), yellow_at=start) for n in (3, 1, 2)]

        assert nearest([*times, Times(due_at=None, yellow_at=None)]) == times[1]
        assert light_of(nearest([]), is_running=True, at=start) == Light.GREY


class TestWhichLimit:
    RULE = ClockRule(
        starts_with="a",
        stops_with={},
        covers=(),
        limits=(
            Limit(value=1, unit=LimitUnit.WORKING_DAYS, basis="法一", when='kind == "fast"'),
            Limit(value=10, unit=LimitUnit.WORKING_DAYS, basis="法二"),
        ),
        lights=Lights(yellow=3),
        extension=Extension(
            value=5, unit=LimitUnit.WORKING_DAYS, basis="法三", consent_by="x", when='kind != "fast"'
        ),
    )

    def test_first_that_applies_is_taken_and_its_warning_fits(self) -> None:
        fast = limit_of(clock="answer", rule=self.RULE, data={"kind": "fast"})
        slow = limit_of(clock="answer", rule=self.RULE, data={"kind": "slow"})

        assert (fast.value, fast.basis, fast.warning) == (1, "法一", 1)
        assert (slow.value, slow.basis, slow.warning) == (10, "法二", 3)

    def test_none_that_applies_is_a_refusal(self) -> None:
        rule = ClockRule(
            starts_with="a", stops_with={}, covers=(), limits=self.RULE.limits[:1], lights=Lights(yellow=1)
        )

        with pytest.raises(NoLimitApplies):
            limit_of(clock="answer", rule=rule, data={"kind": "slow"})

    @pytest.mark.parametrize(("kind", "granted"), [("fast", 0), ("slow", 1)])
    def test_extension_is_refused_where_not_provided(self, kind: str, granted: int) -> None:
        with pytest.raises(ExtensionNotProvided):
            rules.extension_of(clock="answer", rule=self.RULE, data={"kind": kind}, granted=granted)
