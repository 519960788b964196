"""The facts of a resource in words."""

from collections.abc import Mapping
from enum import Enum

from django.utils.translation import gettext

from zhengshu.contexts.catalog.application.records import ItemRecord, ResourceRecord
from zhengshu.contexts.catalog.domain.vocabulary import (
    DataType,
    FormatCategory,
    Grade,
    OpeningClass,
    PersonalClass,
    SharingClass,
    SharingMethod,
    UpdateCycle,
)
from zhengshu.contexts.catalog.interfaces.labels import FIELDS, label

_KINDS: Mapping[str, type[Enum]] = {
    "sharing_class": SharingClass,
    "sharing_methods": SharingMethod,
    "opening_class": OpeningClass,
    "update_cycle": UpdateCycle,
    "format_category": FormatCategory,
    "data_type": DataType,
    "personal": PersonalClass,
}


def facts_of(shown: ResourceRecord) -> list[tuple[str, str]]:
    """Return label and value of everything that article 13 wants stated, in the order of the law."""
    methods = "、".join(label(method) for method in shown.sharing_methods)
    format_text = f"{label(shown.format_category)} · {shown.format_type}"
    return [
        (gettext("Provider"), shown.department_name),
        (gettext("Code"), shown.official_code),
        (str(FIELDS["classification"]), f"{shown.classification_name}（{shown.classification}）"),
        (str(FIELDS["format_type"]), format_text),
        (str(FIELDS["update_cycle"]), label(shown.update_cycle)),
        (str(FIELDS["sharing_methods"]), methods),
        (str(FIELDS["grade"]), label(shown.grade)),
        (str(FIELDS["opening_class"]), _opening(shown)),
        (str(FIELDS["system_id"]), shown.system_name),
        (str(FIELDS["duty_basis"]), shown.duty_basis),
        (str(FIELDS["keywords"]), "、".join(shown.keywords)),
    ]


def conditions_of(shown: ResourceRecord) -> list[tuple[str, str]]:
    """Return label and value of what the sharing class demands."""
    names: tuple[str, ...] = ()
    if shown.sharing_class is SharingClass.CONDITIONAL:
        names = ("sharing_scope", "sharing_purposes")
    elif shown.sharing_class is SharingClass.WITHHELD:
        names = ("withheld_reason", "sharing_basis")
    return [(str(FIELDS[name]), getattr(shown, name)) for name in names]


def item_rows(shown: ResourceRecord) -> list[tuple[int, ItemRecord, str]]:
    """Return number, item, and its type with its length."""
    return [(number, item, _type(item)) for number, item in enumerate(shown.items, start=1)]


def value_text(field: str, value: str) -> str:
    """Return the text of a compared value as the reader calls it."""
    if not value:
        return ""
    if field == "grade":
        return label(Grade(int(value)))
    if field in {"is_key", "is_required"}:
        return gettext("yes") if value == "True" else gettext("no")
    if kind := _KINDS.get(field):
        return "、".join(label(kind(part)) for part in value.split("、"))
    return value


def _opening(shown: ResourceRecord) -> str:
    word = label(shown.opening_class)
    return f"{word}：{shown.opening_conditions}" if shown.opening_conditions else word


def _type(item: ItemRecord) -> str:
    word = label(item.data_type)
    return f"{word} ({item.length})" if item.length else word
