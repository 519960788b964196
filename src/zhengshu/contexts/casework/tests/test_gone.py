"""Whoever decides on a case just after it was withdrawn is told that, when, and what to do."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application.forms.send_form import send_form
from zhengshu.contexts.casework.application.forms.start_draft import start_task_draft
from zhengshu.contexts.casework.interfaces.asking import Question
from zhengshu.contexts.casework.models import Task
from zhengshu.contexts.casework.tests import form_factories, licences
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.casework.tests.form_factories import Street
from zhengshu.contexts.casework.tests.licences import Office
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation.tests.reading import text_of
from zhengshu.kernel.actors import Actor, Role

pytestmark = pytest.mark.django_db

WITHDRAWN_AT = AT + timedelta(hours=1)
SAID = "已由申请方于 2026-03-02 10:00 撤回"


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(trust.account_of(actor))
    return client


def let_withdraw(place: Street) -> None:
    """Let applicants for a stall take their case back."""
    for name, old, new in (
        ("type.yaml", "refused]", "refused, withdrawn]\nwithdrawal: {lanes: [applicant], end: withdrawn}"),
        ("texts/zh-hans.yaml", "ends: {", "ends: {withdrawn: 已撤回, "),
        ("texts/en.yaml", "ends: {", "ends: {withdrawn: Withdrawn, "),
    ):
        file = place.packs / form_factories.TYPE / name
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    api.load_case_types(folder=place.packs, at=AT)


def withdraw(place: Office, case: api.CaseRecord) -> None:
    api.withdraw_case(case_id=case.id, reason="不办了", actor=place.citizen, at=WITHDRAWN_AT)


def test_a_program_is_told_when_it_was_withdrawn() -> None:
    place = licences.office()
    case = licences.applied(place)
    withdraw(place, case)

    with pytest.raises(api.CaseWithdrawn) as refusal:
        api.complete_task(
            case_id=case.id, task="accept", outcome="accept", actor=place.clerk, at=WITHDRAWN_AT
        )

    assert refusal.value.data == {"number": case.number, "at": "2026-03-02 10:00"}


def test_so_is_whoever_claims_it() -> None:
    place = licences.office()
    case = licences.applied(place)
    withdraw(place, case)

    with pytest.raises(api.CaseWithdrawn):
        api.claim_task(case_id=case.id, task="accept", actor=place.clerk, at=WITHDRAWN_AT)


def test_what_was_done_before_the_withdrawal_is_not_what_counts() -> None:
    place = licences.office()
    case = licences.accepted(place)
    withdraw(place, case)

    with pytest.raises(api.CaseWithdrawn):
        api.complete_task(
            case_id=case.id, task="accept", outcome="accept", actor=place.clerk, at=WITHDRAWN_AT
        )


def test_a_to_do_that_never_was_is_not_open() -> None:
    place = licences.office()
    case = licences.applied(place)

    with pytest.raises(api.TaskNotOpen) as refusal:
        api.complete_task(case_id=case.id, task="decide", outcome="grant", actor=place.approver, at=AT)

    assert not isinstance(refusal.value, api.CaseWithdrawn | api.TaskAlreadyDone)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_person_reads_it_on_the_page_of_the_case(method: str) -> None:
    place = licences.office()
    case = licences.applied(place)
    page = reverse("casework:task-do", args=[case.id, case.open_tasks[0].id])
    client = client_of(place.clerk)
    withdraw(place, case)

    answer = getattr(client, method)(page, {"outcome": "accept"}, follow=True)

    assert answer.redirect_chain == [(reverse("casework:case-detail", args=[case.id]), 302)]
    assert SAID in text_of(answer)
    assert "不办了" in text_of(answer)


def test_so_does_whoever_was_overtaken_while_he_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    place = licences.office()
    case = licences.applied(place)
    page = reverse("casework:task-do", args=[case.id, case.open_tasks[0].id])
    before = Question.__init__

    def meanwhile(*given: object, **named: object) -> None:
        withdraw(place, case)
        before(*given, **named)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(Question, "__init__", meanwhile)

    answer = client_of(place.clerk).post(page, {"outcome": "accept"}, follow=True)

    assert SAID in text_of(answer)


def test_the_form_of_the_to_do_says_it_too(tmp_path: Path) -> None:
    place = form_factories.street(tmp_path)
    let_withdraw(place)
    sent = send_form(draft_id=form_factories.filled(place).row.pk, actor=place.citizen, at=AT)
    task = Task.objects.get(case_id=sent.id, code="review")
    approver = trust.actor(Role.APPROVER, department_id=place.office)
    begun = start_task_draft(task_id=task.pk, actor=approver, at=AT)
    api.withdraw_case(case_id=sent.id, reason="不办了", actor=place.citizen, at=WITHDRAWN_AT)

    with pytest.raises(api.CaseWithdrawn):
        start_task_draft(task_id=task.pk, actor=approver, at=WITHDRAWN_AT)
    with pytest.raises(api.CaseWithdrawn):
        send_form(
            draft_id=form_factories.save(
                begun, 1, {"is_complete": "yes", "fee": "20"}, actor=approver
            ).row.pk,
            outcome="grant",
            actor=approver,
            at=WITHDRAWN_AT,
        )
