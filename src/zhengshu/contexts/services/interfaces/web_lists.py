"""Pages on which a data authority takes over the lists of other platforms."""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengshu.contexts.services.application.import_items import ImportedItem, ImportOutcome
from zhengshu.contexts.services.application.take_over_list import (
    ListState,
    look_at_list,
    take_over_list,
    uploaded_list,
    uploaded_lists,
)
from zhengshu.contexts.services.interfaces.labels import fault_text, label, note_text
from zhengshu.foundation.files.sheets import read_upload
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.http.tables import xlsx_response
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.kernel.actors import Role
from zhengshu.kernel.errors import Refused

_TONES = {
    ImportOutcome.NEW: "green",
    ImportOutcome.CHANGED: "blue",
    ImportOutcome.UNCHANGED: "grey",
    ImportOutcome.REPEATED: "yellow",
    ImportOutcome.REFUSED: "red",
}
_SHOW = ("outcome", "show")


@require_http_methods(["GET", "POST"])
@allow(Role.REVIEWER)
def list_import(request: ActorRequest) -> HttpResponse:
    """Take a file and look at it; show what was uploaded before."""
    context: dict[str, object] = {}
    status = 200
    if request.method == "POST":
        try:
            data, name = read_upload(request.FILES.get("file"))
            list_id = look_at_list(data=data, name=name, actor=request.actor, at=timezone.now())
        except Refused as refusal:
            context["refusal"] = sentence(refusal)
            status = 422
        else:
            return redirect("services:list-detail", list_id)
    context["lists"] = uploaded_lists(actor=request.actor)
    return render(request, "services/list_import.html", context, status=status)


@require_GET
@allow(Role.REVIEWER)
def list_detail(request: ActorRequest, list_id: UUID) -> HttpResponse:
    """Show what becomes of each record of an uploaded list."""
    found = uploaded_list(list_id=list_id, actor=request.actor)
    if request.headers.get("HX-Request"):
        return render(request, "services/parts/list_progress.html", {"found": found})
    query = ListQuery.read(request.GET, filters=_SHOW)
    outcome, only = query.one("outcome"), query.one("show")
    rows = [
        item
        for item in found.items
        if (not outcome or item.outcome.value == outcome)
        and (only != "notes" or item.notes or item.faults)
        and (only != "organ" or not item.organ)
    ]
    start = (query.page - 1) * query.size
    shown = tuple(_row(item) for item in rows[start : start + query.size])
    context = {
        "found": found,
        "page": Page(rows=shown, total=len(rows), query=query),
        "query": query,
        "outcomes": [
            (one.value, label(one), found.counts.get(one.value, 0), _TONES[one]) for one in ImportOutcome
        ],
        "notes": sum(1 for item in found.items if item.notes),
        "without_organ": sum(1 for item in found.items if not item.organ),
        "spellings": len({item.department for item in found.items if item.department}),
        "kept": only,
        "outcome": outcome,
        "may_take_over": found.state is ListState.LOOKED_AT
        and any(found.counts.get(one.value) for one in (ImportOutcome.NEW, ImportOutcome.CHANGED)),
    }
    return render(request, "services/list_detail.html", context)


@require_POST
@allow(Role.REVIEWER)
def list_take_over(request: ActorRequest, list_id: UUID) -> HttpResponse:
    """Have the list taken over."""
    take_over_list(list_id=list_id, actor=request.actor)
    return redirect("services:list-detail", list_id)


@require_GET
@allow(Role.REVIEWER)
def list_report(request: ActorRequest, list_id: UUID) -> HttpResponseBase:
    """Return the report of all records as a workbook."""
    found = uploaded_list(list_id=list_id, actor=request.actor)
    head = (_("Place in the file"), _("Name"), _("Outcome"), _("Code"), _("Organ in the list"), _("Organ here"),
            _("Remarks"), _("Elements that are missing"))  # fmt: skip
    return xlsx_response("report.xlsx", head, _report_rows(found.items))


def _report_rows(items: tuple[ImportedItem, ...]) -> Iterator[tuple[str, ...]]:
    for item in items:
        remarks = [*(fault_text(fault) for fault in item.faults), *(note_text(note) for note in item.notes)]
        yield (
            str(item.place),
            item.name,
            label(item.outcome),
            item.code,
            item.department,
            item.organ,
            "\n".join(remarks),
            "、".join(item.gaps),
        )


def _row(item: ImportedItem) -> dict[str, object]:
    return {
        "item": item,
        "label": label(item.outcome),
        "tone": _TONES[item.outcome],
        "remarks": [*(fault_text(fault) for fault in item.faults), *(note_text(note) for note in item.notes)],
    }


urlpatterns: list[URLPattern] = [
    path("lists/", list_import, name="list-import"),
    path("lists/<uuid:list_id>/", list_detail, name="list-detail"),
    path("lists/<uuid:list_id>/take-over/", list_take_over, name="list-take-over"),
    path("lists/<uuid:list_id>/report/", list_report, name="list-report"),
]
