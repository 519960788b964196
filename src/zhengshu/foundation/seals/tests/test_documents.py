from collections.abc import Callable
from dataclasses import replace

import pytest
from ofdkit.document import OFDDocument

from zhengshu.foundation.seals.ofd_writing import broken, width_of, write_ofd
from zhengshu.foundation.seals.pictures import PictureUnfit, draw_seal, plain_picture
from zhengshu.foundation.seals.stamps import SealKind
from zhengshu.foundation.seals.tests.makers import TEXT
from zhengshu.foundation.seals.texts import CharactersMissing, Text
from zhengshu.foundation.seals.typesetting import typeset

RARE = "\U00030edd"
"""biáng, which no free font has."""


class TestPdf:
    def test_is_pdf_a_and_the_same_for_the_same_text(self) -> None:
        first, second = typeset(TEXT), typeset(TEXT)

        assert first.pdf == second.pdf
        assert b"<pdfaid:part>2</pdfaid:part>" in first.pdf
        assert b"<pdfaid:conformance>A</pdfaid:conformance>" in first.pdf

    def test_the_seal_belongs_on_the_last_page_of_a_long_text(self) -> None:
        long = typeset(replace(TEXT, paragraphs=TEXT.paragraphs * 20))

        assert long.place.page > 0
        assert 0 < long.place.y < 842


class TestOfd:
    def test_is_read_by_a_foreign_reader(self, sealed_ofd: bytes) -> None:
        read = OFDDocument(sealed_ofd)
        said = read.text().replace("\n", "")

        for part in (TEXT.title, TEXT.number, *TEXT.paragraphs, TEXT.office, TEXT.dated):
            assert part in said

    def test_breaks_into_pages(self) -> None:
        written = write_ofd(replace(TEXT, paragraphs=TEXT.paragraphs * 20))
        read = OFDDocument(written.ofd)

        assert len(read.pages) == written.place.page + 1 > 1

    def test_no_line_begins_with_a_closing_mark_or_is_too_wide(self) -> None:
        lines = list(
            broken(
                "你单位的申请，符合法定条件。Article 38 of the Law（第三十八条）。" * 9, size=5.0, width=120
            )
        )

        assert len(lines) > 5
        assert not any(line[0] in "，。）" for line in lines)
        assert all(width_of(line, 5.0) <= 130 for line in lines)


@pytest.mark.parametrize("write", [typeset, write_ofd])
def test_a_character_that_the_font_lacks_is_refused_not_left_out(write: Callable[[Text], object]) -> None:
    with pytest.raises(CharactersMissing, match=RARE):
        write(replace(TEXT, paragraphs=(f"申请人：张{RARE}",)))


class TestDigest:
    def test_is_of_what_is_said_not_of_where_it_is_checked(self) -> None:
        assert replace(TEXT, check_url="https://elsewhere.example/").digest == TEXT.digest
        for changed in (
            {"title": "x"},
            {"number": "x"},
            {"paragraphs": ("x",)},
            {"office": "x"},
            {"dated": "x"},
        ):
            assert replace(TEXT, **changed).digest != TEXT.digest


class TestPictures:
    @pytest.mark.parametrize("kind", list(SealKind))
    def test_are_drawn_and_taken_back(self, kind: SealKind) -> None:
        drawn = draw_seal(
            kind=kind, name="王小明" if kind is SealKind.PERSONAL else TEXT.office, caption="专用章"
        )

        assert plain_picture(drawn).startswith(b"\x89PNG")

    @pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"0" * (2 << 20)])
    def test_others_are_refused(self, content: bytes) -> None:
        with pytest.raises(PictureUnfit):
            plain_picture(content)
