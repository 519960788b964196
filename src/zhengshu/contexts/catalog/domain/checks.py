"""Whether a draft is complete and consistent; every fault names its field."""

import re
from collections.abc import Iterator

from zhengshu.contexts.catalog.domain.codes import CodeNotReadable, ResourceCode, is_classification
from zhengshu.contexts.catalog.domain.faults import Fault, gettext_noop
from zhengshu.contexts.catalog.domain.resources import ItemDraft, Known, ResourceDraft
from zhengshu.contexts.catalog.domain.sharing import faults_of_sharing
from zhengshu.contexts.catalog.domain.vocabulary import DataType, Grade, PersonalClass

COLUMN = re.compile(r"[a-z][a-z0-9_]{0,62}")
LONGEST_NAME = 100
LONGEST_TEXT = 2000
MOST_ITEMS = 1600
"""PostgreSQL's limit of columns in one table, which the serving table must respect."""
LONGEST_VALUE = 1_000_000

_REQUIRED = {
    "name": gettext_noop("Give the resource the name under which others will look for it."),
    "summary": gettext_noop("Say in a sentence or two what the resource holds."),
    "format_type": gettext_noop("Name the format, for example CSV, XLSX or MySQL."),
}


def faults_of(draft: ResourceDraft, *, known: Known) -> tuple[Fault, ...]:
    """Return everything that keeps a draft from being accepted, in the order of the form.

    Basis: Decree 809, articles 13 to 15.
    """
    return (
        *_texts(draft),
        *_classification(draft, known),
        *_related(draft),
        *faults_of_sharing(draft),
        *_items(draft, known),
    )


def _texts(draft: ResourceDraft) -> Iterator[Fault]:
    for name, sentence in _REQUIRED.items():
        if not getattr(draft, name).strip():
            yield Fault(field=name, code="catalog.field-missing", message=sentence)
    if len(draft.name) > LONGEST_NAME:
        yield _too_long("name", LONGEST_NAME)
    longer = (
        "summary",
        "sharing_scope",
        "sharing_purposes",
        "withheld_reason",
        "sharing_basis",
        "opening_conditions",
        "duty_basis",
        "format_type",
    )
    for name in longer:
        if len(getattr(draft, name)) > LONGEST_TEXT:
            yield _too_long(name, LONGEST_TEXT)
    if not draft.sharing_methods:
        yield Fault(
            field="sharing_methods",
            code="catalog.field-missing",
            message="Choose at least one way of handing it over.",
        )


def _classification(draft: ResourceDraft, known: Known) -> Iterator[Fault]:
    if is_classification(draft.classification) and draft.classification in known.classifications:
        return
    yield Fault(
        field="classification",
        code="catalog.classification-unknown",
        message="“%(given)s” is not in the classification. Choose a leaf of the list.",
        data={"given": draft.classification[:20]},
    )


def _related(draft: ResourceDraft) -> Iterator[Fault]:
    for text in draft.related_codes:
        try:
            ResourceCode.parse(text)
        except CodeNotReadable as refusal:
            yield Fault(
                field="related_codes", code=refusal.code, message=refusal.message, data={"text": text[:60]}
            )


def _items(draft: ResourceDraft, known: Known) -> Iterator[Fault]:
    if not draft.items:
        yield Fault(
            field="items",
            code="catalog.items-missing",
            message="A resource has at least one item (Decree 809, article 13).",
        )
    if len(draft.items) > MOST_ITEMS:
        yield Fault(
            field="items",
            code="catalog.too-many-items",
            message="A resource has at most %(most)s items. Split it by subject.",
            data={"most": MOST_ITEMS},
        )
    names: dict[str, int] = {}
    columns: dict[str, int] = {}
    for position, item in enumerate(draft.items):
        yield from _item(item, position, known)
        yield from _repeated(names, item.name, f"items.{position}.name", position)
        yield from _repeated(columns, item.column, f"items.{position}.column", position)


def _repeated(seen: dict[str, int], value: str, field: str, position: int) -> Iterator[Fault]:
    first = seen.setdefault(value, position)
    if value and first != position:
        yield Fault(
            field=field,
            code="catalog.item-repeated",
            message="“%(value)s” is already item %(number)s. Names and column names are unique in a resource.",
            data={"value": value[:LONGEST_NAME], "number": first + 1},
        )


def _item(item: ItemDraft, position: int, known: Known) -> Iterator[Fault]:
    place = f"items.{position}."
    if not item.name.strip():
        yield Fault(field=place + "name", code="catalog.field-missing", message="Give the item a name.")
    if len(item.name) > LONGEST_NAME:
        yield _too_long(place + "name", LONGEST_NAME)
    if len(item.description) > LONGEST_TEXT:
        yield _too_long(place + "description", LONGEST_TEXT)
    if not COLUMN.fullmatch(item.column):
        yield Fault(
            field=place + "column",
            code="catalog.column-not-valid",
            message="“%(value)s” is no column name. Use lower-case letters, digits and underscores, beginning with a"
            " letter, at most 63 characters.",
            data={"value": item.column[:80]},
        )
    yield from _length(item, place)
    yield from _references(item, place, known)
    if item.personal is PersonalClass.SENSITIVE and item.grade < Grade.GENERAL_3:
        yield Fault(
            field=place + "grade",
            code="catalog.grade-too-low",
            message="Sensitive personal information is grade 3 or higher (GB/T 43697-2024).",
        )


def _length(item: ItemDraft, place: str) -> Iterator[Fault]:
    if item.length is None or (item.data_type is DataType.TEXT and 1 <= item.length <= LONGEST_VALUE):
        return
    yield Fault(
        field=place + "length",
        code="catalog.length-not-valid",
        message="Only text has a length, between 1 and %(most)s characters. Leave it empty otherwise.",
        data={"most": LONGEST_VALUE},
    )


def _references(item: ItemDraft, place: str, known: Known) -> Iterator[Fault]:
    if item.element_code and item.element_code not in known.elements:
        yield Fault(
            field=place + "element_code",
            code="catalog.element-unknown",
            message="There is no data element “%(code)s”. Choose one of the list or leave it empty.",
            data={"code": item.element_code[:60]},
        )
    if item.code_table and item.code_table not in known.code_tables:
        yield Fault(
            field=place + "code_table",
            code="catalog.code-table-unknown",
            message="There is no code table “%(code)s”. Choose one of the list or leave it empty.",
            data={"code": item.code_table[:60]},
        )


def _too_long(field: str, most: int) -> Fault:
    return Fault(
        field=field, code="catalog.too-long", message="At most %(most)s characters.", data={"most": most}
    )
