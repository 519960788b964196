"""What must never pass for a good seal, in either kind of file, and what must."""

import io
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from zhengshu.foundation.files.judging import FileContentOtherwise, FileUnfolds
from zhengshu.foundation.seals.checking import FileNotChecked, NoPdfOrOfd, check_file
from zhengshu.foundation.seals.findings import Later, Stamped, Verdict, judge_finding
from zhengshu.foundation.seals.ofd_checking import Trust, check_ofd
from zhengshu.foundation.seals.ofd_sealing import seal_ofd
from zhengshu.foundation.seals.ofd_writing import pack, write_ofd
from zhengshu.foundation.seals.packages import PackageUnfit, parts_of
from zhengshu.foundation.seals.pdf_checking import check_pdf
from zhengshu.foundation.seals.pdf_sealing import seal_pdf
from zhengshu.foundation.seals.stamps import read_stamp, with_timestamp
from zhengshu.foundation.seals.structures import Signature
from zhengshu.foundation.seals.tests.makers import NOW, TEXT, YEAR, Authority
from zhengshu.foundation.seals.timestamps import obtain
from zhengshu.foundation.seals.typesetting import typeset

PAGE, VALUE, ESL = (
    "Doc_0/Pages/Page_0/Content.xml",
    "Doc_0/Signs/Sign_1/SignedValue.dat",
    "Doc_0/Signs/Sign_1/Seal.esl",
)

OTHER = replace(TEXT, title="另一份决定书")


def verdicts(content: bytes, authority: Authority, *, later: timedelta = timedelta()) -> list[Verdict]:
    trust, check = Trust(authority.trusted), check_pdf if content.startswith(b"%PDF") else check_ofd
    found = check(content, trust=trust, at=NOW + later)
    return [judge_finding(one, revoked_at=None, at=NOW + later) for one in found]


def with_parts(ofd: bytes, changed: Mapping[str, bytes]) -> bytes:
    return pack({**parts_of(ofd), **changed})


class TestGoodSeals:
    @pytest.mark.parametrize("kind", ["sealed_pdf", "sealed_ofd"])
    def test_are_valid_then_and_now(
        self, kind: str, authority: Authority, request: pytest.FixtureRequest
    ) -> None:
        (found,) = verdicts(request.getfixturevalue(kind), authority)

        assert (found.is_unchanged, found.is_genuine, found.was_valid, found.is_valid) == (True,) * 4
        assert found.finding.signer == TEXT.office
        assert found.finding.stamped_at == NOW

    @pytest.mark.parametrize("kind", ["sealed_pdf", "sealed_ofd"])
    def test_stay_valid_then_after_their_certificate_has_expired(
        self, kind: str, authority: Authority, request: pytest.FixtureRequest
    ) -> None:
        (found,) = verdicts(request.getfixturevalue(kind), authority, later=2 * YEAR)

        assert (found.was_valid, found.is_valid, found.is_expired) == (True, False, True)

    @pytest.mark.parametrize("kind", ["sealed_pdf", "sealed_ofd"])
    def test_stay_valid_then_when_they_are_revoked_later_and_not_when_they_were_before(
        self, kind: str, authority: Authority, request: pytest.FixtureRequest
    ) -> None:
        (found,) = verdicts(request.getfixturevalue(kind), authority)
        later, at = NOW + timedelta(days=1), NOW + timedelta(days=2)

        after = judge_finding(found.finding, revoked_at=later, at=at)
        before = judge_finding(found.finding, revoked_at=NOW - timedelta(days=1), at=at)

        assert (after.was_valid, after.is_valid) == (True, False)
        assert (before.was_valid, before.is_valid) == (False, False)

    def test_two_on_one_document_are_both_good(self, authority: Authority) -> None:
        first, second = authority.pdf_seal(), authority.pdf_seal(name="临江市行政审批局")
        text = typeset(TEXT)
        twice = seal_pdf(
            authority.sealed_pdf(first),
            place=text.place,
            seal=replace(second, field="Seal2"),
            reason="会签",
            ask=authority.stamper().answer,
        )
        plain = write_ofd(TEXT)
        again = seal_ofd(
            authority.sealed_ofd(),
            place=plain.place,
            seal=authority.ofd_seal(),
            ask=authority.stamper().answer,
            at=NOW,
        )

        for content in (twice, again):
            found = verdicts(content, authority)
            assert [one.is_valid for one in found] == [True, True]
            assert [one.finding.later for one in found] == [Later.SEALED_AGAIN, Later.NOTHING]


class TestChangedDocuments:
    def test_a_page_of_an_ofd_that_was_replaced(self, sealed_ofd: bytes, authority: Authority) -> None:
        page = parts_of(sealed_ofd)[PAGE]
        (found,) = verdicts(
            with_parts(sealed_ofd, {PAGE: page.replace("准予".encode(), "不予".encode())}), authority
        )

        assert (found.is_unchanged, found.was_valid, found.is_valid) == (False, None, False)
        assert PAGE in found.finding.trouble

    def test_a_part_that_was_added_to_an_ofd(self, sealed_ofd: bytes, authority: Authority) -> None:
        (found,) = verdicts(with_parts(sealed_ofd, {"Doc_0/Annots/Annotations.xml": b"<a/>"}), authority)

        assert not found.is_unchanged

    def test_a_pdf_with_a_byte_changed(self, sealed_pdf: bytes, authority: Authority) -> None:
        place = sealed_pdf.index(b"/Type/Page")
        (found,) = verdicts(sealed_pdf[:place] + b"/Type/PagE" + sealed_pdf[place + 10 :], authority)

        assert (found.is_unchanged, found.is_valid) == (False, False)

    def test_a_pdf_whose_page_was_covered_by_an_incremental_update(
        self, sealed_pdf: bytes, authority: Authority
    ) -> None:
        (found,) = verdicts(overwritten(sealed_pdf), authority)

        assert found.finding.is_content_right
        assert (found.finding.later, found.is_unchanged, found.is_valid) == (Later.CHANGED, False, False)

    def test_a_pdf_whose_seal_picture_was_swapped(self, sealed_pdf: bytes, authority: Authority) -> None:
        writer = IncrementalPdfFileWriter(io.BytesIO(sealed_pdf))
        field = writer.prev.embedded_regular_signatures[0].sig_field
        other = generic.StreamObject(
            {generic.pdf_name("/Subtype"): generic.pdf_name("/Form")}, stream_data=b"0 0 50 50 re f"
        )
        field["/AP"][generic.pdf_name("/N")] = writer.add_object(other)
        writer.update_container(field)
        (found,) = verdicts(_written(writer), authority)

        assert not found.is_unchanged

    def test_an_ofd_whose_seal_picture_was_swapped(self, sealed_ofd: bytes, authority: Authority) -> None:
        esl = authority.ofd_seal(name="另一枚印章").seal.replace(b"IDAT", b"IDAX")
        (found,) = verdicts(with_parts(sealed_ofd, {ESL: esl}), authority)

        assert not found.is_unchanged


class TestSealsOfOtherDocuments:
    def test_an_ofd_seal_copied_to_another_document(self, sealed_ofd: bytes, authority: Authority) -> None:
        signs = {name: one for name, one in parts_of(sealed_ofd).items() if name.startswith("Doc_0/Signs/")}
        (found,) = verdicts(with_parts(write_ofd(OTHER).ofd, signs), authority)

        assert (found.is_unchanged, found.is_valid) == (False, False)

    def test_an_ofd_seal_copied_with_a_fresh_list_of_parts(
        self, sealed_ofd: bytes, authority: Authority
    ) -> None:
        other = write_ofd(OTHER)
        own = seal_ofd(
            other.ofd,
            place=other.place,
            seal=Authority(name=authority.name).ofd_seal(),
            ask=authority.stamper().answer,
            at=NOW,
        )
        (found,) = verdicts(with_parts(own, {VALUE: parts_of(sealed_ofd)[VALUE]}), authority)

        assert (found.is_unchanged, found.is_valid) == (False, False)

    def test_a_pdf_signature_copied_to_another_document(
        self, sealed_pdf: bytes, authority: Authority
    ) -> None:
        text = typeset(OTHER)
        other = seal_pdf(
            text.pdf, place=text.place, seal=authority.pdf_seal(), reason="", ask=authority.stamper().answer
        )
        (found,) = verdicts(with_contents_of(other, sealed_pdf), authority)

        assert (found.is_unchanged, found.is_valid) == (False, False)


class TestFalseAuthorities:
    @pytest.mark.parametrize("kind", ["pdf", "ofd"])
    def test_one_of_the_same_name_is_not_trusted(self, kind: str, authority: Authority) -> None:
        impostor = Authority(name=authority.name)
        content = impostor.sealed_pdf() if kind == "pdf" else impostor.sealed_ofd()
        (found,) = verdicts(content, authority)

        assert found.is_unchanged
        assert (found.is_genuine, found.was_valid, found.is_valid) == (False, None, False)

    @pytest.mark.parametrize("kind", ["pdf", "ofd"])
    def test_a_timestamp_by_it_proves_no_time(self, kind: str, authority: Authority) -> None:
        impostor = Authority(name=authority.name, clock=lambda: NOW - timedelta(days=10))
        text, plain, ask = typeset(TEXT), write_ofd(TEXT), impostor.stamper().answer
        content = (
            seal_pdf(text.pdf, place=text.place, seal=authority.pdf_seal(), reason="", ask=ask)
            if kind == "pdf"
            else seal_ofd(plain.ofd, place=plain.place, seal=authority.ofd_seal(), ask=ask, at=NOW)
        )
        (found,) = verdicts(content, authority)

        assert found.finding.stamped is Stamped.UNTRUSTED
        assert (found.finding.stamped_at, found.was_valid) == (None, None)

    def test_a_timestamp_on_something_else_proves_no_time(
        self, sealed_ofd: bytes, authority: Authority
    ) -> None:
        value = parts_of(sealed_ofd)[VALUE]
        token = obtain(b"something else", digest="sm3", ask=authority.stamper().answer)
        forged = with_timestamp(Signature.load(value), token)
        (found,) = verdicts(with_parts(sealed_ofd, {VALUE: forged}), authority)

        assert read_stamp(value).token != token
        assert found.finding.stamped is Stamped.WRONG
        assert found.was_valid is None

    def test_an_expired_certificate_does_not_seal_any_more(self, authority: Authority) -> None:
        past = NOW - timedelta(days=1)
        for content in (
            authority.sealed_pdf(authority.pdf_seal(active_to=past)),
            authority.sealed_ofd(authority.ofd_seal(active_to=past)),
        ):
            (found,) = verdicts(content, authority)
            assert found.is_unchanged
            assert (found.was_valid, found.is_valid, found.is_expired) == (False, False, True)


class TestHostileFiles:
    def test_two_parts_of_one_name(self, sealed_ofd: bytes, authority: Authority) -> None:
        out = io.BytesIO(sealed_ofd)
        with zipfile.ZipFile(out, "a") as package:
            package.writestr(PAGE.upper(), b"<x/>")

        with pytest.raises(PackageUnfit, match="one name"):
            verdicts(out.getvalue(), authority)

    def test_a_part_that_unfolds_into_gigabytes(self, sealed_ofd: bytes, authority: Authority) -> None:
        out = io.BytesIO(sealed_ofd)
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr("Doc_0/bomb.xml", b"0" * (80 << 20))

        with pytest.raises(PackageUnfit, match="unfold"):
            verdicts(out.getvalue(), authority)
        with pytest.raises(FileUnfolds):
            check_file(out.getvalue(), roots=authority.trusted, at=NOW)

    def test_an_entity_in_its_xml(self, sealed_ofd: bytes, authority: Authority) -> None:
        root = (
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
            + parts_of(sealed_ofd)["OFD.xml"].split(b"?>")[1]
        )

        with pytest.raises(PackageUnfit, match="document type"):
            verdicts(with_parts(sealed_ofd, {"OFD.xml": root}), authority)

    def test_a_path_out_of_the_package(self, sealed_ofd: bytes, authority: Authority) -> None:
        root = parts_of(sealed_ofd)["OFD.xml"].replace(b"Doc_0/Signs/Signatures.xml", b"../../etc/passwd")

        with pytest.raises(PackageUnfit, match="out of it"):
            verdicts(with_parts(sealed_ofd, {"OFD.xml": root}), authority)

    @pytest.mark.parametrize("junk", [b"%PDF-1.7\njunk", b"%PDF-1.7\n" + b"<<" * 100_000, b"PK\x03\x04junk"])
    def test_what_only_begins_like_one(self, junk: bytes, authority: Authority) -> None:
        with pytest.raises((FileNotChecked, FileContentOtherwise)):
            check_file(junk, roots=authority.trusted, at=NOW)

    def test_a_photo(self, authority: Authority) -> None:
        with pytest.raises(NoPdfOrOfd):
            check_file(b"\x89PNG\r\n\x1a\n", roots=authority.trusted, at=NOW)

    def test_a_pdf_without_a_seal_has_none(self, authority: Authority) -> None:
        assert check_file(typeset(TEXT).pdf, roots=authority.trusted, at=NOW).findings == ()

    def test_a_file_is_checked_in_a_process_of_its_own(
        self, sealed_pdf: bytes, sealed_ofd: bytes, authority: Authority
    ) -> None:
        for content in (sealed_pdf, sealed_ofd):
            (found,) = check_file(content, roots=authority.trusted, at=NOW).findings
            assert found.is_trusted
            assert found.stamped is Stamped.RIGHT


class TestPdfsig:
    """Poppler's `pdfsig` knows no root of ours, so it says of the chain that it is not trusted."""

    def test_accepts_a_sealed_pdf(self, sealed_pdf: bytes, tmp_path: Path) -> None:
        said = pdfsig(sealed_pdf, tmp_path)

        assert "Signature is Valid." in said
        assert "ETSI.CAdES.detached" in said
        assert "Total document signed" in said

    def test_refuses_a_changed_one(self, sealed_pdf: bytes, tmp_path: Path) -> None:
        place = sealed_pdf.index(b"/Type/Page")
        assert "Signature is Valid." not in pdfsig(
            sealed_pdf[:place] + b"/Type/PagE" + sealed_pdf[place + 10 :], tmp_path
        )

    def test_says_that_an_update_is_not_signed(self, sealed_pdf: bytes, tmp_path: Path) -> None:
        assert "Not total document signed" in pdfsig(overwritten(sealed_pdf), tmp_path)


def overwritten(sealed: bytes) -> bytes:
    """Return a sealed PDF with a further revision in which the page says something else."""
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    content = generic.StreamObject(stream_data=b"0.9 g 0 0 600 850 re f")
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Contents"] = generic.ArrayObject([writer.add_object(content)])
    writer.update_container(page)
    return _written(writer)


def _written(writer: IncrementalPdfFileWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def with_contents_of(pdf: bytes, other: bytes) -> bytes:
    """Return a PDF whose signature value is that of another, with the gaps kept as they are."""
    start, end = pdf.index(b"/Contents <") + 11, pdf.index(b">", pdf.index(b"/Contents <"))
    value = other[other.index(b"/Contents <") + 11 : other.index(b">", other.index(b"/Contents <"))]
    der: bytes = cms.ContentInfo.load(bytes.fromhex(value.decode())).dump().hex().encode()
    return pdf[:start] + der.ljust(end - start, b"0")[: end - start] + pdf[end:]


def pdfsig(content: bytes, folder: Path) -> str:
    file = folder / "document.pdf"
    file.write_bytes(content)
    return subprocess.run(["pdfsig", str(file)], capture_output=True, check=False, text=True).stdout
