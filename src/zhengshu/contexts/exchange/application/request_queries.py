"""Reading share requests: one, a page of them, and what a list can be narrowed by."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Q

from zhengshu.contexts.exchange.application import statements
from zhengshu.contexts.exchange.application.names import Names, names_of, page_of, purpose_name
from zhengshu.contexts.exchange.application.records import RequestRecord, RequestSummary
from zhengshu.contexts.exchange.domain.answers import AnswerKind, RefusalGround
from zhengshu.contexts.exchange.domain.requests import RequestState
from zhengshu.contexts.exchange.models.grants import Grant
from zhengshu.contexts.exchange.models.requests import ShareRequest, ShareRequests
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.kernel.actors import NOBODY, Actor
from zhengshu.kernel.identity import CaseId, DepartmentId, GrantId, RequestId, ResourceId

FILTERS = ("side", "state", "time", "resource", "purpose")
SORTS = ("number", "resource_name", "submitted_at", "due_at", "changed_at")
SOON = timedelta(days=3)
"""What the list calls due soon; the exact lights are those of the case's clocks."""


class Side(StrEnum):
    """From where a department looks at requests."""

    OURS = "ours"
    ASKED_OF_US = "asked"
    OVERSEEN = "overseen"


class TimeLeft(StrEnum):
    """How much time the running clock leaves."""

    LATE = "late"
    SOON = "soon"
    IN_TIME = "in_time"


def request(*, request_id: UUID, actor: Actor) -> RequestRecord:
    """Return one share request.

    Raises:
        RequestNotFound: it does not exist or is not visible.
    """
    row = ShareRequest.objects.visible_to(actor).one(request_id)
    names = names_of([row.consumer_department_id, row.provider_department_id, row.authority_department_id])
    grant = Grant.objects.filter(request_id=row.id).values_list("id", flat=True).first()
    return _record(row, names, grant_id=None if grant is None else GrantId(grant))


def requests(*, query: ListQuery, actor: Actor, at: datetime) -> Page[RequestSummary]:
    """Return a page of the share requests that the actor may see; `FILTERS` and `SORTS` say how to narrow it."""
    rows = _narrowed(ShareRequest.objects.visible_to(actor), query, actor=actor, at=at)
    order = query.sort if query.sort.removeprefix("-") in SORTS else "-changed_at"
    return page_of(rows.order_by(order, "-id"), query, _summaries)


def requests_by_state(*, query: ListQuery, actor: Actor, at: datetime) -> dict[RequestState, int]:
    """Return how many requests each state holds, all other filters applied."""
    others = ListQuery(text=query.text, filters={k: v for k, v in query.filters.items() if k != "state"})
    rows = _narrowed(ShareRequest.objects.visible_to(actor), others, actor=actor, at=at)
    counted = rows.order_by().values_list("state").annotate(count=Count("id"))
    return {RequestState(state): count for state, count in counted}


def _narrowed(rows: ShareRequests, query: ListQuery, *, actor: Actor, at: datetime) -> ShareRequests:
    side, own = query.one("side"), actor.department_id or NOBODY
    if side == Side.OURS:
        rows = rows.filter(consumer_department_id=own)
    elif side == Side.ASKED_OF_US:
        rows = rows.filter(provider_department_id=own)
    elif side == Side.OVERSEEN:
        rows = rows.filter(authority_department_id=own)
    if states := query.filters.get("state"):
        rows = rows.filter(state__in=states)
    if purposes := query.filters.get("purpose"):
        rows = rows.filter(purpose__in=purposes)
    if resource := query.one("resource"):
        rows = rows.filter(resource_code=resource)
    if query.text:
        rows = rows.filter(
            Q(number__icontains=query.text)
            | Q(resource_name__icontains=query.text)
            | Q(resource_code__icontains=query.text)
            | Q(scenario__icontains=query.text)
        )
    return _by_time(rows, query.one("time"), at=at)


def _by_time(rows: ShareRequests, chosen: str, *, at: datetime) -> ShareRequests:
    if chosen == TimeLeft.LATE:
        return rows.filter(due_at__lt=at)
    if chosen == TimeLeft.SOON:
        return rows.filter(due_at__gte=at, due_at__lt=at + SOON)
    if chosen == TimeLeft.IN_TIME:
        return rows.filter(due_at__gte=at + SOON)
    return rows


def _summaries(rows: Sequence[ShareRequest]) -> tuple[RequestSummary, ...]:
    sides = (one for row in rows for one in (row.consumer_department_id, row.provider_department_id))
    names = names_of(sides)
    return tuple(_summary(row, names) for row in rows)


def _summary(row: ShareRequest, names: Names) -> RequestSummary:
    return RequestSummary(
        id=RequestId(row.id),
        number=row.number,
        state=RequestState(row.state),
        resource_id=ResourceId(row.resource_id),
        resource_code=row.resource_code,
        resource_name=row.resource_name,
        sharing_class=row.sharing_class,
        consumer_id=DepartmentId(row.consumer_department_id),
        consumer_name=names(row.consumer_department_id),
        provider_id=DepartmentId(row.provider_department_id),
        provider_name=names(row.provider_department_id),
        purpose=row.purpose,
        purpose_name=purpose_name(row.purpose),
        case_id=CaseId(row.case_id) if row.case_id else None,
        due_at=row.due_at,
        submitted_at=row.submitted_at,
        changed_at=row.changed_at,
    )


def _record(row: ShareRequest, names: Names, *, grant_id: GrantId | None) -> RequestRecord:
    summary = _summary(row, names)
    return RequestRecord(
        **{field.name: getattr(summary, field.name) for field in fields(summary)},
        resource_version=row.resource_version,
        authority_id=DepartmentId(row.authority_department_id),
        authority_name=names(row.authority_department_id),
        statement=statements.statement_of(row),
        offered=statements.offered_of(row),
        return_reason=row.return_reason,
        completion_notice=row.completion_notice,
        completion_asked_at=row.completion_asked_at,
        completion_reply=row.completion_reply,
        extension_reason=row.extension_reason,
        extension_asked_at=row.extension_asked_at,
        extended_at=row.extended_at,
        answer_kind=AnswerKind(row.answer_kind) if row.answer_kind else None,
        answer_reason=row.answer_reason,
        answer_ground=RefusalGround(row.answer_ground) if row.answer_ground else None,
        answer_basis=row.answer_basis,
        answered_at=row.answered_at,
        terms=statements.terms_of(row),
        delivered_at=row.delivered_at,
        grant_id=grant_id,
    )
