"""What the lake tells others: frozen records, never rows of tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.lake.domain.batches import BatchState, DeliveryMode, FaultCount, SourceKind
from zhengshu.contexts.lake.domain.faults import Fault, FaultKind
from zhengshu.contexts.lake.models import Batch, ServingTable, SetAsideRow
from zhengshu.kernel.identity import BatchId, DepartmentId, ResourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRecord:
    """One delivery of rows of one resource.

    Attributes:
        rows: rows delivered, blank ones not counted: accepted and set aside together.
        blank: rows without any value, which were passed over.
        served: rows that the serving table had when the batch was published.
        digest: SHA-256 of the delivered file, in hexadecimal.
        about: what was detected: format, encoding, delimiter, sheet.
        notes: sentences' codes with their data about what was noticed and did no harm.
        refusal_message: why nothing was published; an English message id for the data.
    """

    id: BatchId
    resource_id: ResourceId
    resource_code: str
    resource_name: str
    department_id: DepartmentId
    source_kind: SourceKind
    file_name: str
    mode: DeliveryMode
    replay_of: BatchId | None
    state: BatchState
    size: int
    digest: str
    about: Mapping[str, str]
    notes: tuple[tuple[str, str], ...]
    rows: int
    accepted: int
    set_aside: int
    blank: int
    served: int
    faults: tuple[FaultCount, ...]
    snapshot_id: int | None
    refusal_code: str
    refusal_message: str
    refusal_data: Mapping[str, object]
    by_id: UUID
    by_name: str
    received_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def number(self) -> str:
        """The short form of the id that people read out: date of receipt and its last letters."""
        return f"{self.received_at:%Y%m%d}-{self.id.hex[-6:]}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state not in {BatchState.RECEIVED, BatchState.COLLECTING}

    @property
    def seconds(self) -> float | None:
        """How long the collection took."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A row that was set aside: what was delivered and each reason."""

    id: int
    line: int
    values: Mapping[str, str]
    faults: tuple[Fault, ...]
    replayed_in: BatchId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedColumn:
    """A column of a serving table.

    Attributes:
        encrypted: the grade under which it is stored encrypted; empty where it is not.
    """

    column: str
    name: str
    kind: str
    encrypted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What is served of a resource now.

    Attributes:
        schema: the PostgreSQL schema of the view.
        view: the view to read; the table behind it changes with each batch.
        batch_id: the batch whose rows came last.
        snapshot_id: the Iceberg snapshot with the same rows.
    """

    resource_id: ResourceId
    schema: str
    view: str
    key_columns: tuple[str, ...]
    columns: tuple[ServedColumn, ...]
    rows: int
    published_at: datetime
    batch_id: BatchId
    snapshot_id: int


def batch_record(row: Batch) -> BatchRecord:
    """Return a batch as others may know it."""
    return BatchRecord(
        id=BatchId(row.id),
        resource_id=ResourceId(row.resource_id),
        resource_code=row.resource_code,
        resource_name=row.resource_name,
        department_id=DepartmentId(row.department_id),
        source_kind=SourceKind(row.source_kind),
        file_name=row.file_name,
        mode=DeliveryMode(row.mode),
        replay_of=BatchId(row.replay_of_id) if row.replay_of_id else None,
        state=BatchState(row.state),
        size=row.size,
        digest=row.digest,
        about=row.about,
        notes=tuple((str(code), str(data)) for code, data in row.notes),
        rows=row.rows,
        accepted=row.accepted,
        set_aside=row.set_aside,
        blank=row.blank,
        served=row.served,
        faults=tuple(FaultCount(**count) for count in row.faults),
        snapshot_id=row.snapshot_id,
        refusal_code=row.refusal_code,
        refusal_message=row.refusal_message,
        refusal_data=row.refusal_data,
        by_id=row.by_id,
        by_name=row.by_name,
        received_at=row.received_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def set_aside_record(row: SetAsideRow) -> SetAside:
    """Return a row that was set aside."""
    return SetAside(
        id=row.id,
        line=row.line,
        values=row.values,
        faults=tuple(Fault(FaultKind(f["kind"]), f["column"], f["data"]) for f in row.faults),
        replayed_in=BatchId(row.replayed_in_id) if row.replayed_in_id else None,
    )


def serving_record(row: ServingTable) -> Serving:
    """Return what is served of a resource."""
    return Serving(
        resource_id=ResourceId(row.resource_id),
        schema="serving",
        view=row.view,
        key_columns=tuple(row.key_columns),
        columns=tuple(ServedColumn(**column) for column in row.columns),
        rows=row.rows,
        published_at=row.published_at,
        batch_id=BatchId(row.batch_id),
        snapshot_id=row.snapshot_id,
    )
