"""Limits of items: compared over units, never longer than the law."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.services.domain.items import Period
from zhengshu.contexts.services.domain.limits import ItemLimit, LimitUnit, saved_days

limits = st.builds(ItemLimit, value=st.integers(0, 400), unit=st.sampled_from(LimitUnit))


class TestIsLongerThan:
    def test_compares_over_units(self) -> None:
        assert ItemLimit(value=20, unit=LimitUnit.WORKING_DAYS).is_longer_than(
            ItemLimit(value=20, unit=LimitUnit.DAYS)
        )
        assert not ItemLimit(value=0, unit=LimitUnit.AT_ONCE).is_longer_than(
            ItemLimit(value=1, unit=LimitUnit.HOURS)
        )
        assert not ItemLimit(value=5, unit=LimitUnit.WORKING_DAYS).is_longer_than(
            ItemLimit(value=7, unit=LimitUnit.DAYS)
        )

    @given(limits, limits, limits)
    def test_is_an_order(self, one: ItemLimit, two: ItemLimit, three: ItemLimit) -> None:
        assert not (one.is_longer_than(two) and two.is_longer_than(one))
        if one.is_longer_than(two) and two.is_longer_than(three):
            assert one.is_longer_than(three)


class TestSavedDays:
    @given(limits, limits)
    def test_is_never_negative(self, statutory: ItemLimit, promised: ItemLimit) -> None:
        saved = saved_days(statutory, promised)

        assert saved >= 0
        assert not (saved and promised.is_longer_than(statutory))

    def test_is_nothing_where_the_law_sets_no_limit(self) -> None:
        assert saved_days(None, ItemLimit(value=1, unit=LimitUnit.DAYS)) == 0


class TestPeriod:
    @given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
    def test_two_that_follow_each_other_share_no_day(self, change: date, day: date) -> None:
        before = Period(effective_from=date(2020, 1, 1), effective_to=change)
        after = Period(effective_from=change)

        assert before.covers(day) + after.covers(day) == 1
