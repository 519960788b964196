"""The pages of corrections, misuses, disputes and demands: who opens them, what they offer, what they refuse."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.exchange import api
from zhengshu.contexts.exchange.application.matters import rows_of
from zhengshu.contexts.exchange.models import CorrectionRequest, DataDemand, Dispute, Misuse
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import NOW, browser, step
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.tests.reading import text_of
from zhengshu.kernel.actors import Role
from zhengshu.kernel.identity import new_id

pytestmark = pytest.mark.django_db
SENT = {
    "fault": "wrong",
    "columns": ["enterprise_name"],
    "key_credit_code": factories.ROWS[0][0],
    "right_enterprise_name": "云州第一商贸股份有限公司",
    "evidence": "营业执照正本",
    "call": "",
}


def new_correction(place: factories.City) -> str:
    return f"/exchange/corrections/new?resource={place.resource.code}"


def correction(place: factories.City) -> UUID:
    return factories.correction(place, at=NOW)


class TestCorrections:
    def test_from_the_resources_page_to_the_answer(self, place: factories.City) -> None:
        officer, provider = browser(place.officer), browser(place.provider)
        resource = reverse("catalog:resource-detail", args=[place.resource.code])
        assert new_correction(place) in officer.get(resource).content.decode()
        assert new_correction(place) not in provider.get(resource).content.decode()

        answer = officer.post(new_correction(place), SENT)
        url = answer.headers["Location"]
        assert "being verified" in provider.get(resource).content.decode()
        page = provider.get(url).content.decode()
        assert "Your step" in page
        assert "Your step" not in officer.get(url).content.decode()
        refused = provider.post(url + "steps/verify/", {"act": "not_wrong", "reason": ""})
        assert (refused.status_code, "Give the reason" in refused.content.decode()) == (422, True)
        provider.post(url + "steps/verify/", {"act": "not_wrong", "reason": "与登记档案一致"})

        assert "与登记档案一致" in officer.get(url).content.decode()
        shown = officer.get(resource).content.decode()
        assert ("not wrong" in shown, "100.0%" in shown) == (True, True)

    def test_what_is_missing_is_said_in_the_form(self, place: factories.City) -> None:
        page = browser(place.officer).post(new_correction(place), {**SENT, "key_credit_code": ""})

        assert "Say which row it is" in page.content.decode()
        assert not CorrectionRequest.objects.exists()

    def test_values_are_shown_on_demand_and_kept_from_caches(self, place: factories.City) -> None:
        url = f"/exchange/corrections/{correction(place)}/"
        provider = browser(place.provider)

        assert "36042619910101008X" not in provider.get(url).content.decode()
        shown = provider.post(url + "values/")

        assert "36042619910101008X" in shown.content.decode()
        assert "no-store" in shown.headers["Cache-Control"]
        assert browser(place.reviewer).post(url + "values/").status_code == 403
        assert browser(place.stranger).post(url + "values/").status_code == 404

    def test_the_provider_links_the_corrected_batch(
        self, place: factories.City, tmp_path: object, settings: object
    ) -> None:
        from pathlib import Path

        correction_id = correction(place)
        step(api.MatterKind.CORRECTION, correction_id, "verify", "wrong", actor=place.provider, at=NOW)
        batch = factories.collect(
            place.resource, Path(str(tmp_path)), rows=(factories.ROWS[1], factories.ROWS[0]), at=NOW
        )
        url = f"/exchange/corrections/{correction_id}/"
        provider = browser(place.provider)
        assert str(batch.id) in provider.get(url).content.decode()

        provider.post(url + "steps/correct/", {"act": "corrected", "batch": str(batch.id)})

        assert CorrectionRequest.objects.get().batch_id == batch.id

    def test_a_correction_of_what_one_may_not_see_cannot_be_asked(self, place: factories.City) -> None:
        officer = browser(place.officer)

        assert officer.get("/exchange/corrections/new?resource=306001-99999").status_code == 404
        assert officer.get("/exchange/corrections/new").status_code == 404
        assert browser(place.provider).get(new_correction(place)).status_code == 422

    def test_a_call_leads_to_a_correction_and_to_a_misuse(self, place: factories.City) -> None:
        factories.granted(place, at=NOW)
        call = factories.call(factories.grant_row(place))

        ours = browser(place.officer).get("/exchange/calls/").content.decode()
        given = browser(place.provider).get("/exchange/calls/").content.decode()

        wrong, misuse = f"call={call.id}", "/exchange/misuses/new"
        assert (wrong in ours, misuse in ours) == (True, False)
        assert (misuse in given, "/exchange/corrections/new" in given) == (True, False)


class TestMisuse:
    def test_is_reported_on_the_grants_page_and_ended_after_a_second_question(
        self, place: factories.City
    ) -> None:
        grant_id = factories.granted(place, at=NOW)
        provider, new = browser(place.provider), f"/exchange/misuses/new?grant={grant_id}"
        assert new in provider.get(f"/exchange/grants/{grant_id}/").content.decode()
        told = {"finding": "批量查询", "order": "停止", "rectify_within": "5", "calls": ""}
        url = provider.post(new, told).headers["Location"]

        grant_page = browser(place.officer).get(f"/exchange/grants/{grant_id}/").content.decode()
        assert ("Suspended" in grant_page, url in grant_page) == (True, True)
        officer = browser(place.officer)
        asked = officer.post(url + "steps/rectify/", {"act": "give_up"})
        assert "cannot be taken back" in asked.content.decode()
        assert Misuse.objects.get().state == "rectify"
        officer.post(url + "steps/rectify/", {"act": "give_up", "sure": "1"})
        head = browser(place.provider_head)
        head.post(
            url + "steps/decide/",
            {"act": "terminate", "reason": "拒不整改", "basis": "第二十七条", "sure": "1"},
        )

        assert api.grant(grant_id=grant_id, actor=place.officer, at=timezone.now()).state == "revoked"

    def test_wrong_evidence_shows_the_form_again(self, place: factories.City) -> None:
        grant_id = factories.granted(place, at=NOW)
        sent = {"finding": "x", "order": "y", "rectify_within": "5", "calls": "not-a-receipt"}

        page = browser(place.provider).post(f"/exchange/misuses/new?grant={grant_id}", sent)

        assert "not-a-receipt" in page.content.decode()
        assert factories.grant_row(place).revoked_at is None

    def test_others_can_neither_report_nor_take_its_steps(self, place: factories.City) -> None:
        grant_id = factories.granted(place, at=NOW)
        sent = {"finding": "x", "order": "y", "rectify_within": "5", "calls": ""}
        for actor, status in ((place.officer, 403), (place.stranger, 404)):
            answer = browser(actor).post(f"/exchange/misuses/new?grant={grant_id}", sent)
            assert answer.status_code == status
        url = f"/exchange/misuses/{factories.misuse(place, at=NOW)}/"

        assert browser(place.stranger).get(url).status_code == 404
        assert (
            browser(place.provider).post(url + "steps/rectify/", {"act": "submit", "reason": "x"}).status_code
            == 409
        )
        assert browser(place.officer).post(url + "withdraw/", {"reason": "x"}).status_code == 403
        assert factories.grant_row(place).revoked_at is not None

    def test_the_direct_ways_to_suspend_and_resume_are_gone(self, place: factories.City) -> None:
        grant_id = factories.granted(place, at=NOW)

        for way in ("suspend", "resume"):
            answer = browser(place.reviewer).post(f"/exchange/grants/{grant_id}/{way}/", {"reason": "x"})
            assert answer.status_code == 404

    def test_the_passed_limit_is_declared_by_who_found_it(self, place: factories.City) -> None:
        factories.granted(place, at=NOW)
        url = f"/exchange/misuses/{factories.misuse(place, at=NOW)}/"
        Misuse.objects.update(due_at=timezone.now() - timedelta(minutes=1))

        assert "overdue/" in browser(place.provider).get(url).content.decode()
        assert "overdue/" not in browser(place.officer).get(url).content.decode()
        browser(place.provider).post(url + "overdue/")

        assert Misuse.objects.get().state == "decide"


class TestDemands:
    def test_through_the_pages(self, place: factories.City) -> None:
        sent = {
            "name": "残疾人证信息",
            "legal_basis": "《残疾人保障法》",
            "scenario": "减税核对",
            "wanted": "证号、等级",
            "freshness": "daily",
        }
        url = browser(place.officer).post("/exchange/demands/new", sent).headers["Location"]
        reviewer, provider = browser(place.reviewer), browser(place.provider)
        department = str(place.provider.department_id)

        reviewer.post(url + "steps/find_responsible/", {"act": "assign", "department": department})
        day = (timezone.localdate() + timedelta(days=20)).isoformat()
        provider.post(url + "steps/accept_responsibility/", {"act": "accept", "promised_on": day})
        assert place.resource.code in provider.get(url).content.decode()
        provider.post(url + "steps/publish_resource/", {"act": "published", "resource": place.resource.code})

        assert DataDemand.objects.get().state == "fulfilled"
        third = browser(place.stranger)
        page = third.get("/exchange/demands/?list=responsibilities")
        assert page.context["page"].total == 1
        assert third.get(url).status_code == 200
        assert "残疾人证信息" in text_of(third.get("/exchange/demands/export.csv?list=responsibilities"))
        assert third.get("/exchange/demands/?list=negative").context["page"].total == 0

    def test_a_name_that_is_a_formula_is_exported_as_text(self, place: factories.City) -> None:
        factories.demand(place, at=NOW, name="=HYPERLINK(1)")

        assert "'=HYPERLINK(1)" in text_of(browser(place.officer).get("/exchange/demands/export.csv"))


class TestDisputes:
    def test_through_the_pages(self, place: factories.City) -> None:
        request_id = factories.agreed(place, at=NOW)
        new = f"/exchange/disputes/new?about=request&id={request_id}"
        officer = browser(place.officer)
        assert new.replace("&", "&amp;") in officer.get(f"/exchange/requests/{request_id}/").content.decode()

        url = officer.post(new, {"claim": "逾期不提供", "wanted": "限期提供"}).headers["Location"]
        browser(place.provider).post(url + "steps/respond/", {"act": "propose", "reason": "三日内提供"})
        officer.post(url + "steps/answer_proposal/", {"act": "accept"})

        assert Dispute.objects.get().state == "settled"
        assert "三日内提供" in officer.get(url).content.decode()

    def test_about_nothing_or_another_departments_matter_there_is_none(self, place: factories.City) -> None:
        request_id = factories.agreed(place, at=NOW)
        client = browser(place.officer)

        for bad in ("", "?about=request", "?about=wish&id=1", f"?about=request&id={new_id()}"):
            assert client.get(f"/exchange/disputes/new{bad}").status_code == 404
        new = f"/exchange/disputes/new?about=request&id={request_id}"
        assert browser(place.stranger).get(new).status_code == 404


class TestLists:
    @pytest.mark.parametrize("kind", list(api.MatterKind))
    @pytest.mark.parametrize("path", ["", "export.csv"])
    def test_take_the_same_queries_for_two_and_for_forty_rows(
        self, place: factories.City, kind: api.MatterKind, path: str
    ) -> None:
        self._one(place, kind)
        client = browser(place.officer)
        self._multiply(kind, 1)
        few = self._queries(client, kind, path)

        self._multiply(kind, 38)

        assert self._queries(client, kind, path) == few

    def test_filters_sorts_and_paging(self, place: factories.City) -> None:
        correction(place)
        client = browser(place.officer)

        def total(query: str) -> int:
            return int(client.get(f"/exchange/corrections/?{query}").context["page"].total)

        assert (total("side=ours"), total("side=asked")) == (1, 0)
        assert (total("progress=open"), total("progress=ended")) == (1, 0)
        assert (total("time=late"), total("time=soon")) == (0, 0)
        assert (total("q=企业"), total("q=没有")) == (1, 0)
        assert total(f"resource={place.resource.code}") == 1
        assert total("sort=-due_at&page=9&size=9999&list=nonsense&progress=x&side=y") == 1

    def test_administrators_see_none(self, place: factories.City) -> None:
        correction(place)
        admin = factories.colleague("admin", Role.SECURITY_ADMIN, of=place.officer, at=NOW)

        for kind in api.MatterKind:
            assert api.matters(kind=kind, query=ListQuery(), actor=admin, at=NOW).total == 0
            assert Client().get(f"/exchange/{kind.value}/").status_code == 302

    @staticmethod
    def _one(place: factories.City, kind: api.MatterKind) -> None:
        match kind:
            case api.MatterKind.CORRECTION:
                correction(place)
            case api.MatterKind.MISUSE:
                factories.granted(place, at=NOW)
                factories.misuse(place, at=NOW)
            case api.MatterKind.DEMAND:
                factories.demand(place, at=NOW)
            case api.MatterKind.DISPUTE:
                api.raise_dispute(
                    about=api.DisputeAbout.CORRECTION,
                    about_id=correction(place),
                    claim="x",
                    wanted="y",
                    actor=place.officer,
                    at=NOW,
                )

    @staticmethod
    def _multiply(kind: api.MatterKind, times: int) -> None:
        row = rows_of(kind).order_by("id")[0]
        for _ in range(times):
            row.pk, row.case_id = new_id(), new_id()
            if isinstance(row, Misuse):
                row.grant_id = new_id()
            if isinstance(row, Dispute):
                row.about_id = new_id()
            row.save(force_insert=True)

    @staticmethod
    def _queries(client: Client, kind: api.MatterKind, path: str) -> int:
        client.get(f"/exchange/{kind.value}/{path}")
        with CaptureQueriesContext(connection) as taken:
            text_of(client.get(f"/exchange/{kind.value}/{path}?size=100"))
        return len(taken)


class TestManagementApi:
    def test_opens_steps_and_reads(self, place: factories.City) -> None:
        client, json = browser(place.officer), "application/json"
        body = {
            "resource_code": place.resource.code,
            "columns": ["enterprise_name"],
            "key": {"credit_code": factories.ROWS[0][0]},
            "evidence": "营业执照",
        }

        made = client.post("/api/exchange/corrections", body, content_type=json)
        url = f"/api/exchange/matters/corrections/{made.json()['id']}"
        answered = browser(place.provider).post(
            f"{url}/steps", {"task": "verify", "outcome": "not_wrong", "reason": "无误"}, content_type=json
        )

        assert answered.json() == {"state": "not_wrong"}
        assert client.get(url).json()["in_time"] is True
        assert factories.ROWS[0][0] not in client.get(url).content.decode()
        assert client.get("/api/exchange/matters/corrections?progress=ended").json()["total"] == 1
        assert browser(place.stranger).get(url).status_code == 404
        assert Client().get(url).status_code in {401, 403}

    def test_the_other_kinds(self, place: factories.City) -> None:
        grant_id, json = factories.granted(place, at=NOW), "application/json"
        provider, officer = browser(place.provider), browser(place.officer)
        found = {"grant_id": str(grant_id), "finding": "x", "order": "y", "rectify_within": 5}
        about = {"about": "grant", "about_id": str(grant_id), "claim": "x", "wanted": "y"}
        wanted = {"name": "a", "legal_basis": "b", "scenario": "c", "wanted": "d"}

        misuse = provider.post("/api/exchange/misuses", found, content_type=json).json()["id"]
        dispute = officer.post("/api/exchange/disputes", about, content_type=json).json()["id"]
        demand = officer.post("/api/exchange/demands", wanted, content_type=json).json()["id"]

        assert officer.get(f"/api/exchange/matters/misuses/{misuse}").json()["statements"]["order"] == "y"
        assert provider.get(f"/api/exchange/matters/disputes/{dispute}").json()["state"] == "respond"
        back = f"/api/exchange/matters/demands/{demand}/withdraw"
        assert officer.post(back, {"reason": "已有"}, content_type=json).json()["state"] == "withdrawn"
        refused = officer.post("/api/exchange/misuses", found, content_type=json)
        assert (refused.status_code, refused.json()["code"]) == (403, "exchange.measure-not-yours")
