"""The elements of GB/T 39046-2020 in the reader's language, and what two versions say of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.services.application.elements import declared_of
from zhengshu.contexts.services.application.records import ItemRecord
from zhengshu.contexts.services.domain.elements import Element, values_of
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.limits import ItemLimit
from zhengshu.contexts.services.interfaces.labels import label, unit_label

if TYPE_CHECKING:
    from django.utils.functional import (
        _StrPromise as LazyText,
    )  # the stubs' name of what gettext_lazy returns
else:
    from django.utils.functional import Promise as LazyText

_LABELS: Final[tuple[LazyText, ...]] = (
    _("Name of the item"),
    _("Basic code"),
    _("Implementation code"),
    _("Kind of item"),
    _("Code of the kind"),
    _("Legal basis of the item"),
    _("Level of exercise"),
    _("Code of the level"),
    _("Division of powers"),
    _("What is exercised"),
    _("Implementing organ"),
    _("Code of the implementing organ"),
    _("Nature of the organ"),
    _("Code of the organ's nature"),
    _("Statutory time limit"),
    _("Unit of the statutory limit"),
    _("Note on the statutory limit"),
    _("Promised time limit"),
    _("Unit of the promised limit"),
    _("Note on the promised limit"),
    _("Conditions of acceptance"),
    _("Procedure"),
    _("Joint organs"),
    _("Codes of joint organs"),
    _("Handling unit"),
    _("Code of the handling unit"),
    _("Intermediary services"),
    _("Limit of quantity"),
    _("Name of the result"),
    _("Sample of the result"),
    _("Whether a fee is charged"),
    _("Basis of the fee"),
    _("Where it can be handled"),
    _("Who is served"),
    _("Codes of who is served"),
    _("Themes"),
    _("Codes of themes for legal persons"),
    _("Codes of themes for people"),
    _("Forms of handling"),
    _("Codes of the forms of handling"),
    _("Special procedures"),
    _("Jurisdiction"),
    _("Code of the jurisdiction"),
    _("Appointments"),
    _("Payment online"),
    _("Delivery by courier"),
    _("Handled online"),
    _("Address online"),
    _("Level of the system"),
    _("Place of handling"),
    _("Hours"),
    _("Ways to ask"),
    _("Telephone for questions"),
    _("Telephone for complaints"),
    _("Common questions"),
    pgettext_lazy("element", "Name of the material"),
    pgettext_lazy("element", "Issued by"),
    pgettext_lazy("element", "How old it may be"),
    pgettext_lazy("element", "How to prepare it"),
    pgettext_lazy("element", "Where it is made out"),
    pgettext_lazy("element", "What it is used for"),
    pgettext_lazy("element", "Originals"),
    pgettext_lazy("element", "Copies"),
    pgettext_lazy("element", "Whether required"),
)
"""What the reader calls the elements, in the order of the table."""

_ANSWERS: Final = frozenset(
    {"是否收费", "是否支持预约办理", "是否支持网上支付", "是否支持物流快递", "是否网办", "是否必备材料"}
)
_CODED: Final[Mapping[str, str]] = {
    "事项类型": "kind",
    "行使层级": "level",
    "实施主体性质": "body_nature",
    "通办范围代码": "range",
    "服务对象": "audiences",
    "办理形式": "channels",
    "运行系统层级": "system_level",
}
"""Elements whose values are codes → the part of the declaration that holds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownElement:
    """An element as a page shows it.

    Attributes:
        number: its number in table 4 of the standard.
        label: what the reader calls it.
        form: its type and length in the standard.
        values: what is declared, in the reader's language.
    """

    number: int
    label: str
    form: str
    values: tuple[str, ...]

    @property
    def text(self) -> str:
        """The values in one line."""
        return "；".join(value for value in self.values if value)


def element_name(element: Element) -> str:
    """Return what the reader calls an element of the table."""
    return str(_LABELS[element.number - 1])


def shown_elements(found: ItemRecord) -> tuple[ShownElement, ...]:
    """Return the elements of an item, those of its materials left aside."""
    return tuple(
        ShownElement(
            number=one.number,
            label=element_name(one),
            form=one.form,
            values=_in_words(one, values, found.facts),
        )
        for one, values in values_of(declared_of(found))
        if not one.is_of_material
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMaterials:
    """The elements of the materials, as a table.

    Attributes:
        head: what the reader calls the elements.
        rows: of each material the elements, each with what it is called.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]


def shown_materials(found: ItemRecord) -> ShownMaterials:
    """Return the elements of all materials of an item, a row for each."""
    of_materials = [(one, values) for one, values in values_of(declared_of(found)) if one.is_of_material]
    columns = [_in_words(one, values, found.facts) for one, values in of_materials]
    head = tuple(element_name(one) for one, _values in of_materials)
    rows = tuple(tuple(zip(head, row, strict=True)) for row in zip(*columns, strict=True))
    return ShownMaterials(head=head, rows=rows)


def _in_words(element: Element, values: tuple[str, ...], facts: ItemDraft) -> tuple[str, ...]:
    if element.name in _ANSWERS:
        return tuple(gettext("yes") if value == "1" else gettext("no") for value in values)
    if element.name in _CODED:
        codes = getattr(facts, _CODED[element.name])
        each = codes if isinstance(codes, tuple) else (codes,)
        return tuple(label(code) for code in each if isinstance(code, Enum))
    if element.name == "特别程序":
        return (*map(label, facts.special_procedures), *([facts.special_note] if facts.special_note else []))
    if element.name.endswith("时限单位"):
        limit = getattr(facts, element.field)
        return (str(unit_label(limit.unit)),) if isinstance(limit, ItemLimit) else ()
    return values
