"""Values of columns: read from what a call says, compared, and shown under their masks."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from zhengshu.contexts.exchange.domain.refusals import ValueUnreadable
from zhengshu.kernel import masks
from zhengshu.kernel.masks import Mask

Value = str | int | Decimal | date | datetime | bool
MOST_LETTERS = 200
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,50}(\.[0-9]{1,50})?")
_GREATEST = 2**63


class ColumnType(StrEnum):
    """The types of serving tables."""

    TEXT = "text"
    INTEGER = "bigint"
    DECIMAL = "numeric"
    DATE = "date"
    DATETIME = "timestamptz"
    BOOLEAN = "boolean"


EXPECTED: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "text of at most 200 letters",
    ColumnType.INTEGER: "a whole number such as 42",
    ColumnType.DECIMAL: "a number such as 12.50",
    ColumnType.DATE: "a date such as 2024-03-05",
    ColumnType.DATETIME: "an instant such as 2024-03-05T09:30:00+08:00",
    ColumnType.BOOLEAN: "true or false",
}
"""What a refusal says was expected."""


def read_value(text: str, *, column_type: ColumnType, column: str) -> Value:
    """Return a value from its text.

    Raises:
        ValueUnreadable: the text is not of the column's type.
    """
    try:
        return _READERS[column_type](_clean(text))
    except (ValueError, InvalidOperation, OverflowError) as fault:
        raise ValueUnreadable(column=column, expected=EXPECTED[column_type]) from fault


def canonical(text: str) -> str:
    """Return text as it is compared: full-width letters narrowed, blanks trimmed, capitals."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def is_same(stored: Value | None, asked: Value | None) -> bool:
    """Whether a stored value is the one that the caller supposes."""
    if isinstance(stored, str) and isinstance(asked, str):
        return canonical(stored) == canonical(asked)
    return stored == asked


def shown(value: Value | None, *, mask: Mask) -> Value | None:
    """Return what may be shown of a value; empty stays empty."""
    if value is None or mask is Mask.NONE:
        return value
    return masks.apply(mask, value.isoformat() if isinstance(value, date) else str(value))


def _clean(text: str) -> str:
    if len(text) > MOST_LETTERS or "\0" in text:
        raise ValueError("too long, or with a null character, which PostgreSQL cannot hold")
    return text.strip()


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text) or not -_GREATEST <= int(text) < _GREATEST:
        raise ValueError(text)
    return int(text)


def _decimal(text: str) -> Decimal:
    if not _DECIMAL.fullmatch(text):
        raise ValueError(text)
    return Decimal(text)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _boolean(text: str) -> bool:
    return {"true": True, "false": False}[text] if text in {"true", "false"} else _wrong(text)


def _wrong(text: str) -> bool:
    raise ValueError(text)


_READERS: Mapping[ColumnType, Callable[[str], Value]] = {
    ColumnType.TEXT: lambda text: text,
    ColumnType.INTEGER: _integer,
    ColumnType.DECIMAL: _decimal,
    ColumnType.DATE: date.fromisoformat,
    ColumnType.DATETIME: _instant,
    ColumnType.BOOLEAN: _boolean,
}
