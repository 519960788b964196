"""Management API of matters: corrections, misuses, disputes, demands."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router, Schema

from zhengshu.contexts.exchange.application import matter_queries as queries
from zhengshu.contexts.exchange.application.matter_records import (
    CorrectionRecord,
    DemandRecord,
    DisputeRecord,
    MatterRecord,
    MatterSummary,
    MisuseRecord,
)
from zhengshu.contexts.exchange.application.raise_demand import raise_demand
from zhengshu.contexts.exchange.application.raise_dispute import raise_dispute
from zhengshu.contexts.exchange.application.report_misuse import report_misuse
from zhengshu.contexts.exchange.application.request_correction import request_correction
from zhengshu.contexts.exchange.application.take_step import take_step
from zhengshu.contexts.exchange.application.withdraw_matter import withdraw_matter
from zhengshu.contexts.exchange.domain.corrections import Claim, FaultKind
from zhengshu.contexts.exchange.domain.demands import Demanded
from zhengshu.contexts.exchange.domain.disputes import DisputeAbout
from zhengshu.contexts.exchange.domain.matters import MatterKind, Step
from zhengshu.contexts.exchange.interfaces.access import (
    CORRECTION_REQUESTERS,
    DECIDERS,
    MATTER_READERS,
    MEASURERS,
)
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import DEFAULT_SIZE, MOST_LETTERS, MOST_ROWS_PER_PAGE, ListQuery, Page
from zhengshu.kernel.identity import GrantId

router = Router(tags=["exchange"])

LARGEST_PAGE = 100_000


class MattersIn(Schema):
    """What a list of matters is narrowed by."""

    q: str = ""
    sort: str = ""
    page: int = 1
    size: int = DEFAULT_SIZE
    side: str = ""
    progress: str = ""
    time: str = ""
    list: str = ""

    def query(self) -> ListQuery:
        """Return the list's query within its bounds."""
        chosen = {"side": self.side, "progress": self.progress, "time": self.time, "list": self.list}
        return ListQuery(
            text=self.q.strip()[:MOST_LETTERS],
            filters={name: (value,) for name, value in chosen.items() if value},
            sort=self.sort if self.sort.removeprefix("-") in queries.SORTS else "",
            page=min(max(1, self.page), LARGEST_PAGE),
            size=min(max(1, self.size), MOST_ROWS_PER_PAGE),
        )


class PartOut(Schema):
    """A department's part in a matter."""

    party: str
    department_id: UUID
    department_name: str


class MatterOut(Schema):
    """One line of a list of matters."""

    id: UUID
    kind: MatterKind
    number: str
    title: str
    case_id: UUID
    state: str
    parts: list[PartOut]
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    in_time: bool | None
    note: str

    @classmethod
    def of(cls, record: MatterSummary) -> "MatterOut":
        """Make it of a record."""
        return cls.from_orm(record)


class MatterPageOut(Schema):
    """One page of matters."""

    rows: list[MatterOut]
    total: int

    @classmethod
    def of(cls, page: Page[MatterSummary]) -> "MatterPageOut":
        """Make it of a page."""
        return cls(rows=[MatterOut.of(row) for row in page.rows], total=page.total)


class MatterWholeOut(MatterOut):
    """A matter with what it states; the values of a correction are not part of it."""

    statements: dict[str, str]

    @classmethod
    def of_record(cls, record: MatterRecord) -> "MatterWholeOut":
        """Make it of a record."""
        return cls(**MatterOut.of(record.summary).dict(), statements=_statements(record))


class IdOut(Schema):
    """The id of what was opened."""

    id: UUID


class StateOut(Schema):
    """Where a matter stands after a step."""

    state: str


class CorrectionIn(Schema):
    """What is wrong with which row (Decree 809, article 26)."""

    resource_code: str
    fault: FaultKind = FaultKind.WRONG
    columns: list[str]
    key: dict[str, str] = {}
    right: dict[str, str] = {}
    evidence: str
    call_id: UUID | None = None


class MisuseIn(Schema):
    """What was found, and what must be corrected until when (Decree 809, article 27)."""

    grant_id: UUID
    finding: str
    order: str
    rectify_within: int
    calls: list[UUID] = []


class DemandIn(Schema):
    """Which data a matter needs."""

    name: str
    legal_basis: str
    scenario: str
    wanted: str
    freshness: str = "daily"


class DisputeIn(Schema):
    """What is contested (Decree 809, article 28)."""

    about: DisputeAbout
    about_id: UUID
    claim: str
    wanted: str


class StepIn(Schema):
    """How a to-do ends, with what the outcome needs."""

    task: str
    outcome: str
    reason: str = ""
    basis: str = ""
    department_id: UUID | None = None
    batch_id: UUID | None = None
    resource_code: str = ""
    promised_on: date | None = None


class ReasonIn(Schema):
    """Why something is taken back."""

    reason: str


@router.post(
    "/corrections", auth=official(*CORRECTION_REQUESTERS), response=IdOut, summary="Report wrong data"
)
def post_correction(request: ActorRequest, body: CorrectionIn) -> IdOut:
    """Ask a provider to correct shared data."""
    claim = Claim(
        fault=body.fault, columns=tuple(body.columns), key=body.key, right=body.right, evidence=body.evidence
    )
    found = request_correction(
        resource_code=body.resource_code,
        claim=claim,
        call_id=body.call_id,
        actor=request.actor,
        at=timezone.now(),
    )
    return IdOut(id=found)


@router.post("/misuses", auth=official(*MEASURERS), response=IdOut, summary="Report a misuse")
def post_misuse(request: ActorRequest, body: MisuseIn) -> IdOut:
    """Report a misuse of a grant, which is suspended at once."""
    found = report_misuse(
        grant_id=GrantId(body.grant_id),
        finding=body.finding,
        order=body.order,
        rectify_within=body.rectify_within,
        calls=body.calls,
        actor=request.actor,
        at=timezone.now(),
    )
    return IdOut(id=found)


@router.post("/demands", auth=official(*DECIDERS), response=IdOut, summary="Demand data")
def post_demand(request: ActorRequest, body: DemandIn) -> IdOut:
    """Demand data that no resource offers."""
    return IdOut(id=raise_demand(demanded=Demanded(**body.dict()), actor=request.actor, at=timezone.now()))


@router.post("/disputes", auth=official(*DECIDERS), response=IdOut, summary="Raise a dispute")
def post_dispute(request: ActorRequest, body: DisputeIn) -> IdOut:
    """Raise a dispute about a share request, a grant or a correction."""
    found = raise_dispute(
        about=body.about,
        about_id=body.about_id,
        claim=body.claim,
        wanted=body.wanted,
        actor=request.actor,
        at=timezone.now(),
    )
    return IdOut(id=found)


@router.get("/matters/{kind}", auth=official(*MATTER_READERS), response=MatterPageOut, summary="List matters")
def list_matters(request: ActorRequest, kind: MatterKind, asked: Query[MattersIn]) -> MatterPageOut:
    """Return a page of the corrections, misuses, disputes or demands that the caller may see."""
    page = queries.matters(kind=kind, query=asked.query(), actor=request.actor, at=timezone.now())
    return MatterPageOut.of(page)


@router.get(
    "/matters/{kind}/{matter_id}",
    auth=official(*MATTER_READERS),
    response=MatterWholeOut,
    summary="Read a matter",
)
def get_matter(request: ActorRequest, kind: MatterKind, matter_id: UUID) -> MatterWholeOut:
    """Return one matter."""
    return MatterWholeOut.of_record(queries.matter(kind=kind, matter_id=matter_id, actor=request.actor))


@router.post(
    "/matters/{kind}/{matter_id}/steps",
    auth=official(*MATTER_READERS),
    response=StateOut,
    summary="Take a step of a matter",
)
def post_step(request: ActorRequest, kind: MatterKind, matter_id: UUID, body: StepIn) -> StateOut:
    """End a to-do of a matter with an outcome."""
    state = take_step(
        kind=kind, matter_id=matter_id, step=Step(**body.dict()), actor=request.actor, at=timezone.now()
    )
    return StateOut(state=state)


@router.post(
    "/matters/{kind}/{matter_id}/withdraw",
    auth=official(*MATTER_READERS),
    response=MatterWholeOut,
    summary="Take a matter back",
)
def post_withdrawal(
    request: ActorRequest, kind: MatterKind, matter_id: UUID, body: ReasonIn
) -> MatterWholeOut:
    """Take a matter back, and return it as it then is."""
    withdraw_matter(
        kind=kind, matter_id=matter_id, reason=body.reason, actor=request.actor, at=timezone.now()
    )
    return MatterWholeOut.of_record(queries.matter(kind=kind, matter_id=matter_id, actor=request.actor))


def _statements(record: MatterRecord) -> dict[str, str]:
    match record:
        case CorrectionRecord():
            return {"fields": "、".join(record.fields), "fault": record.fault.value}
        case MisuseRecord():
            return {"finding": record.finding, "order": record.order}
        case DisputeRecord():
            return {"claim": record.claim, "wanted": record.wanted}
        case DemandRecord():
            return {"scenario": record.scenario, "wanted": record.wanted, "legal_basis": record.legal_basis}
