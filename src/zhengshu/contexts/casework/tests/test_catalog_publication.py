from datetime import UTC, date

import pytest

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.api import CaseSubject
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT, City
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId, new_id

pytestmark = pytest.mark.django_db


def submitted(place: City) -> api.CaseRecord:
    return api.open_case(
        case_type="catalog-publication",
        subject=CaseSubject(kind="resource", id=new_id(), title="不动产登记信息", path="/catalog/r/"),
        parties={"provider": place.provider, "authority": place.authority},
        data={"version": 1},
        actor=place.provider_officer,
        at=AT,
    )


def do(case_id: CaseId, task: str, outcome: str, actor: Actor, reason: str = "") -> api.CaseRecord:
    return api.complete_task(case_id=case_id, task=task, outcome=outcome, reason=reason, actor=actor, at=AT)


@pytest.mark.article("809", 16)
def test_head_approves_and_authority_publishes() -> None:
    place = factories.city()
    case = submitted(place)

    case = do(case.id, "head_approval", "approve", place.provider_head)
    case = do(case.id, "authority_review", "publish", place.reviewer)

    assert case.state == "published"


@pytest.mark.article("809", 17)
def test_authority_has_two_working_days_in_each_round() -> None:
    place = factories.city()
    case = do(submitted(place).id, "head_approval", "approve", place.provider_head)
    case = do(case.id, "authority_review", "return", place.reviewer, "数据项缺说明")
    case = do(case.id, "revise_draft", "resubmit", place.provider_officer)

    case = do(case.id, "head_approval", "approve", place.provider_head)

    first, second = api.case(case_id=case.id, actor=place.reviewer, at=AT).clocks
    assert first.stopped_at == AT
    assert second.is_running
    assert second.due_at is not None
    assert second.due_at.astimezone(UTC).date() == date(2026, 3, 4)
    assert second.basis == "国务院令第809号第十七条"


def test_returned_draft_may_be_abandoned() -> None:
    place = factories.city()
    case = do(submitted(place).id, "head_approval", "return", place.provider_head, "不完整")

    case = do(case.id, "revise_draft", "abandon", place.provider_officer)

    assert case.state == "abandoned"
