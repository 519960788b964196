"""Pages on which matters are opened: a correction, a misuse, a demand, a dispute."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange.application import grant_queries, steps
from zhengshu.contexts.exchange.application.raise_demand import raise_demand
from zhengshu.contexts.exchange.application.raise_dispute import contested, raise_dispute
from zhengshu.contexts.exchange.application.report_misuse import report_misuse
from zhengshu.contexts.exchange.application.request_correction import request_correction
from zhengshu.contexts.exchange.domain.corrections import OwnDataWrong
from zhengshu.contexts.exchange.domain.disputes import DisputeAbout
from zhengshu.contexts.exchange.domain.matters import MatterKind, receipts
from zhengshu.contexts.exchange.interfaces.access import CORRECTION_REQUESTERS, DECIDERS, MEASURERS
from zhengshu.contexts.exchange.interfaces.forms_matters import (
    CorrectionForm,
    DemandForm,
    DisputeForm,
    MisuseForm,
)
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.errors import Kind, Refused


@require_http_methods(["GET", "POST"])
@allow(*CORRECTION_REQUESTERS)
def correction_new(request: ActorRequest) -> HttpResponse:
    """Report that data of a resource are wrong."""
    code = catalog.resource(code=request.GET.get("resource", ""), actor=request.actor).code
    offer = steps.offer_of(catalog.published_by_code(code=code))
    if offer.department_id == request.actor.department_id:
        raise OwnDataWrong(resource=offer.name)
    initial = {"call": request.GET.get("call", ""), "fault": "wrong"}
    form = CorrectionForm(request.POST or None, offered=offer.fields, initial=initial)

    def opened() -> UUID:
        return request_correction(
            resource_code=code,
            claim=form.claim(),
            call_id=form.cleaned_data["call"],
            actor=request.actor,
            at=timezone.now(),
        )

    if done := _opened(request, form, opened, kind=MatterKind.CORRECTION):
        return done
    context = {"form": form, "offer": offer, "cancel_url": reverse("catalog:resource-detail", args=[code])}
    return render(request, "exchange/correction_form.html", context)


@require_http_methods(["GET", "POST"])
@allow(*MEASURERS)
def misuse_new(request: ActorRequest) -> HttpResponse:
    """Report a misuse of a grant; it is suspended at once."""
    record = grant_queries.grant(
        grant_id=_uuid(request.GET.get("grant", "")), actor=request.actor, at=timezone.now()
    )
    form = MisuseForm(request.POST or None, initial={"calls": request.GET.get("call", "")})

    def opened() -> UUID:
        return report_misuse(
            grant_id=record.id,
            finding=form.cleaned_data["finding"],
            order=form.cleaned_data["order"],
            rectify_within=form.cleaned_data["rectify_within"],
            calls=receipts(form.cleaned_data["calls"]),
            actor=request.actor,
            at=timezone.now(),
        )

    if done := _opened(request, form, opened, kind=MatterKind.MISUSE):
        return done
    text = _(
        "“%(system)s” of %(consumer)s: all gateways refuse its calls within a second, until the misuse is corrected."
    ) % {"system": record.system_name, "consumer": record.consumer_name}
    return _form(
        request,
        form,
        title=_("Report a misuse"),
        text=text,
        action=_("Suspend and order the correction"),
        cancel_url=reverse("exchange:grant-detail", args=[record.id]),
        is_dangerous=True,
    )


@require_http_methods(["GET", "POST"])
@allow(*DECIDERS)
def demand_new(request: ActorRequest) -> HttpResponse:
    """Demand data that no resource offers."""
    form = DemandForm(request.POST or None)

    def opened() -> UUID:
        return raise_demand(demanded=form.demanded(), actor=request.actor, at=timezone.now())

    if done := _opened(request, form, opened, kind=MatterKind.DEMAND):
        return done
    return _form(
        request,
        form,
        title=_("Demand data"),
        text=_(
            "Search the catalogue first. What no resource offers goes to the data authority, which finds the "
            "department that is responsible."
        ),
        action=_("Send to the data authority"),
        cancel_url=reverse("exchange:demands-list"),
    )


@require_http_methods(["GET", "POST"])
@allow(*DECIDERS)
def dispute_new(request: ActorRequest) -> HttpResponse:
    """Raise a dispute about a share request, a grant or a correction."""
    about = request.GET.get("about", "")
    if about not in set(DisputeAbout):
        raise Http404
    about_id = _uuid(request.GET.get("id", ""))
    found = contested(about=DisputeAbout(about), about_id=about_id, actor=request.actor, at=timezone.now())
    found.other_side(request.actor.department_id)
    form = DisputeForm(request.POST or None)

    def opened() -> UUID:
        return raise_dispute(
            about=found.about,
            about_id=about_id,
            claim=form.cleaned_data["claim"],
            wanted=form.cleaned_data["wanted"],
            actor=request.actor,
            at=timezone.now(),
        )

    if done := _opened(request, form, opened, kind=MatterKind.DISPUTE):
        return done
    text = _(
        "About “%(what)s”. The other side answers first; then the data authority mediates, and at last the "
        "people's government decides (Decree 809, article 28)."
    ) % {"what": found.name}
    return _form(
        request,
        form,
        title=_("Raise a dispute"),
        text=text,
        action=_("Send to the other side"),
        cancel_url=reverse("exchange:disputes-list"),
    )


def _opened(
    request: ActorRequest, form: Form, opened: Callable[[], UUID], *, kind: MatterKind
) -> HttpResponse | None:
    """Open a matter if its form was sent and is right; what is refused is shown in the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        matter_id = opened()
    except Refused as fault:
        if fault.kind not in {Kind.INVALID, Kind.CONFLICT}:
            raise
        form.add_error(None, sentence(fault))
        return None
    messages.success(request, _("It was sent; its case shows the time limit."))
    return redirect(f"exchange:{kind.value}-detail", matter_id=matter_id)


def _form(
    request: ActorRequest,
    form: Form,
    *,
    title: str,
    text: str,
    action: str,
    cancel_url: str,
    is_dangerous: bool = False,
) -> HttpResponse:
    context = {
        "title": title,
        "text": text,
        "form": form,
        "action_label": action,
        "cancel_url": cancel_url,
        "is_dangerous": is_dangerous,
    }
    return render(request, "exchange/matter_form.html", context)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as fault:
        raise Http404 from fault
