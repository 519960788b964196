"""The pages: who opens them, what they offer, and what they refuse."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.exchange import api
from zhengshu.contexts.exchange.domain.requests import RequestState
from zhengshu.contexts.exchange.models import Grant, ShareRequest
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import NOW, browser
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.tests.reading import text_of
from zhengshu.kernel.identity import RequestId, new_id

pytestmark = pytest.mark.django_db


def form_of(place: factories.City, **changes: object) -> dict[str, object]:
    """Return what a browser sends for a whole statement."""
    sent: dict[str, object] = {
        "draft_id": str(uuid4()),
        "legal_basis": "《税收征收管理法》第六条",
        "purpose": "tax_administration",
        "scenario": "办税服务厅核验",
        "columns": ["credit_code", "enterprise_name"],
        "delivery": "api",
        "frequency": "per_case",
        "valid_until": (timezone.localdate() + timedelta(days=30)).isoformat(),
        "system": str(place.system.id),
        "new_system": "",
        "per_second": "5",
        "per_day": "500",
        "is_declared": "on",
        "rows-TOTAL_FORMS": "1",
        "rows-INITIAL_FORMS": "0",
        "rows-0-column": "enterprise_name",
        "rows-0-operator": "prefix",
        "rows-0-value": "云州",
        "act": "submit",
    }
    return {**sent, **changes}


def new_url(place: factories.City) -> str:
    return f"/exchange/requests/new?resource={place.resource.code}"


class TestAsking:
    def test_the_form_offers_the_resources_fields(self, place: factories.City) -> None:
        page = browser(place.officer).get(new_url(place))

        assert page.status_code == 200
        assert "法定代表人身份证号" in page.content.decode()

    def test_a_whole_statement_is_submitted(self, place: factories.City) -> None:
        answer = browser(place.officer).post(new_url(place), form_of(place))

        request = ShareRequest.objects.get()
        assert answer.status_code == 302
        assert request.state == RequestState.HEAD_APPROVAL
        assert request.conditions == [{"column": "enterprise_name", "operator": "prefix", "values": ["云州"]}]

    def test_sent_twice_it_is_submitted_once(self, place: factories.City) -> None:
        client, sent = browser(place.officer), form_of(place)

        answers = [client.post(new_url(place), sent) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [302, 302]
        assert ShareRequest.objects.count() == 1

    def test_a_draft_is_saved_and_its_faults_are_shown_beside_their_fields(
        self, place: factories.City
    ) -> None:
        client = browser(place.officer)
        sent = form_of(place, legal_basis="", is_declared="")

        page = client.post(new_url(place), sent)

        assert page.status_code == 200
        text = page.content.decode()
        assert "State the legal basis" in text
        assert "Declare that the request is true" in text
        assert ShareRequest.objects.get().state == RequestState.DRAFT

    def test_a_new_system_is_registered_on_the_way(self, place: factories.City) -> None:
        sent = form_of(place, system="new", new_system="电子税务局")

        browser(place.officer).post(new_url(place), sent)

        system_id = ShareRequest.objects.get().system_id
        assert system_id is not None
        assert trust.consuming_system(system_id=system_id).name == "电子税务局"

    @pytest.mark.parametrize(
        "changes",
        [
            {"columns": ["password"]},
            {"purpose": "curiosity"},
            {"per_day": "999999999999"},
            {"system": str(uuid4())},
            {"rows-0-column": "password"},
            {"rows-0-operator": "like"},
            {"rows-TOTAL_FORMS": "100000"},
            {"valid_until": "2020-01-01"},
        ],
    )
    def test_what_no_honest_form_sends_is_not_submitted(
        self, place: factories.City, changes: dict[str, object]
    ) -> None:
        page = browser(place.officer).post(new_url(place), form_of(place, **changes))

        assert page.status_code == 200
        assert not ShareRequest.objects.exclude(state=RequestState.DRAFT).exists()

    def test_ones_own_and_unknown_resources(self, place: factories.City) -> None:
        assert browser(place.provider).get(new_url(place)).status_code == 422
        assert browser(place.officer).get("/exchange/requests/new?resource=nothing").status_code == 404


class TestRoles:
    @pytest.mark.parametrize(
        "path", ["requests/", "grants/", "calls/", "supervision/", "requests/export.csv"]
    )
    def test_visitors_sign_in_first(self, path: str) -> None:
        assert Client().get(f"/exchange/{path}").status_code == 302

    def test_other_roles_may_not(self, place: factories.City) -> None:
        request_id = factories.submitted(place, at=NOW)
        head, officer = browser(place.head), browser(place.officer)

        assert head.get(new_url(place)).status_code == 403
        assert (
            officer.post(f"/exchange/requests/{request_id}/approve/", {"act": "approve"}).status_code == 403
        )
        assert officer.post(f"/exchange/requests/{request_id}/review/", {"act": "confirm"}).status_code == 403

    def test_other_departments_find_nothing(self, place: factories.City) -> None:
        grant_id = factories.granted(place, at=NOW)
        request_id = factories.grant_row(place).request_id
        stranger = browser(place.stranger)

        for path in ("", "withdraw/", "answer/", "complete/"):
            assert stranger.get(f"/exchange/requests/{request_id}/{path}").status_code == 404, path
        for path in ("", "revoke/", "developer/", "suspend/"):
            assert stranger.get(f"/exchange/grants/{grant_id}/{path}").status_code == 404, path
        for path in ("key/", "try/"):
            assert stranger.post(f"/exchange/grants/{grant_id}/{path}").status_code == 404, path
        assert stranger.get("/exchange/calls/").context["page"].total == 0

    def test_the_provider_gets_no_key_of_the_consumer(self, place: factories.City) -> None:
        grant_id = factories.granted(place, at=NOW)
        provider = browser(place.provider)

        assert provider.get(f"/exchange/grants/{grant_id}/developer/").status_code == 403
        assert (
            provider.post(f"/exchange/grants/{grant_id}/key/", {"algorithm": "hmac-sha256"}).status_code
            == 403
        )
        assert provider.post(f"/exchange/grants/{grant_id}/try/").status_code == 403


class TestSteps:
    def test_the_whole_way_by_the_pages(self, place: factories.City) -> None:
        browser(place.officer).post(new_url(place), form_of(place))
        request = ShareRequest.objects.get()
        base = f"/exchange/requests/{request.id}/"

        assert "sign for your department" in browser(place.head).get(base).content.decode()
        browser(place.head).post(base + "approve/", {"act": "approve"})
        provider = browser(place.provider)
        assert "Your step: answer" in provider.get(base).content.decode()
        assert provider.get(base + "answer/?kind=refuse").status_code == 200
        page = provider.get(base + "answer/?kind=agree")
        assert "Fields and masks" in page.content.decode()
        provider.post(base + "answer/", answer_of(request))
        done = provider.post(base + "deliver/")

        grant = factories.grant_row(place)
        assert done.headers["Location"] == reverse("exchange:grant-detail", args=[grant.id])
        assert [field["column"] for field in grant.fields] == ["credit_code"]
        assert browser(place.officer).get(base).status_code == 200
        assert "For developers" in browser(place.officer).get(done.headers["Location"]).content.decode()

    def test_a_case_that_the_purpose_demands_is_not_offered_as_a_choice(self, place: factories.City) -> None:
        free = factories.at_provider(place, at=NOW)
        bound = factories.at_provider(place, at=NOW, purpose="administrative_licensing")

        fields = [
            browser(place.provider).get(f"/exchange/requests/{one}/answer/").context["form"]["needs_case"]
            for one in (free, bound)
        ]

        assert [(one.field.disabled, one.value()) for one in fields] == [(False, None), (True, True)]

    def test_a_dispute_is_offered_once_the_provider_was_asked(self, place: factories.City) -> None:
        request_id = factories.submitted(place, at=NOW)
        base = f"/exchange/requests/{request_id}/"
        before = browser(place.head).get(base).context["may_contest"]

        browser(place.head).post(base + "approve/", {"act": "approve"})

        assert (before, browser(place.head).get(base).context["may_contest"]) == (False, True)

    def test_a_refusal_without_basis_shows_the_form_again(self, place: factories.City) -> None:
        request_id = factories.at_provider(place, at=NOW)
        sent = {"kind": "refuse", "ground": "not_necessary", "reason": "非必要", "basis": ""}

        page = browser(place.provider).post(f"/exchange/requests/{request_id}/answer/", sent)

        assert page.status_code == 200
        assert ShareRequest.objects.get().state == RequestState.PROVIDER_ANSWER

    def test_a_tampered_answer_grants_nothing_more(self, place: factories.City) -> None:
        request_id = factories.at_provider(place, at=NOW, per_day=100)
        request = ShareRequest.objects.get()
        sent = answer_of(request) | {"per_day": "1000000", "keep_legal_person_id": "on"}

        page = browser(place.provider).post(f"/exchange/requests/{request_id}/answer/", sent)

        assert "between 1 and the requested 100" in page.content.decode()
        assert ShareRequest.objects.get().state == RequestState.PROVIDER_ANSWER

    def test_an_answer_given_twice_is_a_conflict(self, place: factories.City) -> None:
        request_id = factories.agreed(place, at=NOW)

        page = browser(place.provider).post(
            f"/exchange/requests/{request_id}/answer/", answer_of(ShareRequest.objects.get())
        )

        assert page.status_code == 409

    def test_a_completion_goes_round(self, place: factories.City) -> None:
        request_id = factories.at_provider(place, at=NOW)
        base = f"/exchange/requests/{request_id}/"
        browser(place.provider).post(base + "answer/", {"kind": "ask_completion", "reason": "补充岗位"})
        officer = browser(place.officer)

        assert "补充岗位" in officer.get(base + "complete/").content.decode()
        officer.post(base + "complete/", form_of(place) | {"reply": "已补充"})

        assert ShareRequest.objects.get().state == RequestState.PROVIDER_ANSWER

    def test_more_time_by_the_pages(self, place: factories.City) -> None:
        request_id = factories.at_provider(place, at=NOW)
        base = f"/exchange/requests/{request_id}/"
        browser(place.provider).post(base + "extension/", {"reason": "需三方核对"})
        reviewer = browser(place.reviewer)

        assert "需三方核对" in reviewer.get(base).content.decode()
        reviewer.post(base + "extension/decide/", {"act": "consent"})

        assert ShareRequest.objects.get().extended_at is not None

    def test_withdrawing_asks_first(self, place: factories.City) -> None:
        request_id = factories.submitted(place, at=NOW)
        officer = browser(place.officer)

        assert officer.get(f"/exchange/requests/{request_id}/withdraw/").status_code == 200
        assert ShareRequest.objects.get().state == RequestState.HEAD_APPROVAL
        officer.post(f"/exchange/requests/{request_id}/withdraw/", {"reason": "不再需要"})
        assert ShareRequest.objects.get().state == RequestState.WITHDRAWN


class TestLists:
    @pytest.mark.parametrize(
        "path", ["requests/", "grants/", "calls/", "requests/export.csv", "supervision/"]
    )
    def test_take_the_same_queries_for_two_and_for_forty_rows(self, place: factories.City, path: str) -> None:
        factories.granted(place, at=NOW)
        client = browser(place.provider)
        self._multiply(2)
        few = self._queries(client, path)

        self._multiply(38)

        assert self._queries(client, path) == few

    def test_filters_sorts_and_paging(self, place: factories.City) -> None:
        factories.at_provider(place, at=NOW)
        provider = browser(place.provider)

        def total(query: str) -> int:
            return int(provider.get(f"/exchange/requests/?{query}").context["page"].total)

        assert total("side=asked") == 1
        assert total("side=ours") == 0
        assert total("state=provider_answer") == 1
        assert total("state=draft") == 0
        assert total("time=late") == 0
        assert total("time=in_time") == 1
        assert total("q=企业") == 1
        assert total("q=没有") == 0
        assert total("sort=-due_at&page=7&size=10000") == 1
        assert total("sort=scenario;drop") == 1

    @staticmethod
    def _queries(client: Client, path: str) -> int:
        client.get(f"/exchange/{path}")
        with CaptureQueriesContext(
            connection,
        ) as taken:
            text_of(client.get(f"/exchange/{path}?size=100"))
        return len(taken)

    @staticmethod
    def _multiply(times: int) -> None:
        request = ShareRequest.objects.order_by("id")[0]
        grant = Grant.objects.get(request_id=request.id)
        for _ in range(times):
            request.pk, request.case_id = new_id(), new_id()
            request.save(force_insert=True)
            grant.pk, grant.request_id = new_id(), request.pk
            grant.save(force_insert=True)
            factories.call(grant)


class TestManagementApi:
    def test_drafts_submits_and_reads(self, place: factories.City) -> None:
        client = browser(place.officer)
        stated = factories.statement(place, at=NOW)
        body = {
            "resource_code": place.resource.code,
            "legal_basis": stated.legal_basis,
            "scenario": stated.scenario,
            "purpose": stated.purpose,
            "columns": list(stated.columns),
            "valid_until": str(stated.valid_until),
            "system_id": str(stated.system_id),
            "is_declared": True,
        }

        drafted = client.post("/api/exchange/requests", body, content_type="application/json")
        request_id = drafted.json()["id"]
        first = client.post(f"/api/exchange/requests/{request_id}/submit")
        second = client.post(f"/api/exchange/requests/{request_id}/submit")

        assert (first.status_code, first.json()) == (200, second.json())
        assert client.get(f"/api/exchange/requests/{request_id}").json()["state"] == "head_approval"
        assert client.get("/api/exchange/requests?state=head_approval").json()["total"] == 1
        assert browser(place.stranger).get(f"/api/exchange/requests/{request_id}").status_code == 404

    def test_grants_and_calls(self, place: factories.City) -> None:
        grant_id = factories.granted(place, at=NOW)
        factories.call(factories.grant_row(place))
        client = browser(place.provider)

        assert client.get(f"/api/exchange/grants/{grant_id}").json()["fields"][0]["mask"] == "none"
        assert client.get("/api/exchange/grants?state=active").json()["total"] == 1
        assert client.get("/api/exchange/calls").json()["rows"][0]["verdict"] == "ok"
        assert Client().get("/api/exchange/calls").status_code in {401, 403}


def answer_of(request: ShareRequest) -> dict[str, str]:
    """Return what a browser sends for a yes that keeps the first field only."""
    return {
        "kind": "agree",
        "keep_credit_code": "on",
        "mask_credit_code": "none",
        "mask_enterprise_name": "none",
        "mask_founded_on": "none",
        "per_second": "5",
        "per_day": str(min(request.per_day, 100)),
        "valid_until": (timezone.localdate() + timedelta(days=10)).isoformat(),
        "rows-TOTAL_FORMS": "0",
        "rows-INITIAL_FORMS": "0",
    }


def test_nothing_of_a_request_is_seen_by_its_id_alone(place: factories.City) -> None:
    with pytest.raises(api.RequestNotFound):
        api.request(request_id=RequestId(new_id()), actor=place.officer)


def test_the_page_of_a_resource_offers_a_request_to_other_departments(place: factories.City) -> None:
    url = reverse("catalog:resource-detail", args=[place.resource.code])

    assert new_url(place) in browser(place.officer).get(url).content.decode()
    assert new_url(place) not in browser(place.provider).get(url).content.decode()
