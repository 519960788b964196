"""The columns that a resource's items become, and the values that they hold."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

Value = str | int | Decimal | date | datetime | bool | None
"""What a field holds once its type is applied; None where nothing was delivered."""

DECIMAL_DIGITS = 38
DECIMAL_PLACES = 10


class ColumnType(StrEnum):
    """What the values of a column are; the same words as the catalogue's data types."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a resource.

    Attributes:
        name: the item's name, as files for people write it (法定代表人).
        column: the field name, as systems write it (legal_representative).
        kind: what its values are.
        length: the most characters of a text; None where the catalogue sets no limit.
        is_key: whether rows are looked up by it.
        is_required: whether every row must hold a value.
        encrypted_grade: the grade under which it is stored encrypted where it is served; 0 where it is not.
    """

    name: str
    column: str
    kind: ColumnType = ColumnType.TEXT
    length: int | None = None
    is_key: bool = False
    is_required: bool = False
    encrypted_grade: int = 0

    @property
    def must_hold(self) -> bool:
        """Whether an empty value is a fault: keys and required items."""
        return self.is_required or self.is_key
