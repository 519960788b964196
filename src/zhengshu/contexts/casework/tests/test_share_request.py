from datetime import timedelta

import pytest

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT

pytestmark = pytest.mark.django_db


class TestTheWholeWay:
    def test_from_request_to_delivery(self) -> None:
        place = factories.city()
        case = factories.at_provider(place)
        case = api.complete_task(
            case_id=case.id, task="provider_answer", outcome="agree", actor=place.provider_officer, at=AT
        )
        case = api.complete_task(
            case_id=case.id,
            task="deliver",
            outcome="delivered",
            actor=place.provider_officer,
            at=AT + timedelta(days=1),
        )

        assert case.state == "delivered"
        assert not case.open_tasks
        assert [clock.clock for clock in case.clocks] == ["answer", "delivery"]
        assert all(not clock.is_running for clock in case.clocks)
