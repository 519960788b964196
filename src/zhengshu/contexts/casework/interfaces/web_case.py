"""The page of a case, and its flow as a picture."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengshu.contexts.casework.application import queries, supervise
from zhengshu.contexts.casework.application.deliver_message import awaited
from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.domain.records import CaseRecord
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.picture import picture_of, steps_of
from zhengshu.contexts.casework.interfaces.web_clock import stops_of
from zhengshu.contexts.casework.interfaces.web_documents import writing
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.ui.slots import fragments
from zhengshu.foundation.ui.tags import moment
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import CaseId


@require_GET
@allow(*READERS)
def case_detail(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Show a case: facts, what is to do, clocks with the reason for each day, steps, timeline."""
    case = queries.case(case_id=CaseId(case_id), actor=request.actor, at=timezone.now())
    kind = queries.type_of(case_id=CaseId(case_id), actor=request.actor)
    context = {
        "case": case,
        "facts": _facts(case),
        "steps": steps_of(kind, case),
        "asks": _may_ask(kind, case),
        "stops": stops_of(kind, case),
        "waits": awaited(case_id=case.id, kind=kind, actor=request.actor) if case.is_open else (),
        "notes": supervise.notes(case_id=case.id, actor=request.actor, at=timezone.now()),
        "may_urge": case.is_open and _may_urge(case, request.actor),
        "leads": request.actor.has(Role.DEPARTMENT_HEAD)
        and any(task.department_id == request.actor.department_id for task in case.open_tasks),
        "trail": [(_("Cases"), "/cases/"), (case.number, "")],
        "parts": fragments("casework.case", request, case),
        **writing(request, case),
    }
    return render(request, "casework/case_detail.html", context)


@require_GET
@allow(*READERS)
def case_flow(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Draw the flow of a case, with where it stands."""
    case = queries.case(case_id=CaseId(case_id), actor=request.actor, at=timezone.now())
    kind = queries.type_of(case_id=CaseId(case_id), actor=request.actor)
    context = {
        "case": case,
        "picture": picture_of(kind, case),
        "steps": steps_of(kind, case),
        "trail": [(_("Cases"), "/cases/"), (case.number, f"/cases/{case.id}/"), (_("Flow"), "")],
    }
    return render(request, "casework/case_flow.html", context)


@require_GET
@allow(*READERS)
def case_flow_file(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Send the flow of a case as BPMN, as any modeller opens it."""
    text = queries.flow_of(case_id=CaseId(case_id), actor=request.actor)
    response = HttpResponse(text, content_type="application/xml; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="flow.bpmn"'
    return response


def _may_urge(case: CaseRecord, actor: Actor) -> bool:
    parties = frozenset(UUID(str(party.department_id)) for party in case.parties)
    return supervise.may_urge(actor=actor, parties=parties, is_applicant=actor.department_id is None)


def _may_ask(kind: LoadedType, case: CaseRecord) -> frozenset[str]:
    """Return the clocks on which the reader may ask for more time now."""
    mine = {task.task for task in case.open_tasks if task.is_mine}
    waiting = {task.clock for task in case.open_tasks}
    return frozenset(
        clock.clock
        for clock in case.clocks
        if clock.may_be_extended
        and clock.clock not in waiting
        and mine.intersection(kind.definition.clocks[clock.clock].covers)
    )


def _facts(case: CaseRecord) -> list[tuple[str, object]]:
    parties: list[tuple[str, object]] = [(party.title, party.department_name) for party in case.parties]
    facts: list[tuple[str, object]] = [
        (_("Number"), case.number),
        (_("Type"), case.type_name),
        (_("State"), case.state_name),
        *parties,
        (_("Opened"), moment(case.opened_at)),
    ]
    if case.closed_at is not None:
        facts.append((_("Ended"), moment(case.closed_at)))
    return facts
