"""After a process has died: the batch is marked, and what it left is removed."""

from datetime import datetime, timedelta

import structlog

from zhengshu.contexts.lake.application import serving
from zhengshu.contexts.lake.application.collect_file import discard
from zhengshu.contexts.lake.application.locks import is_alive
from zhengshu.contexts.lake.application.receive_file import inbox, subject_of
from zhengshu.contexts.lake.domain.batches import BatchState
from zhengshu.contexts.lake.events import BatchInterrupted
from zhengshu.contexts.lake.models import Batch, ServingTable, SetAsideRow
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import BatchId, DepartmentId

log = structlog.get_logger(__name__)

KEPT_UPLOADS = timedelta(days=7)
"""How long the file of a batch that was not published is kept, so that it can be collected again."""


def clean_up(*, at: datetime) -> tuple[BatchId, ...]:
    """Mark batches whose process died as interrupted, remove what they and others left; return them.

    Safe at any time and in several processes: a batch is only touched while its resource's lock is free.
    """
    interrupted = []
    for batch in Batch.objects.filter(state=BatchState.COLLECTING):
        if not is_alive(batch.resource_id) and _mark(batch, at=at):
            discard(batch)
            interrupted.append(BatchId(batch.id))
            log.warning("lake.batch_interrupted", batch=str(batch.id), resource=batch.resource_code)
    _drop_orphans()
    _forget_uploads(at=at)
    return tuple(interrupted)


@transaction
def _mark(batch: Batch, *, at: datetime) -> bool:
    locked = Batch.objects.select_for_update().filter(id=batch.id, state=BatchState.COLLECTING).first()
    if locked is None:
        return False
    SetAsideRow.objects.filter(batch=locked).delete()
    locked.state, locked.finished_at = BatchState.INTERRUPTED, at
    locked.rows = locked.accepted = locked.set_aside = locked.blank = 0
    locked.faults = []
    locked.save()
    publish(
        BatchInterrupted(
            at=at,
            actor=Actor.platform("lake.clean_up"),
            subject=subject_of(locked),
            department_id=DepartmentId(locked.department_id),
            batch_id=locked.id,
            resource_id=locked.resource_id,
            resource_code=locked.resource_code,
        )
    )
    return True


def _drop_orphans() -> None:
    """Drop serving tables that no view reads and no living batch fills."""
    read = set(ServingTable.objects.values_list("table", flat=True))
    filled = {batch.id.hex[-20:] for batch in Batch.objects.filter(state=BatchState.COLLECTING)}
    for table in serving.tables():
        if table not in read and table[-20:] not in filled:
            serving.drop(table)


def _forget_uploads(*, at: datetime) -> None:
    wanted = set(
        Batch.objects.exclude(staged_as="")
        .exclude(state=BatchState.PUBLISHED)
        .filter(received_at__gt=at - KEPT_UPLOADS)
        .values_list("staged_as", flat=True)
    )
    oldest = (at - KEPT_UPLOADS).timestamp()
    for file in inbox().iterdir():
        if file.name not in wanted and file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)
