"""Why a row is set aside, said so that a clerk can put it right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class FaultKind(StrEnum):
    """What is wrong with a field or a row."""

    MISSING = "missing"
    NOT_INTEGER = "not_integer"
    NOT_DECIMAL = "not_decimal"
    NOT_DATE = "not_date"
    NOT_DATETIME = "not_datetime"
    NOT_BOOLEAN = "not_boolean"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    TOO_FINE = "too_fine"
    DIGITS_LOST = "digits_lost"
    CONTROL_CHARACTER = "control_character"
    UNREADABLE_CHARACTER = "unreadable_character"
    FIELD_COUNT = "field_count"
    QUOTE_OPEN = "quote_open"
    NOT_JSON = "not_json"
    NESTED = "nested"
    FORMULA_EMPTY = "formula_empty"
    CELL_ERROR = "cell_error"


SENTENCES: Mapping[FaultKind, str] = MappingProxyType(
    {
        FaultKind.MISSING: "A value is required here; fill it in.",
        FaultKind.NOT_INTEGER: "A whole number was expected, such as 1200 or 1,200, without units or decimals.",
        FaultKind.NOT_DECIMAL: "A number was expected, such as 1200.50 or 1,200.50, without units or currency.",
        FaultKind.NOT_DATE: "A date that exists was expected, such as 2024-03-05 or 2024年3月5日.",
        FaultKind.NOT_DATETIME: "A date with time was expected, such as 2024-03-05 09:30:00.",
        FaultKind.NOT_BOOLEAN: "Yes or no was expected: 是 or 否, true or false, 1 or 0.",
        FaultKind.TOO_LONG: "The text has %(length)s characters; the catalogue allows %(most)s.",
        FaultKind.TOO_LARGE: "The number is larger than the platform can keep.",
        FaultKind.TOO_FINE: "The number has more than %(most)s decimal places.",
        FaultKind.DIGITS_LOST: (
            "The spreadsheet kept this long number as a number and has lost its last digits. "
            "Format the column as text and enter it again."
        ),
        FaultKind.CONTROL_CHARACTER: "The value contains an invisible control character; type it again.",
        FaultKind.UNREADABLE_CHARACTER: "The value contains bytes that are no characters in the file's encoding.",
        FaultKind.FIELD_COUNT: (
            "The row has %(found)s fields, the header has %(expected)s; "
            "a separator is missing, too many, or stands unquoted inside a value."
        ),
        FaultKind.QUOTE_OPEN: "A quotation mark is opened in this row and never closed.",
        FaultKind.NOT_JSON: "The line is not a JSON object.",
        FaultKind.NESTED: "A single value was expected, not a list or an object.",
        FaultKind.FORMULA_EMPTY: (
            "The cell holds a formula without a stored result. Save the file in a spreadsheet program."
        ),
        FaultKind.CELL_ERROR: "The cell shows a spreadsheet error; enter the value itself.",
    }
)
"""English message ids with ``%(name)s`` places; translations are in the context's catalogue of messages."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why a row is set aside.

    Attributes:
        kind: what is wrong.
        column: the field's column name; empty when the whole row is at fault.
        data: what fills the places of the sentence; never the value itself.
    """

    kind: FaultKind
    column: str = ""
    data: Mapping[str, int] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The English sentence with its places, the message id of the translation."""
        return SENTENCES[self.kind]

    def text(self) -> str:
        """Return the English sentence with its data filled in."""
        return self.message % self.data if self.data else self.message
