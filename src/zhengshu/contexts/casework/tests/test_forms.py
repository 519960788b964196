from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.api import FormMatter
from zhengshu.contexts.casework.application.forms import adapters, form_queries
from zhengshu.contexts.casework.application.forms.answered import FormNotAnswered
from zhengshu.contexts.casework.application.forms.drafts import DraftNotFound, DraftSent, FormGone, draft
from zhengshu.contexts.casework.application.forms.save_answers import discard_draft
from zhengshu.contexts.casework.application.forms.send_form import AnswersFaulty, FormChanged, send_form
from zhengshu.contexts.casework.application.forms.start_draft import (
    FormNotFound,
    TooManyDrafts,
    openable_types,
    start_draft,
    start_task_draft,
)
from zhengshu.contexts.casework.domain.forms.refusals import UnknownAnswers
from zhengshu.contexts.casework.models import Case, FormAnswers, FormDraft, Task
from zhengshu.contexts.casework.tests import factories, form_factories
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.casework.tests.form_factories import APPLICANT, STALL, TYPE, Street
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(tmp_path: Path) -> Street:
    return form_factories.street(tmp_path)


def review_of(place: Street) -> Task:
    sent = send_form(draft_id=form_factories.filled(place).row.pk, actor=place.citizen, at=AT)
    return Task.objects.get(case_id=sent.id, code="review")


class TestStarting:
    def test_shows_each_what_is_open_to_him(self, place: Street) -> None:
        assert [kind.definition.code for kind in openable_types(actor=place.citizen)] == [TYPE]
        assert openable_types(actor=place.reviewer) == ()
        assert openable_types(actor=Actor.anonymous()) == ()

    def test_of_a_type_that_is_not_for_the_actor_is_not_found(self, place: Street) -> None:
        with pytest.raises(FormNotFound):
            start_draft(case_type=TYPE, actor=place.reviewer, at=AT)
        with pytest.raises(FormNotFound):
            start_draft(case_type="nothing", actor=place.citizen, at=AT)

    def test_ends_at_a_bound(self, place: Street, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("zhengshu.contexts.casework.application.forms.start_draft.MOST_OPEN_DRAFTS", 1)
        form_factories.begun(place)

        with pytest.raises(TooManyDrafts):
            form_factories.begun(place)


class TestDrafts:
    def test_keep_each_page_right_or_wrong(self, place: Street) -> None:
        found = form_factories.begun(place)
        form_factories.save(found, 1, {"applicant_name": "张三", "phone": "12"}, actor=place.citizen)

        again = draft(draft_id=found.row.pk, actor=place.citizen)

        assert again.answers["applicant_name"] == ("张三",)
        assert again.evaluated.faults["phone"].code == "kernel.phone-invalid"
        assert [one.id for one in form_queries.drafts(actor=place.citizen)] == [found.row.pk]

    def test_of_others_are_not_found(self, place: Street) -> None:
        found = form_factories.begun(place)
        abuses: list[Callable[[], object]] = [
            lambda: draft(draft_id=found.row.pk, actor=place.other),
            lambda: form_factories.save(found, 1, APPLICANT, actor=place.other),
            lambda: discard_draft(draft_id=found.row.pk, actor=place.other),
            lambda: send_form(draft_id=found.row.pk, actor=place.other, at=AT),
            lambda: draft(draft_id=found.row.pk, actor=Actor.anonymous()),
            lambda: draft(draft_id=found.row.pk, actor=Actor.platform("test")),
            lambda: send_form(draft_id=found.row.pk, actor=Actor.anonymous(), at=AT),
            lambda: send_form(draft_id=found.row.pk, actor=Actor.platform("test"), at=AT),
        ]

        for abuse in abuses:
            with pytest.raises(DraftNotFound):
                abuse()
        assert form_queries.drafts(actor=place.other) == ()

    def test_refuse_answers_that_the_page_does_not_ask(self, place: Street) -> None:
        found = form_factories.begun(place)

        with pytest.raises(UnknownAnswers):
            form_factories.save(found, 1, {**APPLICANT, "fee": "0"}, actor=place.citizen)
        with pytest.raises(UnknownAnswers):
            form_factories.save(found, 1, {"days": "3"}, actor=place.citizen)
        with pytest.raises(UnknownAnswers):
            form_factories.save(found, 2, {"goods_total": "3"}, actor=place.citizen)
        assert draft(draft_id=found.row.pk, actor=place.citizen).answers == {}

    def test_take_no_more_entries_than_the_form(self, place: Street) -> None:
        found = form_factories.begun(place)
        saved = form_factories.save(found, 2, {**STALL, "goods": "5000"}, actor=place.citizen)

        assert saved.evaluated.faults["goods"].code == "casework.too-many-entries"
        with pytest.raises(UnknownAnswers):
            form_factories.save(found, 2, {"goods.50.goods_name": "x"}, actor=place.citizen)

    def test_are_discarded(self, place: Street) -> None:
        found = form_factories.begun(place)

        discard_draft(draft_id=found.row.pk, actor=place.citizen)

        assert not FormDraft.objects.exists()

    def test_are_listed_in_a_fixed_number_of_queries(self, place: Street) -> None:
        form_factories.begun(place)
        with CaptureQueriesContext(connection) as few:
            form_queries.drafts(actor=place.citizen)
        for _ in range(10):
            form_factories.begun(place)

        with CaptureQueriesContext(connection) as many:
            assert len(form_queries.drafts(actor=place.citizen)) == 11

        assert len(many) <= len(few)

    def test_box_that_was_unticked_is_empty(self, place: Street) -> None:
        found = form_factories.begun(place)
        form_factories.save(found, 3, {"needs": "power", "kilowatts": "1.5"}, actor=place.citizen)

        saved = form_factories.save(found, 3, {"remark": "无"}, actor=place.citizen)

        assert saved.answers == {"remark": ("无",)}


class TestChangedForm:
    def test_keeps_what_it_still_asks_and_says_what_not(self, place: Street) -> None:
        found = form_factories.filled(place)
        form_factories.change_form(place, form_factories.without("address"))

        again = draft(draft_id=found.row.pk, actor=place.citizen)

        assert again.has_moved
        assert again.lost == ("现住址",)
        assert "address" not in again.answers
        assert again.answers["phone"] == ("138 0013 8000",)

    def test_is_not_sent_unseen(self, place: Street) -> None:
        found = form_factories.filled(place)
        form_factories.change_form(place, form_factories.without("address"))

        with pytest.raises(FormChanged):
            send_form(draft_id=found.row.pk, actor=place.citizen, at=AT)

        again = draft(draft_id=found.row.pk, actor=place.citizen)
        page = {key: text for key, text in APPLICANT.items() if key != "address"}
        form_factories.save(again, 1, {**page, "district_office": place.code}, actor=place.citizen)
        assert send_form(draft_id=found.row.pk, actor=place.citizen, at=AT).number

    def test_page_of_the_old_form_loses_nothing_that_is_still_asked(self, place: Street) -> None:
        found = form_factories.begun(place)
        form_factories.change_form(place, form_factories.without("address"))

        saved = form_factories.save(found, 1, APPLICANT, actor=place.citizen)

        assert saved.type.id != found.type.id
        assert set(saved.answers) == {"applicant_name", "citizen_id", "phone"}

    def test_that_is_gone_is_told(self, place: Street) -> None:
        found = form_factories.begun(place)
        file = place.packs / TYPE / "type.yaml"
        text = file.read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if not line.startswith("opening_")]
        changed = "\n".join(lines).replace("days: {type: number}", "days: {type: number, default: 1}")
        file.write_text(changed, encoding="utf-8")
        (place.packs / TYPE / "application.form.json").unlink()
        for language in ("zh-hans", "en"):
            names = place.packs / TYPE / "texts" / f"{language}.yaml"
            kept = names.read_text(encoding="utf-8").replace("application: 临时摊位申请表, ", "")
            names.write_text(kept.replace("application: Application for a stall, ", ""), encoding="utf-8")
        api.load_case_types(folder=place.packs, at=AT)

        with pytest.raises(FormGone):
            draft(draft_id=found.row.pk, actor=place.citizen)
        title = form_queries.open_title(draft_id=found.row.pk, actor=place.citizen)
        assert title == "临时摊位申请表"
        discard_draft(draft_id=found.row.pk, actor=place.citizen)
        assert not FormDraft.objects.exists()


class TestSending:
    def test_opens_a_case_once(self, place: Street) -> None:
        found = form_factories.filled(place)

        first = send_form(draft_id=found.row.pk, actor=place.citizen, at=AT)
        second = send_form(draft_id=found.row.pk, actor=place.citizen, at=AT + timedelta(seconds=1))

        assert first.number == second.number
        assert Case.objects.count() == 1
        assert FormAnswers.objects.count() == 1
        with pytest.raises(DraftSent):
            form_factories.save(found, 1, APPLICANT, actor=place.citizen)
        with pytest.raises(DraftSent):
            discard_draft(draft_id=found.row.pk, actor=place.citizen)

    def test_copies_declared_data_and_nothing_personal(self, place: Street) -> None:
        sent = send_form(draft_id=form_factories.filled(place).row.pk, actor=place.citizen, at=AT)

        row = Case.objects.get(pk=sent.id)
        answers = FormAnswers.objects.get(case=row)
        assert row.data["days"] == 12
        assert row.data["sells_food"] is False
        assert "张三" not in str(row.data)
        assert "11010519491231002X" not in f"{row.data} {row.subject_title}"
        assert answers.values["citizen_id"] == "11010519491231002X"
        assert answers.values["goods_total"] == 45
        assert FormDraft.objects.get().answers == {}

    def test_drops_what_was_hidden(self, place: Street) -> None:
        found = form_factories.filled(place)
        form_factories.save(found, 2, {**STALL, "sells_food": "on"}, actor=place.citizen)

        sent = send_form(draft_id=found.row.pk, actor=place.citizen, at=AT)

        kept = FormAnswers.objects.get(case_id=sent.id)
        assert "sells_food" not in kept.answers
        assert "sells_food" not in kept.values
        assert Case.objects.get(pk=sent.id).data["sells_food"] is False

    def test_refuses_what_is_not_complete(self, place: Street) -> None:
        found = form_factories.begun(place)
        form_factories.save(found, 1, APPLICANT, actor=place.citizen)

        with pytest.raises(AnswersFaulty):
            send_form(draft_id=found.row.pk, actor=place.citizen, at=AT)

        assert not Case.objects.exists()

    def test_answers_are_seen_by_those_who_see_the_case(self, place: Street) -> None:
        sent = send_form(draft_id=form_factories.filled(place).row.pk, actor=place.citizen, at=AT)

        assert len(form_queries.sent_forms(case_id=sent.id, actor=place.citizen)) == 1
        assert len(form_queries.sent_forms(case_id=sent.id, actor=place.reviewer)) == 1
        assert form_queries.sent_forms(case_id=sent.id, actor=place.other) == ()
        stranger = form_factories.as_official(place.reviewer, place)
        assert form_queries.sent_forms(case_id=sent.id, actor=stranger) == ()
        with pytest.raises(FormNotFound):
            form_queries.matter(matter_id=sent.subject.id, actor=place.other, at=AT)


class TestTaskForms:
    def test_end_the_task_with_their_answers(self, place: Street) -> None:
        task = review_of(place)
        found = start_task_draft(task_id=task.pk, actor=place.reviewer, at=AT)
        form_factories.save(found, 1, {"is_complete": "yes", "fee": "20"}, actor=place.reviewer)

        done = send_form(draft_id=found.row.pk, outcome="grant", actor=place.reviewer, at=AT)
        again = send_form(draft_id=found.row.pk, outcome="refuse", actor=place.reviewer, at=AT)

        assert done.state == again.state == "granted_with_fee"
        assert FormAnswers.objects.get(task=task).values == {"is_complete": "yes", "fee": 20}

    def test_are_gone_on_with(self, place: Street) -> None:
        task = review_of(place)
        first = start_task_draft(task_id=task.pk, actor=place.reviewer, at=AT)

        second = start_task_draft(task_id=task.pk, actor=place.reviewer, at=AT)

        assert first.row.pk == second.row.pk

    def test_are_needed_to_end_the_task(self, place: Street) -> None:
        task = review_of(place)

        with pytest.raises(FormNotAnswered):
            api.complete_task(
                case_id=CaseId(task.case_id), task="review", outcome="grant", actor=place.reviewer, at=AT
            )

    def test_of_others_are_not_found(self, place: Street) -> None:
        task = review_of(place)

        for actor in (place.citizen, form_factories.as_official(place.reviewer, place)):
            with pytest.raises(FormNotFound):
                start_task_draft(task_id=task.pk, actor=actor, at=AT)

    def test_refusal_of_the_task_stores_nothing(self, place: Street) -> None:
        task = review_of(place)
        found = start_task_draft(task_id=task.pk, actor=place.reviewer, at=AT)
        form_factories.save(found, 1, {"is_complete": "yes", "fee": "20"}, actor=place.reviewer)

        with pytest.raises(api.ReasonMissing):
            send_form(draft_id=found.row.pk, outcome="refuse", actor=place.reviewer, at=AT)

    def test_task_without_a_form_is_not_found(self) -> None:
        city = factories.city()
        factories.share_request(city)
        task = Task.objects.get(code="head_approval")

        with pytest.raises(FormNotFound):
            start_task_draft(task_id=task.pk, actor=city.head, at=AT)


def test_ports_that_nobody_fills_know_nothing() -> None:
    assert adapters.supply(elements=[], known={}, matter=FormMatter(case=""), at=AT) == {}
