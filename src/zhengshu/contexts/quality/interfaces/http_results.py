"""Management API of `quality`: assessments and what they found. Counts and scores; no values."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router, Schema, Status

from zhengshu.contexts.quality.application import queries
from zhengshu.contexts.quality.application.ask_assessment import ask_assessment
from zhengshu.contexts.quality.application.control_run import stop_run
from zhengshu.contexts.quality.application.overview import overview
from zhengshu.contexts.quality.application.records import OutcomeRecord, RunRecord
from zhengshu.contexts.quality.application.rectification_queries import (
    RectificationRecord,
    rectification,
    rectifications,
)
from zhengshu.contexts.quality.domain.rectifications import RectificationState
from zhengshu.contexts.quality.domain.runs import RunCause, RunState
from zhengshu.contexts.quality.interfaces import jobs
from zhengshu.contexts.quality.interfaces.access import ASSESSORS, READERS
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import MOST_ROWS_PER_PAGE, ListQuery
from zhengshu.foundation.transactions import transaction

results = Router(tags=["quality"])


class RunOut(Schema):
    """An assessment; counts and score mean something only where `state` is `whole`."""

    id: UUID
    number: str
    resource_code: str
    resource_name: str
    department_id: UUID
    cause: RunCause
    state: RunState
    done: int
    total: int
    rows: int
    faulty: int
    score: float | None
    grade: str
    dimensions: dict[str, float]
    snapshot_id: int | None
    refusal_code: str
    asked_at: datetime
    finished_at: datetime | None


class RunPageOut(Schema):
    """One page of assessments."""

    total: int
    page: int
    rows: list[RunOut]


class OutcomeOut(Schema):
    """What one rule found."""

    code: str
    name: str
    column: str
    kind: str
    dimension: str
    indicator: str
    severity: str
    weight: int
    basis: str
    asked: int
    failed: int
    score: float | None
    version: str


class PartOut(Schema):
    """The score of a department or a region; `key` is its id or its code."""

    key: str
    name: str
    score: float | None
    grade: str
    tables: int
    rows: int
    faulty: int


class ScoresOut(Schema):
    """The scores of all tables that the caller may see."""

    score: float | None
    grade: str
    tables: int
    rows: int
    faulty: int
    departments: list[PartOut]
    regions: list[PartOut]


class RectificationOut(Schema):
    """The failing rows of a table as a matter of their owner: counts, never rows."""

    id: UUID
    number: str
    resource_code: str
    resource_name: str
    department_id: UUID
    state: RectificationState
    rows_first: int
    rows_left: int
    score_before: float | None
    score_after: float | None
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None


class RectificationPageOut(Schema):
    """One page of rectifications."""

    total: int
    page: int
    rows: list[RectificationOut]


class PageQuery(Schema):
    """Which page of a list, narrowed by words."""

    q: str = ""
    page: int = 1
    size: int = 20

    def asked(self, **filters: str) -> ListQuery:
        """Return the query of the list."""
        return ListQuery(
            text=self.q.replace("\0", ""),
            filters={name: (value,) for name, value in filters.items() if value},
            page=min(max(1, self.page), 10_000),
            size=min(max(1, self.size), MOST_ROWS_PER_PAGE),
        )


@results.get(
    "/scores",
    response=ScoresOut,
    auth=official(*READERS),
    operation_id="quality_scores",
    summary="Read scores",
)
def scores(request: ActorRequest) -> ScoresOut:
    """Return the scores of departments and regions by the last assessment of each table."""
    return ScoresOut.model_validate(overview(actor=request.actor, at=timezone.now()), from_attributes=True)


@results.get("/tables", response=RunPageOut, auth=official(*READERS), operation_id="quality_tables")
def tables(request: ActorRequest, query: Query[PageQuery]) -> RunPageOut:
    """List the last finished assessment of each table, worst first."""
    asked = query.asked()
    page = queries.tables(actor=request.actor, query=asked)
    return RunPageOut(total=page.total, page=asked.page, rows=[_run(row) for row in page.rows])


@results.get("/runs", response=RunPageOut, auth=official(*READERS), operation_id="quality_runs")
def runs(request: ActorRequest, query: Query[PageQuery], state: RunState | None = None) -> RunPageOut:
    """List assessments, newest first."""
    asked = query.asked(state=state or "")
    page = queries.runs(actor=request.actor, query=asked)
    return RunPageOut(total=page.total, page=asked.page, rows=[_run(row) for row in page.rows])


@results.get("/runs/{run_id}", response=RunOut, auth=official(*READERS), operation_id="quality_run")
def run(request: ActorRequest, run_id: UUID) -> RunOut:
    """Return one assessment; poll it until its state is neither waiting nor running."""
    return _run(queries.run(run_id=run_id, actor=request.actor))


@results.get(
    "/runs/{run_id}/outcomes",
    response=list[OutcomeOut],
    auth=official(*READERS),
    operation_id="quality_outcomes",
)
def outcomes(request: ActorRequest, run_id: UUID) -> list[OutcomeOut]:
    """Return what each rule found in a finished assessment; nothing of one that has no result."""
    queries.run(run_id=run_id, actor=request.actor)
    return [_outcome(one) for one in queries.outcomes(run_id=run_id, actor=request.actor)]


@results.post(
    "/resources/{resource_code}/runs",
    response={202: RunOut},
    auth=official(*ASSESSORS),
    operation_id="quality_assess",
)
def assess(request: ActorRequest, resource_code: str) -> Status[RunOut]:
    """Have a table assessed; the worker does it."""
    return Status(202, _run(queries.run(run_id=_ask(request, resource_code), actor=request.actor)))


@results.post("/runs/{run_id}/stop", response=RunOut, auth=official(*ASSESSORS), operation_id="quality_stop")
def stop(request: ActorRequest, run_id: UUID) -> RunOut:
    """Stop an assessment; it has no result."""
    stop_run(run_id=run_id, actor=request.actor, at=timezone.now())
    return _run(queries.run(run_id=run_id, actor=request.actor))


@results.get(
    "/rectifications",
    response=RectificationPageOut,
    auth=official(*READERS),
    operation_id="quality_rectifications",
)
def rectification_list(
    request: ActorRequest, query: Query[PageQuery], state: RectificationState | None = None
) -> RectificationPageOut:
    """List rectifications, newest first."""
    asked = query.asked(state=state or "")
    page = rectifications(actor=request.actor, query=asked, at=timezone.now())
    return RectificationPageOut(
        total=page.total, page=asked.page, rows=[_rectification(one) for one in page.rows]
    )


@results.get(
    "/rectifications/{rectification_id}",
    response=RectificationOut,
    auth=official(*READERS),
    operation_id="quality_rectification",
)
def one_rectification(request: ActorRequest, rectification_id: UUID) -> RectificationOut:
    """Return one rectification."""
    return _rectification(rectification(rectification_id=rectification_id, actor=request.actor))


@transaction
def _ask(request: ActorRequest, code: str) -> UUID:
    run_id = ask_assessment(resource_code=code, actor=request.actor, at=timezone.now())
    jobs.queue(run_id)
    return run_id


def _run(one: RunRecord) -> RunOut:
    return RunOut.model_validate(one, from_attributes=True)


def _outcome(one: OutcomeRecord) -> OutcomeOut:
    return OutcomeOut.model_validate(one, from_attributes=True)


def _rectification(one: RectificationRecord) -> RectificationOut:
    return RectificationOut.model_validate(one, from_attributes=True)
