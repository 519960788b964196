"""Reading matters: one of a kind, a page of a kind, and what the corrections of a resource came to."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db.models import Count, F, Q

from zhengshu.contexts.exchange.application.matter_records import (
    CorrectionRecord,
    CorrectionResult,
    CorrectionsOfResource,
    DemandRecord,
    DisputeRecord,
    MatterRecord,
    MatterSummary,
    MisuseRecord,
    Part,
)
from zhengshu.contexts.exchange.application.matters import AnyMatter, AnyMatters, rows_of
from zhengshu.contexts.exchange.application.names import Names, names_of
from zhengshu.contexts.exchange.domain.corrections import FaultKind, shown
from zhengshu.contexts.exchange.domain.demands import RESPONSIBLE, WITHHELD, ListKind
from zhengshu.contexts.exchange.domain.disputes import DisputeAbout
from zhengshu.contexts.exchange.domain.matters import MatterKind
from zhengshu.contexts.exchange.domain.requests_scope import OfferedField
from zhengshu.contexts.exchange.models import CorrectionRequest, DataDemand, Dispute, Misuse
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.kernel.actors import NOBODY, Actor, Role
from zhengshu.kernel.identity import BatchId, CaseId, DepartmentId, GrantId, ResourceId

FILTERS = ("side", "progress", "time", "resource", "list")
SORTS = ("opened_at", "due_at", "number")
SOON = timedelta(days=3)
LAST_RESULTS = 5


def matters(*, kind: MatterKind, query: ListQuery, actor: Actor, at: datetime) -> Page[MatterSummary]:
    """Return a page of the matters of a kind that the actor may see; `FILTERS` and `SORTS` narrow and order it."""
    rows = _narrowed(rows_of(kind).visible_to(actor), query, actor=actor, at=at)
    order = query.sort if query.sort.removeprefix("-") in SORTS else "-opened_at"
    field = F(order.removeprefix("-"))
    ordered = rows.order_by(
        field.desc(nulls_last=True) if order.startswith("-") else field.asc(nulls_last=True), "-id"
    )
    start = (query.page - 1) * query.size
    found: list[AnyMatter] = list(ordered[start : start + query.size])
    return Page(rows=_summaries(found), total=rows.count(), query=query)


def matter(*, kind: MatterKind, matter_id: UUID, actor: Actor) -> MatterRecord:
    """Return one matter, values that need a reason to be seen masked.

    Raises:
        MatterNotFound: it does not exist or is not visible.
    """
    row = rows_of(kind).visible_to(actor).one(matter_id)
    (summary,) = _summaries([row])
    match row:
        case CorrectionRequest():
            return correction_record(row, is_open=False, actor=actor)
        case Misuse():
            return _misuse(row, summary)
        case DataDemand():
            return _demand(row, summary)
        case Dispute():
            return DisputeRecord(
                summary=summary,
                about=DisputeAbout(row.about),
                about_id=row.about_id,
                claim=row.claim,
                wanted=row.wanted,
            )


def correction_record(row: CorrectionRequest, *, is_open: bool, actor: Actor) -> CorrectionRecord:
    """Return a correction with its values in full, or masked as their grades provide."""
    (summary,) = _summaries([row])
    offered = msgspec.convert(row.fields, tuple[OfferedField, ...])
    claim = row.claim
    key, right = (shown(values, offered=offered, is_open=is_open) for values in (claim.key, claim.right))
    has_hidden = any(value.is_masked for value in (*key, *right)) or not is_open
    return CorrectionRecord(
        summary=summary,
        resource_code=row.resource_code,
        fault=FaultKind(row.fault),
        fields=tuple(item.name for item in offered if item.column in set(row.columns)),
        key=key,
        right=right,
        evidence=claim.evidence if is_open else "",
        is_open=is_open,
        may_open=may_open(row, actor=actor),
        has_hidden=has_hidden,
        call_id=row.call_id,
        batch_id=BatchId(row.batch_id) if row.batch_id else None,
    )


def may_open(row: CorrectionRequest, *, actor: Actor) -> bool:
    """Whether an actor may see the values: those who asked, and those who have to verify them."""
    if actor.is_platform:
        return True
    verifying = {row.provider_department_id, row.source_department_id} - {None}
    if actor.department_id in verifying:
        return actor.has(Role.DATA_OFFICER, Role.DEPARTMENT_HEAD)
    asking = actor.department_id == row.requester_department_id
    return asking and (actor.id == row.opened_by or actor.has(Role.DATA_OFFICER, Role.DEPARTMENT_HEAD))


def corrections_of(*, resource_id: ResourceId) -> CorrectionsOfResource:
    """Return how the corrections of a resource go, in two queries; for whoever may see the resource.

    Basis: Decree 809, articles 26 and 38.
    """
    rows = CorrectionRequest.objects.of_resource(resource_id).exclude(state="withdrawn")
    counts = rows.aggregate(
        open=Count("id", filter=Q(closed_at=None)),
        ended=Count("id", filter=Q(closed_at__isnull=False)),
        in_time=Count("id", filter=Q(in_time=True)),
    )
    last = rows.exclude(closed_at=None).order_by("-closed_at")[:LAST_RESULTS] if counts["ended"] else ()
    return CorrectionsOfResource(
        open=counts["open"],
        ended=counts["ended"],
        in_time=counts["in_time"],
        last=tuple(_result(row) for row in last),
    )


def open_misuse_of(*, grant_id: GrantId) -> UUID | None:
    """Return the id of the misuse of a grant that is under way, if there is one."""
    found = Misuse.objects.filter(grant_id=grant_id, closed_at=None).values_list("id", flat=True)
    return found.first()


def demands_by_list(*, actor: Actor) -> Mapping[ListKind, int]:
    """Return how many demands that the actor may see stand on each of the three lists, in one query."""
    counted = DataDemand.objects.visible_to(actor).aggregate(
        **{kind.value: Count("id", filter=_list_condition(kind)) for kind in ListKind}
    )
    return {kind: counted[kind.value] for kind in ListKind}


def _narrowed(rows: AnyMatters, query: ListQuery, *, actor: Actor, at: datetime) -> AnyMatters:
    narrowed = rows.filter(_side_condition(rows, query.one("side"), actor=actor) & _condition(query, at=at))
    if query.text:
        words = Q()
        for column in rows.model.searched:
            words |= Q(**{f"{column}__icontains": query.text})
        narrowed = narrowed.filter(words)
    return narrowed


def _condition(query: ListQuery, *, at: datetime) -> Q:
    condition = Q()
    if query.one("progress") in {"open", "ended"}:
        condition &= Q(closed_at__isnull=query.one("progress") == "open")
    if query.one("time") == "late":
        condition &= Q(closed_at=None, due_at__lt=at) | Q(in_time=False)
    elif query.one("time") == "soon":
        condition &= Q(closed_at=None, due_at__gte=at, due_at__lt=at + SOON)
    if resource := query.one("resource"):
        condition &= Q(resource_code=resource)
    if query.one("list") in set(ListKind):
        condition &= _list_condition(ListKind(query.one("list")))
    return condition


def _list_condition(kind: ListKind) -> Q:
    match kind:
        case ListKind.RESPONSIBILITIES:
            return Q(state__in=RESPONSIBLE)
        case ListKind.NEGATIVE:
            return Q(state__in=WITHHELD)
        case ListKind.DEMANDS:
            return ~Q(state="withdrawn")


def _side_condition(rows: AnyMatters, side: str, *, actor: Actor) -> Q:
    own = actor.department_id or NOBODY
    opened, *others = rows.model.sides.values()
    if side == "ours":
        return Q(**{opened: own})
    if side == "asked":
        asked = Q()
        for column in others:
            asked |= Q(**{column: own})
        return asked & ~Q(**{opened: own})
    return Q()


def _summaries(rows: Sequence[AnyMatter]) -> tuple[MatterSummary, ...]:
    names = names_of(row.department_of(party) for row in rows for party in row.sides)
    return tuple(_summary(row, names) for row in rows)


def _summary(row: AnyMatter, names: Names) -> MatterSummary:
    parts = ((party, row.department_of(party)) for party in row.sides)
    return MatterSummary(
        id=row.id,
        kind=row.matter,
        number=row.number,
        title=row.title,
        case_id=CaseId(row.case_id),
        state=row.state,
        parts=tuple(
            Part(party=party, department_id=DepartmentId(found), department_name=names(found))
            for party, found in parts
            if found is not None
        ),
        opened_at=row.opened_at,
        due_at=row.due_at,
        closed_at=row.closed_at,
        in_time=row.in_time,
        note=row.note,
    )


def _misuse(row: Misuse, summary: MatterSummary) -> MisuseRecord:
    return MisuseRecord(
        summary=summary,
        grant_id=GrantId(row.grant_id),
        resource_code=row.resource_code,
        resource_name=row.resource_name,
        system_name=row.system_name,
        finding=row.finding,
        order=row.order,
        rectify_within=row.rectify_within,
        calls=tuple(row.calls),
    )


def _demand(row: DataDemand, summary: MatterSummary) -> DemandRecord:
    return DemandRecord(
        summary=summary,
        legal_basis=row.legal_basis,
        scenario=row.scenario,
        wanted=row.wanted,
        freshness=row.freshness,
        promised_on=row.promised_on,
        resource_code=row.resource_code,
        resource_name=row.resource_name,
        answer_reason=row.answer_reason,
        answer_basis=row.answer_basis,
    )


def _result(row: CorrectionRequest) -> CorrectionResult:
    offered = msgspec.convert(row.fields, tuple[OfferedField, ...])
    return CorrectionResult(
        number=row.number,
        state=row.state,
        fields=tuple(item.name for item in offered if item.column in set(row.columns)),
        opened_at=row.opened_at,
        closed_at=row.closed_at or row.changed_at,
        in_time=row.in_time,
    )
