"""What `quality` tells of assessments: frozen records, never rows of tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from zhengshu.contexts.quality.domain.runs import OPEN_STATES, RESUMABLE, RunCause, RunState
from zhengshu.contexts.quality.models import Outcome, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One assessment of a table; `score`, `rows` and the like mean something only where `is_whole`."""

    id: UUID
    resource_id: UUID
    resource_code: str
    resource_name: str
    department_id: UUID
    region: str
    cause: RunCause
    state: RunState
    is_stop_asked: bool
    batch_id: UUID | None
    snapshot_id: int | None
    pack: str
    model: str
    done: int
    total: int
    rows: int
    faulty: int
    score: float | None
    grade: str
    dimensions: Mapping[str, float]
    refusal_code: str
    refusal_message: str
    refusal_data: Mapping[str, str]
    by_name: str
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def number(self) -> str:
        """The short form of the id that people read out: the day it was asked for and its last letters."""
        return f"{self.asked_at:%Y%m%d}-{self.id.hex[-6:]}"

    @property
    def is_whole(self) -> bool:
        """Whether it has results."""
        return self.state is RunState.WHOLE

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN_STATES

    @property
    def is_resumable(self) -> bool:
        """Whether it ended without results."""
        return self.state in RESUMABLE

    @property
    def share_faulty(self) -> float | None:
        """The share of rows that at least one rule blames."""
        return self.faulty / self.rows if self.is_whole and self.rows else None

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        if self.started_at is None or self.finished_at is None:
            return None
        return (self.finished_at - self.started_at).total_seconds()

    def left(self, *, at: datetime) -> timedelta | None:
        """Return how long it will still take if it goes on as it went; None where that cannot be said."""
        if self.started_at is None or not self.is_open or not self.done or not self.total:
            return None
        return (at - self.started_at) / self.done * (self.total - self.done)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRecord:
    """What one rule found in one run, with the rule's words of then."""

    code: str
    base_code: str
    name: str
    column: str
    kind: str
    dimension: str
    indicator: str
    severity: str
    weight: int
    basis: str
    name_en: str
    basis_en: str
    element: str
    is_row_rule: bool
    asked: int
    failed: int
    score: float | None
    version: str
    reason_message: str
    reason_data: Mapping[str, str]

    @property
    def ratio(self) -> float | None:
        """The share of asked rows that it blames."""
        return self.failed / self.asked if self.asked else None

    @property
    def was_asked(self) -> bool:
        """Whether any row answered it."""
        return not self.reason_message and self.asked > 0


def run_record(row: Run) -> RunRecord:
    """Return a run as others may know it; what is no result yet is left out."""
    is_whole = row.state == RunState.WHOLE
    return RunRecord(
        id=row.id,
        resource_id=row.resource_id,
        resource_code=row.resource_code,
        resource_name=row.resource_name,
        department_id=row.department_id,
        region=row.region,
        cause=RunCause(row.cause),
        state=RunState(row.state),
        is_stop_asked=row.is_stop_asked,
        batch_id=row.batch_id,
        snapshot_id=row.snapshot_id,
        pack=row.pack,
        model=row.model,
        done=row.done,
        total=row.total,
        rows=row.rows if is_whole else 0,
        faulty=row.faulty if is_whole else 0,
        score=row.score if is_whole else None,
        grade=row.grade if is_whole else "",
        dimensions=row.dimensions if is_whole else {},
        refusal_code=row.refusal_code,
        refusal_message=row.refusal_message,
        refusal_data=row.refusal_data,
        by_name=row.by_name,
        asked_at=row.asked_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


def outcome_record(row: Outcome) -> OutcomeRecord:
    """Return what a rule found; the row must have been read with its version."""
    return OutcomeRecord(
        code=row.code,
        base_code=row.base_code,
        name=row.name,
        column=row.column,
        kind=row.kind,
        dimension=row.dimension,
        indicator=row.indicator,
        severity=row.severity,
        weight=row.weight,
        basis=str(row.version.body.get("basis", "")),
        name_en=str(row.version.body.get("name_en", "")),
        basis_en=str(row.version.body.get("basis_en", "")),
        element=str(row.version.body.get("element", "")),
        is_row_rule=row.is_row_rule,
        asked=row.asked,
        failed=row.failed,
        score=row.score,
        version=row.version_id,
        reason_message=row.reason_message,
        reason_data=row.reason_data,
    )
