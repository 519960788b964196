"""Management API of `exchange`: requests, grants, calls."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router, Schema

from zhengshu.contexts.exchange.application import call_queries, grant_queries, request_queries
from zhengshu.contexts.exchange.application.draft_request import draft_request
from zhengshu.contexts.exchange.application.records import (
    CallRecord,
    GrantRecord,
    RequestRecord,
    RequestSummary,
)
from zhengshu.contexts.exchange.application.submit_request import submit_request
from zhengshu.contexts.exchange.domain.requests import Delivery, Frequency, RequestState, Statement
from zhengshu.contexts.exchange.domain.requests_scope import Condition, Operator
from zhengshu.contexts.exchange.interfaces.access import CALL_READERS, READERS, REQUESTERS
from zhengshu.contexts.exchange.interfaces.http_matters import router as matters_router
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import DEFAULT_SIZE, MOST_LETTERS, MOST_ROWS_PER_PAGE, ListQuery, Page
from zhengshu.kernel.identity import RequestId, SystemId
from zhengshu.kernel.masks import Mask

router = Router(tags=["exchange"])
router.add_router("", matters_router)

LARGEST_PAGE = 100_000


class ListIn(Schema):
    """What every list takes."""

    q: str = ""
    sort: str = ""
    page: int = 1
    size: int = DEFAULT_SIZE

    def query(self, filters: Mapping[str, str], *, sorts: Sequence[str] = ()) -> ListQuery:
        """Return the list's query within its bounds."""
        return ListQuery(
            text=self.q.strip()[:MOST_LETTERS],
            filters={name: (value,) for name, value in filters.items() if value},
            sort=self.sort if self.sort.removeprefix("-") in sorts else "",
            page=min(max(1, self.page), LARGEST_PAGE),
            size=min(max(1, self.size), MOST_ROWS_PER_PAGE),
        )


class RequestsIn(ListIn):
    """What a list of share requests is narrowed by."""

    side: str = ""
    state: RequestState | None = None
    time: str = ""
    resource: str = ""
    purpose: str = ""


class GrantsIn(ListIn):
    """What a list of grants is narrowed by."""

    side: str = ""
    state: str = ""
    resource: str = ""
    purpose: str = ""


class CallsIn(ListIn):
    """What a list of calls is narrowed by."""

    side: str = ""
    resource: str = ""
    grant: str = ""
    purpose: str = ""
    verdict: str = ""
    first_day: str = ""
    last_day: str = ""


class ConditionBody(Schema):
    """A condition on rows."""

    column: str
    operator: Operator
    values: list[str]


class StatementIn(Schema):
    """Everything that a share request states (Decree 809, article 20)."""

    resource_code: str
    legal_basis: str = ""
    scenario: str = ""
    purpose: str = ""
    columns: list[str] = []
    conditions: list[ConditionBody] = []
    delivery: Delivery = Delivery.API
    frequency: Frequency = Frequency.PER_CASE
    valid_until: datetime | None = None
    system_id: UUID | None = None
    per_second: int = 10
    per_day: int = 10_000
    is_declared: bool = False

    def statement(self) -> Statement:
        """Return the statement."""
        return Statement(
            legal_basis=self.legal_basis,
            scenario=self.scenario,
            purpose=self.purpose,
            columns=tuple(self.columns),
            conditions=tuple(
                Condition(column=one.column, operator=one.operator, values=tuple(one.values))
                for one in self.conditions
            ),
            delivery=self.delivery,
            frequency=self.frequency,
            valid_until=self.valid_until,
            system_id=None if self.system_id is None else SystemId(self.system_id),
            per_second=self.per_second,
            per_day=self.per_day,
            is_declared=self.is_declared,
        )


class DraftOut(Schema):
    """The id of a draft."""

    id: UUID


class SubmittedOut(Schema):
    """The case of a submitted request."""

    id: UUID
    case_id: UUID


class RequestOut(Schema):
    """One line of a list of share requests."""

    id: UUID
    number: str
    state: RequestState
    resource_code: str
    resource_name: str
    sharing_class: str
    consumer_id: UUID
    consumer_name: str
    provider_id: UUID
    provider_name: str
    purpose: str
    case_id: UUID | None
    due_at: datetime | None
    submitted_at: datetime | None
    changed_at: datetime


class RequestWholeOut(RequestOut):
    """A share request with what was answered."""

    resource_version: int
    columns: list[str]
    legal_basis: str
    scenario: str
    valid_until: datetime | None
    completion_notice: str
    answer_reason: str
    answer_basis: str
    answered_at: datetime | None
    delivered_at: datetime | None
    grant_id: UUID | None

    @classmethod
    def of(cls, record: RequestRecord) -> "RequestWholeOut":
        """Make it of a record."""
        stated = record.statement
        return cls(
            **RequestOut.from_orm(record).dict(),
            resource_version=record.resource_version,
            columns=list(stated.columns),
            legal_basis=stated.legal_basis,
            scenario=stated.scenario,
            valid_until=stated.valid_until,
            completion_notice=record.completion_notice,
            answer_reason=record.answer_reason,
            answer_basis=record.answer_basis,
            answered_at=record.answered_at,
            delivered_at=record.delivered_at,
            grant_id=record.grant_id,
        )


class RequestPageOut(Schema):
    """One page of share requests."""

    rows: list[RequestOut]
    total: int

    @classmethod
    def of(cls, page: Page[RequestSummary]) -> "RequestPageOut":
        """Make it of a page."""
        return cls(rows=[RequestOut.from_orm(row) for row in page.rows], total=page.total)


class FieldOut(Schema):
    """One granted field."""

    name: str
    column: str
    grade: int
    mask: Mask
    data_type: str


class GrantOut(Schema):
    """What one consuming system may read."""

    id: UUID
    request_id: UUID
    state: str
    system_id: UUID
    system_name: str
    consumer_id: UUID
    consumer_name: str
    provider_id: UUID
    provider_name: str
    resource_code: str
    resource_name: str
    key_columns: list[str]
    fields: list[FieldOut]
    conditions: list[ConditionBody]
    purposes: list[str]
    needs_case: bool
    per_second: int
    per_day: int
    active_from: datetime
    active_to: datetime
    revoked_at: datetime | None
    revoked_reason: str


class GrantPageOut(Schema):
    """One page of grants."""

    rows: list[GrantOut]
    total: int

    @classmethod
    def of(cls, page: Page[GrantRecord]) -> "GrantPageOut":
        """Make it of a page."""
        return cls(rows=[GrantOut.from_orm(row) for row in page.rows], total=page.total)


class CallOut(Schema):
    """Who called what for which purpose, and what came of it."""

    id: UUID
    sequence: int
    at: datetime
    system_id: UUID
    consumer_id: UUID
    consumer_name: str
    provider_id: UUID | None
    provider_name: str
    grant_id: UUID | None
    resource_code: str
    operation: str
    purpose: str
    case_ref: str
    official_ref: str
    verdict: str
    fields: list[str]
    row_count: int


class CallPageOut(Schema):
    """One page of calls."""

    rows: list[CallOut]
    total: int

    @classmethod
    def of(cls, page: Page[CallRecord]) -> "CallPageOut":
        """Make it of a page."""
        return cls(rows=[CallOut.from_orm(row) for row in page.rows], total=page.total)


@router.get("/requests", auth=official(*READERS), response=RequestPageOut, summary="List share requests")
def list_requests(request: ActorRequest, asked: Query[RequestsIn]) -> RequestPageOut:
    """Return a page of the share requests that the caller may see."""
    chosen = {
        "side": asked.side,
        "state": asked.state.value if asked.state else "",
        "time": asked.time,
        "resource": asked.resource,
        "purpose": asked.purpose,
    }
    query = asked.query(chosen, sorts=request_queries.SORTS)
    return RequestPageOut.of(request_queries.requests(query=query, actor=request.actor, at=timezone.now()))


@router.post("/requests", auth=official(*REQUESTERS), response=DraftOut, summary="Draft a share request")
def post_request(request: ActorRequest, body: StatementIn) -> DraftOut:
    """Save a draft; submit it with its own operation."""
    request_id = draft_request(
        resource_code=body.resource_code, statement=body.statement(), actor=request.actor, at=timezone.now()
    )
    return DraftOut(id=request_id)


@router.get(
    "/requests/{request_id}",
    auth=official(*READERS),
    response=RequestWholeOut,
    summary="Read a share request",
)
def get_request(request: ActorRequest, request_id: UUID) -> RequestWholeOut:
    """Return one share request."""
    return RequestWholeOut.of(request_queries.request(request_id=request_id, actor=request.actor))


@router.post(
    "/requests/{request_id}/submit",
    auth=official(*REQUESTERS),
    response=SubmittedOut,
    summary="Submit a share request",
)
def post_submit(request: ActorRequest, request_id: UUID) -> SubmittedOut:
    """Submit a draft; repeating it returns the same case."""
    case_id = submit_request(request_id=RequestId(request_id), actor=request.actor, at=timezone.now())
    return SubmittedOut(id=request_id, case_id=case_id)


@router.get("/grants", auth=official(*READERS), response=GrantPageOut, summary="List grants")
def list_grants(request: ActorRequest, asked: Query[GrantsIn]) -> GrantPageOut:
    """Return a page of the grants that the caller may see."""
    chosen = {"side": asked.side, "state": asked.state, "resource": asked.resource, "purpose": asked.purpose}
    query = asked.query(chosen, sorts=grant_queries.SORTS)
    return GrantPageOut.of(grant_queries.grants(query=query, actor=request.actor, at=timezone.now()))


@router.get("/grants/{grant_id}", auth=official(*READERS), response=GrantOut, summary="Read a grant")
def get_grant(request: ActorRequest, grant_id: UUID) -> GrantOut:
    """Return one grant."""
    return GrantOut.from_orm(grant_queries.grant(grant_id=grant_id, actor=request.actor, at=timezone.now()))


@router.get("/calls", auth=official(*CALL_READERS), response=CallPageOut, summary="List calls")
def list_calls(request: ActorRequest, asked: Query[CallsIn]) -> CallPageOut:
    """Return a page of the calls that the caller may see, the newest first."""
    chosen = {
        "side": asked.side,
        "resource": asked.resource,
        "grant": asked.grant,
        "purpose": asked.purpose,
        "verdict": asked.verdict,
        "from": asked.first_day,
        "to": asked.last_day,
    }
    return CallPageOut.of(call_queries.calls(query=asked.query(chosen), actor=request.actor))
