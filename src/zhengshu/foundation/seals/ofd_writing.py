"""A text becomes an OFD document (GB/T 33190-2016): a ZIP of XML, with its font's used glyphs inside."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from lxml import etree

from zhengshu.foundation.seals.fonts import SERIF, SERIF_NAME, missing_characters, serif_characters
from zhengshu.foundation.seals.texts import MM, CharactersMissing, Place, Text

NAMESPACE = "http://www.ofdspec.org/2016"
DOCUMENT = "Doc_0/Document.xml"
SIGNATURES = "Doc_0/Signs/Signatures.xml"
MEDIA_TYPE = "application/ofd"

_WIDTH, _HEIGHT = 210.0, 297.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 28.0, 184.0, 40.0, 262.0
_LINE = 10.2
FONT = "1"
"""The id of the font of all text."""
_FIRST_ID, _IDS_A_PAGE = 10, 10_000
_BODY, _TITLE, _SMALL = 15 / MM, 20 / MM, 12 / MM
_NOT_NEEDED = ("BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx")
"""Tables of a font for what OFD does not do; reading them takes longer than everything else."""
_NOT_FIRST = frozenset("，。、；：？！）》」』”’】〕…,.;:?!)]")
_STAMP_DATE = (1980, 1, 1, 0, 0, 0)
"""Dates inside the package would make two equal documents differ."""


@dataclass(frozen=True, slots=True)
class Line:
    """Letters on one line: millimetres from the left and the top of the page to their base line."""

    text: str
    size: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class SetPage:
    """A page as OFD has it: its size in millimetres, what stands on it without numbers, and the letters of its text."""

    width: float
    height: float
    objects: tuple[etree._Element, ...]
    letters: str


@dataclass(frozen=True, slots=True)
class Written:
    """An OFD document that can be sealed."""

    ofd: bytes
    place: Place


def write_ofd(text: Text) -> Written:
    """Return a text as OFD; the same text gives the same bytes.

    Raises:
        CharactersMissing: our serif, which is its only font, does not have all of its characters.
    """
    everything = (text.title, text.number, *text.paragraphs, text.office, text.dated, text.check)
    lacking = missing_characters(everything, known=serif_characters())
    if lacking:
        raise CharactersMissing(lacking)
    laid_out, place = _lay_out(text)
    letters = "".join(everything)
    pages = [
        SetPage(_WIDTH, _HEIGHT, tuple(_text_object(line) for line in lines), letters) for lines in laid_out
    ]
    return Written(bind(pages, text=text), place)


def bind(pages: Sequence[SetPage], *, text: Text) -> bytes:
    """Return pages as an OFD document that names itself as the text does; the same pages give the same bytes."""
    parts: dict[str, bytes] = {
        "OFD.xml": _root(text),
        DOCUMENT: _document(pages),
        "Doc_0/PublicRes.xml": _resources(),
        "Doc_0/Res/serif.otf": _font("".join(page.letters for page in pages)),
        SIGNATURES: no_signatures(),
    }
    for number, page in enumerate(pages):
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = _page(page, first_id=page_id(number) + 1)
    return pack(parts)


def pack(parts: Mapping[str, bytes]) -> bytes:
    """Return a package of parts, `OFD.xml` first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, _STAMP_DATE), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def element(
    name: str, content: str | None = None, /, *children: etree._Element, **attributes: str
) -> etree._Element:
    """Return an element of OFD."""
    made = etree.Element(f"{{{NAMESPACE}}}{name}", attributes, nsmap={"ofd": NAMESPACE})
    made.text = content
    made.extend(children)
    return made


def serialize(root: etree._Element) -> bytes:
    """Return an XML part."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def no_signatures() -> bytes:
    """Return the list of signatures of a document that has none yet."""
    return serialize(element("Signatures", None, element("MaxSignId", "s000")))


def _lay_out(text: Text) -> tuple[list[list[Line]], Place]:
    pages: list[list[Line]] = [[]]
    y = _TOP

    def put(content: str, *, size: float, x: float) -> None:
        nonlocal y
        if y > _BOTTOM:
            pages.append([])
            y = _TOP
        pages[-1].append(Line(content, size, x, y))
        y += _LINE

    for one in broken(text.title, size=_TITLE, width=_RIGHT - _LEFT):
        put(one, size=_TITLE, x=(_LEFT + _RIGHT - width_of(one, _TITLE)) / 2)
    put(text.number, size=_SMALL, x=_RIGHT - width_of(text.number, _SMALL))
    for paragraph in text.paragraphs:
        for row, one in enumerate(broken(paragraph, size=_BODY, width=_RIGHT - _LEFT, indent=2 * _BODY)):
            put(one, size=_BODY, x=_LEFT + (2 * _BODY if row == 0 else 0))
    y += 2 * _LINE
    if y + _LINE > _BOTTOM:
        pages.append([])
        y = _TOP + _LINE
    right = _RIGHT - 20
    half = max(width_of(text.office, _BODY), width_of(text.dated, _BODY)) / 2
    place = Place(page=len(pages) - 1, x=right - half, y=y)
    for one in (text.office, text.dated):
        put(one, size=_BODY, x=right - width_of(one, _BODY))
    y += _LINE
    for one in broken(text.check, size=9 / MM, width=_RIGHT - _LEFT):
        put(one, size=9 / MM, x=_LEFT)
    return pages, place


def broken(text: str, *, size: float, width: float, indent: float = 0) -> Iterator[str]:
    """Yield the lines of a paragraph: Chinese breaks anywhere but before a closing mark, Latin between words."""
    line, used = "", indent
    for piece in _pieces(text):
        wide = width_of(piece, size)
        if used + wide > width and line and piece[0] not in _NOT_FIRST:
            yield line.rstrip()
            line, used = "", 0.0
            if piece == " ":
                continue
        line, used = line + piece, used + wide
    if line:
        yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    word = ""
    for letter in text:
        if letter.isascii() and not letter.isspace():
            word += letter
            continue
        if word:
            yield word
            word = ""
        yield " " if letter.isspace() else letter
    if word:
        yield word


def width_of(text: str, size: float) -> float:
    """Return how wide a text is at a size, in the same unit."""
    return sum(_advances(text)) * size


def _advances(text: str) -> list[float]:
    table, em = _metrics()
    return [table.get(ord(letter), em) / em for letter in text]


@lru_cache(maxsize=1)
def _metrics() -> tuple[Mapping[int, int], int]:
    with TTFont(SERIF, lazy=True) as font:
        widths, em = font["hmtx"], font["head"].unitsPerEm
        return {code: widths[glyph][0] for code, glyph in font.getBestCmap().items()}, em


def _font(text: str) -> bytes:
    """Return the font with the glyphs of a text only."""
    out = io.BytesIO()
    options = Options(notdef_outline=True, glyph_names=False, layout_features=[])
    with TTFont(SERIF, recalcTimestamp=False, recalcBBoxes=False) as font:
        for table in _NOT_NEEDED:
            if table in font:
                del font[table]
        subsetter = Subsetter(options)
        subsetter.populate(text=text)
        subsetter.subset(font)
        font.save(out)
    return out.getvalue()


def _root(text: Text) -> bytes:
    info = element(
        "DocInfo",
        None,
        element("DocID", text.digest[:32]),
        element("Title", text.title),
        element("Author", text.office),
        element("CreationDate", text.at.date().isoformat()),
        element("Creator", "zhengshu"),
    )
    body = element("DocBody", None, info, element("DocRoot", DOCUMENT), element("Signatures", SIGNATURES))
    return serialize(element("OFD", None, body, DocType="OFD", Version="1.1"))


def _document(pages: Sequence[SetPage]) -> bytes:
    common = element(
        "CommonData",
        None,
        element("MaxUnitID", str(page_id(len(pages)))),
        element("PageArea", None, _box(pages[0])),
        element("PublicRes", "PublicRes.xml"),
    )
    listed = element(
        "Pages",
        None,
        *(
            element("Page", None, ID=str(page_id(number)), BaseLoc=f"Pages/Page_{number}/Content.xml")
            for number in range(len(pages))
        ),
    )
    return serialize(element("Document", None, common, listed))


def page_id(number: int) -> int:
    """Return the id of a page, by its number from 0."""
    return _FIRST_ID + _IDS_A_PAGE * (number + 1) - 1


def _resources() -> bytes:
    font = element(
        "Font",
        None,
        element("FontFile", "serif.otf"),
        ID=FONT,
        FontName=SERIF_NAME,
        FamilyName=SERIF_NAME,
    )
    return serialize(element("Res", None, element("Fonts", None, font), BaseLoc="Res"))


def _box(page: SetPage) -> etree._Element:
    return element("PhysicalBox", f"0 0 {page.width:g} {page.height:g}")


def _page(page: SetPage, *, first_id: int) -> bytes:
    layer = element("Layer", None, *page.objects, ID=str(first_id), Type="Body")
    for number, one in enumerate(page.objects, start=first_id + 1):
        one.set("ID", str(number))
    return serialize(
        element("Page", None, element("Area", None, _box(page)), element("Content", None, layer))
    )


def _text_object(line: Line) -> etree._Element:
    advances = [round(one * line.size, 3) for one in _advances(line.text)]
    code = element(
        "TextCode",
        line.text,
        X="0",
        Y=f"{line.size:.3f}",
        **({"DeltaX": " ".join(f"{one:g}" for one in advances[:-1])} if advances[1:] else {}),
    )
    return element(
        "TextObject",
        None,
        code,
        Font=FONT,
        Size=f"{line.size:.3f}",
        Boundary=f"{line.x:.3f} {line.y - line.size:.3f} {sum(advances):.3f} {line.size * 1.4:.3f}",
    )


def signed_at_text(at: datetime) -> str:
    """Return an instant as `SignatureDateTime` has it."""
    return at.strftime("%Y%m%d%H%M%SZ")
