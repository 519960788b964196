"""The pages on which people share their work: claim, hand over, stand in, do many at once, urge."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.tests import licences
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import new_id

pytestmark = pytest.mark.django_db


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(trust.account_of(actor))
    return client


def get(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"casework:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, name: str, *args: object, **data: object) -> str:
    answer = client.post(reverse(f"casework:{name}", args=args), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def applied(place: licences.Office) -> api.CaseRecord:
    return licences.applied(place, at=timezone.now())


class TestInbox:
    def test_tabs_say_whose_to_dos_are_shown(self) -> None:
        place = licences.office()
        case = applied(place)
        clerk, colleague = signed_in(place.clerk), signed_in(place.colleague)

        assert "由您办理" in post(clerk, "task-claim", case.id, "accept")

        assert case.number in get(clerk, "inbox", whose="mine")
        assert case.number not in get(colleague, "inbox")
        held = get(colleague, "inbox", whose="department")
        assert case.number in held
        assert f"{place.clerk.name}办理中" in held
        assert f'value="{case.open_tasks[0].id}"' not in held

    def test_many_are_done_at_once_with_a_verdict_for_each(self) -> None:
        place = licences.office()
        mine, held = applied(place), applied(place)
        clerk = signed_in(place.clerk)
        ids = [str(mine.open_tasks[0].id), str(held.open_tasks[0].id)]

        asked = get(clerk, "many", task=ids)  # type: ignore[arg-type]  # a list becomes several parameters
        assert "已选2项待办" in asked
        api.claim_task(case_id=held.id, task="accept", actor=place.colleague, at=timezone.now())
        told = post(
            clerk, "many", task=[*ids, str(new_id()), "nonsense"], outcome="accept", key="k", reason=""
        )

        assert "已办理1项待办" in told
        assert f"该待办由{place.colleague.name}持有" in told
        assert told.count("未办理</span>") == 2

    def test_nothing_chosen_leads_back(self) -> None:
        place = licences.office()

        answer = signed_in(place.clerk).get(reverse("casework:many"))

        assert (answer.status_code, answer["Location"]) == (302, "/cases/")


class TestCase:
    def test_is_handed_over_and_given_back(self) -> None:
        place = licences.office()
        case = applied(place)
        clerk, colleague = signed_in(place.clerk), signed_in(place.colleague)

        assert place.colleague.name in get(clerk, "task-hand-over", case.id, "accept")
        text = post(clerk, "task-hand-over", case.id, "accept", person=str(place.colleague.id), reason="")
        assert f"由{place.clerk.name}转交" in text
        assert f"已退回{place.clerk.name}" in post(
            colleague, "task-release", case.id, "accept", reason="不熟悉"
        )

    def test_foreign_people_are_no_choice(self) -> None:
        place = licences.office()
        case = applied(place)

        post(signed_in(place.clerk), "task-hand-over", case.id, "accept", person=str(place.stranger.id))

        assert (
            api.case(case_id=case.id, actor=place.clerk, at=timezone.now()).open_tasks[0].claimed_by_name
            == ""
        )

    def test_waits_for_a_countersigner_who_answers_on_the_page_for_many(self) -> None:
        place = licences.office()
        case = applied(place)
        clerk = signed_in(place.clerk)

        text = post(clerk, "task-countersign", case.id, "accept", person=str(place.head.id), reason="请核")
        assert f"等待{place.head.name}加签" in text
        sign = api.case(case_id=case.id, actor=place.head, at=timezone.now()).open_tasks[1]
        post(signed_in(place.head), "many", task=str(sign.id), outcome="agree", key="k", reason="")

        assert f"等待{place.head.name}加签" not in get(clerk, "case-detail", case.id)

    def test_avoidance_is_confirmed_and_told(self) -> None:
        place = licences.office()
        case = applied(place)
        clerk = signed_in(place.clerk)

        assert "不可撤销" in get(clerk, "case-avoid", case.id)
        assert "已申明回避" in post(clerk, "case-avoid", case.id, reason="亲属")

    @pytest.mark.parametrize(
        "name", ["task-release", "task-hand-over", "task-countersign", "task-countersign-drop"]
    )
    def test_pages_of_a_case_that_one_may_not_see_are_not_there(self, name: str) -> None:
        place = licences.office()
        case = applied(place)
        stranger = signed_in(place.stranger)

        assert stranger.get(reverse(f"casework:{name}", args=[case.id, "accept"])).status_code == 404
        assert stranger.get(reverse("casework:case-urge", args=[case.id])).status_code == 404


class TestAbsences:
    def test_are_declared_seen_and_ended(self) -> None:
        place = licences.office()
        clerk, approver = signed_in(place.clerk), signed_in(place.approver)
        case = applied(place)
        today = localdate()

        text = post(
            clerk,
            "absences",
            first=today.isoformat(),
            last=(today + timedelta(days=3)).isoformat(),
            deputy=str(place.approver.id),
        )
        assert place.approver.name in text
        assert f"代外出的{place.clerk.name}办理" in get(approver, "inbox")
        (absence,) = api.absences(actor=place.clerk, at=timezone.now())
        post(signed_in(place.stranger), "absence-end", absence.id)
        assert case.number in get(approver, "inbox")

        post(clerk, "absence-end", absence.id)

        assert case.number not in get(approver, "inbox")

    def test_with_nonsense_are_explained(self) -> None:
        place = licences.office()

        text = post(
            signed_in(place.clerk),
            "absences",
            first="2020-01-02",
            last="2020-01-01",
            deputy=str(place.approver.id),
        )

        assert "外出的结束时间须晚于开始时间" in text


class TestSupervision:
    def test_urging_and_answering_are_told_on_the_case(self) -> None:
        place = licences.office()
        case = applied(place)
        reviewer, clerk = signed_in(place.reviewer), signed_in(place.clerk)

        assert "已催办" in post(reviewer, "case-urge", case.id, text="请尽快办理", days="")
        post(reviewer, "case-urge", case.id, text="请说明进度", days="3")
        note = next(
            one for one in api.notes(case_id=case.id, actor=place.clerk, at=timezone.now()) if one.due_at
        )
        assert isinstance(note.id, UUID)
        assert "今日办结" in post(clerk, "note-answer", case.id, note.id, answer="今日办结")
        assert "已答复" in get(reviewer, "case-detail", case.id)
        assert "催办</a>" not in get(clerk, "case-detail", case.id)

    def test_departments_are_counted_with_links_to_their_cases(self) -> None:
        place = licences.office()
        applied(place)

        text = get(signed_in(place.reviewer), "departments")

        assert f"party={place.id}" in text
        assert str(place.id) not in get(signed_in(place.stranger), "departments")
