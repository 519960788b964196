"""When the schedule asks for a table next."""

from datetime import UTC, datetime, timedelta

import pytest

from zhengshu.contexts.quality.domain.plans import Plan, next_round

NOW = datetime(2026, 6, 30, 10, 30, tzinfo=UTC)


class TestNextRound:
    def test_is_the_first_look_after_its_days_are_over(self) -> None:
        last = NOW - timedelta(days=2)

        assert next_round(Plan(every_days=7), last, at=NOW) == datetime(2026, 7, 5, 11, 17, tzinfo=UTC)

    @pytest.mark.parametrize("last", [None, NOW - timedelta(days=30)])
    def test_is_the_next_look_where_it_is_due(self, last: datetime | None) -> None:
        assert next_round(Plan(every_days=7), last, at=NOW) == datetime(2026, 6, 30, 11, 17, tzinfo=UTC)

    def test_is_this_hour_before_its_minute(self) -> None:
        at = NOW.replace(minute=5)

        assert next_round(Plan(every_days=1), None, at=at) == NOW.replace(minute=17)

    @pytest.mark.parametrize("plan", [Plan(every_days=0), Plan(every_days=7, is_paused=True)])
    def test_never_comes_where_it_is_paused_or_by_hand_only(self, plan: Plan) -> None:
        assert next_round(plan, None, at=NOW) is None
