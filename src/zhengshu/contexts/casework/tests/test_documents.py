"""Documents and comments of a case: who adds and takes them, what is taken, and what attackers try."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.api import StepKind
from zhengshu.contexts.casework.application.search_cases import search_cases
from zhengshu.contexts.casework.domain.checking_documents import check_documents
from zhengshu.contexts.casework.domain.definitions import DocumentsRule, read_definition
from zhengshu.contexts.casework.models import CaseDocument
from zhengshu.contexts.casework.tests import licences
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation.files.keeping import drop_orphans, keep_file
from zhengshu.foundation.files.tests import contents as made
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def place() -> licences.Office:
    return licences.office()


@pytest.fixture
def case(place: licences.Office) -> api.CaseRecord:
    return licences.applied(place, at=timezone.now())


def now() -> datetime:
    return timezone.now()


def attach(
    case: api.CaseRecord,
    actor: Actor,
    *,
    content: bytes = made.PDF,
    name: str = "a.pdf",
    is_internal: bool = False,
) -> api.DocumentRecord:
    kept = keep_file(chunks=[content], name=name, most_bytes=1 << 20)
    return api.attach_document(case_id=case.id, kept=kept, actor=actor, at=now(), is_internal=is_internal)


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(trust.account_of(actor))
    return client


def upload(
    client: Client, case: api.CaseRecord, *, name: str = "说明.pdf", content: bytes = made.PDF, **fields: str
) -> str:
    sent = {"document-file": SimpleUploadedFile(name, content), **fields}
    answer = client.post(reverse("casework:document-add", args=[case.id]), sent, follow=True)
    return answer.content.decode()


class TestAttachDocument:
    def test_stands_in_the_case_and_in_its_timeline(
        self, place: licences.Office, case: api.CaseRecord
    ) -> None:
        added = attach(case, place.clerk, name="说明.pdf")

        assert [one.id for one in api.documents(case_id=case.id, actor=place.citizen)] == [added.id]
        after = api.case(case_id=case.id, actor=place.citizen, at=now())
        (step,) = (step for step in after.timeline if step.kind == StepKind.DOCUMENT_ADDED)
        assert step.title == "添加了材料：说明.pdf"

    def test_happens_once_for_one_file_under_one_name(
        self, place: licences.Office, case: api.CaseRecord
    ) -> None:
        assert attach(case, place.clerk).id == attach(case, place.colleague).id
        assert attach(case, place.clerk, name="b.pdf").digest == attach(case, place.clerk).digest

        assert CaseDocument.objects.count() == 2

    def test_is_no_secret_of_an_applicant(self, place: licences.Office, case: api.CaseRecord) -> None:
        with pytest.raises(api.NotInternal):
            attach(case, place.citizen, is_internal=True)

    def test_ends_with_the_case(self, place: licences.Office) -> None:
        case = licences.accepted(place)
        api.complete_task(case_id=case.id, task="decide", outcome="grant", actor=place.approver, at=AT)

        with pytest.raises(api.CaseClosedAlready):
            attach(case, place.clerk)

    def test_keeps_to_the_number_of_the_type(self, place: licences.Office, tmp_path: Path) -> None:
        changed = licences.changed(tmp_path / "types", ("\nends:", "\ndocuments: {most: 1}\n\nends:"))
        api.load_case_types(folder=changed.parent, at=AT)
        case = licences.applied(place, at=now())
        attach(case, place.clerk)

        with pytest.raises(api.TooManyDocuments):
            attach(case, place.clerk, name="b.pdf")

    def test_is_never_changed(self, place: licences.Office, case: api.CaseRecord) -> None:
        attach(case, place.clerk)

        for change in (CaseDocument.objects.all().delete, lambda: CaseDocument.objects.update(name="b.pdf")):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                change()

    def test_is_not_swept_away(self, place: licences.Office, case: api.CaseRecord) -> None:
        document = attach(case, place.clerk)
        keep_file(chunks=[made.PNG], name="a.png", most_bytes=1 << 20)

        assert drop_orphans(at=now() + timedelta(days=2)) == 1

        _, content = api.take_document(case_id=case.id, document_id=document.id, actor=place.clerk, at=now())
        with content:
            assert content.read() == made.PDF


class TestAccess:
    def test_is_refused_to_strangers_and_by_other_cases(
        self, place: licences.Office, case: api.CaseRecord
    ) -> None:
        mine = attach(case, place.clerk)
        other = licences.applied(place, actor=place.other_citizen, at=now())
        for actor, through in (
            (place.stranger, case),
            (place.other_citizen, case),
            (place.other_citizen, other),
            (place.clerk, other),
        ):
            with pytest.raises(api.DocumentNotFound):
                api.take_document(case_id=through.id, document_id=mine.id, actor=actor, at=now())
        for stranger in (place.stranger, place.other_citizen):
            assert api.documents(case_id=case.id, actor=stranger) == ()
            with pytest.raises(api.CaseNotFound):
                attach(case, stranger)

    def test_internal_ones_are_for_officials(self, place: licences.Office, case: api.CaseRecord) -> None:
        hidden = attach(case, place.clerk, name="内部意见.pdf", is_internal=True)

        assert api.documents(case_id=case.id, actor=place.citizen) == ()
        assert [one.id for one in api.documents(case_id=case.id, actor=place.colleague)] == [hidden.id]
        with pytest.raises(api.DocumentNotFound):
            api.take_document(case_id=case.id, document_id=hidden.id, actor=place.citizen, at=now())
        told = api.case(case_id=case.id, actor=place.citizen, at=now())
        assert "内部意见" not in " ".join(step.title for step in told.timeline)

    def test_each_download_is_noted(self, place: licences.Office, case: api.CaseRecord) -> None:
        document = attach(case, place.clerk, name="张三的材料.pdf")
        client = signed_in(place.citizen)
        client.get(reverse("casework:document", args=[case.id, document.id])).getvalue()

        event = apps.get_model("trust", "AuditEvent").objects.get(name="casework.document.taken.v1")
        assert event.actor_id == place.citizen.id
        assert "张三" not in str(vars(event))


class TestPages:
    def test_a_document_goes_up_and_comes_down_as_a_download(
        self, place: licences.Office, case: api.CaseRecord
    ) -> None:
        client = signed_in(place.clerk)

        assert "材料已添加" in upload(client, case)
        (document,) = api.documents(case_id=case.id, actor=place.clerk)
        answer = client.get(reverse("casework:document", args=[case.id, document.id]))

        assert answer.getvalue() == made.PDF
        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        assert answer["Content-Type"] == "application/pdf"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Cache-Control"] == "private, no-store"

    @pytest.mark.parametrize(
        ("name", "content", "told"),
        [
            ("a.pdf", made.PROGRAM, "内容不符或已损坏"),
            ("a.exe", made.PROGRAM, "此处不接收这种文件"),
            ("a.svg", made.SVG, "此处不接收这种文件"),
            ("a.pdf", made.pdf_with(b"<< /S /JavaScript >>"), "含有脚本"),
            ("a.docx", made.docx(word__vbaProject_dot_bin=b"x"), "含有宏"),
        ],
    )
    def test_says_why_a_file_is_not_taken(
        self, place: licences.Office, case: api.CaseRecord, name: str, content: bytes, told: str, store: Path
    ) -> None:
        assert told in upload(signed_in(place.clerk), case, name=name, content=content)

        assert not [path for path in store.rglob("*") if path.is_file()]

    @pytest.mark.parametrize(
        ("name", "kept_as"),
        [
            ("../../../etc/cron.d/x.pdf", "x.pdf"),
            ("材料" * 200 + ".pdf", ("材料" * 200)[:116] + ".pdf"),
            ("\u202efdp.pdf", "fdp.pdf"),
            ("申请".encode("gbk").decode("latin-1") + ".pdf", "ÉêÇë.pdf"),
        ],
    )
    def test_makes_names_harmless(
        self, place: licences.Office, case: api.CaseRecord, name: str, kept_as: str
    ) -> None:
        upload(signed_in(place.clerk), case, name=name)

        (document,) = api.documents(case_id=case.id, actor=place.clerk)
        assert document.name == kept_as

    def test_an_announced_flood_is_refused_before_it_is_read(
        self, place: licences.Office, case: api.CaseRecord
    ) -> None:
        answer = signed_in(place.clerk).generic(
            "POST",
            reverse("casework:document-add", args=[case.id]),
            content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(2 << 30),
        )

        assert answer.status_code == 422
        assert "files.too-large" in answer.content.decode()

    def test_needs_the_token_of_the_form(self, place: licences.Office, case: api.CaseRecord) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(trust.account_of(place.clerk))

        for route in ("document-add", "comment-add"):
            assert client.post(reverse(f"casework:{route}", args=[case.id])).status_code == 403

    def test_a_stranger_finds_nothing(self, place: licences.Office, case: api.CaseRecord) -> None:
        document = attach(case, place.clerk)
        client = signed_in(place.stranger)

        for document_id in (document.id, UUID(int=7)):
            answer = client.get(reverse("casework:document", args=[case.id, document_id]))
            assert answer.status_code == 404
        sent = {"document-file": SimpleUploadedFile("a.pdf", made.PDF)}
        assert client.post(reverse("casework:document-add", args=[case.id]), sent).status_code == 404

    def test_an_applicant_adds_on_the_page_of_his_matter(
        self, place: licences.Office, case: api.CaseRecord
    ) -> None:
        answer = signed_in(place.citizen).post(
            reverse("casework:document-add", args=[case.id]),
            {"document-file": SimpleUploadedFile("a.pdf", made.PDF), "document-is_internal": "on"},
        )

        assert answer["Location"] == f"{case.subject.path}#documents"
        (document,) = api.documents(case_id=case.id, actor=place.citizen)
        assert not document.is_internal

    def test_costs_the_same_for_many_documents(self, place: licences.Office, case: api.CaseRecord) -> None:
        client, path = signed_in(place.clerk), reverse("casework:case-detail", args=[case.id])
        counts = []
        for number in (1, 30):
            for each in range(number):
                attach(case, place.clerk, name=f"{number}-{each}.pdf")
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            counts.append(len(queries))

        assert counts[0] == counts[1]


class TestWriteComment:
    def test_is_read_by_all_who_may_see_the_case(self, place: licences.Office, case: api.CaseRecord) -> None:
        client = signed_in(place.clerk)
        client.post(reverse("casework:comment-add", args=[case.id]), {"comment-text": "请核对地址"})

        told = api.case(case_id=case.id, actor=place.citizen, at=now())
        (step,) = (step for step in told.timeline if step.kind == StepKind.COMMENTED)
        assert (step.reason, step.is_internal) == ("请核对地址", False)

    def test_an_internal_one_is_neither_told_nor_found(
        self, place: licences.Office, case: api.CaseRecord
    ) -> None:
        api.write_comment(case_id=case.id, text="疑似虚假材料", actor=place.clerk, at=now(), is_internal=True)

        mine = api.case(case_id=case.id, actor=place.colleague, at=now())
        theirs = api.case(case_id=case.id, actor=place.citizen, at=now())
        assert "疑似虚假材料" in {step.reason for step in mine.timeline}
        assert StepKind.COMMENTED not in {step.kind for step in theirs.timeline}
        for actor in (place.citizen, place.colleague):
            assert search_cases(actor=actor, query=ListQuery(text="虚假材料"), at=now()).rows == ()

    @pytest.mark.parametrize("text", ["", "   ", "长" * 2001])
    def test_says_something_and_not_too_much(
        self, place: licences.Office, case: api.CaseRecord, text: str
    ) -> None:
        with pytest.raises(api.CommentUnfit):
            api.write_comment(case_id=case.id, text=text, actor=place.clerk, at=now(), is_internal=False)

    def test_is_refused_to_strangers(self, place: licences.Office, case: api.CaseRecord) -> None:
        with pytest.raises(api.CaseNotFound):
            api.write_comment(case_id=case.id, text="x", actor=place.stranger, at=now(), is_internal=False)
        with pytest.raises(api.NotInternal):
            api.write_comment(case_id=case.id, text="x", actor=place.citizen, at=now(), is_internal=True)


class TestRule:
    @pytest.mark.parametrize(
        ("rule", "place"),
        [
            (DocumentsRule(kinds=("pdf", "exe")), "documents.kinds"),
            (DocumentsRule(most=0), "documents.most"),
            (DocumentsRule(most_mb=2001), "documents.most_mb"),
        ],
    )
    def test_names_what_cannot_be(self, rule: DocumentsRule, place: str) -> None:
        text = (licences.PACKS / "licence" / "type.yaml").read_text(encoding="utf-8")
        definition = msgspec.structs.replace(read_definition(text), documents=rule)

        assert [fault.element for fault in check_documents(definition)] == [place]
