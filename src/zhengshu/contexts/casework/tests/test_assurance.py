"""A case type says how surely whoever does something must have shown who he is."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.models import Case, Task
from zhengshu.contexts.casework.tests import licences
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.casework.tests.licences import Office
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.assurance import StepUpDue
from zhengshu.kernel.identity import TaskId
from zhengshu.kernel.levels import Assurance

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(tmp_path: Path) -> Office:
    licences.changed(
        tmp_path,
        ("      accept: {tone: primary", "      accept: {assurance: two_factors, tone: primary"),
    )
    return licences.office(folder=tmp_path)


def at_level(actor: Actor, level: Assurance, *, is_assured: bool = True) -> Actor:
    return replace(actor, level=level, is_assured=is_assured)


def accept(place: Office, actor: Actor) -> api.CaseRecord:
    case = licences.applied(place)
    return api.complete_task(case_id=case.id, task="accept", outcome="accept", actor=actor, at=AT)


class TestAnOutcome:
    def test_asks_for_its_level(self, place: Office) -> None:
        with pytest.raises(StepUpDue) as due:
            accept(place, at_level(place.clerk, Assurance.ONE_FACTOR))

        assert due.value.level is Assurance.TWO_FACTORS
        assert Task.objects.get(code="accept").state == Task.State.OPEN
        assert accept(place, at_level(place.clerk, Assurance.TWO_FACTORS)).open_tasks
        assert accept(place, at_level(place.clerk, Assurance.BOUND_KEY)).open_tasks

    def test_asks_that_it_was_shown_lately(self, place: Office) -> None:
        with pytest.raises(StepUpDue):
            accept(place, at_level(place.clerk, Assurance.TWO_FACTORS, is_assured=False))

    def test_that_asks_nothing_is_done_with_an_old_sign_in(self, place: Office) -> None:
        case = licences.applied(place)
        old = at_level(place.clerk, Assurance.ONE_FACTOR, is_assured=False)

        done = api.complete_task(
            case_id=case.id, task="accept", outcome="ask_supplement", reason="缺材料", actor=old, at=AT
        )

        assert [task.task for task in done.open_tasks] == ["supplement"]

    def test_nobody_gets_past_it_by_doing_many_at_once(self, place: Office) -> None:
        licences.applied(place)
        task = Task.objects.get(code="accept")

        with pytest.raises(StepUpDue):
            api.complete_many(
                task_ids=[TaskId(task.pk)],
                outcome="accept",
                actor=at_level(place.clerk, Assurance.ONE_FACTOR),
                at=AT,
            )

    def test_the_page_leads_away_and_back(self, place: Office) -> None:
        case = licences.applied(place)
        task = Task.objects.get(case_id=case.id)
        client = Client()
        client.force_login(trust.account_of(place.clerk))
        page = reverse("casework:task-do", args=[case.id, task.pk])

        sent = client.post(
            page, {"outcome": "accept", "key": "once-1"}, headers={"Referer": f"http://testserver{page}"}
        )

        assert sent.status_code == 302
        assert sent.headers["Location"] == f"/identity/step-up/?next={page.replace('/', '%2F')}&level=2"
        assert Case.objects.get(pk=case.id).tasks.get(code="accept").state == Task.State.OPEN


class TestATask:
    def test_asks_before_its_page_is_filled_in(self, tmp_path: Path) -> None:
        licences.changed(tmp_path, ("  accept:\n", "  accept:\n    assurance: bound_key\n"))
        place = licences.office(folder=tmp_path)
        case = licences.applied(place)
        task = Task.objects.get(case_id=case.id)
        client = Client()
        client.force_login(trust.account_of(place.clerk))

        shown = client.get(reverse("casework:task-do", args=[case.id, task.pk]))

        assert shown.headers["Location"].endswith("&level=3")

    def test_of_the_house_asks_where_much_depends_on_it(self) -> None:
        root = Path(__file__).parents[5] / "packs" / "case-types"

        asking = {file.parent.name for file in root.glob("*/type.yaml") if "assurance:" in file.read_text()}

        assert asking == {
            "share-request",
            "seal-application",
            "case-type-publication",
            "grant-misuse",
            "food-permit",
        }

    def test_an_unknown_level_is_a_fault_with_its_place(self, tmp_path: Path) -> None:
        folder = licences.changed(tmp_path, ("  accept:\n", "  accept:\n    assurance: three_factors\n"))

        faults = api.check_case_type(folder=folder)

        assert any("assurance" in str(fault) for fault in faults)
