"""What the exchange shows of matters about shared data: frozen records, never rows."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from zhengshu.contexts.exchange.domain.corrections import ClaimedValue, FaultKind
from zhengshu.contexts.exchange.domain.disputes import DisputeAbout
from zhengshu.contexts.exchange.domain.matters import MatterKind
from zhengshu.kernel.identity import BatchId, CaseId, DepartmentId, GrantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A department's part in a matter."""

    party: str
    department_id: DepartmentId
    department_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterSummary:
    """One line of a list of matters.

    Attributes:
        state: the to-do for which it waits, or how it ended.
        parts: who takes which part; the first opened it.
        due_at: when its clock ends or ended.
        in_time: once it has ended: whether that was in time; None where no clock ran.
    """

    id: UUID
    kind: MatterKind
    number: str
    title: str
    case_id: CaseId
    state: str
    parts: tuple[Part, ...]
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    in_time: bool | None
    note: str = ""
    """What came of it, in a line: a resource, a reason with its basis."""

    @property
    def is_open(self) -> bool:
        """Whether somebody has to act."""
        return self.closed_at is None

    def part(self, party: str) -> Part | None:
        """Return who takes a part."""
        return next((part for part in self.parts if part.party == party), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRecord:
    """A request for a correction.

    Attributes:
        fields: names of the fields concerned.
        key, right: values as the reader may see them.
        evidence: empty where the reader may not see it yet.
        is_open: whether values are shown in full.
        may_open: whether the reader may ask for that.
        has_hidden: whether anything is masked or held back.
    """

    summary: MatterSummary
    resource_code: str
    fault: FaultKind
    fields: tuple[str, ...]
    key: tuple[ClaimedValue, ...]
    right: tuple[ClaimedValue, ...]
    evidence: str
    is_open: bool
    may_open: bool
    has_hidden: bool
    call_id: UUID | None
    batch_id: BatchId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MisuseRecord:
    """A misuse of a grant."""

    summary: MatterSummary
    grant_id: GrantId
    resource_code: str
    resource_name: str
    system_name: str
    finding: str
    order: str
    rectify_within: int
    calls: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRecord:
    """A demand for data."""

    summary: MatterSummary
    legal_basis: str
    scenario: str
    wanted: str
    freshness: str
    promised_on: date | None
    resource_code: str
    resource_name: str
    answer_reason: str
    answer_basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeRecord:
    """A dispute."""

    summary: MatterSummary
    about: DisputeAbout
    about_id: UUID
    claim: str
    wanted: str


MatterRecord = CorrectionRecord | MisuseRecord | DemandRecord | DisputeRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionsOfResource:
    """How the corrections of one resource go.

    Attributes:
        open: how many are under way; their rows are not to be relied on.
        ended, in_time: how many have ended with an answer, and how many of them in time.
        last: the latest that ended, newest first.
    """

    open: int
    ended: int
    in_time: int
    last: tuple["CorrectionResult", ...]

    @property
    def rate(self) -> float | None:
        """The share that was answered in time."""
        return self.in_time / self.ended if self.ended else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionResult:
    """What came of one correction; no values, no names of persons."""

    number: str
    state: str
    fields: tuple[str, ...]
    opened_at: datetime
    closed_at: datetime
    in_time: bool | None
