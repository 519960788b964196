"""Versions that are not in force yet: written, waiting for somebody's approval, or waiting for their first day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from zhengshu.contexts.services.application.queries import summary
from zhengshu.contexts.services.application.records import ItemSummary
from zhengshu.contexts.services.domain.vocabulary import VersionState
from zhengshu.contexts.services.models import ItemVersion
from zhengshu.foundation.lists import ListQuery, Page, paged
from zhengshu.kernel.actors import OFFICIALS, Actor

FILTERS = ("state",)
IN_THE_MAKING = (VersionState.DRAFT.value, VersionState.SUBMITTED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVersion:
    """A version in the making.

    Attributes:
        item: the item's face, as it is offered; of a new item as it was first written.
        name: the name that the version gives it.
        number: the version's number.
        state: whether it is written, waits for approval, or was approved.
        returned_reason: what an approver wants changed.
        effective_from: its first day.
        changed_by: who wrote last.
        changed_at: when.
    """

    item: ItemSummary
    name: str
    number: int
    state: VersionState
    returned_reason: str
    effective_from: date
    changed_by: str
    changed_at: datetime


def open_versions(*, query: ListQuery, actor: Actor, on: date) -> Page[OpenVersion]:
    """Return the versions that the actor may see and that are not in force yet, the last written first."""
    coming = Q(state=VersionState.PUBLISHED.value, effective_from__gt=on)
    rows = ItemVersion.objects.visible_to(actor).filter(Q(state__in=IN_THE_MAKING) | coming)
    if states := query.filters.get("state"):
        rows = rows.filter(state__in=states)
    rows = rows.select_related("item").order_by("-changed_at", "id")
    if query.text:
        rows = rows.filter(
            Q(elements__name__icontains=query.text) | Q(item__department_name__icontains=query.text)
        )
    return paged(rows.defer("item__all_words", "item__meaning"), query, _row)


def count_open(*, actor: Actor) -> int:
    """Return how many there are."""
    if not actor.has(*OFFICIALS):
        return 0
    return ItemVersion.objects.visible_to(actor).filter(state__in=IN_THE_MAKING).count()


def _row(row: ItemVersion) -> OpenVersion:
    return OpenVersion(
        item=summary(row.item),
        name=row.elements["name"],
        number=row.number,
        state=VersionState(row.state),
        returned_reason=row.returned_reason,
        effective_from=row.effective_from,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )
