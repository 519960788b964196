"""Questions about deliveries, as far as the actor may see them."""

from collections.abc import Iterable, Mapping

from zhengshu.contexts.lake.application.records import (
    BatchRecord,
    Serving,
    SetAside,
    batch_record,
    serving_record,
    set_aside_record,
)
from zhengshu.contexts.lake.domain.batches import BatchState
from zhengshu.contexts.lake.models import Batch, BatchNotFound, DeliveryRule, ServingTable, SetAsideRow
from zhengshu.foundation.lists import ListQuery, Page, paged
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import BatchId, DepartmentId, ResourceId

SORTS = ("received_at", "resource_name", "rows", "set_aside", "file_name")


class RowsNotYours(Refused):
    """Rows are shown to the department that owns them; others see counts."""

    code = "lake.rows-not-yours"
    kind = Kind.FORBIDDEN
    message = "The rows are shown only to the data officers and heads of the department that owns them."


class RowNotFound(Refused):
    """No row of that line waits for correction, or it is not yours to see."""

    code = "lake.row-not-found"
    kind = Kind.NOT_FOUND
    message = "No row of line %(line)s waits for correction."


def batch(*, batch_id: BatchId, actor: Actor) -> BatchRecord:
    """Return one delivery.

    Raises:
        BatchNotFound: there is none that the actor may see.
    """
    return batch_record(visible_batch(batch_id=batch_id, actor=actor))


def waiting_batch(*, batch_id: BatchId) -> BatchRecord | None:
    """Return a batch that waits to be collected, for the worker; None where it was collected already."""
    row = Batch.objects.filter(id=batch_id, state=BatchState.RECEIVED).first()
    return batch_record(row) if row else None


def visible_batch(*, batch_id: BatchId, actor: Actor) -> Batch:
    """Return the row of a delivery that the actor may see.

    Raises:
        BatchNotFound: there is none.
    """
    found = Batch.objects.visible_to(actor).filter(id=batch_id).first()
    if found is None:
        raise BatchNotFound
    return found


def batches(*, actor: Actor, query: ListQuery, resource_id: ResourceId | None = None) -> Page[BatchRecord]:
    """Return the deliveries of a resource, or of all resources that the actor may see, newest first.

    Filters: ``state``, ``mode``, ``source_kind``; searched are file names, names and codes of resources.
    """
    rows = Batch.objects.visible_to(actor)
    if resource_id is not None:
        rows = rows.filter(resource_id=resource_id)
    for name in ("state", "mode", "source_kind"):
        if values := query.filters.get(name):
            rows = rows.filter(**{f"{name}__in": values})
    if query.text:
        rows = rows.searched(query.text)
    order = query.sort if query.sort.removeprefix("-") in SORTS else "-received_at"
    return paged(rows.order_by(order, "-id"), query, batch_record)


def may_see_rows(*, batch: BatchRecord, actor: Actor) -> bool:
    """Whether the actor may see the rows of a delivery, not only its counts."""
    return Batch.objects.with_rows_for(actor).filter(id=batch.id).exists()


def set_aside_rows(*, batch_id: BatchId, actor: Actor, query: ListQuery) -> Page[SetAside]:
    """Return rows that were set aside, in the order of the file.

    Filters: ``column``, ``kind`` of a fault; ``open`` keeps those that were not replayed.

    Raises:
        BatchNotFound: there is no such batch that the actor may see.
        RowsNotYours: the actor sees counts only.
    """
    visible_batch(batch_id=batch_id, actor=actor)
    if not Batch.objects.with_rows_for(actor).filter(id=batch_id).exists():
        raise RowsNotYours
    rows = SetAsideRow.objects.filter(batch_id=batch_id)
    if column := query.one("column"):
        rows = rows.filter(faults__contains=[{"column": column}])
    if kind := query.one("kind"):
        rows = rows.filter(faults__contains=[{"kind": kind}])
    if query.one("open"):
        rows = rows.filter(replayed_in=None)
    return paged(rows.order_by("line", "id"), query, set_aside_record)


def set_aside_row(*, batch_id: BatchId, line: int, actor: Actor) -> SetAside:
    """Return one row that waits for correction.

    Raises:
        RowNotFound: no row of that line waits in a batch whose rows the actor may see.
    """
    rows = SetAsideRow.objects.filter(
        batch__in=Batch.objects.with_rows_for(actor), batch_id=batch_id, line=line
    )
    found = rows.filter(replayed_in=None).first()
    if found is None:
        raise RowNotFound(line=line)
    return set_aside_record(found)


def serving(*, resource_id: ResourceId) -> Serving | None:
    """Return what is served of a resource, or None while nothing was published."""
    row = ServingTable.objects.filter(resource_id=resource_id).first()
    return serving_record(row) if row else None


def servings(*, resource_ids: Iterable[ResourceId]) -> Mapping[ResourceId, Serving]:
    """Return what is served of several resources, in one query."""
    rows = ServingTable.objects.filter(resource_id__in=tuple(resource_ids))
    return {ResourceId(row.resource_id): serving_record(row) for row in rows}


def served_resources() -> tuple[ResourceId, ...]:
    """Return the resources of which something is served, for jobs that go through all tables."""
    ids = ServingTable.objects.order_by("resource_id").values_list("resource_id", flat=True)
    return tuple(ResourceId(one) for one in ids)


def takes_only_whole_batches(*, resource_id: ResourceId) -> bool:
    """Whether a resource refuses a batch with faulty rows."""
    return DeliveryRule.objects.filter(resource_id=resource_id, is_all_or_nothing=True).exists()


def departments_of(batches: Iterable[BatchRecord]) -> frozenset[DepartmentId]:
    """Return whose deliveries they are."""
    return frozenset(found.department_id for found in batches)
