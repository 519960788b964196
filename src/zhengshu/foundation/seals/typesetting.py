"""A text becomes PDF/A-2a, set by Typst; where the seal belongs is found out with it."""

import io
import re
from dataclasses import dataclass, field
from datetime import UTC
from functools import lru_cache
from pathlib import Path

import msgspec
import segno
import typst

from zhengshu.foundation.seals.fonts import folders, missing_characters
from zhengshu.foundation.seals.texts import MM, CharactersMissing, Place, Text

_TEMPLATE = Path(__file__).with_name("document.typ")
_LENGTH = re.compile(r"(-?[\d.]+)pt")
PAGE_HEIGHT = 841.89
"""Of A4, in points."""
LETTER = 15.0
"""The size of the text, in points."""
RIGHT_MM = 210 - 26 - 20
"""Where office and date end: the paper without its margin and their distance from it."""
_LETTERS_OF_DATE = 8
_PATTERN = 3


@dataclass(frozen=True, slots=True)
class SetText:
    """A document that can be sealed."""

    pdf: bytes = field(repr=False)
    place: Place


def typeset(text: Text) -> SetText:
    """Return a text as PDF/A-2a; the same text gives the same bytes.

    Raises:
        CharactersMissing: the font does not have all of its characters.
    """
    lacking = missing_characters(
        (text.title, text.number, *text.paragraphs, text.office, text.dated, text.check)
    )
    if lacking:
        raise CharactersMissing(lacking)
    told = {
        "title": text.title,
        "number": text.number,
        "paragraphs": text.paragraphs,
        "office": text.office,
        "dated": text.dated,
        "on": (text.at.year, text.at.month, text.at.day),
        "check": text.check,
        "code": qr_code(text.check_url),
        "language": text.language,
        "region": "CN" if text.language == "zh" else "US",
    }
    compiler = typst.Compiler(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"told": msgspec.json.encode(told).decode()},
    )
    pdf = compiler.compile(
        format="pdf", pdf_standards="a-2a", timestamp=text.at.astimezone(UTC).replace(microsecond=0)
    )
    if not isinstance(pdf, bytes):
        raise TypeError("one document is one file")
    where = msgspec.json.decode(compiler.query("<seal>", field="value", one=True), type=_Position)
    return SetText(pdf, _place(where, office=text.office))


class _Position(msgspec.Struct):
    page: int
    x: str
    y: str


def _place(found: _Position, *, office: str) -> Place:
    """Return the middle of a seal that covers the office and the date, which are set flush right."""
    half = max(len(office), _LETTERS_OF_DATE) * LETTER / 2
    return Place(page=found.page - 1, x=RIGHT_MM * MM - half, y=PAGE_HEIGHT - points(found.y) - LETTER)


def points(length: str) -> float:
    """Return a length as Typst tells it, in points."""
    found = _LENGTH.fullmatch(length)
    if found is None:
        message = f"{length} is no length in points"
        raise ValueError(message)
    return float(found[1])


def qr_code(address: str) -> str:
    """Return a QR code as SVG; any pattern over its dots is read alike, and choosing the finest takes 25 ms."""
    out = io.BytesIO()
    code = segno.make(address, error="m", micro=False, mask=_PATTERN)
    code.save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode()


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """Return the fonts of documents, and no others; Typst takes a letter that ours lack from the operator's own."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders()))
