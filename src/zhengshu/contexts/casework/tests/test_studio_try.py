"""A case type is tried step by step: its forms are filled in, its timers go off, and it tells whom it would tell."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.casework.application.check_case_type import read_folder
from zhengshu.contexts.casework.application.start_draft import template_files
from zhengshu.contexts.casework.application.try_out import TrialRecord
from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.models import Case, CaseTypeDraft
from zhengshu.contexts.casework.tests import form_factories, ten_packs
from zhengshu.contexts.casework.tests.studio import studio
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db

ANSWERS = {**form_factories.APPLICANT, **form_factories.STALL, "district_office": "OFFICE"}


class Try:
    """A clerk's page on which a case type is tried."""

    def __init__(self, files: TypeFiles) -> None:
        place = studio()
        self.client = Client()
        self.client.force_login(trust.account(Role.WINDOW_CLERK, department_id=place.department))
        names = {"name": "试一试", "english": "Try it", "template": "simple-approval"}
        self.client.post(reverse("casework:studio-new"), names)
        row = CaseTypeDraft.objects.get()
        row.code = files.name
        row.take(files)
        row.save()
        self.address = reverse("casework:studio-try", args=[row.pk])
        self.trial = ""
        self.shown = self.client.get(self.address)

    def send(
        self, do: str, *, task: str = "", on: str = "2026-03-02", by: str = "A", **answers: str
    ) -> "Try":
        given = {"_do": do, "_task": task, "_on": on, "_by": by, "_trial": self.trial, **answers}
        answer = self.client.post(self.address, {name: text for name, text in given.items() if text})
        self.trial = answer.context["trial"]
        self.shown = answer
        return self

    @property
    def text(self) -> str:
        return self.shown.content.decode()

    @property
    def played(self) -> TrialRecord:
        played = self.shown.context["played"]
        assert isinstance(played, TrialRecord)
        return played


class TestForms:
    def test_the_real_form_opens_the_case_and_says_what_is_wrong(self) -> None:
        tried = Try(read_folder(form_factories.PACK))
        assert 'name="applicant_name"' in tried.text

        tried.send("begin")

        assert tried.shown.context["played"] is None
        assert 'aria-invalid="true"' in tried.text
        tried.send("begin", **ANSWERS)
        assert tried.played.data["days"] == 12

    def test_a_to_do_ends_by_sending_its_form(self) -> None:
        tried = Try(read_folder(form_factories.PACK)).send("begin", **ANSWERS)

        tried.send("outcome:grant", task="review", on="2026-03-03", fee="9999")

        assert [task.code for task in tried.played.open_tasks] == ["review"]
        assert 'aria-invalid="true"' in tried.text
        assert 'value="9999"' in tried.text
        tried.send("outcome:grant", task="review", on="2026-03-03", is_complete="yes", fee="100")
        assert (tried.played.ended, tried.played.data["fee"]) == ("granted_with_fee", 100)

    def test_a_step_back_empties_the_form_again(self) -> None:
        tried = Try(read_folder(form_factories.PACK)).send("begin", **ANSWERS)
        tried.send("outcome:grant", task="review", is_complete="yes", fee="100")

        tried.send("back")

        assert [task.code for task in tried.played.open_tasks] == ["review"]
        assert tried.played.data["fee"] == 0

    def test_another_entry_of_a_repeated_group_keeps_what_was_typed(self) -> None:
        tried = Try(read_folder(form_factories.PACK))

        tried.send("", _action="add:goods", **ANSWERS)

        assert 'name="goods.2.goods_name"' in tried.text
        assert 'value="围巾"' in tried.text
        assert 'aria-invalid="true"' not in tried.text

    def test_nothing_is_stored(self) -> None:
        tried = Try(read_folder(form_factories.PACK)).send("begin", **ANSWERS)

        tried.send("outcome:grant", task="review", is_complete="yes", fee="100")

        assert not Case.objects.exists()

    @pytest.mark.parametrize(
        "trial", ["nonsense", "[]", "{", '{"on": "2026-03-02", "moves": 1}', "x" * 100_001]
    )
    def test_a_trial_that_is_none_begins_anew(self, trial: str) -> None:
        tried = Try(read_folder(form_factories.PACK))
        tried.trial = trial

        tried.send("outcome:grant", task="review")

        assert tried.shown.status_code == 200
        assert tried.shown.context["played"] is None


class TestConsultation:
    def test_as_many_made_up_departments_as_wanted_are_asked(self, tmp_path: Path) -> None:
        tried = Try(read_folder(tmp_path / ten_packs.write(tmp_path, ten_packs.consultation)))
        assert 'name="data-asked"' in tried.text

        tried.send("begin", **{"data-asked": "3"})

        assert [task.code for task in tried.played.open_tasks] == ["consult"] * 3
        assert "3 个部门" in tried.text
        for _ in range(3):
            tried.send("outcome:agrees", task="consult")
        assert [task.code for task in tried.played.open_tasks] == ["sign"]


class TestEvents:
    def test_a_timer_is_let_go_off(self, tmp_path: Path) -> None:
        tried = Try(read_folder(tmp_path / ten_packs.write(tmp_path, ten_packs.waiting))).send("begin")
        assert [wait.event for wait in tried.played.waits] == ["silent"]

        tried.send("happens", task="silent", on="2026-03-10")

        assert [task.code for task in tried.played.open_tasks] == ["decide"]
        assert tried.played.waits == ()

    def test_a_message_comes(self, tmp_path: Path) -> None:
        tried = Try(read_folder(tmp_path / ten_packs.write(tmp_path, ten_packs.payment))).send("begin")

        tried.send("happens", task="got")

        assert tried.played.ended == "paid"


class TestWords:
    def test_a_step_shows_whom_it_would_tell_and_what_it_would_issue(self) -> None:
        tried = Try(template_files("supplement")).send("begin")
        assert [(one.title, one.to) for one in tried.played.told] == [("待办：受理审查", "窗口受理")]

        tried.send("outcome:supplement", task="acceptance")

        told = {one.title: one for one in tried.played.told}
        assert set(told) == {"补正材料通知书", "需要补正：SP202603020001", "待办：补正材料"}
        assert told["补正材料通知书"].to == ""
        assert "人员A：" in told["补正材料通知书"].text
        assert "（理由）" in told["需要补正：SP202603020001"].text

    def test_the_end_is_told(self) -> None:
        tried = Try(template_files("blank")).send("begin")

        tried.send("outcome:finish", task="handle")

        assert [one.title for one in tried.played.told] == ["已办结：办结"]
