"""Writing a declaration into a version, and the item's face from the version in force."""

from datetime import date, datetime
from typing import TypedDict

import msgspec
from django.db.models import Q

from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.vocabulary import ItemState, VersionState
from zhengshu.contexts.services.events import ItemPublished
from zhengshu.contexts.services.models import ItemVersion, Material, ServiceItem, Theme
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId
from zhengshu.kernel.words import document

MOST_IN_INDEX = 4_000
"""Letters of a guide that are indexed beside its name; more would not be found by anybody's question."""


class Facts(TypedDict):
    """The fields that all events of items share."""

    at: datetime
    actor: Actor
    subject: Subject
    department_id: DepartmentId | None
    code: str
    version: int


def about(item: ServiceItem, version: ItemVersion, *, actor: Actor, at: datetime) -> Facts:
    """Return those fields, to be unpacked into an event."""
    return Facts(
        at=at,
        actor=actor,
        subject=Subject(kind="services.item", id=str(item.id), label=f"{item.code} {item.name}"[:200]),
        department_id=DepartmentId(item.department_id) if item.department_id else None,
        code=item.code,
        version=version.number,
    )


def new_version(
    item: ServiceItem, draft: ItemDraft, *, effective_from: date, cause: str, actor: Actor, at: datetime
) -> ItemVersion:
    """Begin the next version of an item as a draft."""
    numbers = ItemVersion.objects.filter(item=item).order_by("-number").values_list("number", flat=True)
    version = ItemVersion(
        item=item,
        number=(numbers.first() or 0) + 1,
        state=VersionState.DRAFT.value,
        effective_from=effective_from,
        cause=cause,
        changed_by=actor.name,
        changed_at=at,
    )
    fill(version, draft)
    version.save()
    keep_materials(version, draft)
    return version


def fill(version: ItemVersion, draft: ItemDraft) -> None:
    """Write a declaration into a version's columns; its materials are rows of their own."""
    elements = msgspec.to_builtins(draft)
    del elements["materials"]
    version.elements = elements
    version.statutory_value = draft.statutory.value if draft.statutory else None
    version.statutory_unit = draft.statutory.unit.value if draft.statutory else ""
    version.promised_value = draft.promised.value if draft.promised else None
    version.promised_unit = draft.promised.unit.value if draft.promised else ""


def keep_materials(version: ItemVersion, draft: ItemDraft) -> None:
    """Write the materials of a version anew."""
    Material.objects.filter(version=version).delete()
    Material.objects.bulk_create(
        Material(
            version=version,
            position=position,
            name=material.name,
            source=material.source.value,
            certificate_type=material.certificate_type,
            resource=material.resource,
            is_required=material.is_required,
            facts=msgspec.to_builtins(material),
        )
        for position, material in enumerate(draft.materials)
    )


def put_in_force(
    item: ServiceItem, version: ItemVersion, draft: ItemDraft, *, actor: Actor, at: datetime, on: date
) -> None:
    """Publish a version: the one before it ends on its first day, and the face follows when that day has come.

    A new item is offered from the first day of its first version.
    """
    rows = ItemVersion.objects.filter(item=item, state=VersionState.PUBLISHED.value).exclude(id=version.id)
    later = rows.filter(effective_from__gt=version.effective_from).order_by("effective_from").first()
    version.state = VersionState.PUBLISHED.value
    version.effective_to = later.effective_from if later else None
    version.published_by, version.published_at = actor.name, at
    version.save()
    lasting = Q(effective_to=None) | Q(effective_to__gt=version.effective_from)
    rows.filter(lasting, effective_from__lte=version.effective_from).update(
        effective_to=version.effective_from
    )
    is_due = version.effective_from <= on
    if is_due:
        item.current = version
    if is_due or item.current_id is None:
        show(item, draft)
    if is_due and item.state != ItemState.RETIRED.value:
        item.state = ItemState.PUBLISHED.value
    item.published_at = item.published_at or at
    item.changed_at = at
    item.save()
    if item.current_id == version.id:
        item.themes.set(Theme.objects.filter(code__in=draft.themes))
    publish(ItemPublished(**about(item, version, actor=actor, at=at)))


def show(item: ServiceItem, draft: ItemDraft) -> None:
    """Make a declaration the face of an item; what was learned of its meaning is to be learned anew."""
    item.name, item.name_en, item.summary = draft.name, draft.name_en, draft.summary
    item.basic_code, item.implementation_code = draft.basic_code, draft.implementation_code
    item.level, item.kind = draft.level.value, draft.kind.value
    item.audiences = [audience.value for audience in draft.audiences]
    item.case_kind, item.case_type, item.is_online = draft.case_kind.value, draft.case_type, draft.is_online
    item.meaning_digest = ""
    words = Theme.objects.filter(code__in=draft.themes).values_list("name", flat=True)
    item.all_words = document(
        title=draft.name,
        second=(*draft.words, draft.name_en),
        third=(draft.summary[:MOST_IN_INDEX], *words),
        fourth=(
            item.department_name,
            *(material.name for material in draft.materials[:20]),
            *(one.question for one in draft.questions[:20]),
        ),
        parts=" ".join(draft.words),
    )
