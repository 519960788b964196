"""Pages of benefits for the officials who grant them: rules, dry run, switching on, runs, lists for the treasury."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengshu.contexts.services.application import benefit_queries as queries
from zhengshu.contexts.services.application.pay_benefits import make_list, take_list
from zhengshu.contexts.services.application.run_benefit import start_run
from zhengshu.contexts.services.application.switch_benefit import switch_benefit
from zhengshu.contexts.services.domain.benefits import Definition, Finding, Rule
from zhengshu.contexts.services.interfaces import jobs
from zhengshu.contexts.services.models.benefits import KEEPERS
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.http.tables import csv_response
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.charts import Chart, Series
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.foundation.ui.switching import SwitchForm
from zhengshu.kernel.actors import Role
from zhengshu.kernel.errors import Refused

OUTCOMES: Final[Mapping[str, tuple[str, Promise]]] = {
    "entitled": ("green", _("entitled")),
    "check": ("yellow", _("a person must look")),
}
RUN_STATES: Final[Mapping[str, tuple[str, Promise]]] = {
    "running": ("blue", _("under way")),
    "failed": ("red", _("interrupted")),
    "finished": ("green", _("finished")),
}
STATES: Final[Mapping[str, tuple[str, Promise]]] = {
    "asked": ("yellow", _("asked to confirm")),
    "active": ("green", _("confirmed")),
    "declined": ("grey", _("declined")),
    "objected": ("blue", _("objection under examination")),
    "removed": ("grey", _("wrongly found, removed")),
    "suspended": ("red", _("suspended")),
    "doubtful": ("yellow", _("looked into by an official")),
    "refused": ("grey", _("not entitled, by an official")),
}


def name_of(definition: Definition) -> str:
    """Return a benefit's name in the reader's language."""
    return definition.name_en if _is_english() else definition.name


def summary_of(definition: Definition) -> str:
    """Return what a benefit is, in the reader's language."""
    return definition.summary_en if _is_english() else definition.summary


def text_of(rule: Rule | Finding) -> str:
    """Return a rule in the reader's language."""
    return rule.text_en if _is_english() else rule.text


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


@require_GET
@allow(*KEEPERS)
def benefit_list(request: ActorRequest) -> HttpResponse:
    """List the benefits of the reader's department."""
    rows = [
        (row, name_of(row.definition), summary_of(row.definition))
        for row in queries.benefits_kept(actor=request.actor)
    ]
    return render(request, "services/benefit_list.html", {"rows": rows})


@require_GET
@allow(*KEEPERS)
def benefit_detail(request: ActorRequest, code: str) -> HttpResponse:
    """Show a benefit: its rules, whether it is switched on, its runs, and what is due."""
    record = queries.benefit_kept(code=code, actor=request.actor)
    definition = record.definition
    runs = queries.runs_of(code=code, actor=request.actor)
    is_head = request.actor.has(Role.DEPARTMENT_HEAD)
    looked_at = next((run for run in runs if run.is_dry and run.is_current and run.state == "finished"), None)
    context = {
        "record": record,
        "name": name_of(definition),
        "summary": summary_of(definition),
        "rules": [
            (text_of(rule), definition.sources[rule.source].resource, rule.basis) for rule in definition.rules
        ],
        "amounts": definition.amounts,
        "states": [(*STATES[state], record.states.get(state, 0)) for state in STATES],
        "runs": [(run, *RUN_STATES[run.state]) for run in runs],
        "lists": queries.lists_of(code=code, actor=request.actor),
        "is_head": is_head,
        "looked_at": looked_at,
        "may_switch_on": is_head and not record.is_on and looked_at is not None,
        "trail": [
            (_("Benefits without application"), reverse("services:benefit-list")),
            (name_of(definition), ""),
        ],
    }
    return render(request, "services/benefit_detail.html", context)


@require_POST
@allow(*KEEPERS)
def benefit_start(request: ActorRequest, code: str) -> HttpResponse:
    """Start a dry run, or the run of the present period."""
    is_dry = request.POST.get("kind") != "real"
    try:
        run_id = start_run(code=code, is_dry=is_dry, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
        return redirect("services:benefit-detail", code)
    transaction.on_commit(lambda: jobs.queue_run(run_id))
    _run_code, run = queries.run_of(run_id=run_id, actor=request.actor)
    if run.state == "finished":
        messages.info(
            request, gettext("The search of this period was done before; nobody is searched for twice.")
        )
    else:
        messages.success(request, gettext("The search has begun. The page shows what it has found so far."))
    return redirect("services:benefit-run", run_id)


@require_http_methods(["GET", "POST"])
@allow(Role.DEPARTMENT_HEAD)
def benefit_switch(request: ActorRequest, code: str) -> HttpResponse:
    """Ask, then switch a benefit on or off: to what was asked, so that a page sent twice does not switch back."""
    record = queries.benefit_kept(code=code, actor=request.actor)
    sent = SwitchForm(request.POST)
    if request.method == "POST" and sent.is_valid():
        is_on = sent.is_on
        try:
            switch_benefit(code=code, is_on=is_on, actor=request.actor, at=timezone.now())
        except Refused as refusal:
            messages.error(request, sentence(refusal))
        else:
            messages.success(request, _("Switched on.") if is_on else _("Switched off."))
        return redirect("services:benefit-detail", code)
    runs = queries.runs_of(code=code, actor=request.actor)
    dry = next((run for run in runs if run.is_dry and run.is_current and run.state == "finished"), None)
    on = gettext(
        "The last dry run looked at %(read)s and found %(entitled)s entitled; %(check)s are left to a person. "
        "Each of those found is asked to confirm."
    )
    counts = {"read": dry.read, "entitled": dry.entitled, "check": dry.check} if dry else None
    context = {
        "title": _("Switch off?") if record.is_on else _("Switch on?"),
        "text": gettext("Nobody is searched for any more. What was confirmed stays.")
        if record.is_on
        else on % counts
        if counts
        else gettext("Start a dry run of these rules first, and look at whom they find."),
        "action_label": _("Switch off") if record.is_on else _("Switch on"),
        "cancel_url": reverse("services:benefit-detail", args=[code]),
        "is_dangerous": record.is_on,
        "form": SwitchForm.asking(is_on=not record.is_on),
    }
    return render(request, "ui/confirm.html", context)


@never_cache
@require_GET
@allow(*KEEPERS)
def benefit_run(request: ActorRequest, run_id: UUID) -> HttpResponse:
    """Show a run: counts by area, age and rule, and whom it found, masked."""
    code, run = queries.run_of(run_id=run_id, actor=request.actor)
    definition = queries.benefit_kept(code=code, actor=request.actor).definition
    query = ListQuery.read(request.GET, filters=queries.FOUND_FILTERS)
    page = queries.found_in(run_id=run_id, query=query, actor=request.actor)
    failed = dict(run.failed)
    context = {
        "run": run,
        "state": RUN_STATES[run.state],
        "name": name_of(definition),
        "failed": [(text_of(rule), failed[rule.code]) for rule in definition.rules if rule.code in failed],
        "page": page,
        "query": query,
        "rows": [
            (row, *OUTCOMES[row.outcome], [text_of(one) for one in row.findings if not one.passed])
            for row in page.rows
        ],
        "facets": _facets(run),
        "by_area": Chart(
            title=gettext("Entitled by area"),
            labels=tuple(name for _code, name, _found, _check in run.areas),
            series=(
                Series(name=gettext("entitled"), values=tuple(found for _c, _n, found, _k in run.areas)),
            ),
            axis=gettext("Area"),
        ),
        "trail": [
            (_("Benefits without application"), reverse("services:benefit-list")),
            (name_of(definition), reverse("services:benefit-detail", args=[code])),
            (run.period, ""),
        ],
    }
    return render(request, "services/benefit_run.html", context)


def _facets(run: queries.RunRecord) -> list[Facet]:
    return [
        Facet(
            name="outcome",
            label=gettext("Result"),
            options=tuple(
                Option(value=value, label=str(label)) for value, (_tone, label) in OUTCOMES.items()
            ),
            is_single=True,
        ),
        Facet(
            name="area",
            label=gettext("Area"),
            options=tuple(Option(value=code, label=name) for code, name, _found, _check in run.areas),
        ),
        Facet(
            name="group",
            label=gettext("Age"),
            options=tuple(Option(value=group, label=group) for group, _count in run.groups if group),
        ),
    ]


@require_POST
@allow(Role.DEPARTMENT_HEAD)
def list_make(request: ActorRequest, code: str) -> HttpResponse:
    """Put what is due on a list for the treasury."""
    try:
        make_list(code=code, actor=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, gettext("The list is made. Download it and hand it to the treasury."))
    return redirect("services:benefit-detail", code)


@require_POST
@allow(Role.DEPARTMENT_HEAD)
def list_take(request: ActorRequest, list_id: UUID) -> HttpResponseBase:
    """Download a list with names and accounts; that it was taken is noted."""
    lines = take_list(list_id=list_id, actor=request.actor, at=timezone.now())
    head = [
        gettext("Number"),
        gettext("Name"),
        gettext("Account"),
        gettext("Period"),
        gettext("Yuan"),
        gettext("Reference"),
    ]
    rows = (
        (
            one.number,
            one.name,
            one.account,
            one.period,
            str(one.yuan.quantize(Decimal("0.01"))),
            one.reference,
        )
        for one in lines
    )
    return csv_response(f"payments-{list_id}.csv", head, rows)


urlpatterns = [
    path("benefits/", benefit_list, name="benefit-list"),
    path("benefits/<slug:code>/", benefit_detail, name="benefit-detail"),
    path("benefits/<slug:code>/start/", benefit_start, name="benefit-start"),
    path("benefits/<slug:code>/switch/", benefit_switch, name="benefit-switch"),
    path("benefits/<slug:code>/list/", list_make, name="list-make"),
    path("benefit-runs/<uuid:run_id>/", benefit_run, name="benefit-run"),
    path("payment-lists/<uuid:list_id>/", list_take, name="list-take"),
]
