"""Management API of `casework`: to-dos and cases."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router, Schema

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.case_rows import SORTS
from zhengshu.contexts.casework.domain.narrowing import FILTERS
from zhengshu.contexts.casework.domain.records import CaseRecord, ClockRecord, Step, TaskRecord
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.http_commands import router as commands
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import DEFAULT_SIZE, MOST_ROWS_PER_PAGE, ListQuery, readable
from zhengshu.kernel.clocks import Light
from zhengshu.kernel.identity import CaseId

router = Router(tags=["casework"])
router.add_router("", commands)

LARGEST_PAGE = 100_000


class ListIn(Schema):
    """What a list is narrowed and sorted by; dates are days, the last one included."""

    q: str = ""
    type: str = ""
    light: Light | None = None
    state: str = ""
    department: UUID | None = None
    party: UUID | None = None
    whose: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None
    sort: str = ""
    page: int = 1
    size: int = DEFAULT_SIZE
    after: str = ""

    def query(self) -> ListQuery:
        """Return the list's query within its bounds."""
        chosen = {
            name: readable(str(value)) for name in FILTERS if (value := getattr(self, name)) is not None
        }
        page = min(max(1, self.page), LARGEST_PAGE)
        return ListQuery(
            text=readable(self.q),
            filters={name: (value,) for name, value in chosen.items() if value},
            sort=self.sort if self.sort.removeprefix("-") in SORTS else "",
            page=max(2, page) if self.after else page,
            size=min(max(1, self.size), MOST_ROWS_PER_PAGE),
            after=readable(self.after),
        )


class SubjectOut(Schema):
    """What a case is about."""

    kind: str
    id: UUID
    title: str
    path: str


class OutcomeOut(Schema):
    """One way in which a to-do may end."""

    code: str
    name: str
    needs_reason: bool
    needs_basis: bool
    without_form: bool


class TaskOut(Schema):
    """A to-do."""

    id: UUID
    case_id: UUID
    case_number: str
    case_type: str
    task: str
    task_name: str
    department_id: UUID | None
    department_name: str
    subject: SubjectOut
    outcomes: list[OutcomeOut]
    light: Light
    due_at: datetime | None
    opened_at: datetime
    is_mine: bool


class DayOut(Schema):
    """One line of the answer to “why is it due on that day”."""

    day: date
    is_counted: bool
    number: int
    text: str


class ClockOut(Schema):
    """A legal clock."""

    clock: str
    name: str
    value: int
    unit: str
    basis: str
    started_at: datetime
    stopped_at: datetime | None
    due_at: datetime | None
    is_paused: bool
    is_estimate: bool
    light: Light
    explanation: list[DayOut]


class StepOut(Schema):
    """One entry of a timeline."""

    number: int
    kind: str
    at: datetime
    title: str
    actor_name: str
    department_name: str
    task: str
    outcome: str
    reason: str
    basis: str


class CaseOut(Schema):
    """A case, without its clocks and timeline."""

    id: UUID
    number: str
    type: str
    type_name: str
    state: str
    state_name: str
    subject: SubjectOut
    light: Light
    due_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    open_tasks: list[TaskOut]


class CaseDetailOut(CaseOut):
    """A case with its clocks and timeline."""

    clocks: list[ClockOut]
    timeline: list[StepOut]


class TasksOut(Schema):
    """One page of to-dos; `is_more` says that there are more than `total`, which nobody counted."""

    total: int
    is_more: bool
    rows: list[TaskOut]


class CasesOut(Schema):
    """One page of cases; `is_more` says that there are more than `total`; `next` is the `after` of the next page."""

    total: int
    is_more: bool
    next: str
    rows: list[CaseOut]


@router.get("/inbox", auth=official(*READERS), response=TasksOut, summary="List my to-dos")
def inbox(request: ActorRequest, asked: Query[ListIn]) -> TasksOut:
    """Return the to-dos that the caller may do, nearest limit first."""
    page = queries.inbox(actor=request.actor, query=asked.query(), at=timezone.now())
    return TasksOut(total=page.total, is_more=page.is_more, rows=[_task(row) for row in page.rows])


@router.get("/cases", auth=official(*READERS), response=CasesOut, summary="List cases")
def cases(request: ActorRequest, asked: Query[ListIn]) -> CasesOut:
    """Return the cases that the caller may see; follow `next` from page to page."""
    page = queries.supervised(actor=request.actor, query=asked.query(), at=timezone.now())
    rows = [CaseOut.model_validate(_members(row)) for row in page.rows]
    following = page.last_key if page.has_next else ""
    return CasesOut(total=page.total, is_more=page.is_more, next=following, rows=rows)


@router.get("/cases/{case_id}", auth=official(*READERS), response=CaseDetailOut, summary="Read a case")
def case(request: ActorRequest, case_id: UUID) -> CaseDetailOut:
    """Return a case with its clocks, each day explained, and its timeline."""
    record = queries.case(case_id=CaseId(case_id), actor=request.actor, at=timezone.now())
    clocks = [_clock(clock) for clock in record.clocks]
    timeline = [_step(step) for step in record.timeline]
    return CaseDetailOut.model_validate({**_members(record), "clocks": clocks, "timeline": timeline})


def _members(record: CaseRecord) -> dict[str, object]:
    return {
        "id": record.id,
        "number": record.number,
        "type": record.type,
        "type_name": record.type_name,
        "state": record.state,
        "state_name": record.state_name,
        "subject": SubjectOut.from_orm(record.subject),
        "light": record.light,
        "due_at": record.due_at,
        "opened_at": record.opened_at,
        "closed_at": record.closed_at,
        "open_tasks": [_task(task) for task in record.open_tasks],
    }


def _task(record: TaskRecord) -> TaskOut:
    return TaskOut.from_orm(record)


def _clock(record: ClockRecord) -> ClockOut:
    return ClockOut.from_orm(record)


def _step(record: Step) -> StepOut:
    return StepOut.from_orm(record)
