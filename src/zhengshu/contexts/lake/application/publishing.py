"""The one transaction in which a batch becomes what others read, or is refused."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from zhengshu.contexts.lake.application import serving
from zhengshu.contexts.lake.application.encrypting import (
    compared_by,
    encryption_of,
    require_same,
    stored_names,
)
from zhengshu.contexts.lake.application.receive_file import subject_of
from zhengshu.contexts.lake.domain.batches import BatchState, DeliveryMode
from zhengshu.contexts.lake.domain.columns import Column
from zhengshu.contexts.lake.domain.names import table_name, view_name
from zhengshu.contexts.lake.events import BatchPublished, BatchRefused, RowsReplayed
from zhengshu.contexts.lake.models import Batch, ServingTable
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import DepartmentId

if TYPE_CHECKING:  # Iceberg is slow to import and needed by few processes
    from zhengshu.contexts.lake.application import warehouse

OnPublished = Callable[[Batch], None]


def publish_batch(
    batch: Batch,
    target: "warehouse.Target",
    *,
    actor: Actor,
    clock: Callable[[], datetime],
    also: OnPublished | None = None,
) -> None:
    """Fill the serving table beside the one that is read, then change everything at once.

    Args:
        batch: with its counts.
        target: the files that were written.
        actor: who delivers.
        clock: the time, as it passes.
        also: what else has to happen in the same transaction.
    """
    from zhengshu.contexts.lake.application import warehouse

    former = ServingTable.objects.filter(resource_id=batch.resource_id).first()
    is_merge = (
        batch.mode != DeliveryMode.REPLACE and former is not None and _columns(target) == former.columns
    )
    staged = serving.stage(
        table=table_name(target.name, batch_id=batch.id),
        columns=target.columns,
        batches=warehouse.read(target.table, target.paths, columns=target.schema.names),
        with_indexes=not is_merge,
        encryption=encryption_of(
            target.columns, view=view_name(batch.resource_code), department_id=batch.department_id
        ),
    )
    retired = _change(batch, target, staged, actor=actor, at=clock(), also=also)
    if retired:
        serving.drop(retired)


@transaction
def refuse(batch: Batch, refusal: Refused, *, actor: Actor, at: datetime) -> None:
    """End a batch without a change for readers; keep the reason."""
    batch.refresh_from_db()
    batch.state = BatchState.REFUSED
    batch.refusal_code = refusal.code
    batch.refusal_message = refusal.message
    batch.refusal_data = {name: str(value) for name, value in refusal.data.items()}
    batch.finished_at = at
    batch.save()
    publish(
        BatchRefused(
            at=at,
            actor=actor,
            subject=subject_of(batch),
            department_id=DepartmentId(batch.department_id),
            batch_id=batch.id,
            resource_id=batch.resource_id,
            resource_code=batch.resource_code,
            reason_code=refusal.code,
        )
    )


@transaction
def _change(
    batch: Batch,
    target: "warehouse.Target",
    staged: serving.Staged,
    *,
    actor: Actor,
    at: datetime,
    also: OnPublished | None,
) -> str:
    """Move snapshot, view, batch and their records together; return the table that nobody reads any more."""
    from zhengshu.contexts.lake.application import warehouse

    former = ServingTable.objects.select_for_update().filter(resource_id=batch.resource_id).first()
    batch.snapshot_id = warehouse.commit(
        target, mode=DeliveryMode(batch.mode), properties=_summary(batch, actor)
    )
    table, rows = _serve(batch, target, staged, former)
    batch.state, batch.finished_at, batch.served = BatchState.PUBLISHED, at, rows
    batch.save()
    is_new = former is None or batch.mode == DeliveryMode.REPLACE
    ServingTable.objects.update_or_create(
        resource_id=batch.resource_id,
        defaults={
            "view": view_name(batch.resource_code),
            "table": table,
            "batch": batch,
            "replaced_by": batch if former is None or is_new else former.replaced_by,
            "snapshot_id": batch.snapshot_id,
            "columns": _columns(target),
            "key_columns": [column.column for column in target.columns if column.is_key],
            "rows": rows,
            "published_at": at,
        },
    )
    if also is not None:
        also(batch)
    _announce(batch, actor=actor, at=at)
    return former.table if former is not None and former.table != table else ""


def _serve(
    batch: Batch, target: "warehouse.Target", staged: serving.Staged, former: ServingTable | None
) -> tuple[str, int]:
    """Let readers see the staged rows; return the table that they read then, and its rows."""
    keys = [column.column for column in target.columns if column.is_key]
    upserted = keys if batch.mode == DeliveryMode.UPSERT else []
    if former is None or batch.mode == DeliveryMode.REPLACE:
        rows = staged.rows
    elif former.columns == _columns(target):
        return former.table, serving.merge(
            into=former.table, staged=staged, columns=target.columns, keys=upserted
        )
    else:
        require_same(former.columns, _columns(target))
        common = [column for column in target.columns if _described(column) in former.columns]
        rows = serving.carry_over(
            source=former.table,
            staged=staged,
            columns=stored_names(common),
            keys=compared_by(target.columns, upserted),
        )
    serving.swap(view=view_name(batch.resource_code), table=staged.table, columns=target.columns)
    return staged.table, rows


def _columns(target: "warehouse.Target") -> list[dict[str, str]]:
    return [_described(column) for column in target.columns]


def _described(column: Column) -> dict[str, str]:
    encrypted = {"encrypted": str(column.encrypted_grade)} if column.encrypted_grade else {}
    return {"column": column.column, "name": column.name, "kind": column.kind.value, **encrypted}


def _summary(batch: Batch, actor: Actor) -> Mapping[str, str]:
    """Return what the snapshot says of itself, for whoever reads the lake without the platform."""
    return {
        "zhengshu.batch-id": str(batch.id),
        "zhengshu.resource-code": batch.resource_code,
        "zhengshu.resource-version": str(batch.resource_version),
        "zhengshu.mode": batch.mode,
        "zhengshu.digest-sha256": batch.digest,
        "zhengshu.rows": str(batch.rows),
        "zhengshu.accepted": str(batch.accepted),
        "zhengshu.set-aside": str(batch.set_aside),
        "zhengshu.by": str(actor.id),
        "zhengshu.received-at": batch.received_at.isoformat(),
    }


def _announce(batch: Batch, *, actor: Actor, at: datetime) -> None:
    department_id = DepartmentId(batch.department_id)
    publish(
        BatchPublished(
            at=at,
            actor=actor,
            subject=subject_of(batch),
            department_id=department_id,
            batch_id=batch.id,
            resource_id=batch.resource_id,
            resource_code=batch.resource_code,
            mode=batch.mode,
            rows=batch.rows,
            accepted=batch.accepted,
            set_aside=batch.set_aside,
            served=batch.served,
            digest=batch.digest,
            snapshot_id=batch.snapshot_id or 0,
        )
    )
    if batch.replay_of_id:
        publish(
            RowsReplayed(
                at=at,
                actor=actor,
                subject=subject_of(batch),
                department_id=department_id,
                batch_id=batch.id,
                resource_id=batch.resource_id,
                resource_code=batch.resource_code,
                original_batch_id=batch.replay_of_id,
                rows=batch.accepted,
            )
        )
