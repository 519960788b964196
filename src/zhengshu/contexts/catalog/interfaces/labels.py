"""What the reader calls the values of the catalogue's closed lists."""

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.catalog.domain.vocabulary import (
    Category,
    DataType,
    FormatCategory,
    Grade,
    Network,
    OpeningClass,
    PersonalClass,
    SharingClass,
    SharingMethod,
    State,
    SystemStage,
    UpdateCycle,
)

if TYPE_CHECKING:
    from django.utils.functional import (
        _StrPromise as LazyText,
    )  # the stubs' name of what gettext_lazy returns
else:
    from django.utils.functional import Promise as LazyText

_WORDS: tuple[tuple[Enum, LazyText], ...] = (
    (SharingClass.UNCONDITIONAL, _("Unconditional")),
    (SharingClass.CONDITIONAL, _("Conditional")),
    (SharingClass.WITHHELD, _("Withheld")),
    (OpeningClass.OPEN, _("Open to society")),
    (OpeningClass.CONDITIONAL, _("Open on conditions")),
    (OpeningClass.CLOSED, _("Not open")),
    (Grade.GENERAL_1, _("General, grade 1")),
    (Grade.GENERAL_2, _("General, grade 2")),
    (Grade.GENERAL_3, _("General, grade 3")),
    (Grade.GENERAL_4, _("General, grade 4")),
    (Grade.IMPORTANT, _("Important data")),
    (Grade.CORE, _("Core data")),
    (PersonalClass.NONE, _("Not personal")),
    (PersonalClass.GENERAL, _("Personal")),
    (PersonalClass.SENSITIVE, _("Sensitive personal")),
    (DataType.TEXT, _("Text")),
    (DataType.INTEGER, _("Whole number")),
    (DataType.DECIMAL, _("Number")),
    (DataType.DATE, _("Date")),
    (DataType.DATETIME, _("Date and time")),
    (DataType.BOOLEAN, _("Yes or no")),
    (UpdateCycle.REALTIME, _("In real time")),
    (UpdateCycle.DAILY, _("Daily")),
    (UpdateCycle.WEEKLY, _("Weekly")),
    (UpdateCycle.TEN_DAYS, _("Every ten days")),
    (UpdateCycle.MONTHLY, _("Monthly")),
    (UpdateCycle.QUARTERLY, _("Quarterly")),
    (UpdateCycle.HALF_YEARLY, _("Twice a year")),
    (UpdateCycle.YEARLY, _("Yearly")),
    (UpdateCycle.IRREGULAR, _("Irregularly")),
    (FormatCategory.DOCUMENT, _("Electronic document")),
    (FormatCategory.SPREADSHEET, _("Spreadsheet")),
    (FormatCategory.DATABASE, _("Database")),
    (FormatCategory.IMAGE, _("Picture")),
    (FormatCategory.STREAM, _("Streaming media")),
    (FormatCategory.SELF_DESCRIBING, _("Self-describing format")),
    (FormatCategory.SERVICE, _("Service interface")),
    (SharingMethod.SERVICE, _("Service interface")),
    (SharingMethod.BATCH, _("Batch exchange")),
    (SharingMethod.FILE, _("File download")),
    (Category.BASE, _("Base resource")),
    (Category.THEME, _("Theme resource")),
    (Category.DEPARTMENT, _("Department resource")),
    (State.DRAFT, _("Draft")),
    (State.SUBMITTED, _("Waiting for the head")),
    (State.APPROVED, _("Waiting for review")),
    (State.RETURNED, _("Returned")),
    (State.PUBLISHED, _("Published")),
    (State.SUPERSEDED, _("Superseded")),
    (State.RETIRED, _("Retired")),
    (State.ABANDONED, _("Abandoned")),
    (Network.EXTRANET, _("Government extranet")),
    (Network.INTRANET, _("Government intranet")),
    (Network.INTERNET, _("Internet")),
    (Network.PRIVATE, _("Private network")),
    (SystemStage.PLANNED, _("Planned")),
    (SystemStage.BUILDING, _("Being built")),
    (SystemStage.RUNNING, _("Running")),
    (SystemStage.STOPPED, _("Stopped")),
)

_COLORS: tuple[tuple[Enum, str], ...] = (
    (SharingClass.UNCONDITIONAL, "green"),
    (SharingClass.CONDITIONAL, "yellow"),
    (SharingClass.WITHHELD, "red"),
    (OpeningClass.OPEN, "green"),
    (OpeningClass.CONDITIONAL, "yellow"),
    (OpeningClass.CLOSED, "grey"),
    (Grade.GENERAL_1, "grey"),
    (Grade.GENERAL_2, "blue"),
    (Grade.GENERAL_3, "yellow"),
    (Grade.GENERAL_4, "yellow"),
    (Grade.IMPORTANT, "red"),
    (Grade.CORE, "red"),
    (PersonalClass.NONE, "grey"),
    (PersonalClass.GENERAL, "blue"),
    (PersonalClass.SENSITIVE, "yellow"),
    (State.DRAFT, "grey"),
    (State.SUBMITTED, "blue"),
    (State.APPROVED, "blue"),
    (State.RETURNED, "yellow"),
    (State.PUBLISHED, "green"),
    (State.SUPERSEDED, "grey"),
    (State.RETIRED, "grey"),
    (State.ABANDONED, "grey"),
    (SystemStage.RUNNING, "green"),
    (SystemStage.BUILDING, "blue"),
    (SystemStage.PLANNED, "grey"),
    (SystemStage.STOPPED, "grey"),
)
"""The color of a badge; the words beside it say the same."""

# Values of different lists may be equal texts, so that the list is part of the key.
_LABELS = {(type(value), value): text for value, text in _WORDS}
_TONES = {(type(value), value): color for value, color in _COLORS}

FIELDS: Mapping[str, LazyText] = {
    "name": _("Name"),
    "summary": _("Summary"),
    "classification": _("Classification"),
    "items": _("Items"),
    "format_category": _("Format category"),
    "format_type": _("Format"),
    "update_cycle": _("Update cycle"),
    "sharing_class": _("Sharing class"),
    "sharing_methods": _("Ways of sharing"),
    "sharing_scope": _("Scope of sharing"),
    "sharing_purposes": _("Purposes of use"),
    "withheld_reason": _("Reason for withholding"),
    "sharing_basis": _("Legal basis for withholding"),
    "opening_class": _("Opening class"),
    "opening_conditions": _("Conditions of opening"),
    "system_id": _("Information system"),
    "duty_basis": _("Duty from which the data arise"),
    "keywords": _("Keywords"),
    "related_codes": _("Related resources"),
    "column": _("Column"),
    "data_type": _("Type"),
    "length": _("Length"),
    "grade": _("Grade"),
    "personal": _("Personal information"),
    "element_code": _("Data element"),
    "code_table": _("Code table"),
    "is_key": _("Key item"),
    "is_required": _("Required item"),
    "description": _("Description"),
}
"""What the reader calls the fields of a declaration and of its items."""


def label(value: Enum) -> str:
    """Return what the reader calls a value."""
    return str(_LABELS[type(value), value])


def choices(kind: type[Enum]) -> list[tuple[str, str]]:
    """Return the values of a list as choices of a form."""
    return [(str(value.value), label(value)) for value in kind]


def tone(value: Enum) -> str:
    """Return the color of a value's badge."""
    return _TONES.get((type(value), value), "grey")
