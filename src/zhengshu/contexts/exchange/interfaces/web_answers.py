"""The steps of a request's flow: sign, answer, ask for time, review, deliver."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zhengshu.contexts.exchange.application import request_queries as queries
from zhengshu.contexts.exchange.application.answer_request import answer_request
from zhengshu.contexts.exchange.application.approve_request import approve_request
from zhengshu.contexts.exchange.application.ask_extension import ask_extension
from zhengshu.contexts.exchange.application.decide_extension import decide_extension
from zhengshu.contexts.exchange.application.deliver_request import deliver_request
from zhengshu.contexts.exchange.application.records import RequestRecord
from zhengshu.contexts.exchange.application.review_request import review_request
from zhengshu.contexts.exchange.application.steps import NotYourStep, StepNotOpen
from zhengshu.contexts.exchange.domain.answers import Answer, AnswerKind, ReasonMissing
from zhengshu.contexts.exchange.domain.requests import RequestState
from zhengshu.contexts.exchange.interfaces import labels
from zhengshu.contexts.exchange.interfaces.access import DECIDERS, HEADS, REQUESTERS, REVIEWERS
from zhengshu.contexts.exchange.interfaces.forms import ConditionRows
from zhengshu.contexts.exchange.interfaces.forms_answers import (
    AgreeForm,
    CompletionForm,
    HeadForm,
    ReasonForm,
    RefuseForm,
    ReviewForm,
)
from zhengshu.contexts.exchange.interfaces.web_drafting import SHOWN_IN_FORM
from zhengshu.contexts.exchange.interfaces.web_requests import conditions_of, detail_context
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive
from zhengshu.kernel.errors import Refused

DONE: labels.Labels = {
    AnswerKind.AGREE: gettext_lazy("The request was agreed to."),
    AnswerKind.REFUSE: gettext_lazy("The request was refused."),
    AnswerKind.ASK_COMPLETION: gettext_lazy("The requester was asked to complete the request."),
}


@require_POST
@allow(*HEADS)
@sensitive
def request_approve(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """Sign a request of one's own department, or return it."""
    record = queries.request(request_id=request_id, actor=request.actor)
    form = HeadForm(request.POST)
    is_approved = request.POST.get("act") == "approve"
    if form.is_valid():
        try:
            approve_request(
                request_id=record.id,
                is_approved=is_approved,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                at=timezone.now(),
            )
        except ReasonMissing as fault:
            form.add_error("reason", sentence(fault))
        else:
            messages.success(
                request,
                _("The request was sent to the provider.") if is_approved else _("The request was returned."),
            )
            return redirect("exchange:request-detail", request_id=request_id)
    context = detail_context(request, record, head=form)
    return render(request, "exchange/request_detail.html", context, status=422)


@require_http_methods(["GET", "POST"])
@allow(*DECIDERS)
@sensitive
def request_answer(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """Answer a request that was made of one's department: agree, refuse, or ask once for completion."""
    record = queries.request(request_id=request_id, actor=request.actor)
    if record.provider_id != request.actor.department_id:
        raise NotYourStep
    if record.state is not RequestState.PROVIDER_ANSWER:
        raise StepNotOpen
    kind = _kind(request.POST.get("kind") or request.GET.get("kind", ""))
    data = request.POST if request.method == "POST" else None
    form: AgreeForm | RefuseForm | CompletionForm
    rows = (
        ConditionRows(data, prefix="rows", form_kwargs={"offered": record.offered})
        if kind is AnswerKind.AGREE
        else None
    )
    if kind is AnswerKind.AGREE:
        form = AgreeForm(data, asked=record)
    else:
        form = RefuseForm(data, asked=record) if kind is AnswerKind.REFUSE else CompletionForm(data)
    if request.method == "POST" and form.is_valid() and (rows is None or rows.is_valid()):
        triples = [row.triple for row in rows] if rows is not None else []
        if _answered(request, record, form, triples):
            messages.success(request, str(DONE[kind]))
            return redirect("exchange:request-detail", request_id=request_id)
    context = {
        "record": record,
        "kind": kind.value,
        "form": form,
        "rows": rows,
        "stated_conditions": conditions_of(record, record.statement.conditions),
        "was_completion_asked": record.completion_asked_at is not None,
    }
    return render(request, "exchange/request_answer.html", context)


@require_http_methods(["GET", "POST"])
@allow(*DECIDERS)
def request_extension(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """Ask the data authority for more time to answer."""
    record = queries.request(request_id=request_id, actor=request.actor)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_extension(
                request_id=record.id,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as fault:
            _show(form, fault)
        else:
            messages.success(request, _("The data authority was asked for its consent."))
            return redirect("exchange:request-detail", request_id=request_id)
    context = {
        "title": _("Ask for more time to answer"),
        "text": _(
            "With the consent of the data authority the limit is extended once (Decree 809, article 21). "
            "The requester is told the reason."
        ),
        "form": form,
        "action_label": _("Ask for consent"),
        "cancel_url": reverse("exchange:request-detail", args=[record.id]),
    }
    return render(request, "ui/confirm.html", context)


@require_POST
@allow(*REVIEWERS)
def request_extension_decide(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """Consent to a longer limit, or not."""
    record = queries.request(request_id=request_id, actor=request.actor)
    is_consented = request.POST.get("act") == "consent"
    try:
        decide_extension(
            request_id=record.id,
            is_consented=is_consented,
            reason=request.POST.get("reason", "")[:2000],
            actor=request.actor,
            at=timezone.now(),
        )
    except Refused as fault:
        if fault.kind not in SHOWN_IN_FORM:
            raise
        messages.error(request, sentence(fault))
    else:
        messages.success(
            request, _("The limit was extended.") if is_consented else _("The limit stays as it is.")
        )
    return redirect("exchange:request-detail", request_id=request_id)


@require_POST
@allow(*REVIEWERS)
def request_review(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """Confirm or refuse a release as the data authority."""
    record = queries.request(request_id=request_id, actor=request.actor)
    form = ReviewForm(request.POST)
    is_confirmed = request.POST.get("act") == "confirm"
    if form.is_valid():
        try:
            review_request(
                request_id=record.id,
                is_confirmed=is_confirmed,
                reason=form.cleaned_data["reason"],
                basis=form.cleaned_data["basis"],
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as fault:
            _show(form, fault)
        else:
            messages.success(
                request, _("The release was confirmed.") if is_confirmed else _("The release was refused.")
            )
            return redirect("exchange:request-detail", request_id=request_id)
    context = detail_context(request, record, review=form)
    return render(request, "exchange/request_detail.html", context, status=422)


@require_POST
@allow(*REQUESTERS)
def request_deliver(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """Issue the grant."""
    record = queries.request(request_id=request_id, actor=request.actor)
    try:
        grant_id = deliver_request(request_id=record.id, actor=request.actor, at=timezone.now())
    except Refused as fault:
        if fault.kind not in SHOWN_IN_FORM or isinstance(fault, StepNotOpen):
            raise
        messages.error(request, sentence(fault))
        return redirect("exchange:request-detail", request_id=request_id)
    messages.success(request, _("The grant was issued; the consuming system can call now."))
    return redirect("exchange:grant-detail", grant_id=grant_id)


def _answered(
    request: ActorRequest,
    record: RequestRecord,
    form: AgreeForm | RefuseForm | CompletionForm,
    rows: list[tuple[str, str, str]],
) -> bool:
    """Answer; False shows the form again with what is wrong."""
    try:
        answer: Answer = form.answer(rows=rows) if isinstance(form, AgreeForm) else form.answer()
        answer_request(request_id=record.id, answer=answer, actor=request.actor, at=timezone.now())
    except Refused as fault:
        _show(form, fault)
        return False
    return True


def _show(form: forms.Form, fault: Refused) -> None:
    """Show a refusal in a form, unless it is none that the form can mend."""
    if fault.kind not in SHOWN_IN_FORM or isinstance(fault, StepNotOpen):
        raise fault
    form.add_error(None, sentence(fault))


def _kind(text: str) -> AnswerKind:
    try:
        return AnswerKind(text)
    except ValueError:
        return AnswerKind.AGREE
