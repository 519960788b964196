from pathlib import Path

import pytest

from zhengshu.contexts.casework.application.forms import form_queries
from zhengshu.contexts.casework.application.forms.attach_files import attach_files, detach_file
from zhengshu.contexts.casework.application.forms.drafts import Draft
from zhengshu.contexts.casework.application.forms.save_answers import discard_draft
from zhengshu.contexts.casework.application.forms.send_form import AnswersFaulty, send_form
from zhengshu.contexts.casework.application.forms.start_draft import FormNotFound
from zhengshu.contexts.casework.domain.forms.files import (
    MOST_BYTES,
    FileContentOtherwise,
    FileEmpty,
    FileTooLarge,
    FileTypeNotTaken,
    Upload,
)
from zhengshu.contexts.casework.domain.forms.refusals import UnknownAnswers
from zhengshu.contexts.casework.models import FormFile
from zhengshu.contexts.casework.tests import form_factories
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.casework.tests.form_factories import STALL, Street
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 health"


@pytest.fixture
def place(tmp_path: Path) -> Street:
    return form_factories.street(tmp_path)


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
        kept = attach(place, found, Upload(name="C:\\健康证明.pdf", content=PDF))

        sent = send_form(draft_id=found.row.pk, actor=place.citizen, at=AT)

        (file,) = kept.files.values()
        assert file.name == "健康证明.pdf"
        for reader in (place.citizen, place.reviewer):
            assert form_queries.form_file(file_id=file.id, actor=reader).content == PDF
            (form,) = form_queries.sent_forms(case_id=sent.id, actor=reader)
            assert form.evaluated.faults == {}
        for stranger in (place.other, form_factories.as_official(place.reviewer, place)):
            with pytest.raises(FormNotFound):
                form_queries.form_file(file_id=file.id, actor=stranger)

    def test_that_were_hidden_stay_the_persons_own(self, place: Street) -> None:
        found = food(place)
        kept = attach(place, found, Upload(name="a.pdf", content=PDF))
        form_factories.save(found, 2, STALL, actor=place.citizen)
        send_form(draft_id=found.row.pk, actor=place.citizen, at=AT)

        (file,) = kept.files.values()
        assert form_queries.form_file(file_id=file.id, actor=place.citizen).content == PDF
        with pytest.raises(FormNotFound):
            form_queries.form_file(file_id=file.id, actor=place.reviewer)

    @pytest.mark.parametrize(
        ("upload", "refusal"),
        [
            (Upload(name="a.exe", content=b"MZ"), FileTypeNotTaken),
            (Upload(name="a.docx", content=b"PK\x03\x04"), FileTypeNotTaken),
            (Upload(name="a.pdf", content=b"MZ\x90 %PDF-"), FileContentOtherwise),
            (Upload(name="a.png", content=PDF), FileContentOtherwise),
            (Upload(name="a.pdf", content=b""), FileEmpty),
            (Upload(name="pdf", content=PDF), FileTypeNotTaken),
            (Upload(name="a.pdf", content=PDF + b"x" * MOST_BYTES), FileTooLarge),
        ],
        ids=lambda one: one.name if isinstance(one, Upload) else one.__name__,
    )
    def test_are_judged_by_their_content(
        self, place: Street, upload: Upload, refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            attach(place, food(place), upload)

        assert not FormFile.objects.exists()

    def test_are_stored_once_and_go_with_the_draft(self, place: Street) -> None:
        found = food(place)
        for name in ("a.pdf", "b.pdf"):
            attach(place, found, Upload(name=name, content=PDF))
        assert FormFile.objects.count() == 1

        discard_draft(draft_id=found.row.pk, actor=place.citizen)

        assert not FormFile.objects.exists()

    def test_are_taken_off(self, place: Street) -> None:
        found = attach(place, food(place), Upload(name="a.pdf", content=PDF))
        (digest,) = found.files

        after = detach_file(
            draft_id=found.row.pk, place="certificate", digest=digest, actor=place.citizen, at=AT
        )

        assert after.evaluated.faults["certificate"].code == "casework.file-missing"
        assert not FormFile.objects.exists()

    def test_of_another_draft_are_not_taken_over(self, place: Street) -> None:
        begun = form_factories.begun(place, actor=place.other)
        theirs = attach(place, begun, Upload(name="a.pdf", content=PDF), actor=place.other)
        (digest,) = theirs.files

        mine = form_factories.save(food(place), 3, {"certificate": digest}, actor=place.citizen)

        assert mine.evaluated.faults["certificate"].code == "casework.file-missing"

    def test_stay_when_the_page_is_sent_again_without_one(self, place: Street) -> None:
        found = attach(place, food(place), Upload(name="a.pdf", content=PDF))

        again = form_factories.save(found, 3, {"certificate": "", "remark": "无"}, actor=place.citizen)

        assert again.answers["certificate"] == found.answers["certificate"]

    def test_stand_only_where_the_form_asks_for_them(self, place: Street) -> None:
        with pytest.raises(UnknownAnswers):
            attach_files(
                draft_id=food(place).row.pk,
                uploads={"remark": (Upload(name="a.pdf", content=PDF),)},
                actor=place.citizen,
                at=AT,
            )
