"""Collect a delivered file: read, type, set aside, snapshot, serve."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import structlog
from django.conf import settings

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake.application import publishing, serving
from zhengshu.contexts.lake.application.access import columns_of
from zhengshu.contexts.lake.application.apply_types import (
    FaultyRow,
    TypedChunk,
    Typer,
    fault_counts,
    typed_chunks,
)
from zhengshu.contexts.lake.application.gates import Candidate, ask_gates
from zhengshu.contexts.lake.application.locks import collecting
from zhengshu.contexts.lake.application.reading.ahead import ahead
from zhengshu.contexts.lake.application.reading.opening import Opened, open_file
from zhengshu.contexts.lake.application.reading.streams import Survey, survey
from zhengshu.contexts.lake.application.receive_file import inbox, receive_file, refuse_too_large
from zhengshu.contexts.lake.application.records import BatchRecord, batch_record
from zhengshu.contexts.lake.application.table_files import written_files
from zhengshu.contexts.lake.domain.batches import (
    BatchState,
    DeliveryMode,
    Serving,
    SourceKind,
    TooManyFaults,
    judge,
    refuse_repetition,
)
from zhengshu.contexts.lake.domain.columns import Column
from zhengshu.contexts.lake.domain.faults import Fault
from zhengshu.contexts.lake.domain.headers import RowsMissing, match_header
from zhengshu.contexts.lake.domain.names import view_name
from zhengshu.contexts.lake.models import Batch, BatchNotFound, DeliveryRule, ServingTable, SetAsideRow
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import BatchId, ResourceId

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Counts:
    """How far a collection is."""

    accepted: int = 0
    set_aside: int = 0
    blank: int = 0
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        """Rows that hold something."""
        return self.accepted + self.set_aside

    def fields(self) -> Mapping[str, object]:
        """Return the counts as fields of a batch."""
        faults = [{"column": c, "kind": k, "rows": rows} for (c, k), rows in self.faults.most_common()]
        return {
            "rows": self.rows,
            "accepted": self.accepted,
            "set_aside": self.set_aside,
            "blank": self.blank,
            "faults": faults,
        }


@dataclass(frozen=True, slots=True)
class Job:
    """One collection: the batch, its resource, who does it, and the clock."""

    batch: Batch
    resource: catalog.ResourceRecord
    actor: Actor
    at: datetime
    started: float = field(default_factory=time.monotonic)

    @property
    def now(self) -> datetime:
        """The time given, and what has passed since."""
        return self.at + timedelta(seconds=time.monotonic() - self.started)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the resource."""
        return columns_of(self.resource)


def collect(
    *,
    resource_code: str,
    source: Path,
    file_name: str,
    actor: Actor,
    at: datetime,
    mode: DeliveryMode = DeliveryMode.REPLACE,
    is_repetition_meant: bool = False,
) -> BatchRecord:
    """Collect a file where it lies, to the end.

    Raises:
        DeliveryNotYours: the resource is another department's.
        AlreadyDelivered: it is what is served already.
        CollectionRunning: another delivery of the resource is being collected.
        Refused: the file cannot be read, or too many rows do not fit; nothing was changed.
    """
    size = source.stat().st_size
    refuse_too_large(size)
    batch = receive_file(
        resource_code=resource_code,
        staged=None,
        file_name=file_name,
        size=size,
        actor=actor,
        at=at,
        mode=mode,
        is_repetition_meant=is_repetition_meant,
    )
    return collect_batch(batch_id=batch.id, actor=actor, at=at, source=source)


def collect_batch(
    *,
    batch_id: BatchId,
    actor: Actor,
    at: datetime,
    source: Path | None = None,
    also: publishing.OnPublished | None = None,
) -> BatchRecord:
    """Collect a batch that was received; see `collect`. What `also` does happens in the transaction of the swap.

    The batch ends published or refused. If the process dies on the way, what was served before is still served,
    and `clean_up` marks the batch as interrupted.
    """
    batch = Batch.objects.filter(id=batch_id).first()
    if batch is None:
        raise BatchNotFound
    resource_id = ResourceId(batch.resource_id)
    resource = catalog.resources(ids=[resource_id])[resource_id]
    job = Job(batch, resource, actor, at)
    try:
        with collecting(batch.resource_id):
            _begin(job)
            try:
                _run(job, source or inbox() / batch.staged_as, also)
            except Refused as refusal:
                discard(batch)
                publishing.refuse(batch, refusal, actor=actor, at=job.now)
                raise
    except Refused as refusal:
        if batch.state == BatchState.RECEIVED:
            publishing.refuse(batch, refusal, actor=actor, at=job.now)
        raise
    if batch.staged_as:
        (inbox() / batch.staged_as).unlink(missing_ok=True)
    batch.refresh_from_db()
    return batch_record(batch)


def discard(batch: Batch) -> None:
    """Remove what a batch has written that nobody reads: files and tables."""
    from zhengshu.contexts.lake.application import warehouse

    view = view_name(batch.resource_code)
    warehouse.remove_files(view, batch_id=batch.id)
    for table in serving.tables():
        if table.endswith(batch.id.hex[-20:]) and not ServingTable.objects.filter(table=table).exists():
            serving.drop(table)


def _begin(job: Job) -> None:
    job.batch.state = BatchState.COLLECTING
    job.batch.started_at = job.at
    job.batch.save(update_fields=["state", "started_at"])


def _run(job: Job, path: Path, also: publishing.OnPublished | None) -> None:
    from zhengshu.contexts.lake.application import warehouse

    batch, columns = job.batch, job.columns
    surveyed = survey(path)
    batch.digest, batch.size = surveyed.digest, surveyed.size
    batch.save(update_fields=["digest", "size"])
    if not batch.is_repetition_meant and batch.mode == DeliveryMode.REPLACE:
        refuse_repetition(
            _served(batch.resource_id), digest=surveyed.digest, resource_version=job.resource.version
        )
    opened = _open(job, path, surveyed, columns)
    name = view_name(batch.resource_code)
    target = warehouse.prepare(name=name, columns=columns, batch_id=batch.id)
    counts = Counts()
    typer = Typer(columns, present=list(opened.source.header.places))
    chunks = ahead(typed_chunks(typer, ahead(opened.source.chunks())))
    for _ in warehouse.write(target, _accepted(chunks, job, counts)):
        pass
    if not counts.rows:
        raise RowsMissing
    rule = DeliveryRule.objects.filter(resource_id=batch.resource_id).first()
    judge(
        accepted=counts.accepted,
        set_aside=counts.set_aside,
        is_all_or_nothing=rule is not None and rule.is_all_or_nothing,
    )
    with written_files(target) as files:
        ask_gates(Candidate(batch=batch_record(batch), resource=job.resource, files=files))
    publishing.publish_batch(batch, target, actor=job.actor, clock=lambda: job.now, also=also)


def _open(job: Job, path: Path, surveyed: Survey, columns: Sequence[Column]) -> Opened:
    opened = open_file(
        path,
        file_name=job.batch.file_name,
        layout=lambda rows: match_header(rows, columns=columns),
        surveyed=surveyed,
    )
    header = opened.source.header
    notes = []
    if not opened.has_fitting_name and job.batch.source_kind == SourceKind.FILE:
        notes.append(("extension", opened.file_format.value))
    if header.row:
        notes.append(("rows_above_header", str(header.row)))
    if header.unknown:
        notes.append(("unknown_columns", "、".join(header.unknown[:20])))
    if header.absent:
        notes.append(("absent_items", "、".join(header.absent[:20])))
    job.batch.about, job.batch.notes = dict(opened.source.about), notes
    job.batch.save(update_fields=["about", "notes"])
    return opened


def _accepted(chunks: Iterator[TypedChunk], job: Job, counts: Counts) -> Iterator[pa.RecordBatch]:
    """Yield accepted rows; set faulty ones aside and count on the way."""
    for chunk in chunks:
        counts.blank += chunk.blank
        counts.accepted += chunk.rows
        counts.set_aside += len(chunk.faulty)
        counts.faults += fault_counts(chunk.faulty)
        set_aside(job.batch.id, chunk.faulty)
        Batch.objects.filter(id=job.batch.id).update(**counts.fields())
        if counts.set_aside > settings.LAKE_MOST_SET_ASIDE:
            raise TooManyFaults(most=f"{settings.LAKE_MOST_SET_ASIDE:,}")
        yield from chunk.accepted
    for name, value in counts.fields().items():
        setattr(job.batch, name, value)


def set_aside(batch_id: UUID, rows: Sequence[FaultyRow]) -> None:
    """Keep faulty rows with their reasons."""
    SetAsideRow.objects.bulk_create(
        (
            SetAsideRow(
                batch_id=batch_id,
                line=row.line,
                values={name: text.replace("\x00", "\ufffd") for name, text in row.values.items()},
                faults=[fault_data(fault) for fault in row.faults],
            )
            for row in rows
        ),
        batch_size=2000,
    )


def fault_data(fault: Fault) -> dict[str, object]:
    """Return a fault as it is stored."""
    return {"kind": fault.kind.value, "column": fault.column, "data": dict(fault.data)}


def _served(resource_id: UUID) -> Serving | None:
    row = ServingTable.objects.filter(resource_id=resource_id).select_related("replaced_by", "batch").first()
    if row is None or row.batch_id != row.replaced_by_id:
        return None
    batch = batch_record(row.batch)
    return Serving(batch.number, batch.digest, row.published_at, row.batch.resource_version)
