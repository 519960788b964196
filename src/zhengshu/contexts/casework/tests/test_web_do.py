"""One to-do is done on its page: how it ends, why, and which department the outcome names."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT, City
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor, Role

pytestmark = pytest.mark.django_db


def correction(place: City) -> api.CaseRecord:
    return api.open_case(
        case_type="data-correction",
        subject=factories.subject(),
        parties={"requester": place.requester, "provider": place.provider},
        data={},
        actor=place.officer,
        at=AT,
    )


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(trust.account_of(actor))
    return client


def address(case: api.CaseRecord) -> str:
    return reverse("casework:task-do", args=[case.id, case.open_tasks[0].id])


class TestDoing:
    def test_ends_the_to_do_and_leads_back_to_the_case(self) -> None:
        place = factories.city()
        case = correction(place)
        client = client_of(trust.actor(Role.DATA_OFFICER, department_id=place.provider))

        shown = client.get(address(case)).content.decode()
        answer = client.post(address(case), {"outcome": "wrong"})

        assert 'value="not_wrong"' in shown
        assert answer.headers["Location"] == reverse("casework:case-detail", args=[case.id])
        after = api.case(case_id=case.id, actor=place.officer, at=AT)
        assert [task.task for task in after.open_tasks] == ["correct"]

    def test_names_on_the_button_the_one_way_in_which_it_can_end(self) -> None:
        place = factories.city()
        client = client_of(trust.actor(Role.DATA_OFFICER, department_id=place.provider))
        case = correction(place)
        client.post(address(case), {"outcome": "wrong"})
        after = api.case(case_id=case.id, actor=place.officer, at=AT)
        (only,) = after.open_tasks[0].plain_outcomes

        shown = client.get(address(after)).content.decode()

        assert 'type="radio"' not in shown
        assert re.search(rf"<button[^>]*>{only.name}</button>", shown)
        assert f'name="outcome" value="{only.code}"' in shown

    def test_says_what_is_missing(self) -> None:
        place = factories.city()
        case = correction(place)
        client = client_of(trust.actor(Role.DATA_OFFICER, department_id=place.provider))

        without_reason = client.post(address(case), {"outcome": "not_wrong"})
        without_department = client.post(address(case), {"outcome": "pass_on", "reason": "数据来自公安"})

        for answer in (without_reason, without_department):
            assert 'role="alert"' in answer.content.decode()
        after = api.case(case_id=case.id, actor=place.officer, at=AT)
        assert [task.task for task in after.open_tasks] == ["verify"]

    def test_names_a_department_where_the_outcome_needs_one(self) -> None:
        place = factories.city()
        case = correction(place)
        source = trust.department()
        client = client_of(trust.actor(Role.DATA_OFFICER, department_id=place.provider))

        client.post(
            address(case), {"outcome": "pass_on", "reason": "数据来自公安", "party_source": str(source.id)}
        )

        after = api.case(case_id=case.id, actor=place.officer, at=AT)
        assert [(task.task, task.department_id) for task in after.open_tasks] == [
            ("source_verify", source.id)
        ]

    def test_a_button_pressed_twice_does_it_once(self) -> None:
        place = factories.city()
        case = correction(place)
        client = client_of(trust.actor(Role.DATA_OFFICER, department_id=place.provider))
        sent = {"outcome": "wrong", "key": "one-and-the-same"}
        path = address(case)

        first, second = (client.post(path, sent) for _click in range(2))
        told = client.get(first.headers["Location"]).content.decode()
        other = client.post(path, {**sent, "key": "another"}, follow=True).content.decode()

        assert first.headers["Location"] == second.headers["Location"]
        assert "没有重复办理" in told
        assert "已有人于" in other
        assert "没有保存" in other
        after = api.case(case_id=case.id, actor=place.officer, at=AT)
        assert [step.kind for step in after.timeline].count(api.StepKind.TASK_COMPLETED) == 1


class TestAbuse:
    def test_others_find_nothing_or_are_refused(self) -> None:
        place = factories.city()
        case = correction(place)
        path = address(case)
        stranger = trust.actor(Role.DATA_OFFICER, department_id=place.stranger.department_id)
        opener = trust.actor(Role.DATA_OFFICER, department_id=place.requester)

        assert client_of(stranger).post(path, {"outcome": "wrong"}).status_code == 404
        assert client_of(opener).post(path, {"outcome": "wrong"}).status_code == 403
        assert Client().post(path, {"outcome": "wrong"}).status_code == 302
        after = api.case(case_id=case.id, actor=place.officer, at=AT)
        assert [task.task for task in after.open_tasks] == ["verify"]
