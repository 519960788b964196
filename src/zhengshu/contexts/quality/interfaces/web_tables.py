"""Tables and how good they are: the list, one table, having it assessed, what it demands of batches."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application import queries
from zhengshu.contexts.quality.application.ask_assessment import ask_assessment, may_assess
from zhengshu.contexts.quality.application.change_plan import change_plan
from zhengshu.contexts.quality.application.due_tables import plan_of
from zhengshu.contexts.quality.application.rectification_queries import of_table
from zhengshu.contexts.quality.application.tables import table_of
from zhengshu.contexts.quality.interfaces import jobs, labels, shown
from zhengshu.contexts.quality.interfaces.access import assessors, readers
from zhengshu.contexts.quality.interfaces.forms import PlanForm
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.tables import csv_response
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.transactions import transaction
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.kernel.errors import Refused

MOST_EXPORTED = 200
SHOWN_RUNS = 8


@require_GET
@readers
def table_list(request: ActorRequest) -> HttpResponse:
    """Show the tables that the actor may see, worst first."""
    query = _query(request)
    page = queries.tables(actor=request.actor, query=query)
    names = shown.department_names({run.department_id for run in page.rows})
    facets = [
        Facet(
            name="grade",
            label=_("Grade"),
            options=tuple(Option(value=grade, label=grade) for grade in shown.GRADES),
            is_single=True,
        )
    ]
    departments = queries.departments_seen(actor=request.actor)
    if len(departments) > 1:
        facets.insert(0, shown.department_facet(departments))
    context = {
        "page": page,
        "query": query,
        "rows": [{**shown.named(run), "department": names.get(run.department_id, "")} for run in page.rows],
        "facets": facets,
    }
    return render(request, "quality/table_list.html", context)


@require_GET
@readers
def table_export(request: ActorRequest) -> StreamingHttpResponse:
    """Send the list as a spreadsheet."""
    query = _query(request, size=MOST_EXPORTED)
    page = queries.tables(actor=request.actor, query=query)
    names = shown.department_names({run.department_id for run in page.rows})
    head = [
        _("Table"),
        _("Code"),
        _("Department"),
        _("Rows"),
        _("Faulty rows"),
        _("Score"),
        _("Grade"),
        _("Assessed"),
    ]
    rows = (
        (
            run.resource_name,
            run.resource_code,
            names.get(run.department_id, ""),
            run.rows,
            run.faulty,
            labels.score_text(run.score),
            run.grade,
            f"{timezone.localtime(run.finished_at):%Y-%m-%d %H:%M}" if run.finished_at else "",
        )
        for run in page.rows
    )
    return csv_response("tables.csv", head, rows)


@require_GET
@readers
def table_detail(request: ActorRequest, code: str) -> HttpResponse:
    """Show how good one table is: score, columns by dimensions, rules, history."""
    resource = table_of(code, actor=request.actor)
    return _detail(request, resource, PlanForm.of(plan_of(resource.id)))


@require_POST
@assessors
def table_assess(request: ActorRequest, code: str) -> HttpResponse:
    """Have a table assessed."""
    try:
        run_id = _ask(request, code)
    except Refused as refusal:
        messages.error(request, sentence(refusal))
        return redirect("quality:table", code)
    return redirect("quality:run", run_id)


@transaction
def _ask(request: ActorRequest, code: str) -> UUID:
    run_id = ask_assessment(resource_code=code, actor=request.actor, at=timezone.now())
    jobs.queue(run_id)
    return run_id


@require_POST
@assessors
def table_plan(request: ActorRequest, code: str) -> HttpResponse:
    """Set when a table is assessed and what it demands of batches."""
    form = PlanForm(request.POST)
    resource = table_of(code, actor=request.actor)
    if not form.is_valid():
        return _detail(request, resource, form, status=422)
    change_plan(resource_code=code, plan=form.plan(), actor=request.actor, at=timezone.now())
    messages.success(request, _("The demands were saved; they hold for the next batch."))
    return redirect("quality:table", code)


def _detail(
    request: ActorRequest, resource: catalog.ResourceRecord, form: PlanForm, *, status: int = 200
) -> HttpResponse:
    actor = request.actor
    run = queries.latest_run(resource_id=resource.id, actor=actor)
    open_run = queries.open_run_of(resource_id=resource.id, actor=actor)
    names = {item.column: item.name for item in resource.items}
    recent = queries.runs(actor=actor, query=ListQuery(size=SHOWN_RUNS), resource_id=resource.id)
    context: dict[str, object] = {
        "resource": resource,
        "latest": shown.named(run) if run else None,
        "open_run": shown.named(open_run) if open_run else None,
        "is_served": lake.serving(resource_id=resource.id) is not None,
        "may_assess": may_assess(actor, resource.department_id),
        "may_view": queries.may_view(actor, resource.department_id),
        "may_see_rows": run is not None and queries.may_see_rows(run=run, actor=actor),
        "runs": [shown.named(one) for one in recent.rows],
        "chart": shown.history_chart(queries.history(resource_id=resource.id, actor=actor)),
        "rectification": of_table(resource_id=resource.id, actor=actor),
        "form": form,
        "plan": plan_of(resource.id),
        "trail": [(_("Data quality"), "/quality/"), (resource.name, "")],
    }
    if run is not None:
        outcomes = queries.outcomes(run_id=run.id, actor=actor)
        context |= {
            **shown.rules(outcomes, names),
            "heat": shown.heat_map(outcomes, names),
            "dimensions": shown.dimension_facts(run),
        }
    return render(request, "quality/table.html", context, status=status)


def _query(request: ActorRequest, *, size: int = 0) -> ListQuery:
    query = ListQuery.read(request.GET, filters=queries.TABLE_FILTERS, sorts=queries.TABLE_SORTS)
    return ListQuery(text=query.text, filters=query.filters, sort=query.sort, size=size) if size else query
