from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.domain.policies import RANGES, PolicyOutOfRange, PolicyValues, check, differences
from zhengshu.contexts.trust.domain.sessions import Ending, SessionRules, ending, needs_second_factor
from zhengshu.kernel.actors import ADMINISTRATORS, OFFICIALS, Role

AT = datetime(2026, 3, 2, tzinfo=UTC)
RULES = SessionRules(idle_minutes=15, hours=12)


class TestEnding:
    @pytest.mark.parametrize(
        ("idle", "age", "expected"),
        [
            (timedelta(minutes=14), timedelta(hours=1), None),
            (timedelta(minutes=15), timedelta(hours=1), Ending.IDLE),
            (timedelta(0), timedelta(hours=12), Ending.TOO_LONG),
        ],
    )
    def test_ends_by_idleness_and_by_age(
        self, idle: timedelta, age: timedelta, expected: Ending | None
    ) -> None:
        assert ending(started_at=AT - age, seen_at=AT - idle, rules=RULES, at=AT) is expected

    @given(st.integers(0, 10**6), st.integers(0, 10**6))
    def test_a_session_that_is_over_stays_over(self, seconds: int, later: int) -> None:
        at = AT + timedelta(seconds=seconds)
        if ending(started_at=AT, seen_at=AT, rules=RULES, at=at):
            assert ending(started_at=AT, seen_at=AT, rules=RULES, at=at + timedelta(seconds=later))


class TestNeedsSecondFactor:
    @pytest.mark.parametrize("role", sorted(Role))
    def test_follows_the_rule(self, role: Role) -> None:
        held = frozenset({role})

        assert not needs_second_factor(SecondFactorRule.NONE, roles=held)
        assert needs_second_factor(SecondFactorRule.ADMINISTRATORS, roles=held) is (role in ADMINISTRATORS)
        assert needs_second_factor(SecondFactorRule.OFFICIALS, roles=held) is (role in OFFICIALS)


class TestPolicy:
    def test_the_defaults_are_within_the_ranges(self) -> None:
        check(PolicyValues())

    @pytest.mark.parametrize("field", sorted(RANGES))
    def test_each_number_has_a_floor_and_a_ceiling(self, field: str) -> None:
        low, high = RANGES[field]

        for outside in (low - 1, high + 1):
            with pytest.raises(PolicyOutOfRange):
                check(PolicyValues(**{field: outside}))  # type: ignore[arg-type]  # one number by its name

    def test_differences_name_only_what_changed(self) -> None:
        before, after = differences(PolicyValues(), PolicyValues(idle_minutes=10))

        assert (before, after) == ({"idle_minutes": "15"}, {"idle_minutes": "10"})
