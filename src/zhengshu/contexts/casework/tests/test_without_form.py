"""A to-do with a form that may end without it: who refuses has no number to enter."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application.forms.answered import FormNotAnswered
from zhengshu.contexts.casework.application.forms.send_form import send_form
from zhengshu.contexts.casework.application.forms.start_draft import start_task_draft
from zhengshu.contexts.casework.models import Task
from zhengshu.contexts.casework.tests import form_factories
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.casework.tests.form_factories import TYPE, Street
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import CaseId

pytestmark = pytest.mark.django_db
WHY = {"outcome": "refuse", "reason": "摊位在禁止摆摊的路段", "basis": "示例市容管理规定第八条"}


@pytest.fixture
def place(tmp_path: Path) -> Street:
    made = form_factories.street(tmp_path)
    file = made.packs / TYPE / "type.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("refuse: {", "refuse: {without_form: true, "), encoding="utf-8")
    api.load_case_types(folder=made.packs, at=AT)
    return made


@pytest.fixture
def approver(place: Street) -> Actor:
    return trust.actor(Role.APPROVER, department_id=place.office)


@pytest.fixture
def task(place: Street) -> Task:
    sent = send_form(draft_id=form_factories.filled(place).row.pk, actor=place.citizen, at=AT)
    return Task.objects.get(case_id=sent.id, code="review")


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(trust.account_of(actor))
    return client


def test_is_offered_beside_the_form_and_ends_the_task(task: Task, approver: Actor) -> None:
    client, page = client_of(approver), reverse("casework:task-do", args=[task.case_id, task.pk])

    case = client.get(reverse("casework:case-detail", args=[task.case_id])).content.decode()
    asked = client.get(page).content.decode()
    client.post(page, WHY)

    assert page in case
    assert ('value="refuse"' in asked, 'value="grant"' in asked) == (True, False)
    ended = api.case(case_id=CaseId(task.case_id), actor=approver, at=AT)
    assert (ended.state, ended.open_tasks) == ("refused", ())


def test_says_why_as_with_the_form(task: Task, approver: Actor) -> None:
    page = reverse("casework:task-do", args=[task.case_id, task.pk])

    answer = client_of(approver).post(page, {"outcome": "refuse"})

    assert 'role="alert"' in answer.content.decode()
    assert Task.objects.get(pk=task.pk).state == Task.State.OPEN


def test_what_needs_the_form_still_does(task: Task, approver: Actor) -> None:
    page = reverse("casework:task-do", args=[task.case_id, task.pk])

    client_of(approver).post(page, {"outcome": "grant"})

    with pytest.raises(FormNotAnswered):
        api.complete_task(case_id=CaseId(task.case_id), task="review", outcome="grant", actor=approver, at=AT)
    assert Task.objects.get(pk=task.pk).state == Task.State.OPEN


def test_the_form_offers_what_it_is_for(task: Task, approver: Actor) -> None:
    found = start_task_draft(task_id=task.pk, actor=approver, at=AT)
    form_factories.save(found, 1, {"is_complete": "yes", "fee": "20"}, actor=approver)

    shown = client_of(approver).get(reverse("apply:check", args=[found.row.pk])).content.decode()

    assert 'value="grant"' in shown
    assert 'value="refuse"' not in shown
