from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.utils import timezone

from zhengshu.contexts.casework.application.forms import form_queries
from zhengshu.contexts.casework.application.forms.attach_files import Upload, attach_files, detach_file
from zhengshu.contexts.casework.application.forms.drafts import Draft
from zhengshu.contexts.casework.application.forms.save_answers import discard_draft
from zhengshu.contexts.casework.application.forms.send_form import AnswersFaulty, send_form
from zhengshu.contexts.casework.application.forms.start_draft import FormNotFound
from zhengshu.contexts.casework.application.forms.take_file import take_file
from zhengshu.contexts.casework.domain.forms.files import MOST_BYTES
from zhengshu.contexts.casework.domain.forms.refusals import UnknownAnswers
from zhengshu.contexts.casework.models import FormFile
from zhengshu.contexts.casework.tests import form_factories
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.casework.tests.form_factories import STALL, Street
from zhengshu.foundation.files.judging import (
    FileContentOtherwise,
    FileEmpty,
    FileHasScripts,
    FileKindNotTaken,
)
from zhengshu.foundation.files.keeping import FileTooLarge, drop_orphans
from zhengshu.foundation.files.tests import contents as made
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 health"
TAKEN = "casework.document.taken.v1"


@pytest.fixture(autouse=True)
def store(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "store"
    return tmp_path / "store"


@pytest.fixture
def place(tmp_path: Path) -> Street:
    return form_factories.street(tmp_path)


def kept_in(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


def upload(name: str, content: bytes = PDF) -> Upload:
    return Upload(name=name, chunks=[content])


def taken(file_id: UUID, actor: Actor) -> bytes:
    with take_file(file_id=file_id, actor=actor, at=AT).content as content:
        return content.read()


def attach(place: Street, found: Draft, *uploads: Upload, actor: Actor | None = None) -> Draft:
    kept, refused = attach_files(
        draft_id=found.row.pk, uploads={"certificate": uploads}, actor=actor or place.citizen, at=AT
    )
    for refusal in refused.values():
        raise refusal
    return kept


def food(place: Street) -> Draft:
    """Return a draft in which only the certificate is missing."""
    found = form_factories.filled(place)
    stall = {**STALL, "sells_what": "food", "sells_food": "on"}
    return form_factories.save(found, 2, stall, actor=place.citizen)


class TestFiles:
    def test_are_sent_with_the_form(self, place: Street) -> None:
        found = food(place)
        with pytest.raises(AnswersFaulty):
            send_form(draft_id=found.row.pk, actor=place.citizen, at=AT)
        kept = attach(place, found, upload("C:\\健康证明.pdf"))

        sent = send_form(draft_id=found.row.pk, actor=place.citizen, at=AT)

        (file,) = kept.files.values()
        assert file.name == "健康证明.pdf"
        for reader in (place.citizen, place.reviewer):
            assert taken(file.id, reader) == PDF
            (form,) = form_queries.sent_forms(case_id=sent.id, actor=reader)
            assert form.evaluated.faults == {}
        for stranger in (place.other, form_factories.as_official(place.reviewer, place)):
            with pytest.raises(FormNotFound):
                taken(file.id, stranger)

    def test_that_were_hidden_stay_the_persons_own(self, place: Street) -> None:
        found = food(place)
        kept = attach(place, found, upload("a.pdf"))
        form_factories.save(found, 2, STALL, actor=place.citizen)
        send_form(draft_id=found.row.pk, actor=place.citizen, at=AT)

        (file,) = kept.files.values()
        assert taken(file.id, place.citizen) == PDF
        with pytest.raises(FormNotFound):
            taken(file.id, place.reviewer)

    @pytest.mark.parametrize(
        ("arriving", "refusal"),
        [
            (upload("a.exe", b"MZ"), FileKindNotTaken),
            (upload("a.docx", b"PK\x03\x04"), FileKindNotTaken),
            (upload("a.pdf", b"MZ\x90 %PDF-"), FileContentOtherwise),
            (upload("a.png"), FileContentOtherwise),
            (upload("a.pdf", made.pdf_with(b"<< /S /JavaScript >>")), FileHasScripts),
            (upload("a.pdf", b""), FileEmpty),
            (upload("pdf"), FileKindNotTaken),
            (upload("a.pdf", PDF + b"x" * MOST_BYTES), FileTooLarge),
        ],
        ids=lambda one: getattr(one, "name", "") or one.__name__,
    )
    def test_are_judged_by_their_content(
        self, place: Street, arriving: Upload, refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            attach(place, food(place), arriving)

        assert not FormFile.objects.exists()

    def test_are_stored_once_and_go_with_the_draft(self, place: Street) -> None:
        found = food(place)
        for name in ("a.pdf", "b.pdf"):
            attach(place, found, upload(name))
        assert FormFile.objects.count() == 1

        discard_draft(draft_id=found.row.pk, actor=place.citizen)

        assert not FormFile.objects.exists()

    def test_have_one_content_in_the_store_until_nobody_refers_to_it(
        self, place: Street, store: Path
    ) -> None:
        mine, theirs = food(place), form_factories.begun(place, actor=place.other)
        attach(place, mine, upload("a.pdf"))
        attach(place, theirs, upload("b.pdf"), actor=place.other)
        assert len(kept_in(store)) == 1

        discard_draft(draft_id=mine.row.pk, actor=place.citizen)
        assert drop_orphans(at=timezone.now() + timedelta(days=2)) == 0
        discard_draft(draft_id=theirs.row.pk, actor=place.other)
        assert drop_orphans(at=timezone.now() + timedelta(days=2)) == 1

        assert kept_in(store) == []

    def test_that_were_sent_are_noted_when_somebody_takes_them(self, place: Street) -> None:
        (file,) = attach(place, food(place), upload("张三.pdf")).files.values()
        taken(file.id, place.citizen)
        found = FormFile.objects.get().draft_id
        assert not apps.get_model("trust", "AuditEvent").objects.filter(name=TAKEN).exists()

        send_form(draft_id=found, actor=place.citizen, at=AT)
        taken(file.id, place.reviewer)

        event = apps.get_model("trust", "AuditEvent").objects.get(name=TAKEN)
        assert event.actor_id == place.reviewer.id
        assert "张三" not in str(vars(event))

    def test_are_taken_off(self, place: Street) -> None:
        found = attach(place, food(place), upload("a.pdf"))
        (digest,) = found.files

        after = detach_file(
            draft_id=found.row.pk, place="certificate", digest=digest, actor=place.citizen, at=AT
        )

        assert after.evaluated.faults["certificate"].code == "casework.file-missing"
        assert not FormFile.objects.exists()

    def test_of_another_draft_are_not_taken_over(self, place: Street) -> None:
        begun = form_factories.begun(place, actor=place.other)
        theirs = attach(place, begun, upload("a.pdf"), actor=place.other)
        (digest,) = theirs.files

        mine = form_factories.save(food(place), 3, {"certificate": digest}, actor=place.citizen)

        assert mine.evaluated.faults["certificate"].code == "casework.file-missing"

    def test_stay_when_the_page_is_sent_again_without_one(self, place: Street) -> None:
        found = attach(place, food(place), upload("a.pdf"))

        again = form_factories.save(found, 3, {"certificate": "", "remark": "无"}, actor=place.citizen)

        assert again.answers["certificate"] == found.answers["certificate"]

    def test_stand_only_where_the_form_asks_for_them(self, place: Street) -> None:
        with pytest.raises(UnknownAnswers):
            attach_files(
                draft_id=food(place).row.pk,
                uploads={"remark": (upload("a.pdf"),)},
                actor=place.citizen,
                at=AT,
            )
