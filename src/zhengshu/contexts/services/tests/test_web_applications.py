"""Pages of an application as a browser without JavaScript sees them: form, checks, sending, receipt, taking back."""

import re
from collections.abc import Iterator

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services import api
from zhengshu.contexts.services.models import Application
from zhengshu.contexts.services.tests import intake_kit
from zhengshu.contexts.services.tests.intake_kit import ANNA, BELA, INSURED, Hall
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId

pytestmark = pytest.mark.django_db
ITEM = "insured-certificate"
PHONE = {"user-agent": "Mozilla/5.0 (Linux; Android 15) Mobile Safari/537.36"}


@pytest.fixture
def place() -> Iterator[Hall]:
    ended = {**INSURED, "insurance-status": "终止参保"}
    with intake_kit.registers(**{f"id_{ANNA}": INSURED, f"id_{BELA}": ended}):
        made = intake_kit.hall()
        intake_kit.offer(made, code=ITEM)
        yield made


def browser(actor: Actor) -> Client:
    client = Client(headers=PHONE)
    client.force_login(trust.account_of(actor))
    return client


def text(answer: HttpResponseBase) -> str:
    assert answer.status_code == 200
    content: bytes = getattr(answer, "content", b"")
    return content.decode()


def begun(client: Client) -> str:
    """Begin the form as a click on its button does, and return the draft's id."""
    answer = client.post(reverse("apply:start", args=[ITEM]))
    found = re.search(r"/apply/drafts/([0-9a-f-]{36})/", answer.headers["Location"])
    assert found is not None
    return found[1]


class TestJourney:
    def test_shows_what_is_known_and_asks_for_nothing_of_it(self, place: Hall) -> None:
        client = browser(place.citizen)
        page = text(client.get(reverse("apply:page", args=[begun(client), 1])))

        assert "参保缴费" in page
        assert "市人社局《参保信息》" in page
        assert 'name="status"' not in page
        assert 'name="purpose"' in page

    def test_says_that_it_was_begun_before(self, place: Hall) -> None:
        client = browser(place.citizen)
        start = reverse("apply:start", args=[ITEM])
        assert "您已经开始填写" not in text(client.get(start))

        key = begun(client)

        assert reverse("apply:draft", args=[key]) in text(client.get(start))
        client.post(reverse("apply:send", args=[key]))
        assert "您已经开始填写" not in text(client.get(start))

    def test_is_checked_sent_and_received_under_one_number(self, place: Hall) -> None:
        client = browser(place.citizen)
        key = begun(client)

        checked = text(client.get(reverse("apply:check", args=[key])))
        sent = client.post(reverse("apply:send", args=[key]), follow=True)
        again = client.post(reverse("apply:send", args=[key]), follow=True)

        assert "规则能够核对的条件全部符合" in checked
        (row,) = Application.objects.filter(applicant_id=place.citizen.id)
        assert row.channel == api.Channel.MOBILE.value
        for answer in (sent, again):
            assert answer.redirect_chain[-1][0] == reverse("services:receipt", args=[key])
            assert row.number in text(answer)
        case = text(client.get(reverse("apply:my-case", args=[row.case_id])))
        assert "登记显示正在参保缴费" in case
        assert "条规则" not in case
        assert reverse("services:withdraw", args=[key]) not in case

    def test_tells_before_sending_what_is_not_met(self, place: Hall) -> None:
        client = browser(place.other)
        key = begun(client)

        page = text(client.get(reverse("apply:check", args=[key])))

        assert "登记显示已经终止参保" in page
        assert "《中华人民共和国社会保险法》第七十四条" in page

    def test_approver_sees_the_checks_on_the_case(self, place: Hall) -> None:
        client = browser(place.other)
        key = begun(client)
        client.post(reverse("apply:send", args=[key]))
        row = Application.objects.get(draft_id=key)

        page = text(browser(place.approver).get(reverse("casework:case-detail", args=[row.case_id])))

        assert "登记显示已经终止参保" in page

    def test_may_be_taken_back_while_nobody_decided(self, place: Hall) -> None:
        client = browser(place.other)
        key = begun(client)
        client.post(reverse("apply:send", args=[key]))

        row = Application.objects.get(draft_id=key)
        shown = text(client.get(reverse("apply:my-case", args=[row.case_id])))
        assert reverse("services:withdraw", args=[key]) in shown
        answer = client.post(reverse("services:withdraw", args=[key]), {"reason": "不需要了"})
        again = text(client.get(reverse("apply:my-case", args=[row.case_id])))

        assert reverse("services:withdraw", args=[key]) not in again
        assert answer.headers["Location"] == reverse("apply:my-case", args=[row.case_id])
        case = casework.case(case_id=CaseId(row.case_id), actor=place.other, at=intake_kit.AT)
        assert case.state == "withdrawn"


class TestAbuse:
    def test_somebody_elses_receipt_is_not_found(self, place: Hall) -> None:
        client = browser(place.citizen)
        key = begun(client)
        client.post(reverse("apply:send", args=[key]))

        for name in ("services:receipt", "services:withdraw"):
            assert browser(place.other).get(reverse(name, args=[key])).status_code == 404

    def test_what_a_source_fills_cannot_be_sent(self, place: Hall) -> None:
        client = browser(place.other)
        key = begun(client)

        page = text(client.get(reverse("apply:page", args=[key, 1])))
        version = re.search(r'name="_version" value="([0-9a-f-]{36})"', page)
        assert version is not None

        answer = client.post(
            reverse("apply:page", args=[key, 1]),
            {"purpose": "落户", "status": "参保缴费", "_version": version[1]},
        )
        client.post(reverse("apply:send", args=[key]))

        assert answer.status_code == 422
        row = Application.objects.get(draft_id=key)
        assert row.verdict == api.PreReview.FAIL.value
