"""Reading items and themes."""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec
from django.db.models import Count, Q

from zhengshu.contexts.services.application.records import ItemRecord, ItemSummary, ThemeRecord
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.vocabulary import (
    Audience,
    CaseKind,
    ItemKind,
    ItemLevel,
    ItemState,
    ThemeKind,
    VersionState,
)
from zhengshu.contexts.services.models import ItemVersion, ServiceItem, Theme
from zhengshu.foundation.lists import ListQuery, Page, paged
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId


class ItemNotFound(Refused):
    """There is no such item, or the actor may not see it; look it up in the list of items."""

    code = "services.item-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no service item %(item)s."


def item(*, code: str, actor: Actor, on: date) -> ItemRecord:
    """Return an item with the version that is in force on a day.

    Raises:
        ItemNotFound: there is no such item, the actor may not see it, or no version of it is in force.
    """
    rows = ItemVersion.objects.visible_to(actor).in_force(on).filter(item__code=code)
    row = rows.select_related("item").order_by("-number").first()
    if row is None:
        raise ItemNotFound(item=code)
    return record(row)


def item_version(*, code: str, number: int, actor: Actor) -> ItemRecord:
    """Return one version of an item.

    Raises:
        ItemNotFound: there is none that the actor may see.
    """
    rows = ItemVersion.objects.visible_to(actor).select_related("item")
    row = rows.filter(item__code=code, number=number).first()
    if row is None:
        raise ItemNotFound(item=code)
    return record(row)


def versions_of(*, code: str, actor: Actor) -> tuple[ItemRecord, ...]:
    """Return the versions of an item that the actor may see, newest first.

    Raises:
        ItemNotFound: there is none.
    """
    rows = ItemVersion.objects.visible_to(actor).select_related("item").prefetch_related("materials")
    found = tuple(map(record, rows.filter(item__code=code).order_by("-number")))
    if not found:
        raise ItemNotFound(item=code)
    return found


def version_page(*, code: str, query: ListQuery, actor: Actor) -> Page[ItemRecord]:
    """Return a page of the versions of an item that the actor may see, newest first.

    Raises:
        ItemNotFound: there is none.
    """
    rows = ItemVersion.objects.visible_to(actor).filter(item__code=code)
    rows = rows.select_related("item").prefetch_related("materials").order_by("-number")
    page = paged(rows, query, record)
    if not page.total:
        raise ItemNotFound(item=code)
    return page


def items(*, codes: Iterable[str], actor: Actor) -> Mapping[str, ItemSummary]:
    """Return the faces of those items that the actor may see, by code."""
    rows = ServiceItem.objects.visible_to(actor).defer("all_words", "meaning").filter(code__in=list(codes))
    return {row.code: summary(row) for row in rows}


def themes(*, kind: ThemeKind | None = None) -> tuple[ThemeRecord, ...]:
    """Return life events and topics in their order, with how many items are offered under each."""
    offered = Count("items", filter=Q(items__state=ItemState.PUBLISHED.value))
    counted = dict(Theme.objects.values_list("code").annotate(offered=offered).order_by())
    rows = Theme.objects.filter(kind=kind.value) if kind else Theme.objects.all()
    return tuple(
        ThemeRecord(
            code=row.code,
            kind=ThemeKind(row.kind),
            name=row.name,
            name_en=row.name_en,
            note=row.note,
            note_en=row.note_en,
            icon=row.icon,
            is_for_people=row.is_for_people,
            is_for_enterprises=row.is_for_enterprises,
            items=counted.get(row.code, 0),
        )
        for row in rows
    )


def summary(row: ServiceItem) -> ItemSummary:
    """Return an item's face."""
    return ItemSummary(
        id=row.id,
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        summary=row.summary,
        department_id=DepartmentId(row.department_id) if row.department_id else None,
        department_name=row.department_name,
        level=ItemLevel(row.level),
        kind=ItemKind(row.kind),
        audiences=tuple(Audience(code) for code in row.audiences),
        case_kind=CaseKind(row.case_kind),
        case_type=row.case_type,
        is_online=row.is_online,
        state=ItemState(row.state),
        changed_at=row.changed_at,
    )


def facts_of(row: ItemVersion) -> ItemDraft:
    """Return all that a version declares, in one more query for its materials."""
    declared = {**row.elements, "materials": [material.facts for material in row.materials.all()]}
    return msgspec.convert(declared, ItemDraft)


def record(row: ItemVersion) -> ItemRecord:
    """Return a version with all that was declared, in one more query for its materials."""
    return ItemRecord(
        summary=summary(row.item),
        version_id=row.id,
        version=row.number,
        version_state=VersionState(row.state),
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        facts=facts_of(row),
        cause=row.cause,
        returned_reason=row.returned_reason,
        revision=row.revision,
        changed_by=row.changed_by,
        published_by=row.published_by,
        retired_at=row.item.retired_at,
        retired_reason=row.item.retired_reason,
    )
