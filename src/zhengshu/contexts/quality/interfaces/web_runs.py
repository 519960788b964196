"""Assessments: the list, one of them with its progress and results, stopping, taking up again, comparing."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengshu.contexts.quality.application import queries
from zhengshu.contexts.quality.application.ask_assessment import may_assess
from zhengshu.contexts.quality.application.compare_runs import compare
from zhengshu.contexts.quality.application.control_run import resume_run, stop_run
from zhengshu.contexts.quality.application.records import RunRecord
from zhengshu.contexts.quality.interfaces import jobs, labels, shown
from zhengshu.contexts.quality.interfaces.access import assessors, readers
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.transactions import transaction
from zhengshu.foundation.ui.facets import Facet


@require_GET
@readers
def run_list(request: ActorRequest) -> HttpResponse:
    """Show the assessments that the actor may see, newest first."""
    query = ListQuery.read(request.GET, filters=queries.RUN_FILTERS, sorts=queries.RUN_SORTS)
    page = queries.runs(actor=request.actor, query=query)
    names = shown.department_names({run.department_id for run in page.rows})
    facets = [
        Facet(name="state", label=_("State"), options=shown.options(labels.STATES), is_single=True),
        Facet(
            name="cause", label=_("Occasion"), options=shown.options(labels.CAUSES_OF_RUNS), is_single=True
        ),
    ]
    context = {
        "page": page,
        "query": query,
        "rows": [{**shown.named(run), "department": names.get(run.department_id, "")} for run in page.rows],
        "facets": facets,
    }
    return render(request, "quality/run_list.html", context)


@require_GET
@readers
def run_detail(request: ActorRequest, run_id: UUID) -> HttpResponse:
    """Show one assessment: how far it is, or what it found, or why it has no result."""
    actor = request.actor
    run = queries.run(run_id=run_id, actor=actor)
    context: dict[str, object] = {
        **shown.named(run),
        **_progress(run),
        "refusal": labels.filled(run.refusal_message, run.refusal_data),
        "may_assess": may_assess(actor, run.department_id),
        "may_see_rows": queries.may_see_rows(run=run, actor=actor),
        "facts": _facts(run),
        "trail": [
            (_("Data quality"), reverse("quality:overview")),
            (run.resource_name, reverse("quality:table", args=[run.resource_code])),
            (run.number, ""),
        ],
    }
    if run.is_whole:
        outcomes = queries.outcomes(run_id=run.id, actor=actor)
        names = shown.item_names(run.resource_id)
        context |= {
            "former": queries.former_run(run=run, actor=actor),
            **shown.rules(outcomes, names),
            "heat": shown.heat_map(outcomes, names),
            "dimensions": shown.dimension_facts(run),
        }
    return render(request, "quality/run.html", context)


@require_GET
@readers
def run_progress(request: ActorRequest, run_id: UUID) -> HttpResponse:
    """Show how far an assessment is; tell the browser to load the whole page once it is over."""
    run = queries.run(run_id=run_id, actor=request.actor)
    response = render(request, "quality/parts/progress.html", {**shown.named(run), **_progress(run)})
    if not run.is_open:
        response["HX-Redirect"] = reverse("quality:run", args=[run.id])
    return response


@require_POST
@assessors
def run_stop(request: ActorRequest, run_id: UUID) -> HttpResponse:
    """Stop an assessment."""
    stop_run(run_id=run_id, actor=request.actor, at=timezone.now())
    messages.success(request, _("The assessment is being stopped; it has no result."))
    return redirect("quality:run", run_id)


@require_POST
@assessors
def run_resume(request: ActorRequest, run_id: UUID) -> HttpResponse:
    """Take an assessment up again."""
    _resume(request, run_id)
    messages.success(request, _("The assessment goes on; what was finished is not checked again."))
    return redirect("quality:run", run_id)


@require_GET
@readers
def run_compare(request: ActorRequest, run_id: UUID, other_id: UUID) -> HttpResponse:
    """Show two assessments of one table side by side."""
    found = compare(earlier_id=other_id, later_id=run_id, actor=request.actor)
    names = shown.item_names(found.later.resource_id)
    context = {
        "found": found,
        "earlier": shown.named(found.earlier),
        "later": shown.named(found.later),
        "rows": [
            {
                "one": one,
                "name": labels.rule_name(one),
                "column": names.get(one.column, one.column),
                "severity": labels.SEVERITIES[one.severity],
                "color": "green" if one.change < 0 else "red" if one.change > 0 else "grey",
            }
            for one in found.rules
        ],
        "trail": [
            (_("Data quality"), reverse("quality:overview")),
            (found.later.resource_name, reverse("quality:table", args=[found.later.resource_code])),
            (_("Comparison"), ""),
        ],
    }
    return render(request, "quality/compare.html", context)


@transaction
def _resume(request: ActorRequest, run_id: UUID) -> None:
    resume_run(run_id=run_id, actor=request.actor, at=timezone.now())
    jobs.queue(run_id)


def _progress(run: RunRecord) -> Mapping[str, object]:
    left = run.left(at=timezone.now())
    return {
        "percent": min(100, round(100 * run.done / run.total)) if run.total else 0,
        "left": _lasting(left) if left is not None else "",
    }


def _lasting(left: timedelta) -> str:
    seconds = max(1, round(left.total_seconds()))
    if seconds < 90:  # noqa: PLR2004 - beyond that people count in minutes
        return _("%(seconds)s seconds") % {"seconds": seconds}
    return _("%(minutes)s minutes") % {"minutes": round(seconds / 60)}


def _facts(run: RunRecord) -> list[tuple[str, object]]:
    seconds = "" if run.seconds is None else _("%(seconds)s s") % {"seconds": f"{run.seconds:.1f}"}
    return [
        (_("Asked by"), run.by_name),
        (_("Occasion"), labels.CAUSES_OF_RUNS[run.cause]),
        (_("Asked"), f"{timezone.localtime(run.asked_at):%Y-%m-%d %H:%M:%S}"),
        (_("Duration"), seconds),
        (_("Pack of rules"), run.pack),
        (_("Snapshot"), run.snapshot_id or ""),
    ]
