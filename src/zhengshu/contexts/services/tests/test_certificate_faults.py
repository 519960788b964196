"""A certificate that cannot be made is a to-do with a reason and a button, never a retry without end."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.tests.messaging import deliver_events
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services import api
from zhengshu.contexts.services.application import certificate_faults, issue_certificate
from zhengshu.contexts.services.application.issue_certificate import issue_when_granted
from zhengshu.contexts.services.application.retry_certificate import (
    NotYourCertificate,
    retry_certificate,
    retry_waiting,
)
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.contexts.services.tests import intake_kit
from zhengshu.contexts.services.tests.intake_kit import ANNA, AT, INSURED, PACKS, Hall
from zhengshu.contexts.services.tests.test_pages_lists import browser
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.models import OutboxDelivery
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db
ITEM, TO_DO = "insured-certificate", "certificate-not-made"
NO_ISSUER = "由哪个部门签发"


@pytest.fixture
def place() -> Iterator[Hall]:
    """A department that offers the certificate, and has no seal for it yet."""
    with intake_kit.registers(**{f"id_{ANNA}": INSURED}):
        made = intake_kit.hall()
        intake_kit.offer(made, code=ITEM)
        intake_kit.certified(ITEM)
        casework.load_case_types(folder=PACKS / TO_DO, at=AT)
        certificates.load_types(folder=PACKS.parent / "certificate-types", at=timezone.now())
        yield made


def granted(place: Hall) -> api.ApplicationRecord:
    """Return what was granted at once, after everything that follows was heard."""
    key = casework.prepare_form(case_type=ITEM, answers={"purpose": ("落户",)}, actor=place.citizen, at=AT)
    found = api.submit_application(
        draft_id=key, channel=Channel.MOBILE, actor=place.citizen, at=timezone.now()
    )
    deliver_events()
    return api.application(number=found.number, actor=place.citizen)


def to_do(application_id: UUID, actor: Actor) -> casework.CaseRecord | None:
    return casework.cases_of(subject_ids=[application_id], actor=actor, at=timezone.now()).get(application_id)


def page(actor: Actor, case_id: UUID) -> str:
    name = "apply:my-case" if actor.department_id is None else "casework:case-detail"
    return browser(actor).get(reverse(name, args=[case_id])).content.decode()


class TestNotMade:
    def test_becomes_a_to_do_and_is_told_on_both_pages(self, place: Hall) -> None:
        found = granted(place)

        assert found.certificate_id is None
        assert not OutboxDelivery.objects.exists()
        opened = to_do(found.id, place.approver)
        assert opened is not None
        assert opened.is_open
        for case_id in (found.case_id, opened.id):
            shown = page(place.approver, case_id)
            assert NO_ISSUER in shown
            assert "重新制发" in shown
        own = page(place.citizen, found.case_id)
        assert NO_ISSUER in own
        assert "重新制发" not in own
        assert found.number in browser(place.approver).get("/messages/").content.decode()

    def test_heard_again_opens_nothing_more(self, place: Hall) -> None:
        found = granted(place)
        first = to_do(found.id, place.approver)
        case = casework.case(case_id=found.case_id, actor=place.citizen, at=timezone.now())
        closed = intake_kit.closed_event(case, actor=place.citizen, at=timezone.now())

        issue_when_granted(closed, at=closed.at)

        again = to_do(found.id, place.approver)
        assert first is not None
        assert again is not None
        assert first.id == again.id

    def test_a_service_that_does_not_answer_is_asked_again_for_a_day(
        self, place: Hall, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        intake_kit.certify(place, ITEM)

        def silent(*_: object, **__: object) -> None:
            raise trust.NoTimestamp

        monkeypatch.setattr(issue_certificate, "_issue", silent)
        found = granted(place)

        assert OutboxDelivery.objects.count() == 1
        assert to_do(found.id, place.approver) is None
        case = casework.case(case_id=found.case_id, actor=place.citizen, at=timezone.now())
        closed = intake_kit.closed_event(case, actor=place.citizen, at=timezone.now())
        issue_when_granted(closed, at=closed.at + certificate_faults.PATIENCE + timedelta(minutes=1))
        assert to_do(found.id, place.approver) is not None


class TestGranting:
    def test_the_page_says_what_is_missing_and_what_else_may_be_chosen(
        self, place: Hall, tmp_path: Path
    ) -> None:
        intake_kit.demanding(tmp_path, field="employer")
        key = casework.prepare_form(case_type=ITEM, answers={"purpose": ("落户",)}, actor=place.other, at=AT)
        sent = api.submit_application(draft_id=key, channel=Channel.WEB, actor=place.other, at=timezone.now())
        case = casework.case(case_id=sent.case_id, actor=place.approver, at=timezone.now())
        (task,) = case.open_tasks
        client = browser(place.approver)
        form = client.post(reverse("apply:task", args=[task.id]), follow=True).redirect_chain[-1][0]
        client.post(form, intake_kit.FOUND)
        send = form.replace("/1/", "/send/")

        refused = client.post(send, {"outcome": "issue"}).content.decode()

        assert "必须载明“现参保单位”" in refused
        assert "（不予出具）" in refused
        assert casework.case(case_id=sent.case_id, actor=place.approver, at=timezone.now()).is_open


class TestRetry:
    def pressed(self, actor: Actor, found: api.ApplicationRecord) -> str:
        client: Client = browser(actor)
        path = reverse("services:certificate-retry", args=[found.id])
        return client.post(path, follow=True).content.decode()

    def test_the_button_says_what_is_still_in_the_way_and_ends_the_to_do_when_it_is_made(
        self, place: Hall
    ) -> None:
        found = granted(place)
        assert "仍然不能制成" in self.pressed(place.approver, found)

        intake_kit.certify(place, ITEM)
        assert "证照已经制成" in self.pressed(place.approver, found)
        self.pressed(place.approver, found)

        (held,) = certificates.own_certificates(actor=place.citizen, at=timezone.now())
        assert held.case_id == found.case_id
        ended = to_do(found.id, place.approver)
        assert ended is not None
        assert ended.state == "made"
        assert NO_ISSUER not in page(place.citizen, found.case_id)

    def test_is_for_the_department_that_granted_it(self, place: Hall) -> None:
        found = granted(place)

        with pytest.raises(api.ApplicationNotFound):
            retry_certificate(application_id=found.id, actor=place.stranger, at=timezone.now())
        with pytest.raises(NotYourCertificate):
            retry_certificate(application_id=found.id, actor=place.citizen, at=timezone.now())

    def test_a_program_makes_it_and_is_told_what_is_in_the_way(self, place: Hall) -> None:
        found = granted(place)
        path = f"/api/services/applications/{found.id}/certificate"
        waiting = browser(place.approver).post(path)
        intake_kit.certify(place, ITEM)

        made = [browser(place.approver).post(path).json() for _again in range(2)]

        assert waiting.status_code == 200
        assert waiting.json()["certificate_id"] is None
        assert NO_ISSUER in waiting.json()["reason"]
        (held,) = certificates.own_certificates(actor=place.citizen, at=timezone.now())
        assert (
            made
            == [
                {
                    "number": found.number,
                    "state": "granted",
                    "certificate_id": str(held.id),
                    "reason": "",
                    "reason_en": "",
                }
            ]
            * 2
        )

    def test_no_other_program_does(self, place: Hall) -> None:
        found = granted(place)
        intake_kit.certify(place, ITEM)
        path = f"/api/services/applications/{found.id}/certificate"

        answers = [
            client.post(path).status_code
            for client in (
                browser(place.stranger),
                browser(place.citizen),
                browser(place.other),
                browser(place.clerk),
                Client(),
            )
        ]

        assert answers == [404, 403, 403, 403, 403]
        assert certificates.own_certificates(actor=place.citizen, at=timezone.now()) == ()

    def test_a_seal_that_is_allowed_makes_what_waited_for_it(self, place: Hall) -> None:
        found = granted(place)
        assert retry_waiting(at=timezone.now()) == 0

        intake_kit.certify(place, ITEM)
        assert retry_waiting(at=timezone.now()) == 1

        assert api.application(number=found.number, actor=place.citizen).certificate_id is not None
        assert retry_waiting(at=timezone.now()) == 0
