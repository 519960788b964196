"""A document with a form of its own becomes PDF/A-2a and OFD, set by Typst from a template and `library`."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import typst

from zhengshu.foundation.seals.fonts import missing_characters
from zhengshu.foundation.seals.ofd_pages import as_pages, set_pages
from zhengshu.foundation.seals.ofd_writing import bind
from zhengshu.foundation.seals.texts import MM, CharactersMissing, Place, Ready, Text
from zhengshu.foundation.seals.typesetting import fonts, points, qr_code

LIBRARY = Path(__file__).with_name("library")
"""What templates are set with; they reach nothing else."""


class TemplateFaulty(ValueError):
    """The template cannot be set; the argument says where and why."""


class _Position(msgspec.Struct):
    page: int
    x: str
    y: str
    height: str


def set_template(
    template: str, *, told: Mapping[str, object], said: Iterable[str], code_url: str, at: datetime
) -> Ready:
    """Return a document as PDF/A-2a; the same values give the same bytes.

    Args:
        template: text of Typst with the parts of the library; `foot` or `signed` names the place of the seal.
        told: what it says, as JSON has it; the library knows it as `told`.
        said: every text that is set, to look for characters that no font has.
        code_url: what its QR code leads to.
        at: when it is made; stands in the file.

    Raises:
        CharactersMissing: the fonts do not have all characters.
        TemplateFaulty: the template does not compile, or has no place for a seal.
    """
    try:
        compiler = _compiler(template, told=told, said=said, code_url=code_url)
        pdf = compiler.compile(
            format="pdf", pdf_standards="a-2a", timestamp=at.astimezone(UTC).replace(microsecond=0)
        )
        found = _seal_of(compiler)
    except typst.TypstError as fault:
        raise TemplateFaulty(f"{fault.message} {' '.join(fault.trace)}") from fault
    if not isinstance(pdf, bytes):
        raise TypeError("one document is one file")
    return Ready(pdf, Place(page=found.page - 1, x=points(found.x), y=points(found.height) - points(found.y)))


def write_template(template: str, *, told: Mapping[str, object], said: Iterable[str], text: Text) -> Ready:
    """Return a document as OFD that looks as its PDF does; the same values give the same bytes.

    Args:
        template: as for `set_template`.
        told: as for `set_template`.
        said: as for `set_template`.
        text: what the document calls itself, and what its QR code leads to.

    Raises:
        CharactersMissing: the fonts do not have all characters.
        TemplateFaulty: the template does not compile, or has no place for a seal.
    """
    known = tuple(said)
    try:
        compiler = _compiler(template, told=told, said=known, code_url=text.check_url)
        drawn = as_pages(compiler.compile(format="svg"))
        found = _seal_of(compiler)
    except typst.TypstError as fault:
        raise TemplateFaulty(f"{fault.message} {' '.join(fault.trace)}") from fault
    fixed = (template, (LIBRARY / "certificate.typ").read_text(encoding="utf-8"))
    pages = set_pages(drawn, said=(*known, *_texts(told), *fixed))
    place = Place(page=found.page - 1, x=points(found.x) / MM, y=points(found.y) / MM)
    return Ready(bind(pages, text=text), place)


def _compiler(
    template: str, *, told: Mapping[str, object], said: Iterable[str], code_url: str
) -> typst.Compiler:
    lacking = missing_characters(said)
    if lacking:
        raise CharactersMissing(lacking)
    inputs = msgspec.json.encode({**told, "code": qr_code(code_url)}).decode()
    return typst.Compiler(
        LIBRARY / "main.typ",
        root=LIBRARY,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"told": inputs, "template": template},
    )


def _seal_of(compiler: typst.Compiler) -> _Position:
    return msgspec.json.decode(compiler.query("<seal>", field="value", one=True), type=_Position)


def _texts(told: object) -> Iterator[str]:
    """Yield every text of what a template is told."""
    if isinstance(told, str):
        yield told
    elif isinstance(told, Mapping):
        for one in told.values():
            yield from _texts(one)
    elif isinstance(told, list | tuple):
        for one in told:
            yield from _texts(one)
