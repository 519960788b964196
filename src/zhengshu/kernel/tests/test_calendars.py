"""Working days and the clocks that count them."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zhengshu.kernel.calendars import DayKind, SpecialDay, WorkCalendar
from zhengshu.kernel.clocks import Due, Light, Pause, Why, due, explain, light
from zhengshu.kernel.limits import LimitLaxerThanLaw, LimitNotPositive, LimitUnit, TimeLimit

CHINA = timezone(timedelta(hours=8))
NOTICE = "国务院办公厅关于2024年部分节假日安排的通知"


def special(day: str, reason: str, *, is_working: bool = False) -> SpecialDay:
    return SpecialDay(day=date.fromisoformat(day), is_working=is_working, reason=reason, basis=NOTICE)


# May 2024: Labour Day from Wednesday 1 to Sunday 5; Sunday 28 April and Saturday 11 May are worked for it.
MAY = WorkCalendar.of(
    days=[
        *(special(f"2024-05-0{n}", "劳动节") for n in range(1, 6)),
        special("2024-04-28", "劳动节", is_working=True),
        special("2024-05-11", "劳动节", is_working=True),
    ],
    published=[2024],
)

days = st.dates(date(2024, 4, 1), date(2024, 12, 31))
instants = st.datetimes(datetime(2024, 4, 1), datetime(2024, 6, 30), timezones=st.just(CHINA))  # noqa: DTZ001 - the strategy adds the zone
units = st.sampled_from(LimitUnit)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def working_days(value: int, *, warn: int | None = None) -> TimeLimit:
    return TimeLimit("answer", value, LimitUnit.WORKING_DAYS, "国务院令第809号第二十一条", warn)


def ends(start: str, limit: TimeLimit, *pauses: Pause, at: str = "") -> Due:
    return due(
        start=local(start),
        limit=limit,
        calendar=MAY,
        zone=CHINA,
        pauses=pauses,
        at=local(at) if at else None,
    )


class TestWorkingDays:
    def test_skips_a_statutory_holiday(self) -> None:
        assert MAY.add_working_days(date(2024, 4, 30), 1) == date(2024, 5, 6)

    def test_counts_a_weekend_that_is_made_up(self) -> None:
        assert MAY.add_working_days(date(2024, 4, 26), 1) == date(2024, 4, 28)
        assert MAY.answer(date(2024, 5, 11)).kind == DayKind.MAKE_UP

    def test_tells_reason_and_basis(self) -> None:
        answer = MAY.answer(date(2024, 5, 1))

        assert (answer.is_working, answer.reason, answer.basis) == (False, "劳动节", NOTICE)
        assert not answer.is_estimate

    def test_says_that_an_unpublished_year_is_an_estimate(self) -> None:
        answer = MAY.answer(date(2025, 1, 1))

        assert answer.is_working
        assert answer.is_estimate
        assert MAY.answer(date(2025, 1, 4)).kind == DayKind.WEEKEND

    def test_an_override_wins_and_is_no_estimate(self) -> None:
        own = MAY.overridden([special("2025-01-01", "元旦"), special("2024-05-01", "值班", is_working=True)])

        assert not own.answer(date(2025, 1, 1)).is_working
        assert not own.answer(date(2025, 1, 1)).is_estimate
        assert own.answer(date(2024, 5, 1)).kind == DayKind.OVERRIDE
        assert not MAY.is_working_day(date(2024, 5, 1))

    def test_with_none_to_add_moves_only_off_a_day_off(self) -> None:
        assert MAY.add_working_days(date(2024, 5, 1), 0) == date(2024, 5, 6)
        assert MAY.add_working_days(date(2024, 5, 6), 0) == date(2024, 5, 6)
        with pytest.raises(ValueError, match="forward"):
            MAY.add_working_days(date(2024, 5, 1), -1)

    @given(days, st.integers(1, 60))
    def test_adding_and_counting_agree(self, start: date, count: int) -> None:
        end = MAY.add_working_days(start, count)

        assert MAY.is_working_day(end)
        assert MAY.working_days_between(start, end) == count
        assert MAY.working_days_between(end, start) == -count
        assert MAY.explain(start, end).working_days == count

    @given(days, st.integers(0, 30), st.integers(0, 30))
    def test_adding_twice_is_adding_the_sum(self, start: date, one: int, other: int) -> None:
        assume(MAY.is_working_day(start))

        assert MAY.add_working_days(MAY.add_working_days(start, one), other) == MAY.add_working_days(
            start, one + other
        )


class TestDue:
    def test_does_not_count_the_day_of_the_start_and_ends_with_the_last_second(self) -> None:
        end = ends("2024-05-06T09:00", working_days(1))

        assert end.due_at == local("2024-05-07T23:59:59")
        assert end.due_on == date(2024, 5, 7)

    def test_sees_the_start_in_local_time(self) -> None:
        end = due(start=datetime(2024, 5, 6, 20, tzinfo=UTC), limit=working_days(1), calendar=MAY, zone=CHINA)

        assert end.due_on == date(2024, 5, 8)

    def test_explains_each_day(self) -> None:
        end = ends("2024-04-30T10:00", working_days(2))

        assert [(line.day.day, line.why, line.number) for line in end.days] == [
            (30, Why.STARTS, 0),
            *((day, Why.DAY_OFF, 0) for day in range(1, 6)),
            (6, Why.COUNTED, 1),
            (7, Why.COUNTED, 2),
        ]
        assert end.days[1].answer.reason == "劳动节"

    def test_rolls_calendar_days_over_a_day_off(self) -> None:
        limit = TimeLimit("close", 3, LimitUnit.DAYS, "信访工作条例第三十四条")

        end = ends("2024-04-29T10:00", limit)

        assert end.due_on == date(2024, 5, 6)
        assert end.days[-1].why == Why.ROLLED

    def test_counts_working_hours_over_lunch_night_and_holiday(self) -> None:
        limit = TimeLimit("clean", 5, LimitUnit.WORKING_HOURS, "城市管理处置时限")

        end = ends("2024-04-30T15:30", limit)

        assert end.due_at == local("2024-05-06T13:30")
        assert [(line.day.day, line.number) for line in end.days] == [(30, 1), (6, 5)]

    def test_counts_hours_through_nights_and_holidays(self) -> None:
        limit = TimeLimit("call", 24, LimitUnit.HOURS, "热线办理规范")

        assert ends("2024-04-30T15:30", limit).due_at == local("2024-05-01T15:30")

    def test_is_an_estimate_once_it_reaches_an_unpublished_year(self) -> None:
        assert not ends("2024-12-20T10:00", working_days(5)).is_estimate
        assert ends("2024-12-20T10:00", working_days(20)).is_estimate

    def test_a_pause_moves_the_end_by_the_days_it_spans(self) -> None:
        pause = Pause(since=local("2024-05-07T15:00"), to=local("2024-05-09T10:00"), ground="专家评审")

        end = ends("2024-05-06T09:00", working_days(3), pause)

        assert end.due_on == date(2024, 5, 11)
        assert [line.why for line in end.days if line.day.day in {7, 8, 9}] == [
            Why.PAUSED,
            Why.PAUSED,
            Why.COUNTED,
        ]

    def test_a_pause_within_one_day_changes_nothing(self) -> None:
        pause = Pause(since=local("2024-05-07T09:00"), to=local("2024-05-07T16:00"))

        assert ends("2024-05-06T09:00", working_days(3), pause).due_on == date(2024, 5, 9)

    def test_an_open_pause_needs_the_present(self) -> None:
        pause = Pause(since=local("2024-05-07T09:00"))

        with pytest.raises(ValueError, match="stands still"):
            ends("2024-05-06T09:00", working_days(3), pause)
        end = ends("2024-05-06T09:00", working_days(3), pause, at="2024-05-09T09:00")
        assert end.is_paused
        assert end.due_on == date(2024, 5, 11)

    def test_a_pause_stops_hours(self) -> None:
        limit = TimeLimit("clean", 4, LimitUnit.WORKING_HOURS, "城市管理处置时限")
        pause = Pause(since=local("2024-05-06T10:00"), to=local("2024-05-06T14:00"))

        assert ends("2024-05-06T09:00", limit, pause).due_at == local("2024-05-06T17:00")

    def test_refuses_a_naive_start(self) -> None:
        with pytest.raises(ValueError, match="aware"):
            due(start=datetime(2024, 5, 6), limit=working_days(1), calendar=MAY, zone=CHINA)  # noqa: DTZ001 - the fault under test

    @given(instants, st.integers(1, 40), units)
    def test_lies_after_the_start_and_grows_with_the_limit(
        self, start: datetime, value: int, unit: LimitUnit
    ) -> None:
        shorter = due(start=start, limit=TimeLimit("a", value, unit, "b"), calendar=MAY, zone=CHINA)
        longer = due(start=start, limit=TimeLimit("a", value + 1, unit, "b"), calendar=MAY, zone=CHINA)

        assert start < shorter.due_at <= longer.due_at
        assert shorter.days[-1].number == value

    @given(
        instants,
        st.integers(1, 20),
        st.timedeltas(timedelta(0), timedelta(days=9)),
        st.timedeltas(timedelta(0), timedelta(days=9)),
    )
    def test_a_pause_never_brings_the_end_forward(
        self, start: datetime, value: int, after: timedelta, length: timedelta
    ) -> None:
        pause = Pause(since=start + after, to=start + after + length)

        for unit in LimitUnit:
            limit = TimeLimit("a", value, unit, "b")
            plain = due(start=start, limit=limit, calendar=MAY, zone=CHINA)
            paused = due(start=start, limit=limit, calendar=MAY, zone=CHINA, pauses=[pause])
            assert plain.due_at <= paused.due_at

    def test_explain_is_the_days_of_due(self) -> None:
        start = local("2024-05-06T09:00")

        lines = explain(start=start, limit=working_days(3), calendar=MAY, zone=CHINA)

        assert lines == ends("2024-05-06T09:00", working_days(3)).days


class TestLight:
    @pytest.mark.parametrize(
        ("at", "colour"),
        [
            ("2024-05-06T12:00", Light.GREEN),
            ("2024-05-14T12:00", Light.GREEN),
            ("2024-05-15T00:00", Light.YELLOW),
            ("2024-05-17T23:59:59", Light.YELLOW),
            ("2024-05-18T00:00", Light.RED),
        ],
    )
    def test_turns_yellow_two_working_days_before_and_red_when_late(self, at: str, colour: Light) -> None:
        end = ends("2024-05-06T09:00", working_days(10))

        assert end.due_on == date(2024, 5, 17)
        assert light(end=end, at=local(at), calendar=MAY, zone=CHINA) == colour

    def test_is_grey_while_it_stands_still(self) -> None:
        end = ends(
            "2024-05-06T09:00", working_days(3), Pause(since=local("2024-05-07T09:00")), at="2024-05-07T10:00"
        )

        assert light(end=end, at=local("2024-05-07T10:00"), calendar=MAY, zone=CHINA) == Light.GREY

    def test_counts_the_warning_in_the_unit_of_the_limit(self) -> None:
        limit = TimeLimit("clean", 8, LimitUnit.WORKING_HOURS, "城市管理处置时限")
        end = ends("2024-04-30T15:00", limit)

        assert end.due_at == local("2024-05-06T16:00")
        assert light(end=end, at=local("2024-05-04T10:00"), calendar=MAY, zone=CHINA) == Light.GREEN
        assert light(end=end, at=local("2024-05-06T14:00"), calendar=MAY, zone=CHINA) == Light.YELLOW


class TestTimeLimit:
    def test_a_region_may_be_stricter_only(self) -> None:
        law = working_days(10, warn=4)

        stricter = law.tightened(value=3, basis="黑政办规〔2025〕1号")

        assert (stricter.value, stricter.warning, stricter.basis) == (3, 3, "黑政办规〔2025〕1号")
        with pytest.raises(LimitLaxerThanLaw, match="longer than 10"):
            law.tightened(value=11, basis="黑政办规〔2025〕1号")

    def test_is_extended_by_law(self) -> None:
        assert working_days(10).extended(value=10, basis="第二十一条").value == 20

    @pytest.mark.parametrize(("value", "warn"), [(0, None), (-1, None), (3, 4), (3, -1)])
    def test_counts_at_least_one_and_warns_within(self, value: int, warn: int | None) -> None:
        with pytest.raises(LimitNotPositive):
            working_days(value, warn=warn)

    def test_hours_of_the_office_are_data(self) -> None:
        early = WorkCalendar.of(days=[], published=[2024], hours=((time(8), time(16)),))
        limit = TimeLimit("clean", 1, LimitUnit.WORKING_HOURS, "b")

        end = due(start=local("2024-05-06T06:00"), limit=limit, calendar=early, zone=CHINA)

        assert end.due_at == local("2024-05-06T09:00")
