import json
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.domain.archives import pack
from zhengshu.contexts.casework.domain.designing import design_of
from zhengshu.contexts.casework.interfaces.studio_words import WORDS
from zhengshu.contexts.casework.models import CaseTypeDraft, CaseTypeVersion
from zhengshu.contexts.casework.tests.factories import AT, PACKS
from zhengshu.contexts.casework.tests.studio import CODE
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Role
from zhengshu.kernel.identity import DepartmentId, new_id

pytestmark = pytest.mark.django_db

SCRIPTS = Path(__file__).parents[1] / "static" / "casework" / "studio"
SCRIPT = "<script>alert(1)</script>"


class Desk:
    """A clerk, a stranger and a reviewer at their browsers."""

    def __init__(self) -> None:
        api.load_case_types(folder=PACKS / "case-type-publication", at=AT)
        authority = trust.department(is_data_authority=True).id
        self.clerk = self._client(Role.WINDOW_CLERK, trust.department(parent_id=authority).id)
        self.stranger = self._client(Role.WINDOW_CLERK, trust.department(parent_id=authority).id)
        self.reviewer = self._client(Role.REVIEWER, authority)

    @staticmethod
    def _client(role: Role, department_id: DepartmentId) -> Client:
        client = Client()
        client.force_login(trust.account(role, department_id=department_id))
        return client

    def begin(self, name: str = "林木采伐许可") -> CaseTypeDraft:
        given = {"name": name, "english": "Tree felling permit", "template": "simple-approval"}
        answer = self.clerk.post(reverse("casework:studio-new"), given)
        row = CaseTypeDraft.objects.get()
        assert answer.headers["Location"] == address("draw", row)
        return row


def address(name: str, row: CaseTypeDraft) -> str:
    return reverse(f"casework:studio-{name}", args=[row.pk])


class TestWay:
    def test_from_nothing_to_a_version(self) -> None:
        desk = Desk()
        row = desk.begin()

        desk.clerk.post(address("submit", row), {"revision": 1})
        seen = desk.reviewer.get(address("draft", row)).content.decode()
        desk.reviewer.post(address("decide", row), {"outcome": "approve"})

        assert "同意并发布" in seen
        assert CaseTypeVersion.objects.get(code=CODE).is_current
        history = reverse("casework:studio-type", args=[CODE])
        assert "使用中" in desk.clerk.get(history).content.decode()
        assert desk.clerk.get(reverse("casework:studio-version-file", args=[CODE, 1])).content[:2] == b"PK"

    def test_the_editors_save_and_are_told_of_faults_and_of_others(self) -> None:
        desk = Desk()
        row = desk.begin()
        design = design_of(row.files())
        sent = {"definition": {**design.definition, "opened_by": ["nobody"]}, "texts": design.texts}
        body = json.dumps({"design": {**sent, "flow": design.flow}, "revision": 1})

        first = desk.clerk.post(address("save", row), body, content_type="application/json")
        second = desk.clerk.post(
            address("save", row),
            body,
            content_type="application/json",
            headers={"accept": "application/json"},
        )

        assert first.json()["revision"] == 2
        assert [fault["element"] for fault in first.json()["faults"]] == ["opened_by"]
        assert second.status_code == 409
        assert "保存" in second.json()["title"]

    def test_a_try_shows_the_next_task_its_limit_and_who_is_barred(self) -> None:
        desk = Desk()
        row = desk.begin()
        begun = desk.clerk.post(address("try", row), {"_do": "begin", "_on": "2026-03-02", "_by": "A"})
        trial = begun.context["trial"]

        moved = desk.clerk.post(
            address("try", row),
            {
                "_trial": trial,
                "_task": "acceptance",
                "_do": "outcome:accept",
                "_on": "2026-03-02",
                "_by": "A",
            },
        )
        barred = desk.clerk.post(
            address("try", row),
            {
                "_trial": moved.context["trial"],
                "_task": "decision",
                "_do": "outcome:approve",
                "_on": "2026-03-03",
                "_by": "A",
            },
        )

        assert [task.code for task in moved.context["played"].open_tasks] == ["decision"]
        assert f"{moved.context['played'].clocks[0].due_at:%Y-%m-%d}" == "2026-03-30"
        assert barred.status_code == 422
        assert [task.code for task in barred.context["played"].open_tasks] == ["decision"]


class TestAbuse:
    @pytest.mark.parametrize(
        "name", ["draft", "draw", "texts", "draft-file", "try", "submit", "abandon", "decide", "draft-upload"]
    )
    def test_another_department_finds_nothing(self, name: str) -> None:
        desk = Desk()
        row = desk.begin()
        is_step = name in {"submit", "abandon", "decide", "draft-upload"}

        for client in (desk.stranger, desk.reviewer):
            call = client.post if is_step else client.get
            assert call(address(name, row)).status_code == 404

    def test_nobody_approves_his_own(self) -> None:
        desk = Desk()
        row = desk.begin()
        desk.clerk.post(address("submit", row), {"revision": 1})

        answer = desk.clerk.post(address("decide", row), {"outcome": "approve"})

        assert answer.status_code == 403
        assert not CaseTypeVersion.objects.filter(code=CODE).exists()

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b"{}", b"[" * 100_000, b'{"design": {}, "revision": 1}', b"\xff"]
    )
    def test_nonsense_is_not_saved(self, body: bytes) -> None:
        desk = Desk()
        row = desk.begin()

        answer = desk.clerk.post(address("save", row), body, content_type="application/json")

        assert answer.status_code == 422

    @pytest.mark.parametrize("name", ["draft", "draw", "texts", "try"])
    def test_a_name_never_becomes_markup(self, name: str) -> None:
        desk = Desk()
        row = desk.begin(name=SCRIPT)

        assert SCRIPT not in desk.clerk.get(address(name, row)).content.decode()

    def test_a_huge_upload_is_refused_with_a_sentence(self) -> None:
        desk = Desk()
        file = SimpleUploadedFile("type.zip", bytes(5 * 1024 * 1024))

        answer = desk.clerk.post(reverse("casework:studio-upload"), {"archive": file})

        assert answer.status_code == 422
        assert "4 MB" in answer.content.decode()
        assert answer.content.decode().count("ui-error-summary") == 1

    def test_entities_of_a_flow_are_not_followed(self) -> None:
        desk = Desk()
        row = desk.begin()
        evil = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><bpmn:definitions '
        row.flow = row.flow.replace("<bpmn:definitions ", evil).replace('name="收到申请"', 'name="&e;"')
        file = SimpleUploadedFile("type.zip", pack(row.files()))
        desk.clerk.post(address("draft-upload", row), {"archive": file, "revision": 1})

        page = desk.clerk.get(address("draft", row))

        assert page.status_code == 200
        assert "root:" not in page.content.decode()

    def test_a_draft_that_is_not_there_is_not_found(self) -> None:
        answer = Desk().clerk.get(reverse("casework:studio-draft", args=[new_id()]))

        assert answer.status_code == 404


class TestWords:
    def test_every_sentence_of_the_scripts_is_translated(self) -> None:
        text = "".join(file.read_text(encoding="utf-8") for file in sorted(SCRIPTS.glob("*.js")))

        said = set(re.findall(r'\b(?:t|say)\("([^"]+)"', text))

        assert len(said) > 100
        assert said - set(WORDS) == set()
