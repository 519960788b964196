"""Every command from outside takes effect once, by one mechanism."""

import inspect
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.models import Case, FormDraft, SupervisionNote, Task, TimelineEntry
from zhengshu.contexts.casework.tests import factories, form_factories
from zhengshu.contexts.casework.tests.factories import AT, City
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation.models import HandledCommand, OutboxMessage
from zhengshu.kernel.actors import Actor, Role

QUERIES = {
    "case_values",
    "absences",
    "by_department",
    "case",
    "case_desk",
    "cases_of",
    "documents",
    "documents_rule",
    "foresee",
    "form_questions",
    "inbox",
    "is_open_to",
    "lights",
    "may_be_sealed",
    "notes",
    "notices",
    "readable",
    "seal_task",
    "started",
    "supervised",
    "type_facts",
    "unread_messages",
    "why_not_open",
}
WITHOUT_KEY = {
    "answer_draft": "writes the same answers over the same",
    "attach_document": "adds the same file under the same name once",
    "attach_files": "keeps a file with the draft once, by its content",
    "complete_by_form": "ends a to-do, which is not open a second time",
    "discard_draft": "throws away a draft, which is not there a second time",
    "hand_over": "writes the same over the same",
    "prepare_form": "begins a draft, which is nobody's case yet",
    "seal_notice": "puts a seal on a document once in each format",
    "send_opening": "sends a draft, which gives the same case a second time",
    "take_document": "is noted each time that it is taken",
    "take_sealed_notice": "is noted each time that it is taken",
}


def opened(
    place: City, about: api.CaseSubject, *, key: str = "k", actor: Actor | None = None, needs: bool = False
) -> api.CaseRecord:
    return api.open_case(
        case_type="share-request",
        subject=about,
        parties=place.parties,
        data={"sharing_class": "conditional", "needs_authority": needs},
        actor=actor or place.officer,
        at=AT,
        idempotency_key=key,
    )


class TestTheDoor:
    def test_every_command_takes_a_key(self) -> None:
        functions = {
            name: getattr(api, name) for name in api.__all__ if inspect.isfunction(getattr(api, name))
        }
        commands = {
            name: inspect.signature(function).parameters
            for name, function in functions.items()
            if "actor" in inspect.signature(function).parameters and name not in QUERIES
        }

        assert len(commands) > 15
        assert {name for name, known in commands.items() if "idempotency_key" not in known} == set(
            WITHOUT_KEY
        )


@pytest.mark.django_db
class TestOpening:
    def test_a_key_that_comes_twice_opens_one_case(self) -> None:
        place, about = factories.city(), factories.subject()

        first = opened(place, about)
        messages = OutboxMessage.objects.count()
        second = opened(place, about)

        assert second == first
        assert Case.objects.count() == 1
        assert OutboxMessage.objects.count() == messages

    def test_the_same_key_gets_the_case_as_it_now_stands(self) -> None:
        place, about = factories.city(), factories.subject()
        first = opened(place, about)
        api.withdraw_case(case_id=first.id, reason="不再需要", actor=place.officer, at=AT)

        assert opened(place, about).state == "withdrawn"

    def test_other_content_is_a_conflict(self) -> None:
        place, about = factories.city(), factories.subject()
        opened(place, about)

        with pytest.raises(api.KeyUsedOtherwise):
            opened(place, about, needs=True)
        with pytest.raises(api.KeyUsedOtherwise):
            opened(place, factories.subject())

    def test_another_command_with_the_key_is_a_conflict(self) -> None:
        place = factories.city()
        case = opened(place, factories.subject())

        with pytest.raises(api.KeyUsedOtherwise):
            api.withdraw_case(case_id=case.id, reason="x", actor=place.officer, at=AT, idempotency_key="k")

    def test_a_key_belongs_to_one_person(self) -> None:
        place, about = factories.city(), factories.subject()
        colleague = factories.person(Role.DATA_OFFICER, department_id=place.requester)

        assert opened(place, about).id != opened(place, about, actor=colleague).id

    def test_a_refused_command_leaves_its_key_free(self) -> None:
        place, about = factories.city(), factories.subject()

        with pytest.raises(api.NotYourTask):
            opened(place, about, actor=place.stranger)
        assert not HandledCommand.objects.exists()


@pytest.mark.django_db
class TestEverythingElse:
    def test_what_is_said_twice_happens_once(self) -> None:
        place = factories.city()
        case = factories.at_provider(place)
        leader = place.provider_head

        def once() -> list[object]:
            officer, task = place.provider_officer, "provider_answer"
            claimed = api.claim_task(case_id=case.id, task=task, actor=officer, at=AT, idempotency_key="a")
            released = api.release_task(case_id=case.id, task=task, actor=officer, at=AT, idempotency_key="b")
            urged = api.urge_case(case_id=case.id, text="请抓紧", actor=leader, at=AT, idempotency_key="c")
            noted = api.write_note(
                case_id=case.id, text="请说明", days=3, actor=place.reviewer, at=AT, idempotency_key="d"
            )
            ended = api.withdraw_case(
                case_id=case.id, reason="不再需要", actor=place.officer, at=AT, idempotency_key="e"
            )
            return [claimed.id, released.id, urged, noted, ended.state]

        first, steps = once(), TimelineEntry.objects.count()

        assert once() == first
        assert TimelineEntry.objects.count() == steps
        assert SupervisionNote.objects.count() == 2

    def test_form_is_opened_once_and_leaves_no_second_draft(self, tmp_path: Path) -> None:
        street = form_factories.street(tmp_path)
        answers = form_factories.typed(
            {
                **form_factories.APPLICANT,
                "district_office": street.code,
                **form_factories.STALL,
                "remark": "x",
            }
        )

        keys = {
            api.open_by_form(
                case_type=form_factories.TYPE,
                answers=answers,
                actor=street.citizen,
                at=AT,
                idempotency_key="k",
            ).id
            for _ in range(2)
        }

        assert len(keys) == 1
        assert (Case.objects.count(), FormDraft.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_two_opens_with_one_key_give_one_case(self) -> None:
        place, about = factories.city(), factories.subject()

        def race() -> UUID:
            try:
                return opened(place, about).id
            finally:
                connection.close()

        with ThreadPoolExecutor(max_workers=4) as pool:
            keys = {one.result() for one in [pool.submit(race) for _ in range(4)]}

        assert len(keys) == 1
        assert Case.objects.count() == 1
        assert Task.objects.open().count() == 1


@pytest.mark.django_db
class TestHttp:
    def test_a_repeated_call_gets_the_same_answer_and_other_content_a_conflict(self) -> None:
        place = factories.city()
        case = factories.share_request(place)
        client = Client()
        client.force_login(trust.account(Role.DEPARTMENT_HEAD, department_id=place.requester))
        path = f"/api/casework/cases/{case.id}/tasks/head_approval/complete"

        def post(outcome: str, key: str | None = "k1") -> tuple[int, dict[str, object]]:
            headers = {"Idempotency-Key": key} if key else {}
            answer = client.post(
                path,
                json.dumps({"outcome": outcome, "reason": "材料不全"}),
                content_type="application/json",
                headers=headers,
            )
            return answer.status_code, answer.json()

        first = post("approve")

        assert first[0] == 200
        assert first[1]["open_tasks"] == ["provider_answer"]
        assert post("approve") == first
        status, problem = post("return")
        assert (status, problem["code"]) == (409, "casework.key-used-otherwise")
        assert post("approve", "k2")[0] == 409
        assert post("approve", None)[0] == 422

    def test_stranger_is_told_that_there_is_no_such_case(self) -> None:
        place = factories.city()
        case = factories.share_request(place)
        client = Client()
        client.force_login(trust.account(Role.DEPARTMENT_HEAD, department_id=trust.department().id))

        answer = client.post(
            f"/api/casework/cases/{case.id}/tasks/head_approval/complete",
            json.dumps({"outcome": "approve"}),
            content_type="application/json",
            headers={"Idempotency-Key": "k"},
        )

        assert answer.status_code == 404
        assert Task.objects.open().filter(code="head_approval").exists()
