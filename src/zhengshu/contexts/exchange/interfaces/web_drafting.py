"""Pages on which a request is stated: a new one, a draft, a completion."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange.application import request_queries as queries
from zhengshu.contexts.exchange.application.complete_request import complete_request
from zhengshu.contexts.exchange.application.draft_request import draft_request
from zhengshu.contexts.exchange.application.records import RequestRecord
from zhengshu.contexts.exchange.application.request_faults import own_systems, request_faults
from zhengshu.contexts.exchange.application.steps import StepNotOpen, offer_of
from zhengshu.contexts.exchange.application.submit_request import submit_request
from zhengshu.contexts.exchange.domain.requests import (
    Offer,
    RequestState,
    Statement,
    check_resource,
)
from zhengshu.contexts.exchange.domain.requests_scope import Condition, OfferedField
from zhengshu.contexts.exchange.interfaces import labels
from zhengshu.contexts.exchange.interfaces.access import REQUESTERS
from zhengshu.contexts.exchange.interfaces.forms import (
    NEW_SYSTEM,
    ConditionForm,
    ConditionRows,
    StatementForm,
    initial_of,
)
from zhengshu.contexts.exchange.interfaces.forms_answers import ReplyForm
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import RequestId, SystemId, new_id

SHOWN_IN_FORM = frozenset({Kind.INVALID, Kind.CONFLICT})
"""Refusals that a person can correct in the form; all others get their own page."""


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of one statement, as they were sent or as they start."""

    statement: StatementForm
    conditions: "BaseFormSet[ConditionForm]"

    def are_valid(self) -> bool:
        """Whether both can be read."""
        return all([self.statement.is_valid(), self.conditions.is_valid()])

    @property
    def triples(self) -> list[tuple[str, str, str]]:
        """The rows of conditions."""
        return [form.triple for form in self.conditions]


@require_http_methods(["GET", "POST"])
@allow(*REQUESTERS)
def request_new(request: ActorRequest) -> HttpResponse:
    """State a new request for a published resource."""
    code = request.GET.get("resource", "")
    offer = offer_of(catalog.published_by_code(code=code))
    if request.actor.department_id is not None:
        check_resource(offer, requester=request.actor.department_id)
    forms = _forms(request, offered=offer.fields, stated=None)
    draft_id = _uuid(request.POST.get("draft_id", "")) or RequestId(new_id())
    if request.method == "POST" and forms.are_valid():
        answer = _save(request, forms, offer=offer, request_id=draft_id)
        if answer is not None:
            return answer
    return render(request, "exchange/request_form.html", _context(forms, offer=offer, draft_id=draft_id))


@require_http_methods(["GET", "POST"])
@allow(*REQUESTERS)
def request_edit(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """Change a draft, and submit it."""
    record = queries.request(request_id=request_id, actor=request.actor)
    if record.state is not RequestState.DRAFT:
        return redirect("exchange:request-detail", request_id=request_id)
    offer = offer_of(catalog.published_by_code(code=record.resource_code))
    forms = _forms(request, offered=offer.fields, stated=record.statement)
    if request.method == "POST" and forms.are_valid():
        answer = _save(request, forms, offer=offer, request_id=record.id)
        if answer is not None:
            return answer
    return render(request, "exchange/request_form.html", _context(forms, offer=offer, draft_id=record.id))


@require_http_methods(["GET", "POST"])
@allow(*REQUESTERS)
def request_complete(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """Supply what a notice named, or what one's own head sent back."""
    record = queries.request(request_id=request_id, actor=request.actor)
    if record.state is not RequestState.COMPLETION:
        raise StepNotOpen
    forms = _forms(request, offered=record.offered, stated=record.statement)
    reply = ReplyForm(request.POST or None)
    if request.method == "POST" and all([forms.are_valid(), reply.is_valid()]):
        answer = _complete(request, forms, record=record, reply=reply.cleaned_data["reply"])
        if answer is not None:
            return answer
    context = _context(forms, offer=None, draft_id=record.id) | {"record": record, "reply": reply}
    return render(request, "exchange/request_complete.html", context)


def _save(request: ActorRequest, forms: Forms, *, offer: Offer, request_id: RequestId) -> HttpResponse | None:
    """Save the draft, submit it when asked to; None shows the form again with what is wrong."""
    at = timezone.now()
    try:
        with transaction.atomic():
            statement = _statement(request, forms)
            draft_request(
                resource_code=offer.code,
                statement=statement,
                actor=request.actor,
                at=at,
                request_id=request_id,
            )
    except StepNotOpen:
        return redirect("exchange:request-detail", request_id=request_id)
    except Refused as fault:
        if fault.kind not in SHOWN_IN_FORM:
            raise
        forms.statement.blame(fault)
        return None
    if request.POST.get("act") != "submit":
        messages.success(request, _("The draft was saved."))
        return redirect("exchange:request-edit", request_id=request_id)
    missing = request_faults(request_id=request_id, actor=request.actor, at=at)
    for one in missing:
        forms.statement.blame(one)
    if missing:
        return None
    submit_request(request_id=request_id, actor=request.actor, at=at)
    messages.success(request, _("The request was submitted to the head of your department."))
    return redirect("exchange:request-detail", request_id=request_id)


def _complete(
    request: ActorRequest, forms: Forms, *, record: RequestRecord, reply: str
) -> HttpResponse | None:
    try:
        with transaction.atomic():
            complete_request(
                request_id=record.id,
                statement=_statement(request, forms),
                reply=reply,
                actor=request.actor,
                at=timezone.now(),
            )
    except Refused as fault:
        if fault.kind not in SHOWN_IN_FORM:
            raise
        forms.statement.blame(fault)
        return None
    messages.success(request, _("The completed request was sent on."))
    return redirect("exchange:request-detail", request_id=record.id)


def _statement(request: ActorRequest, forms: Forms) -> Statement:
    """Return what was stated, the new system registered first where one was named."""
    chosen = forms.statement.cleaned_data["system"]
    system_id = SystemId(UUID(chosen)) if chosen and chosen != NEW_SYSTEM else None
    if name := forms.statement.wants_new_system:
        system_id = _registered(name, request)
    return forms.statement.statement(system_id=system_id, rows=forms.triples)


def _registered(name: str, request: ActorRequest) -> SystemId | None:
    """Return the department's system of that name, registered now unless an earlier try did it."""
    actor = request.actor
    known = next((system for system in own_systems(actor=actor) if system.name == name), None)
    if known is not None or actor.department_id is None:
        return None if known is None else known.id
    return trust.register_consuming_system(
        name=name, department_id=actor.department_id, actor=actor, at=timezone.now()
    ).id


def _forms(request: ActorRequest, *, offered: Sequence[OfferedField], stated: Statement | None) -> Forms:
    data = request.POST if request.method == "POST" else None
    systems = [(system.id, system.name) for system in own_systems(actor=request.actor)]
    return Forms(
        StatementForm(
            data, offered=offered, systems=systems, initial=None if stated is None else initial_of(stated)
        ),
        ConditionRows(
            data,
            prefix="rows",
            form_kwargs={"offered": offered},
            initial=[_row(one) for one in (() if stated is None else stated.conditions)],
        ),
    )


def _row(condition: Condition) -> dict[str, str]:
    return {"column": condition.column, "operator": condition.operator.value, "value": condition.value}


def _context(forms: Forms, *, offer: Offer | None, draft_id: RequestId) -> dict[str, object]:
    form = forms.statement
    return {
        "form": form,
        "conditions": forms.conditions,
        "sections": [(title, [form[name] for name in names]) for title, names in form.SECTIONS],
        "offer": offer,
        "class_label": "" if offer is None else labels.label(labels.CLASSES, offer.sharing_class),
        "draft_id": draft_id,
    }


def _uuid(text: str) -> RequestId | None:
    try:
        return RequestId(UUID(text))
    except ValueError:
        return None
