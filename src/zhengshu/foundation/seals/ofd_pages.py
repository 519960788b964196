"""A document that Typst has set becomes pages of OFD: the same lines and colours, and letters that stay text.

Typst draws each glyph as an outline. Which letter it is, and at which size, is found by drawing every letter of the
document once and comparing; what is no letter stays an outline, so that nothing is lost to the eye.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec
import typst
from lxml import etree

from zhengshu.foundation.seals.drawing import IDENTITY, Matrix, Outline, read_outline
from zhengshu.foundation.seals.fonts import SERIF_NAME, serif_characters
from zhengshu.foundation.seals.ofd_writing import FONT, NAMESPACE, SetPage, element
from zhengshu.foundation.seals.texts import MM
from zhengshu.foundation.seals.typesetting import fonts

_SVG: Final = "{http://www.w3.org/2000/svg}"
_LINK: Final = "{http://www.w3.org/1999/xlink}href"
_CODE: Final = f"{{{NAMESPACE}}}TextCode"
_PICTURE: Final = "data:image/svg+xml;base64,"
_DRAWN_AT: Final = 100.0
"""The size, in points, at which letters are drawn to be compared."""
_APART: Final = 2 * _DRAWN_AT
_NEAR: Final = 1e-4
_LETTERS: Final = f"""
#set page(width: {3 * _DRAWN_AT}pt, height: auto, margin: 0pt)
#set text(font: "{SERIF_NAME}", size: {_DRAWN_AT}pt, lang: "zh", region: "CN")
#let letters = json(bytes(sys.inputs.letters))
#block(height: letters.len() * {_APART}pt)
#for (number, one) in letters.enumerate() {{ place(top + left, dy: number * {_APART}pt, one) }}
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, and its size in points."""

    text: str
    size: float


@dataclass(slots=True)
class _Run:
    """Letters on one line that look alike."""

    size: float
    look: tuple[tuple[str, str], ...]
    y: float
    places: list[float] = field(default_factory=list)
    text: str = ""


class _Glyphs:
    """The glyphs of a document by their names: their outlines, and which letters they are."""

    def __init__(self, root: etree._Element, *, letters: Mapping[str, list[tuple[str, Outline]]]) -> None:
        self.outlines = {
            symbol.get("id", ""): read_outline(symbol[0].get("d", ""))
            for symbol in root.iter(f"{_SVG}symbol")
        }
        self._letters = letters
        self._known: dict[str, Letter | None] = {}

    def letter(self, name: str) -> Letter | None:
        """Return which letter a glyph is; None for what is none of the document's."""
        if name not in self._known:
            self._known[name] = self._recognized(self.outlines[name])
        return self._known[name]

    def _recognized(self, outline: Outline) -> Letter | None:
        for text, drawn in self._letters.get(outline.commands, ()):
            if scale := outline.scale_to(drawn, near=_NEAR):
                return Letter(text, scale * _DRAWN_AT)
        return None


def set_pages(pages: Iterable[bytes], *, said: Iterable[str]) -> tuple[SetPage, ...]:
    """Return pages that Typst has set as SVG as pages of OFD; a letter of the operator's own fonts is drawn.

    Args:
        pages: SVG as Typst writes it; gradients and pictures other than drawings of lines are left out.
        said: every text of the document.
    """
    known = serif_characters()
    letters = _drawn(
        sorted({one for text in said for one in text if ord(one) in known and not one.isspace()})
    )
    return tuple(_page(etree.fromstring(page), letters) for page in pages)


def _drawn(letters: Sequence[str]) -> Mapping[str, list[tuple[str, Outline]]]:
    """Return the outlines of letters, by their commands."""
    compiler = typst.Compiler(
        _LETTERS.encode(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"letters": msgspec.json.encode(letters).decode()},
    )
    root = etree.fromstring(next(iter(as_pages(compiler.compile(format="svg")))))
    outlines = {one.get("id"): read_outline(one[0].get("d", "")) for one in root.iter(f"{_SVG}symbol")}
    found: dict[str, list[tuple[str, Outline]]] = {}
    for matrix, use in _leaves(root, IDENTITY):
        outline = outlines.get(use.get(_LINK, "")[1:])
        number = int(matrix.f // _APART)
        if outline is not None and number < len(letters):
            found.setdefault(outline.commands, []).append((letters[number], outline))
    return found


def as_pages(svg: bytes | list[bytes] | None) -> list[bytes]:
    """Return pages as a list, also where there is only one."""
    return [] if svg is None else [svg] if isinstance(svg, bytes) else svg


def _page(root: etree._Element, letters: Mapping[str, list[tuple[str, Outline]]]) -> SetPage:
    _x, _y, width, height = (float(one) for one in root.get("viewBox", "").split())
    glyphs = _Glyphs(root, letters=letters)
    objects: list[etree._Element] = []
    run: _Run | None = None
    for matrix, leaf in _leaves(root, Matrix.scale(1 / MM)):
        if leaf.tag == f"{_SVG}use":
            run = _written(run, leaf, matrix, glyphs, objects)
            continue
        if run is not None:
            objects.append(_text(run))
        run = None
        objects += _figures(leaf, matrix, box=(width / MM, height / MM))
    if run is not None:
        objects.append(_text(run))
    written = "".join(code.text or "" for one in objects for code in one.iterfind(_CODE))
    return SetPage(width=width / MM, height=height / MM, objects=tuple(objects), letters=written)


def _leaves(node: etree._Element, matrix: Matrix) -> Iterator[tuple[Matrix, etree._Element]]:
    """Yield what is drawn, in its order, with the matrix that leads to the page."""
    for child in node:
        inner = matrix @ Matrix.read(child.get("transform", ""))
        if child.tag == f"{_SVG}g":
            yield from _leaves(child, inner)
        elif child.tag == f"{_SVG}use":
            yield inner @ Matrix.shift(float(child.get("x", "0")), float(child.get("y", "0"))), child
        elif child.tag in {f"{_SVG}path", f"{_SVG}image"}:
            yield inner, child


def _written(
    run: _Run | None, use: etree._Element, matrix: Matrix, glyphs: _Glyphs, objects: list[etree._Element]
) -> _Run | None:
    """Add a glyph to the run of letters, or begin another one; what is no upright letter is drawn."""
    name = use.get(_LINK, "")[1:]
    letter = glyphs.letter(name) if matrix.is_upright else None
    look = _look(use, matrix)
    fits = (
        run is not None
        and letter is not None
        and (abs(run.size - letter.size / MM) < _NEAR and run.look == look and abs(run.y - matrix.f) < _NEAR)
    )
    if run is not None and not fits:
        objects.append(_text(run))
    if letter is None:
        objects.append(_figure(glyphs.outlines[name], matrix, look, box=None))
        return None
    if run is None or not fits:
        run = _Run(size=letter.size / MM, look=look, y=matrix.f)
    run.text += letter.text
    run.places.append(matrix.e)
    return run


def _text(run: _Run) -> etree._Element:
    steps = [after - before for before, after in zip(run.places, run.places[1:], strict=False)]
    delta = {"DeltaX": " ".join(f"{one:.3f}" for one in steps)} if steps else {}
    code = element("TextCode", run.text, X="0", Y=f"{run.size:.3f}", **delta)
    left, top, width = run.places[0], run.y - run.size, run.places[-1] - run.places[0] + run.size
    colours, attributes = _painted(dict(run.look))
    attributes.pop("Rule", None)
    return element(
        "TextObject",
        None,
        *colours,
        code,
        Font=FONT,
        Size=f"{run.size:.3f}",
        Boundary=f"{left:.3f} {top:.3f} {width:.3f} {run.size * 1.4:.3f}",
        **attributes,
    )


def _figures(leaf: etree._Element, matrix: Matrix, *, box: tuple[float, float]) -> Iterator[etree._Element]:
    if leaf.tag == f"{_SVG}path":
        yield _figure(read_outline(leaf.get("d", "")), matrix, _look(leaf, matrix), box=box)
        return
    link = leaf.get(_LINK, "")
    if not link.startswith(_PICTURE):
        return
    drawing = etree.fromstring(base64.b64decode(link.removeprefix(_PICTURE)))
    wide, high = float(drawing.get("width", "1")), float(drawing.get("height", "1"))
    inner = matrix @ Matrix(
        float(leaf.get("width", "1")) / wide, 0, 0, float(leaf.get("height", "1")) / high, 0, 0
    )
    for path in drawing.iter(f"{_SVG}path"):
        dots = read_outline(path.get("d", "")).thick()
        yield _figure(dots, inner, (("fill", path.get("stroke", "#000")),), box=box)


def _figure(
    outline: Outline, matrix: Matrix, look: tuple[tuple[str, str], ...], *, box: tuple[float, float] | None
) -> etree._Element:
    colours, attributes = _painted(dict(look))
    points = outline.through(matrix)
    if box is None:
        box = (max(points.right, 1), max(points.bottom, 1))
    return element(
        "PathObject",
        None,
        *reversed(colours),
        element("AbbreviatedData", points.abbreviated),
        Boundary=f"0 0 {box[0]:.3f} {box[1]:.3f}",
        **attributes,
    )


def _look(leaf: etree._Element, matrix: Matrix) -> tuple[tuple[str, str], ...]:
    """Return fill, stroke and the width of the stroke in millimetres."""
    found = {name: leaf.get(name, "none") for name in ("fill", "stroke")}
    if found["stroke"] != "none":
        found["width"] = f"{float(leaf.get('stroke-width', '1')) * matrix.size:.4f}"
    return tuple(sorted(found.items()))


def _painted(look: Mapping[str, str]) -> tuple[list[etree._Element], dict[str, str]]:
    fill, stroke = _colour(look.get("fill", "none")), _colour(look.get("stroke", "none"))
    colours = []
    attributes = {"Fill": str(bool(fill)).lower(), "Stroke": str(bool(stroke)).lower()}
    if fill:
        colours.append(element("FillColor", None, Value=fill))
        attributes["Rule"] = "NonZero"
    if stroke:
        colours.append(element("StrokeColor", None, Value=stroke))
        attributes["LineWidth"] = look["width"]
    return colours, attributes


def _colour(text: str) -> str:
    """Return a colour as OFD has it; empty for none."""
    digits = text.removeprefix("#")
    if digits == text:
        return ""
    if len(digits) == len("rgb"):
        digits = "".join(one * 2 for one in digits)
    return " ".join(str(int(digits[place : place + 2], 16)) for place in (0, 2, 4))
