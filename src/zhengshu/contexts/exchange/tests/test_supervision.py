"""How departments keep to their limits."""

from datetime import timedelta
from pathlib import Path

import pytest

from zhengshu.contexts.exchange import api
from zhengshu.contexts.exchange.application.supervision import scores
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import AT

pytestmark = pytest.mark.django_db

YES = api.Answer(kind=api.AnswerKind.AGREE)


@pytest.mark.article("809", 38)
class TestScores:
    def test_counts_answers_and_deliveries_in_time_and_too_late(self, tmp_path: Path) -> None:
        place = factories.city(tmp_path)
        factories.granted(place)
        slow = factories.at_provider(place)
        factories.at_provider(place)
        after = AT + timedelta(days=60)
        api.answer_request(request_id=slow, answer=YES, actor=place.provider, at=after)

        (score,) = scores(actor=place.reviewer, at=after)

        assert score.department_name == "市市场监督管理局"
        assert (score.asked, score.answered, score.answered_in_time) == (3, 2, 1)
        assert (score.answer_rate, score.delivery_rate) == (0.5, 1.0)
        assert score.late == 1

    def test_finds_interfaces_that_nobody_used_for_three_months(self, tmp_path: Path) -> None:
        place = factories.city(tmp_path)
        factories.granted(place)
        later = AT + timedelta(days=100)

        (early,) = scores(actor=place.reviewer, at=AT + timedelta(days=1))
        (score,) = scores(actor=place.reviewer, at=later)

        assert (early.grants, early.unused) == (1, 0)
        assert (score.grants, score.unused) == (1, 1)

    def test_a_stranger_sees_no_numbers(self) -> None:
        place = factories.city()
        factories.submitted(place)

        assert scores(actor=place.stranger, at=AT) == ()
