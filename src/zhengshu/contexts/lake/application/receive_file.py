"""A delivery arrives: kept on disk, noted as a batch."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake.application.access import deliverable
from zhengshu.contexts.lake.application.records import BatchRecord, batch_record
from zhengshu.contexts.lake.domain.batches import BatchState, DeliveryMode, KeysMissing, SourceKind
from zhengshu.contexts.lake.domain.names import safe_file_name
from zhengshu.contexts.lake.events import BatchReceived
from zhengshu.contexts.lake.models import Batch
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.storage import data_folder
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import new_id


class FileTooLarge(Refused):
    """The delivery exceeds the size that the platform takes."""

    code = "lake.file-too-large"
    message = (
        "The file is larger than %(most)s MB. Split it, or let the data bureau collect it from your database."
    )


def refuse_too_large(size: int) -> None:
    """Refuse a delivery that announces more bytes than are taken.

    Raises:
        FileTooLarge: it does.
    """
    if size > settings.LAKE_MOST_UPLOAD_BYTES:
        raise FileTooLarge(most=f"{settings.LAKE_MOST_UPLOAD_BYTES >> 20:,}")


def keep_upload(chunks: Iterable[bytes]) -> Path:
    """Write an upload piece by piece into the inbox, under a name of our own.

    Raises:
        FileTooLarge: it turns out larger than is taken; what was written is removed.
    """
    path = inbox() / new_id().hex
    size = 0
    try:
        with path.open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                refuse_too_large(size)
                file.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def inbox() -> Path:
    """Return the folder of delivered files that wait or may be wanted again."""
    return data_folder("inbox")


@transaction
def receive_file(
    *,
    resource_code: str,
    staged: Path | None,
    file_name: str,
    size: int,
    actor: Actor,
    at: datetime,
    mode: DeliveryMode = DeliveryMode.REPLACE,
    is_repetition_meant: bool = False,
) -> BatchRecord:
    """Note a delivery as a batch that waits to be collected.

    Args:
        resource_code: the resource whose rows it holds.
        staged: where `keep_upload` put it; None for a file that is collected where it lies.
        file_name: the name under which it was delivered.
        size: in bytes.
        actor: who delivers.
        at: when.
        mode: what to do with the rows that are there.
        is_repetition_meant: collect it even if it is what is served.

    Raises:
        DeliveryNotYours: the resource is another department's.
        KeysMissing: upserting needs a key item.
    """
    resource = deliverable(resource_code=resource_code, actor=actor)
    if mode is DeliveryMode.UPSERT and not resource.keys:
        raise KeysMissing
    batch = note_batch(
        resource,
        source_kind=SourceKind.FILE,
        file_name=safe_file_name(file_name),
        mode=mode,
        actor=actor,
        at=at,
        staged=staged,
        size=size,
        is_repetition_meant=is_repetition_meant,
    )
    return batch_record(batch)


def note_batch(
    resource: catalog.ResourceRecord,
    *,
    source_kind: SourceKind,
    file_name: str,
    mode: DeliveryMode,
    actor: Actor,
    at: datetime,
    staged: Path | None = None,
    size: int = 0,
    is_repetition_meant: bool = False,
    replay_of: UUID | None = None,
) -> Batch:
    """Write the row of a new batch and announce it."""
    batch = Batch.objects.create(
        resource_id=resource.id,
        resource_code=resource.code,
        resource_name=resource.name,
        resource_version=resource.version,
        department_id=resource.department_id,
        source_kind=source_kind,
        file_name=file_name,
        staged_as=staged.name if staged else "",
        mode=mode,
        is_repetition_meant=is_repetition_meant,
        replay_of_id=replay_of,
        state=BatchState.RECEIVED,
        size=size,
        by_id=actor.id,
        by_name=actor.name,
        received_at=at,
    )
    publish(
        BatchReceived(
            at=at,
            actor=actor,
            subject=subject_of(batch),
            department_id=resource.department_id,
            batch_id=batch.id,
            resource_id=resource.id,
            resource_code=resource.code,
            file_name=file_name,
            size=size,
        )
    )
    return batch


def subject_of(batch: Batch) -> Subject:
    """Return what events about a batch are about."""
    return Subject("batch", str(batch.id), batch.resource_name)
