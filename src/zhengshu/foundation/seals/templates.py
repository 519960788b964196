"""A document with a form of its own becomes PDF/A-2a, set by Typst from a template and the parts of `library`."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import typst

from zhengshu.foundation.seals.fonts import missing_characters
from zhengshu.foundation.seals.texts import CharactersMissing, Place, Ready
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
    lacking = missing_characters(said)
    if lacking:
        raise CharactersMissing(lacking)
    inputs = msgspec.json.encode({**told, "code": qr_code(code_url)}).decode()
    try:
        compiler = typst.Compiler(
            LIBRARY / "main.typ",
            root=LIBRARY,
            font_paths=fonts(),
            ignore_system_fonts=True,
            sys_inputs={"told": inputs, "template": template},
        )
        pdf = compiler.compile(
            format="pdf", pdf_standards="a-2a", timestamp=at.astimezone(UTC).replace(microsecond=0)
        )
        found = msgspec.json.decode(compiler.query("<seal>", field="value", one=True), type=_Position)
    except typst.TypstError as fault:
        raise TemplateFaulty(f"{fault.message} {' '.join(fault.trace)}") from fault
    if not isinstance(pdf, bytes):
        raise TypeError("one document is one file")
    return Ready(pdf, Place(page=found.page - 1, x=points(found.x), y=points(found.height) - points(found.y)))
