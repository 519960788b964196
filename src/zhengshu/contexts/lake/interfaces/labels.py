"""What states, modes, faults and notes are called."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.catalog.api import DataType, Grade, PersonalClass, SharingClass, UpdateCycle
from zhengshu.contexts.lake.api import BatchState, DeliveryMode, FaultKind, SourceKind

Label = str | Promise
E = TypeVar("E", bound=Enum)

STATES: Mapping[BatchState, Label] = {
    BatchState.RECEIVED: _("Waiting"),
    BatchState.COLLECTING: _("Being collected"),
    BatchState.PUBLISHED: _("Published"),
    BatchState.REFUSED: _("Refused"),
    BatchState.INTERRUPTED: _("Interrupted"),
}

COLORS: Mapping[BatchState, str] = {
    BatchState.RECEIVED: "grey",
    BatchState.COLLECTING: "blue",
    BatchState.PUBLISHED: "green",
    BatchState.REFUSED: "red",
    BatchState.INTERRUPTED: "yellow",
}

MODES: Mapping[DeliveryMode, Label] = {
    DeliveryMode.REPLACE: _("Replace all rows"),
    DeliveryMode.APPEND: _("Add rows"),
    DeliveryMode.UPSERT: _("Add rows, replace those with the same key"),
}

SOURCES: Mapping[SourceKind, Label] = {
    SourceKind.FILE: _("File"),
    SourceKind.TABLE: _("Database table"),
    SourceKind.REPLAY: _("Corrected rows"),
}

KINDS: Mapping[FaultKind, Label] = {
    FaultKind.MISSING: _("Required value missing"),
    FaultKind.NOT_INTEGER: _("Not a whole number"),
    FaultKind.NOT_DECIMAL: _("Not a number"),
    FaultKind.NOT_DATE: _("Not a date"),
    FaultKind.NOT_DATETIME: _("Not a date with time"),
    FaultKind.NOT_BOOLEAN: _("Neither yes nor no"),
    FaultKind.TOO_LONG: _("Text too long"),
    FaultKind.TOO_LARGE: _("Number too large"),
    FaultKind.TOO_FINE: _("Too many decimal places"),
    FaultKind.DIGITS_LOST: _("Digits lost by the spreadsheet"),
    FaultKind.CONTROL_CHARACTER: _("Invisible control character"),
    FaultKind.UNREADABLE_CHARACTER: _("Unreadable character"),
    FaultKind.FIELD_COUNT: _("Wrong number of fields"),
    FaultKind.QUOTE_OPEN: _("Quotation mark never closed"),
    FaultKind.NOT_JSON: _("Not a JSON object"),
    FaultKind.NESTED: _("Nested value"),
    FaultKind.FORMULA_EMPTY: _("Formula without a result"),
    FaultKind.CELL_ERROR: _("Spreadsheet error"),
}

TYPES: Mapping[DataType, Label] = {
    DataType.TEXT: _("Text"),
    DataType.INTEGER: _("Whole number"),
    DataType.DECIMAL: _("Decimal number"),
    DataType.DATE: _("Date"),
    DataType.DATETIME: _("Date and time"),
    DataType.BOOLEAN: _("Yes or no"),
}

GRADES: Mapping[Grade, Label] = {
    Grade.GENERAL_1: _("General, grade 1"),
    Grade.GENERAL_2: _("General, grade 2"),
    Grade.GENERAL_3: _("General, grade 3"),
    Grade.GENERAL_4: _("General, grade 4"),
    Grade.IMPORTANT: _("Important"),
    Grade.CORE: _("Core"),
}

PERSONAL_CLASSES: Mapping[PersonalClass, Label] = {
    PersonalClass.NONE: _("Not personal"),
    PersonalClass.GENERAL: _("Personal"),
    PersonalClass.SENSITIVE: _("Personal, sensitive"),
}

SHARING_CLASSES: Mapping[SharingClass, Label] = {
    SharingClass.UNCONDITIONAL: _("Unconditional"),
    SharingClass.CONDITIONAL: _("Conditional"),
    SharingClass.WITHHELD: _("Withheld"),
}

UPDATE_CYCLES: Mapping[UpdateCycle, Label] = {
    UpdateCycle.REALTIME: _("In real time"),
    UpdateCycle.DAILY: _("Daily"),
    UpdateCycle.WEEKLY: _("Weekly"),
    UpdateCycle.TEN_DAYS: _("Every ten days"),
    UpdateCycle.MONTHLY: _("Monthly"),
    UpdateCycle.QUARTERLY: _("Quarterly"),
    UpdateCycle.HALF_YEARLY: _("Half-yearly"),
    UpdateCycle.YEARLY: _("Yearly"),
    UpdateCycle.IRREGULAR: _("Irregularly"),
}

_NOTES: Mapping[str, Label] = {
    "extension": _("The content is %(data)s, whatever the file's name says."),
    "rows_above_header": _("Rows above the header were passed over: %(data)s."),
    "unknown_columns": _("Columns that are no items of the resource were left out: %(data)s."),
    "absent_items": _("Items that the file does not hold stay empty: %(data)s."),
}


def choices(labels: Mapping[E, Label]) -> list[tuple[str | int, Label]]:
    """Return the choices of a form field."""
    return [(value.value, label) for value, label in labels.items()]


def sentence_of_note(code: str, data: str) -> str:
    """Return what was noticed about a delivery, in the language of the reader."""
    return (
        str(_NOTES[code]) % {"data": data}
        if code in _NOTES
        else gettext("Noticed: %(code)s.") % {"code": code}
    )
