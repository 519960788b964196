"""Reading grants: one with its measures, a page of them, and those that open a resource."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from django.db.models import OuterRef, Q, Subquery

from zhengshu.contexts.exchange.application.grants import GrantNotFound
from zhengshu.contexts.exchange.application.names import Names, names_of, page_of, purpose_name
from zhengshu.contexts.exchange.application.records import FieldRecord, GrantRecord, MeasureRecord
from zhengshu.contexts.exchange.application.statements import offered_of
from zhengshu.contexts.exchange.domain.measures import MeasureKind
from zhengshu.contexts.exchange.domain.requests_scope import Condition
from zhengshu.contexts.exchange.models.grants import Grant, GrantQuerySet
from zhengshu.contexts.exchange.models.requests import GrantMeasure, ShareRequest
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.kernel.actors import NOBODY, Actor
from zhengshu.kernel.identity import DepartmentId, GrantId, RequestId, ResourceId, SystemId
from zhengshu.kernel.masks import Mask

FILTERS = ("side", "state", "resource", "purpose", "system")
SORTS = ("resource_name", "system_name", "active_from", "active_to")


class GrantState(StrEnum):
    """Whether a grant opens a door, and if not, why."""

    ACTIVE = "active"
    UPCOMING = "upcoming"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class _StoredField(msgspec.Struct, frozen=True):
    name: str
    column: str
    grade: int
    mask: Mask


def grant(*, grant_id: UUID, actor: Actor, at: datetime) -> GrantRecord:
    """Return one grant, with what was done about it.

    Raises:
        GrantNotFound: it does not exist or is not visible.
    """
    row = Grant.objects.visible_to(actor).filter(id=grant_id).first()
    if row is None:
        raise GrantNotFound
    measures = tuple(
        MeasureRecord(
            kind=one.kind,
            reason=one.reason,
            consultation=one.consultation,
            filing=one.filing,
            taken_at=one.taken_at,
        )
        for one in GrantMeasure.objects.filter(grant_id=row.id).order_by("taken_at", "id")
    )
    names = names_of([row.consumer_department_id, row.provider_department_id])
    types = _types([row])
    last = measures[-1].kind if measures else ""
    return _record(row, names=names, types=types, last=last, measures=measures, at=at)


def grants(*, query: ListQuery, actor: Actor, at: datetime) -> Page[GrantRecord]:
    """Return a page of the grants that the actor may see; `FILTERS` and `SORTS` say how to narrow it."""
    rows = _narrowed(Grant.objects.visible_to(actor), query, actor=actor, at=at)
    order = query.sort if query.sort.removeprefix("-") in SORTS else "-active_from"

    def make(found: Sequence[Grant]) -> tuple[GrantRecord, ...]:
        return _records(found, at=at)

    return page_of(rows.order_by(order, "-id"), query, make)


def count_grants(*, query: ListQuery, actor: Actor, at: datetime) -> int:
    """Return how many grants a list would show, without reading them."""
    return _narrowed(Grant.objects.visible_to(actor), query, actor=actor, at=at).count()


def _narrowed(rows: GrantQuerySet, query: ListQuery, *, actor: Actor, at: datetime) -> GrantQuerySet:
    if query.one("side") == "ours":
        rows = rows.filter(consumer_department_id=actor.department_id or NOBODY)
    elif query.one("side") == "given":
        rows = rows.filter(provider_department_id=actor.department_id or NOBODY)
    if resource := query.one("resource"):
        rows = rows.filter(resource_code=resource)
    if system := query.one("system"):
        rows = rows.filter(system_name=system)
    if purpose := query.one("purpose"):
        rows = rows.filter(purposes__contains=[purpose])
    if query.text:
        rows = rows.filter(
            Q(resource_name__icontains=query.text)
            | Q(resource_code__icontains=query.text)
            | Q(system_name__icontains=query.text)
        )
    return _in_state(rows, query.one("state"), at=at)


def _in_state(rows: GrantQuerySet, state: str, *, at: datetime) -> GrantQuerySet:
    if state == GrantState.ACTIVE:
        return rows.active(at=at)
    if state == GrantState.UPCOMING:
        return rows.filter(revoked_at=None, active_from__gt=at)
    if state == GrantState.EXPIRED:
        return rows.filter(revoked_at=None, active_to__lte=at)
    if state in {GrantState.SUSPENDED, GrantState.REVOKED}:
        last = (
            GrantMeasure.objects.filter(grant_id=OuterRef("id"))
            .order_by("-taken_at", "-id")
            .values("kind")[:1]
        )
        rows = rows.filter(revoked_at__isnull=False).annotate(last=Subquery(last))
        suspended = Q(last=MeasureKind.SUSPEND)
        return rows.filter(suspended if state == GrantState.SUSPENDED else ~suspended | Q(last=None))
    return rows


def _records(rows: Sequence[Grant], *, at: datetime) -> tuple[GrantRecord, ...]:
    names = names_of(one for row in rows for one in (row.consumer_department_id, row.provider_department_id))
    closed = [row.id for row in rows if row.revoked_at is not None]
    taken = GrantMeasure.objects.filter(grant_id__in=closed).order_by("taken_at", "id")
    last = dict(taken.values_list("grant_id", "kind"))
    types = _types(rows)
    return tuple(_record(row, names=names, types=types, last=last.get(row.id, ""), at=at) for row in rows)


def _types(rows: Sequence[Grant]) -> Mapping[tuple[UUID, str], str]:
    """Return the data type of each field of the grants, as their requests recorded it."""
    asked = ShareRequest.objects.filter(id__in=[row.request_id for row in rows if row.request_id])
    return {(one.id, item.column): item.data_type for one in asked for item in offered_of(one)}


def _record(
    row: Grant,
    *,
    names: Names,
    types: Mapping[tuple[UUID, str], str],
    last: str,
    at: datetime,
    measures: tuple[MeasureRecord, ...] = (),
) -> GrantRecord:
    stored = msgspec.convert(row.fields, tuple[_StoredField, ...])
    return GrantRecord(
        id=GrantId(row.id),
        request_id=RequestId(row.request_id) if row.request_id else None,
        state=_state(row, last=last, at=at),
        system_id=SystemId(row.system_id),
        system_name=row.system_name,
        consumer_id=DepartmentId(row.consumer_department_id),
        consumer_name=names(row.consumer_department_id),
        provider_id=DepartmentId(row.provider_department_id),
        provider_name=names(row.provider_department_id),
        resource_id=ResourceId(row.resource_id),
        resource_code=row.resource_code,
        resource_name=row.resource_name,
        key_columns=tuple(row.key_columns),
        fields=tuple(
            FieldRecord(
                name=item.name,
                column=item.column,
                grade=item.grade,
                mask=item.mask,
                data_type=types.get((row.request_id, item.column), "") if row.request_id else "",
            )
            for item in stored
        ),
        conditions=msgspec.convert(row.row_filter, tuple[Condition, ...]),
        purposes=tuple(row.purposes),
        purpose_names=tuple(purpose_name(code) for code in row.purposes),
        operations=tuple(row.operations),
        needs_case=row.needs_case,
        per_second=row.quota_per_second,
        per_day=row.quota_per_day,
        active_from=row.active_from,
        active_to=row.active_to,
        revoked_at=row.revoked_at,
        revoked_reason=row.revoked_reason,
        measures=measures,
    )


def _state(row: Grant, *, last: str, at: datetime) -> GrantState:
    if row.revoked_at is not None:
        return GrantState.SUSPENDED if last == MeasureKind.SUSPEND else GrantState.REVOKED
    if row.active_to <= at:
        return GrantState.EXPIRED
    return GrantState.UPCOMING if row.active_from > at else GrantState.ACTIVE
