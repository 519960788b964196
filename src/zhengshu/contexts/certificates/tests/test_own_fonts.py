"""Somebody whose name no free font has gets his certificate with a font of the operator's own."""

import re
import subprocess
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pytest_django.fixtures import Settings

from zhengshu.contexts.certificates.application.take_file import write_ofd
from zhengshu.contexts.certificates.tests import factories
from zhengshu.contexts.certificates.tests.test_issue import file_of
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.seals import fonts, typesetting

pytestmark = pytest.mark.django_db

RARE = "\U0002bd73"
FAMILY = "Rare Names"


def write_font(file: Path) -> None:
    """Write a font with one character: a block that leaves its middle free."""
    pen = TTGlyphPen(None)
    for corners in (
        ((80, 0), (80, 800), (920, 800), (920, 0)),
        ((300, 250), (700, 250), (700, 550), (300, 550)),
    ):
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    drawn = pen.glyph()
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder([".notdef", "rare"])
    made.setupCharacterMap({ord(RARE): "rare"})
    made.setupGlyf({".notdef": drawn, "rare": drawn})
    made.setupHorizontalMetrics({".notdef": (1000, 0), "rare": (1000, 80)})
    made.setupHorizontalHeader(ascent=880, descent=-120)
    made.setupNameTable({"familyName": FAMILY, "styleName": "Regular", "psName": "RareNames-Regular"})
    made.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    made.setupPost()
    made.save(file)


def forget() -> None:
    fonts.characters.cache_clear()
    typesetting.fonts.cache_clear()


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    settings.FONTS_FOLDER = str(tmp_path)
    forget()
    yield tmp_path
    settings.FONTS_FOLDER = ""
    forget()


def test_own_font_gives_the_character_to_pdf_and_ofd(folder: Path) -> None:
    by = factories.issuer("food-permit")
    with pytest.raises(trust.CharactersNotSet):
        factories.food(by, person_in_charge=f"王{RARE}")
    write_font(folder / "rare.ttf")
    (folder / "torn.otf").write_bytes(b"OTTO and no more")
    forget()

    record = factories.food(by, person_in_charge=f"王{RARE}")

    sealed = folder / "permit.pdf"
    sealed.write_bytes(file_of(record))
    read = subprocess.run(["pdftotext", str(sealed), "-"], capture_output=True, check=True, text=True).stdout
    assert f"王{RARE}" in re.sub(r"\s", "", read)
    listed = subprocess.run(["pdffonts", str(sealed)], capture_output=True, check=True, text=True).stdout
    assert "RareNames" in listed

    write_ofd(certificate_id=record.id, at=timezone.now())
    with zipfile.ZipFile(BytesIO(file_of(record, trust.SealFormat.OFD))) as package:
        page = package.read("Doc_0/Pages/Page_0/Content.xml").decode()
    assert "王" in page
    assert RARE not in page
    assert page.count("<ofd:PathObject") > _drawn_without(by)


def _drawn_without(by: factories.Issuer) -> int:
    record = factories.food(by, person_in_charge="王")
    write_ofd(certificate_id=record.id, at=timezone.now())
    with zipfile.ZipFile(BytesIO(file_of(record, trust.SealFormat.OFD))) as package:
        return package.read("Doc_0/Pages/Page_0/Content.xml").decode().count("<ofd:PathObject")


def test_a_seal_is_drawn_with_our_serif_alone(folder: Path) -> None:
    write_font(folder / "rare.ttf")
    forget()

    assert fonts.missing_characters([RARE]) == ""
    assert fonts.missing_characters([RARE], known=fonts.serif_characters()) == RARE
