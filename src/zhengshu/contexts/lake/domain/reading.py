"""The exact reading of one value: what a person typed becomes a value of the catalogue's type, or a fault.

This is the path that decides. `expressions` holds a vectorised copy for the spellings that need no thought; a
property test holds the two to the same answers.
"""

import re
import unicodedata
from datetime import UTC
from decimal import Decimal
from types import MappingProxyType

from zhengshu.contexts.lake.domain.columns import DECIMAL_DIGITS, DECIMAL_PLACES, Column, ColumnType, Value
from zhengshu.contexts.lake.domain.faults import Fault, FaultKind
from zhengshu.kernel.dates import read_date, read_datetime
from zhengshu.kernel.errors import Refused

NOTHING_IN_TEXT = frozenset({"", "N/A", "#N/A", "NULL", r"\N"})
"""What stands for an empty text, in capitals; 无 is a word in a text."""

NOTHING = NOTHING_IN_TEXT | {"NA", "NONE", "NAN", "-", "--", "—", "——", "/", "无", "空", "暂无"}
"""What stands for an empty value of any other type, in capitals."""

YES = frozenset({"是", "TRUE", "T", "1", "YES", "Y", "有", "√", "对", "真"})
NO = frozenset({"否", "FALSE", "F", "0", "NO", "N", "无", "×", "错", "假"})

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBER = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?")
_EDGES = " \t\r\n\v\f\u00a0\u3000\ufeff\u200b"
_MOST_INTEGER = 2**63 - 1
_SPREADSHEET_ERRORS = frozenset({"#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"})
_NUMBER_FAULTS = MappingProxyType(
    {ColumnType.INTEGER: FaultKind.NOT_INTEGER, ColumnType.DECIMAL: FaultKind.NOT_DECIMAL}
)


def read_value(text: str, *, column: Column) -> Value | Fault:
    """Return the value that a text stands for in a column, or why it cannot be read.

    Args:
        text: what the file holds; full-width digits, thousands separators and surrounding spaces are allowed.
        column: what is expected.
    """
    trimmed = text.strip(_EDGES)
    if fault := _damage(trimmed):
        return Fault(fault, column.column)
    if is_nothing(trimmed, kind=column.kind):
        return Fault(FaultKind.MISSING, column.column) if column.must_hold else None
    match column.kind:
        case ColumnType.TEXT:
            return _read_text(trimmed, column)
        case ColumnType.INTEGER | ColumnType.DECIMAL:
            return _read_number(unicodedata.normalize("NFKC", trimmed), column)
        case ColumnType.BOOLEAN:
            return _read_boolean(unicodedata.normalize("NFKC", trimmed), column)
        case _:
            return _read_instant(trimmed, column)


def is_nothing(trimmed: str, *, kind: ColumnType) -> bool:
    """Whether a trimmed text says that there is no value."""
    if kind is ColumnType.BOOLEAN and trimmed == "无":
        return False
    return trimmed.upper() in (NOTHING_IN_TEXT if kind is ColumnType.TEXT else NOTHING)


def trim(text: str) -> str:
    """Return a text without the white space around it, wide and invisible spaces included."""
    return text.strip(_EDGES)


def _damage(text: str) -> FaultKind | None:
    if _CONTROL.search(text):
        return FaultKind.CONTROL_CHARACTER
    if "\ufffd" in text:
        return FaultKind.UNREADABLE_CHARACTER
    return FaultKind.CELL_ERROR if text in _SPREADSHEET_ERRORS else None


def _read_text(text: str, column: Column) -> str | Fault:
    if column.length is not None and len(text) > column.length:
        return Fault(FaultKind.TOO_LONG, column.column, {"length": len(text), "most": column.length})
    return text


def _read_number(text: str, column: Column) -> int | Decimal | Fault:
    match = _NUMBER.fullmatch(text.replace("，", ",").strip())
    if match is None or not text.isascii():
        return Fault(_NUMBER_FAULTS[column.kind], column.column)
    sign, whole, places = match[1], match[2].replace(",", ""), (match[3] or "").rstrip("0")
    if column.kind is ColumnType.INTEGER:
        if places:
            return Fault(FaultKind.NOT_INTEGER, column.column)
        number = int(sign + whole) if len(whole.lstrip("0")) < 20 else _MOST_INTEGER + 1  # noqa: PLR2004 - digits of 2**63
        return number if abs(number) <= _MOST_INTEGER else Fault(FaultKind.TOO_LARGE, column.column)
    if len(places) > DECIMAL_PLACES:
        return Fault(FaultKind.TOO_FINE, column.column, {"most": DECIMAL_PLACES})
    if len(whole.lstrip("0")) > DECIMAL_DIGITS - DECIMAL_PLACES:
        return Fault(FaultKind.TOO_LARGE, column.column)
    return Decimal(f"{sign}{whole}.{places or '0'}")


def _read_boolean(text: str, column: Column) -> bool | Fault:
    word = text.upper()
    if word in YES or word in NO:
        return word in YES
    return Fault(FaultKind.NOT_BOOLEAN, column.column)


def _read_instant(text: str, column: Column) -> Value | Fault:
    try:
        return read_date(text) if column.kind is ColumnType.DATE else read_datetime(text).astimezone(UTC)
    except Refused:
        kind = FaultKind.NOT_DATE if column.kind is ColumnType.DATE else FaultKind.NOT_DATETIME
        return Fault(kind, column.column)
