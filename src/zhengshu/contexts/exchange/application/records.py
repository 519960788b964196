"""What the exchange shows of its requests, grants and calls: frozen records, never rows."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from zhengshu.contexts.exchange.domain.answers import AnswerKind, RefusalGround, Terms
from zhengshu.contexts.exchange.domain.requests import RequestState, Statement
from zhengshu.contexts.exchange.domain.requests_scope import Condition, OfferedField
from zhengshu.kernel.identity import CaseId, DepartmentId, GrantId, RequestId, ResourceId, SystemId
from zhengshu.kernel.masks import Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSummary:
    """One line of a list of share requests.

    Attributes:
        due_at: when the running clock of its case ends; None while none runs.
    """

    id: RequestId
    number: str
    state: RequestState
    resource_id: ResourceId
    resource_code: str
    resource_name: str
    sharing_class: str
    consumer_id: DepartmentId
    consumer_name: str
    provider_id: DepartmentId
    provider_name: str
    purpose: str
    purpose_name: str
    case_id: CaseId | None
    due_at: datetime | None
    submitted_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord(RequestSummary):
    """A share request with everything that it states and what was answered.

    Attributes:
        offered: the items of the resource that could be asked for.
        return_reason: why the requester's own head sent it back; empty once approved.
        completion_notice: what the provider found missing; empty while it did not ask.
        terms: what a yes grants.
        grant_id: of the grant that was issued.
    """

    resource_version: int
    authority_id: DepartmentId
    authority_name: str
    statement: Statement
    offered: tuple[OfferedField, ...]
    return_reason: str
    completion_notice: str
    completion_asked_at: datetime | None
    completion_reply: str
    extension_reason: str
    extension_asked_at: datetime | None
    extended_at: datetime | None
    answer_kind: AnswerKind | None
    answer_reason: str
    answer_ground: RefusalGround | None
    answer_basis: str
    answered_at: datetime | None
    terms: Terms | None
    delivered_at: datetime | None
    grant_id: GrantId | None

    @property
    def chosen(self) -> tuple[OfferedField, ...]:
        """The fields that were asked for, in the resource's order."""
        columns = set(self.statement.columns)
        return tuple(item for item in self.offered if item.column in columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRecord:
    """One field of a grant."""

    name: str
    column: str
    grade: int
    mask: Mask
    data_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRecord:
    """A suspension, resumption or revocation."""

    kind: str
    reason: str
    consultation: str
    filing: str
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRecord:
    """What one consuming system may read.

    Attributes:
        state: active, upcoming, expired, suspended or revoked, as seen at the time of the query.
        measures: what was done about it; only on its own page, empty in lists.
    """

    id: GrantId
    request_id: RequestId | None
    state: str
    system_id: SystemId
    system_name: str
    consumer_id: DepartmentId
    consumer_name: str
    provider_id: DepartmentId
    provider_name: str
    resource_id: ResourceId
    resource_code: str
    resource_name: str
    key_columns: tuple[str, ...]
    fields: tuple[FieldRecord, ...]
    conditions: tuple[Condition, ...]
    purposes: tuple[str, ...]
    purpose_names: tuple[str, ...]
    operations: tuple[str, ...]
    needs_case: bool
    per_second: int
    per_day: int
    active_from: datetime
    active_to: datetime
    revoked_at: datetime | None
    revoked_reason: str
    measures: tuple[MeasureRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One call that reached the gateway with a right signature: who asked for what, and what came of it."""

    id: UUID
    sequence: int
    at: datetime
    system_id: SystemId
    system_name: str
    consumer_id: DepartmentId
    consumer_name: str
    provider_id: DepartmentId | None
    provider_name: str
    grant_id: GrantId | None
    resource_code: str
    resource_name: str
    operation: str
    purpose: str
    purpose_name: str
    case_ref: str
    official_ref: str
    verdict: str
    fields: tuple[str, ...]
    row_count: int
    microseconds: int

    @property
    def is_answered(self) -> bool:
        """Whether it got what it asked for."""
        return self.verdict == "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCount:
    """How many calls fell on one day, or served one purpose.

    Attributes:
        key: the ISO date or the code of the purpose.
        label: what a person reads.
        day: set when counted by day.
    """

    key: str
    label: str
    answered: int
    refused: int
    day: date | None = None
