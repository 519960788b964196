"""Deliveries: the list, one batch, its progress."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.interfaces import jobs
from zhengshu.contexts.lake.interfaces.access import officers, readers
from zhengshu.contexts.lake.interfaces.labels import (
    COLORS,
    KINDS,
    MODES,
    SOURCES,
    STATES,
    E,
    Label,
    choices,
    sentence_of_note,
)
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.transactions import transaction
from zhengshu.foundation.ui.charts import Chart, Series
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.kernel.actors import Role
from zhengshu.kernel.identity import BatchId

FILTERS = ("state", "mode", "source_kind")
SORTS = ("received_at", "resource_name", "rows", "set_aside", "file_name")
SHOWN_ROWS = 10
MOST_BARS = 12
UNPUBLISHED = frozenset(
    {catalog.State.DRAFT, catalog.State.RETURNED, catalog.State.SUBMITTED, catalog.State.APPROVED}
)
"""States of a catalogue entry that other departments do not see yet."""


@readers
def batch_list(request: ActorRequest) -> HttpResponse:
    """Show the deliveries that the actor may see."""
    query = ListQuery.read(request.GET, filters=FILTERS, sorts=SORTS)
    page = api.batches(actor=request.actor, query=query)
    departments = trust.departments(ids={batch.department_id for batch in page.rows})
    rows = [
        {
            "batch": batch,
            "department": departments[batch.department_id].short_name
            or departments[batch.department_id].name,
            **named(batch),
        }
        for batch in page.rows
    ]
    facets = (
        Facet(name="state", label=gettext("State"), options=_options(STATES), is_single=True),
        Facet(name="source_kind", label=gettext("Source"), options=_options(SOURCES), is_single=True),
    )
    is_officer = request.actor.has(Role.DATA_OFFICER)
    context = {"page": page, "query": query, "rows": rows, "facets": facets, "is_officer": is_officer}
    return render(request, "lake/batch_list.html", context)


@readers
def batch_detail(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    """Show one delivery: counts, origin, faults, what can be done."""
    batch = api.batch(batch_id=BatchId(batch_id), actor=request.actor)
    resource = catalog.resources(ids=[batch.resource_id])[batch.resource_id]
    names = {item.column: item.name for item in resource.items}
    may_see_rows = api.may_see_rows(batch=batch, actor=request.actor)
    serving = api.serving(resource_id=batch.resource_id)
    context = {
        "batch": batch,
        **named(batch),
        "refusal": gettext(batch.refusal_message) % batch.refusal_data if batch.refusal_message else "",
        "notes": [sentence_of_note(code, data) for code, data in batch.notes],
        "origin": _origin(batch),
        "faults": _faults(batch, names),
        "chart": _chart(batch, names),
        "may_see_rows": may_see_rows,
        "is_officer": request.actor.has(Role.DATA_OFFICER) and may_see_rows,
        "rows": _some_rows(batch, request, names) if may_see_rows and batch.set_aside else (),
        "is_unpublished": may_see_rows and resource.state in UNPUBLISHED,
        "is_served": serving is not None and serving.batch_id == batch.id,
        "can_repeat": batch.state in {api.BatchState.REFUSED, api.BatchState.INTERRUPTED},
    }
    return render(request, "lake/batch_detail.html", context)


@readers
def progress(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    """Show how far a collection is; tell the browser to load the whole page once it is over."""
    batch = api.batch(batch_id=BatchId(batch_id), actor=request.actor)
    response = render(request, "lake/parts/progress.html", {"batch": batch, **named(batch)})
    if batch.is_over:
        response["HX-Redirect"] = reverse("lake:batch-detail", args=[batch.id])
    return response


@require_POST
@officers
def again(request: ActorRequest, batch_id: UUID) -> HttpResponse:
    """Collect the file of a batch that was not published once more."""
    batch = _again(request, BatchId(batch_id))
    messages.success(request, gettext("The file is collected again."))
    return redirect("lake:batch-detail", batch.id)


@transaction
def _again(request: ActorRequest, batch_id: BatchId) -> api.BatchRecord:
    batch = api.retry_batch(batch_id=batch_id, actor=request.actor, at=timezone.now())
    jobs.collect.defer(batch_id=str(batch.id))
    return batch


def named(batch: api.BatchRecord) -> dict[str, str]:
    """Return what a batch's state, mode and source are called."""
    return {
        "state": str(STATES[batch.state]),
        "color": COLORS[batch.state],
        "mode": str(MODES[batch.mode]),
        "source": str(SOURCES[batch.source_kind]),
    }


def _options(labels: Mapping[E, Label]) -> tuple[Option, ...]:
    return tuple(Option(value=str(value), label=str(label)) for value, label in choices(labels))


def _origin(batch: api.BatchRecord) -> list[tuple[str, object]]:
    about = batch.about
    form = [about.get("format", "").upper(), about.get("encoding", "").upper(), _separator(about)]
    seconds = "" if batch.seconds is None else gettext("%(seconds)s s") % {"seconds": f"{batch.seconds:.1f}"}
    return [
        (gettext("File"), batch.file_name),
        (gettext("Size"), gettext("%(size)s bytes") % {"size": f"{batch.size:,}"}),
        (gettext("Format"), " · ".join(part for part in form if part)),
        (gettext("Sheet"), about.get("sheet", "")),
        (gettext("Delivered by"), batch.by_name),
        (gettext("Received"), timezone.localtime(batch.received_at).strftime("%Y-%m-%d %H:%M:%S")),
        (gettext("Duration"), seconds),
        (gettext("SHA-256 of the file"), batch.digest),
        (gettext("Snapshot"), batch.snapshot_id or ""),
    ]


def _separator(about: Mapping[str, str]) -> str:
    separator = about.get("delimiter", "")
    name = {
        ",": gettext("comma"),
        "TAB": gettext("tab"),
        ";": gettext("semicolon"),
        "|": gettext("bar"),
    }.get(separator, separator)
    return gettext("separated by %(separator)s") % {"separator": name} if name else ""


def _faults(batch: api.BatchRecord, names: dict[str, str]) -> list[dict[str, object]]:
    return [
        {
            "column": count.column,
            "name": names.get(count.column, count.column) or gettext("Whole row"),
            "kind": count.kind,
            "reason": str(KINDS[api.FaultKind(count.kind)]),
            "rows": count.rows,
        }
        for count in batch.faults
    ]


def _chart(batch: api.BatchRecord, names: dict[str, str]) -> Chart | None:
    if not batch.faults:
        return None
    totals: dict[str, int] = {}
    for count in batch.faults:
        label = names.get(count.column, count.column) or gettext("Whole row")
        totals[label] = totals.get(label, 0) + count.rows
    shown = sorted(totals.items(), key=lambda pair: -pair[1])[:MOST_BARS]
    return Chart(
        title=gettext("Faults by field"),
        labels=tuple(label for label, _ in shown),
        series=(Series(name=gettext("Rows"), values=tuple(rows for _, rows in shown)),),
        axis=gettext("Field"),
        unit=gettext("rows"),
    )


def _some_rows(
    batch: api.BatchRecord, request: ActorRequest, names: dict[str, str]
) -> list[dict[str, object]]:
    query = ListQuery(size=SHOWN_ROWS, filters={"open": ("1",)})
    page = api.set_aside_rows(batch_id=batch.id, actor=request.actor, query=query)
    return [shown_row(row, names) for row in page.rows]


def shown_row(row: api.SetAside, names: dict[str, str]) -> dict[str, object]:
    """Return a row that was set aside as the table shows it: line, reasons, the values at fault."""
    return {
        "line": row.line,
        "is_replayed": row.replayed_in is not None,
        "replayed_in": row.replayed_in,
        "reasons": [
            {
                "name": names.get(fault.column, fault.column),
                "value": row.values.get(fault.column, ""),
                "sentence": api.sentence_of(fault),
            }
            for fault in row.faults
        ],
    }
