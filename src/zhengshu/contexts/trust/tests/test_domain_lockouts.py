from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.trust.domain.lockouts import Attempts, LockRules, SignInLocked, begin, minutes_left

RULES = LockRules(after_failures=5, minutes=30)
AT = datetime(2026, 3, 2, tzinfo=UTC)


def failed(times: int, *, at: datetime = AT) -> Attempts:
    state = Attempts()
    for _ in range(times):
        state = begin(state, rules=RULES, at=at)
    return state


class TestBegin:
    def test_the_fifth_attempt_is_made_and_the_sixth_is_not(self) -> None:
        state = failed(5)

        assert state.locked_until == AT + timedelta(minutes=30)
        with pytest.raises(SignInLocked) as refusal:
            begin(state, rules=RULES, at=AT + timedelta(minutes=1))
        assert refusal.value.data["minutes"] == 29

    def test_after_the_lock_the_count_starts_anew(self) -> None:
        state = begin(failed(5), rules=RULES, at=AT + timedelta(minutes=30))

        assert (state.failures, state.locked_until) == (1, None)

    def test_failures_of_long_ago_are_forgotten(self) -> None:
        state = begin(failed(4), rules=RULES, at=AT + timedelta(hours=1))

        assert state.failures == 1

    @given(st.lists(st.integers(0, 3600), max_size=60), st.integers(1, 10), st.integers(5, 60))
    def test_no_rhythm_gets_more_attempts_than_the_limit_in_one_period(
        self, gaps: list[int], limit: int, minutes: int
    ) -> None:
        rules = LockRules(after_failures=limit, minutes=minutes)
        state, at, made = Attempts(), AT, []

        for gap in gaps:
            at += timedelta(seconds=gap)
            try:
                state = begin(state, rules=rules, at=at)
            except SignInLocked:
                continue
            made.append(at)

        for start in made:
            inside = [one for one in made if start <= one < start + timedelta(minutes=minutes)]
            assert len(inside) <= 2 * limit

    @given(st.integers(0, 4000))
    def test_minutes_left_are_never_too_few(self, seconds: int) -> None:
        state, at = failed(5), AT + timedelta(seconds=seconds)

        left = minutes_left(state, at=at)

        assert at + timedelta(minutes=left) >= (state.locked_until or at)
        assert left <= 30
