"""The public page that checks a sealed file: what it says to anybody, in both languages, and what it refuses."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.trust.application.seals.keep_seal import revoke_seal
from zhengshu.contexts.trust.interfaces.seals import web_check
from zhengshu.contexts.trust.models import SealKey
from zhengshu.contexts.trust.tests import seals
from zhengshu.foundation.seals.ofd_writing import pack
from zhengshu.foundation.seals.packages import parts_of
from zhengshu.foundation.seals.tests.makers import TEXT, Authority
from zhengshu.foundation.seals.typesetting import typeset
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db
PAGE = "Doc_0/Pages/Page_0/Content.xml"


def said(content: bytes, *, name: str = "file", language: str = "zh-hans") -> str:
    client = Client()
    client.cookies["django_language"] = language
    answer = client.post(reverse("trust:seal-check"), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def sealed() -> dict[str, bytes]:
    user = seals.official()
    document = seals.approved(user.department_id)
    seals.put(seals.made(user), document, user)
    return seals.files(document)


class TestPage:
    def test_says_who_when_and_valid_in_both_languages(self, sealed: dict[str, bytes]) -> None:
        for content in sealed.values():
            chinese, english = said(content), said(content, language="en")

            for words in ("印章真实，文件内容与盖章时一致", TEXT.office, "由本平台盖章，并已记入存证日志"):
                assert words in chinese
            assert "The seal is genuine, and the document is as it was sealed." in english

    def test_says_that_a_document_was_changed(self, sealed: dict[str, bytes]) -> None:
        parts = dict(parts_of(sealed["ofd"]))
        parts[PAGE] = parts[PAGE].replace("准予".encode(), "不予".encode())
        page = said(pack(parts))

        assert "请勿采信此印章：印章与文件内容不符" in page
        assert "本平台没有与该文件完全一致的记录" in page

    def test_warns_of_a_seal_by_an_authority_of_the_same_name(self, sealed: dict[str, bytes]) -> None:
        for content in (Authority().sealed_pdf(), Authority().sealed_ofd()):
            assert "请勿采信此印章：盖章人的身份没有本平台信任的机构证明" in said(content)

    def test_says_that_a_file_without_a_seal_has_none(self) -> None:
        assert "此文件中没有电子印章或者电子签名" in said(typeset(TEXT).pdf)

    @pytest.mark.parametrize(
        "content", [b"\x89PNG\r\n\x1a\n", b"%PDF-1.7\n%junk", b"PK\x03\x04junk", b"<html>"]
    )
    def test_refuses_what_cannot_be_checked_with_a_sentence(self, content: bytes) -> None:
        page = said(content)

        assert 'role="alert"' in page
        assert "印章真实" not in page

    def test_is_refused_before_it_is_read_when_it_is_too_large(self) -> None:
        answer = Client().post(
            reverse("trust:seal-check"),
            b"x",
            content_type="multipart/form-data; boundary=x",
            CONTENT_LENGTH=str(1 << 30),
        )

        assert answer.status_code == 413

    def test_a_name_with_markup_is_only_shown(self, sealed: dict[str, bytes]) -> None:
        page = said(sealed["pdf"], name="<script>alert(1)</script>.pdf")

        assert "<script>alert(1)" not in page


def said_later(
    content: bytes, monkeypatch: pytest.MonkeyPatch, *, days: int, language: str = "zh-hans"
) -> str:
    """Return what the page says some days from now."""
    later = timezone.now() + timedelta(days=days)
    monkeypatch.setattr(f"{web_check.__name__}.timezone.now", lambda: later)
    return said(content, language=language)


class TestWordsOfTime:
    """Valid then, valid now: what the page says after certificate and seal have ended, or were taken back."""

    def test_of_a_certificate_that_has_expired_since(
        self, sealed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for content in sealed.values():
            chinese = said_later(content, monkeypatch, days=800)
            english = said_later(content, monkeypatch, days=800, language="en")

            assert "盖章时印章真实有效，文件未被改动" in chinese
            assert "否，已过期" in chinese
            assert "The seal was genuine when the document was sealed" in english
            assert "No, expired" in english

    def test_of_a_seal_that_was_revoked_since(self, monkeypatch: pytest.MonkeyPatch) -> None:
        user = seals.official()
        seal_id, document = seals.made(user), seals.approved(user.department_id)
        seals.put(seal_id, document, user)
        head = seals.official(Role.DEPARTMENT_HEAD, department_id=user.department_id)
        revoke_seal(seal_id=seal_id, reason="遗失", actor=head, at=timezone.now())

        for content in seals.files(document).values():
            chinese = said_later(content, monkeypatch, days=1)
            english = said_later(content, monkeypatch, days=1, language="en")

            assert "盖章时印章真实有效，文件未被改动" in chinese
            assert "否，已撤销" in chinese
            assert "The seal was genuine when the document was sealed" in english
            assert "No, revoked" in english

    def test_of_a_seal_that_was_revoked_before_it_was_used(
        self, sealed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A thief who has the key seals on; the register knows better than the file."""
        SealKey.objects.update(revoked_at=timezone.now() - timedelta(days=1))

        for content in sealed.values():
            chinese = said_later(content, monkeypatch, days=1)

            assert "就能够证明的情况看，盖章时印章无效" in chinese
            assert "印章真实，文件内容与盖章时一致" not in chinese
