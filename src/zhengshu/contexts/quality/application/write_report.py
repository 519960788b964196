"""A report in the official form: the same text gives the same PDF/A."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import typst

from zhengshu.foundation.seals.fonts import missing_characters
from zhengshu.foundation.seals.typesetting import fonts

_TEMPLATE = Path(__file__).with_name("report.typ")
_FIGURE = re.compile(r"[0-9][0-9,.]*|—")
_NO_GLYPH = "〓"
"""What printers set in Chinese texts for a character that they lack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTable:
    """A table of a report; `widths` are the shares of its columns."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a report says, in one language.

    Attributes:
        language: `zh` or `en`.
        office: who answers for it.
        dated: the date in words.
    """

    language: str
    title: str
    number: str
    paragraphs: tuple[str, ...]
    tables: tuple[ReportTable, ...]
    office: str
    dated: str
    at: datetime


def as_pdf(report: Report) -> bytes:
    """Return a report as PDF/A-2a."""
    told = {
        "title": _set(report.title),
        "number": _set(report.number),
        "paragraphs": [_set(one) for one in report.paragraphs],
        "tables": [
            {
                "title": _set(one.title),
                "head": [_set(cell) for cell in one.head],
                "rows": _rows(one.rows),
                "widths": one.widths,
                "numbers": _numbers(one.rows),
            }
            for one in report.tables
        ],
        "office": _set(report.office),
        "dated": _set(report.dated),
        "on": (report.at.year, report.at.month, report.at.day),
        "language": report.language,
        "region": "CN" if report.language == "zh" else "US",
    }
    compiler = typst.Compiler(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"told": msgspec.json.encode(told).decode()},
    )
    pdf = compiler.compile(
        format="pdf", pdf_standards="a-2a", timestamp=report.at.astimezone(UTC).replace(microsecond=0)
    )
    if not isinstance(pdf, bytes):
        raise TypeError("one report is one file")
    return pdf


def _numbers(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the columns that hold figures alone; these stand on the right."""
    return [
        place for place, cells in enumerate(zip(*rows, strict=True)) if all(map(_FIGURE.fullmatch, cells))
    ]


def _rows(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[_set(cell) for cell in row] for row in rows]


def _set(text: str) -> str:
    for letter in missing_characters((text,)):
        text = text.replace(letter, _NO_GLYPH)
    return text
