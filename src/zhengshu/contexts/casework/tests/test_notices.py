"""Notices in writing: issued once with the facts of the case, kept as they were, for those who may see the case."""

from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.api import StepKind
from zhengshu.contexts.casework.application.issue_notices import NoticeNotFound, notice, notices
from zhengshu.contexts.casework.application.messages.facts import day_in
from zhengshu.contexts.casework.models import Case, Notice
from zhengshu.contexts.casework.tests import licences
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(place: licences.Office) -> api.CaseRecord:
    return licences.accepted(place, at=timezone.now())


def page_of(actor: Actor, case: api.CaseRecord) -> str:
    client = Client()
    client.force_login(trust.account_of(actor))
    found = Notice.objects.get(case_id=case.id)
    return client.get(reverse("casework:notice", args=[case.id, found.pk])).content.decode()


class TestNotices:
    def test_say_the_facts_in_both_languages(self, place: licences.Office, case: api.CaseRecord) -> None:
        row = Notice.objects.get(case_id=case.id)

        assert row.titles == {"zh-hans": "受理通知书", "en": "Notice of acceptance"}
        assert row.texts["zh-hans"].startswith(f"{place.citizen.name}：")
        assert case.number in row.texts["en"]
        assert "依据" not in row.texts["zh-hans"]

    def test_say_until_when_the_next_step_is_due(self, tmp_path: Path) -> None:
        folder = licences.changed(tmp_path)
        for text in (folder / "texts").iterdir():
            words = text.read_text("utf-8").replace("{case_basis}", "{case_due_on}")
            text.write_text(words, "utf-8")
        place = licences.office(folder=folder.parent)

        case = licences.accepted(place, at=timezone.now())

        due_at = Case.objects.get(pk=case.id).due_at
        assert day_in(due_at, "zh-hans") in Notice.objects.get(case_id=case.id).texts["zh-hans"]

    def test_stand_in_the_timeline(self, place: licences.Office, case: api.CaseRecord) -> None:
        told = api.case(case_id=case.id, actor=place.citizen, at=timezone.now())

        (step,) = (step for step in told.timeline if step.kind == StepKind.NOTICE_ISSUED)
        assert step.title == "出具了文书：受理通知书"

    def test_are_never_changed(self, case: api.CaseRecord) -> None:
        for change in (Notice.objects.all().delete, lambda: Notice.objects.update(office_name="x")):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                change()

    def test_are_issued_by_silence_too(self, place: licences.Office) -> None:
        from zhengshu.contexts.casework.tests.factories import AT

        case = licences.applied(place, at=AT)
        api.watch_clocks(at=timezone.now())

        assert [one.title for one in notices(case_id=case.id, actor=place.clerk)] == ["受理通知书"]

    def test_are_for_those_who_may_see_the_case(self, place: licences.Office, case: api.CaseRecord) -> None:
        (mine,) = notices(case_id=case.id, actor=place.citizen)
        other = licences.applied(place, actor=place.other_citizen, at=timezone.now())
        for actor, through in ((place.stranger, case), (place.other_citizen, case), (place.citizen, other)):
            with pytest.raises(NoticeNotFound):
                notice(case_id=through.id, notice_id=mine.id, actor=actor)

    def test_have_a_page_to_print(self, place: licences.Office, case: api.CaseRecord) -> None:
        for reader in (place.citizen, place.clerk):
            page = page_of(reader, case)
            assert "受理通知书" in page
            assert "决定予以受理" in page

    def test_write_what_people_wrote_as_text(self, place: licences.Office) -> None:
        case = licences.applied(place, at=timezone.now())
        api.complete_task(
            case_id=case.id,
            task="accept",
            outcome="ask_supplement",
            reason="<script>alert(1)</script>{case_applicant}",
            actor=place.clerk,
            at=timezone.now(),
        )

        page = page_of(place.clerk, case)
        assert "<script>alert" not in page
        assert "{case_applicant}" in page
