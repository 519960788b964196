from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.trust.domain.key_periods import KeyPeriod, KeyRules, OverlapTooLong, rotate

AT = datetime(2026, 3, 2, tzinfo=UTC)
RULES = KeyRules(max_days=365, overlap_max_hours=168)

periods = st.builds(
    lambda start, length, number: KeyPeriod(
        key_id=f"key-{number}",
        active_from=AT + timedelta(hours=start),
        active_to=AT + timedelta(hours=start + length),
    ),
    st.integers(-10_000, 0),
    st.integers(0, 20_000),
    st.integers(0, 10**9),
)
overlaps = st.integers(0, 168).map(lambda hours: timedelta(hours=hours))


class TestRotate:
    @given(st.lists(periods, max_size=5, unique_by=lambda one: one.key_id), overlaps)
    def test_every_key_that_was_valid_stays_so_for_the_overlap_and_no_longer(
        self, existing: list[KeyPeriod], overlap: timedelta
    ) -> None:
        new, shortened = rotate(existing, new_key_id="new", rules=RULES, overlap=overlap, at=AT)

        after = {one.key_id: one for one in existing} | {one.key_id: one for one in shortened}
        for before in existing:
            period = after[before.key_id]
            assert period.active_to <= before.active_to
            assert not period.is_active(AT + overlap)
            if before.is_active(AT) and overlap:
                last = min(before.active_to, AT + overlap) - timedelta(microseconds=1)
                assert period.is_active(last)
        assert new.is_active(AT)
        assert not new.is_active(AT + timedelta(days=365))

    @pytest.mark.parametrize("hours", [-1, 169, 10_000])
    def test_an_overlap_outside_of_the_policy_is_refused(self, hours: int) -> None:
        with pytest.raises(OverlapTooLong):
            rotate((), new_key_id="new", rules=RULES, overlap=timedelta(hours=hours), at=AT)
