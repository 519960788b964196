import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.interfaces.picture import wrapped
from zhengshu.contexts.casework.models import Case
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import City
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Role
from zhengshu.kernel.identity import DepartmentId, new_id

pytestmark = pytest.mark.django_db


def client_of(*roles: Role, department_id: DepartmentId) -> Client:
    client = Client()
    client.force_login(trust.account(*roles, department_id=department_id))
    return client


def page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"casework:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def request_now(place: City) -> api.CaseRecord:
    return factories.share_request(place, at=timezone.now())


class TestLists:
    def test_inbox_shows_what_waits_for_the_reader(self) -> None:
        place = factories.city()
        case = request_now(place)

        text = page(client_of(Role.DEPARTMENT_HEAD, department_id=place.requester), "inbox")
        others = page(client_of(Role.DEPARTMENT_HEAD, department_id=place.provider), "inbox")

        assert case.number in text
        assert "本部门负责人审批" in text
        assert case.number not in others

    @pytest.mark.parametrize("name", ["started", "supervision"])
    def test_cases_show_whom_they_wait_for(self, name: str) -> None:
        place = factories.city()
        case = request_now(place)

        text = page(client_of(Role.DATA_OFFICER, department_id=place.requester), name, sort="-opened")

        assert case.number in text
        assert "本部门负责人审批" in text

    @pytest.mark.parametrize("name", ["inbox", "started", "supervision"])
    def test_nonsense_in_the_address_is_ignored(self, name: str) -> None:
        place = factories.city()
        request_now(place)

        page(
            client_of(Role.DEPARTMENT_HEAD, department_id=place.requester),
            name,
            sort="password",
            light="pink",
            department="x'",
            type="../..",
            state="%00",
            page="999",
            q="'; DROP TABLE casework_case; --",
        )

    def test_administrators_do_not_read_cases(self) -> None:
        place = factories.city()
        client = client_of(Role.OPERATOR, department_id=place.requester)

        assert client.get(reverse("casework:inbox")).status_code == 403

    def test_export_carries_no_formula(self) -> None:
        place = factories.city()
        factories.share_request(place, about=factories.subject("=cmd|'/c calc'!A0"), at=timezone.now())
        client = client_of(Role.DEPARTMENT_HEAD, department_id=place.requester)

        answer = client.get(reverse("casework:inbox-export", args=["csv"]))
        text = answer.getvalue().decode("utf-8-sig")

        rows = list(csv.reader(io.StringIO(text)))
        assert rows[0][0] == "编号"
        assert rows[1][2].startswith("'=")


class TestCasePage:
    def test_explains_the_due_date_day_by_day(self) -> None:
        place = factories.city()
        case = factories.at_provider(place, at=timezone.now())
        client = client_of(Role.DATA_OFFICER, department_id=place.provider)

        text = page(client, "case-detail", case.id)

        assert "开始计时，当日不计算在内" in text
        assert "第10个工作日，共10个" in text
        assert "国务院令第809号第二十一条" in text

    def test_is_complete_in_english(self) -> None:
        place = factories.city()
        case = factories.at_provider(place, at=timezone.now())
        client = client_of(Role.DATA_OFFICER, department_id=place.provider)
        client.cookies["django_language"] = "en"

        with override("en"):
            text = page(client, "case-detail", case.id)

        assert "Answer of the provider" in text
        assert "Working day 10 of 10" in text
        assert "tasks." not in text

    def test_is_called_in_english_where_its_type_gives_it_its_name(self) -> None:
        place = factories.city()
        case = factories.at_provider(place, at=timezone.now())
        client = client_of(Role.DATA_OFFICER, department_id=place.provider)
        own = page(client, "case-detail", case.id)
        Case.objects.filter(pk=case.id).update(subject_title=case.type_name)
        client.cookies["django_language"] = "en"

        with override("en"):
            text = page(client, "case-detail", case.id)

        assert f"<h1>{case.subject.title}</h1>" in own
        assert "<h1>Data share request</h1>" in text

    @pytest.mark.parametrize("name", ["case-detail", "case-flow", "case-flow-file"])
    def test_of_others_is_not_found(self, name: str) -> None:
        place = factories.city()
        case = request_now(place)
        client = client_of(Role.DATA_OFFICER, department_id=trust.department().id)

        assert client.get(reverse(f"casework:{name}", args=[case.id])).status_code == 404
        assert client.get(reverse(f"casework:{name}", args=[new_id()])).status_code == 404

    def test_flow_is_drawn_with_the_open_task_marked(self) -> None:
        place = factories.city()
        case = factories.at_provider(place)
        client = client_of(Role.DATA_OFFICER, department_id=place.provider)

        text = page(client, "case-flow", case.id)

        assert "casework-task is-open" in text
        assert "casework-task is-done" in text
        assert text.count("casework-task is-done") == 2, "the head's approval, and the table that was asked"
        assert text.count("casework-arrow") == 18

    def test_flow_can_be_taken_to_a_modeller(self) -> None:
        place = factories.city()
        case = request_now(place)
        client = client_of(Role.DATA_OFFICER, department_id=place.requester)

        assert "BPMNDiagram" in page(client, "case-flow-file", case.id)

    def test_names_are_broken_into_lines_that_fit(self) -> None:
        assert wrapped("政务数据主管部门") == ["政务数据主管", "部门"]
        assert wrapped("Review by the data authority") == ["Review by", "the data", "authority"]


class TestMoreTime:
    def test_is_asked_for_and_consented_to_in_the_browser(self) -> None:
        place = factories.city()
        case = factories.at_provider(place, at=timezone.now())
        provider = client_of(Role.DATA_OFFICER, department_id=place.provider)
        reviewer = client_of(Role.REVIEWER, department_id=place.authority)
        ask = reverse("casework:extension-ask", args=[case.id, "answer"])
        assert ask in page(provider, "case-detail", case.id)

        assert provider.post(ask, {"reason": "数据量大"}).status_code == 302
        decide = reverse("casework:extension-decide", args=[case.id, "answer"])
        assert decide in page(reviewer, "case-detail", case.id)
        assert "数据量大" in reviewer.get(decide).content.decode()
        assert reviewer.post(decide, {"outcome": "consent"}).status_code == 302

        now = api.case(case_id=case.id, actor=place.provider_officer, at=timezone.now())
        assert now.clocks[0].value == 20

    def test_refusal_is_said_in_the_form(self) -> None:
        place = factories.city()
        case = factories.at_provider(place, at=timezone.now())
        requester = client_of(Role.DATA_OFFICER, department_id=place.requester)

        answer = requester.post(
            reverse("casework:extension-ask", args=[case.id, "answer"]), {"reason": "数据量大"}
        )

        assert "这项待办属于其他部门或者其他角色" in answer.content.decode()

    def test_a_decision_without_an_ask_leads_to_the_case_and_says_so(self) -> None:
        place = factories.city()
        case = factories.at_provider(place, at=timezone.now())
        reviewer = client_of(Role.REVIEWER, department_id=place.authority)

        answer = reviewer.get(reverse("casework:extension-decide", args=[case.id, "answer"]), follow=True)

        assert answer.redirect_chain == [(reverse("casework:case-detail", args=[case.id]), 302)]
        assert "这项待办当前不可办理" in answer.content.decode()


class TestApi:
    def test_lists_and_reads_what_the_caller_may_see(self) -> None:
        place = factories.city()
        case = factories.at_provider(place, at=timezone.now())
        client = client_of(Role.DATA_OFFICER, department_id=place.provider)

        inbox = client.get("/api/casework/inbox", {"light": "green"}).json()
        cases = client.get("/api/casework/cases").json()
        detail = client.get(f"/api/casework/cases/{case.id}").json()

        assert [row["task"] for row in inbox["rows"]] == ["provider_answer"]
        assert inbox["rows"][0]["is_mine"] is True
        assert cases["total"] == 1
        assert detail["number"] == case.number
        assert detail["clocks"][0]["explanation"]
        whole = api.case(case_id=case.id, actor=place.provider_officer, at=timezone.now())
        assert len(detail["timeline"]) == len(whole.timeline) == 6

    def test_case_of_others_is_a_problem_document(self) -> None:
        place = factories.city()
        case = request_now(place)
        client = client_of(Role.DATA_OFFICER, department_id=trust.department().id)

        answer = client.get(f"/api/casework/cases/{case.id}")

        assert answer.status_code == 404
        assert answer.json()["code"] == "casework.case-not-found"
