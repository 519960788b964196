"""When a renewal may be asked for: counted in working days before the last day, with its edges."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.certificates.domain.renewing import Phase, Window, window
from zhengshu.contexts.certificates.domain.types import CertificateTypeFaulty, Names, Renewal, read_type
from zhengshu.kernel.calendars import SpecialDay, WorkCalendar

LAST = date(2026, 6, 30)
"""A Tuesday."""
HOLIDAYS = [
    SpecialDay(day=date(2026, 5, 1) + timedelta(days=n), is_working=False, reason="劳动节") for n in range(5)
]
MAKE_UP = SpecialDay(day=date(2026, 5, 9), is_working=True, reason="劳动节")
CALENDAR = WorkCalendar.of(days=[*HOLIDAYS, MAKE_UP], published=[2026])
LATE = Names(zh="届满后应当暂停。", en="Business stops at the end.")


def rule(opens: int = 90, closes: int = 15) -> Renewal:
    return Renewal(opens=opens, closes=closes, basis="办法第三十二条", counts_from="decision", late=LATE)


def seen(today: date, *, ends_on: date = LAST, opens: int = 90, closes: int = 15) -> Window:
    return window(rule(opens, closes), ends_on=ends_on, today=today, calendar=CALENDAR)


class TestWindow:
    @pytest.mark.article("食品经营许可和备案管理办法", 32)
    @pytest.mark.parametrize(
        ("today", "left", "phase"),
        [
            (date(2026, 2, 17), 93, Phase.EARLY),
            (date(2026, 2, 19), 91, Phase.EARLY),
            (date(2026, 2, 20), 90, Phase.OPEN),
            (date(2026, 6, 9), 15, Phase.OPEN),
            (date(2026, 6, 10), 14, Phase.LATE),
            (LAST, 0, Phase.LATE),
            (date(2026, 7, 3), 0, Phase.LATE),
        ],
    )
    def test_lies_between_ninety_and_fifteen_working_days_before_the_end(
        self, today: date, left: int, phase: Phase
    ) -> None:
        found = seen(today)

        assert (found.days_left, found.phase) == (left, phase)

    def test_tells_its_days(self) -> None:
        found = seen(date(2026, 4, 1))

        assert (found.first, found.last) == (date(2026, 2, 20), date(2026, 6, 9))

    def test_counts_make_up_days_and_no_holidays(self) -> None:
        assert seen(date(2026, 5, 8)).days_left == seen(date(2026, 5, 9)).days_left + 1
        assert seen(date(2026, 4, 30)).days_left == seen(date(2026, 5, 5)).days_left

    def test_says_where_holidays_are_not_published_yet(self) -> None:
        assert not seen(date(2026, 4, 1)).is_estimate
        assert seen(date(2026, 12, 1), ends_on=date(2027, 2, 26)).is_estimate

    @given(
        ends_on=st.dates(date(2026, 3, 1), date(2027, 3, 1)),
        before=st.integers(0, 200),
        closes=st.integers(1, 30),
        more=st.integers(0, 100),
    )
    def test_is_open_from_its_first_through_its_last_day_and_never_else(
        self, ends_on: date, before: int, closes: int, more: int
    ) -> None:
        today = ends_on - timedelta(days=before)

        found = seen(today, ends_on=ends_on, opens=closes + more, closes=closes)

        assert (found.phase is Phase.OPEN) == (found.first <= today <= found.last)
        assert (found.phase is Phase.EARLY) == (today < found.first)
        assert found.days_left == CALENDAR.working_days_between(today, ends_on)


TYPE = """
code: permit
number: 11470500MB4713227X002
names: {zh: 许可证, en: Permit}
holder: enterprise
basis: [法第一条]
fields: [{code: name, names: {zh: 名称, en: Name}}]
"""
RENEWAL = "renewal: {opens: %s, closes: %s, basis: '%s', counts_from: end, late: {zh: 晚, en: Late}}"


class TestContent:
    def test_says_how_a_type_is_renewed(self) -> None:
        read = read_type(f"{TYPE}validity: {{years: 5}}\n{RENEWAL % (90, 15, '第三十二条')}", folder="permit")

        assert read.renewal is not None
        assert (read.renewal.opens, read.renewal.closes) == (90, 15)

    @pytest.mark.parametrize(
        ("validity", "renewal", "said"),
        [
            ("{}", RENEWAL % (90, 15, "第三十二条"), "for ever"),
            ("{years: 5}", RENEWAL % (10, 15, "第三十二条"), "opens"),
            ("{years: 5}", RENEWAL % (90, 0, "第三十二条"), "opens"),
            ("{years: 5}", RENEWAL % (90, 15, ""), "article"),
        ],
    )
    def test_is_refused_where_it_contradicts_itself(self, validity: str, renewal: str, said: str) -> None:
        with pytest.raises(CertificateTypeFaulty) as refused:
            read_type(f"{TYPE}validity: {validity}\n{renewal}", folder="permit")

        assert said in str(refused.value.data["fault"])
