"""Import and export in the official layout."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.catalog.application.export_resources import to_csv, to_dcat, to_xlsx, workbook
from zhengshu.contexts.catalog.application.import_resources import ImportedRecord, Outcome, import_resources
from zhengshu.contexts.catalog.application.search_resources import FILTERS, SORTS
from zhengshu.contexts.catalog.domain.layout import HEADERS
from zhengshu.contexts.catalog.interfaces.forms import in_words
from zhengshu.foundation.files.sheets import read_upload
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import OFFICIALS, Role
from zhengshu.kernel.errors import Refused

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OUTCOMES: Mapping[Outcome, tuple[Promise, str]] = {
    Outcome.DRAFTED: (_("New draft"), "green"),
    Outcome.CHANGED: (_("Draft changed"), "green"),
    Outcome.REVISED: (_("Revision begun"), "green"),
    Outcome.UNCHANGED: (_("Unchanged"), "grey"),
    Outcome.REFUSED: (_("Not taken"), "red"),
}


@allow(Role.DATA_OFFICER)
def import_page(request: ActorRequest) -> HttpResponse:
    """Take a file in the official layout and report row by row."""
    context: dict[str, object] = {}
    status = 200
    if request.method == "POST":
        try:
            data, name = read_upload(request.FILES.get("file"))
            found = import_resources(data=data, name=name, actor=request.actor, at=timezone.now())
        except Refused as refusal:
            context["refusal"] = sentence(refusal)
            status = 422
        else:
            context.update(_report(found, name))
    return render(request, "catalog/import.html", context, status=status)


@allow(*OFFICIALS)
def empty_layout(_request: ActorRequest) -> HttpResponse:
    """Return the official layout with nothing in it."""
    return _file(workbook(iter([HEADERS])), _XLSX, "catalogue-layout.xlsx")


@allow(*OFFICIALS)
def export(request: ActorRequest) -> HttpResponse:
    """Return what a list shows, as XLSX, CSV or DCAT."""
    query = ListQuery.read(request.GET, filters=tuple(FILTERS), sorts=tuple(SORTS))
    match request.GET.get("as"):
        case "csv":
            return _file(to_csv(query=query, actor=request.actor), "text/csv; charset=utf-8", "catalogue.csv")
        case "dcat":
            text = to_dcat(query=query, actor=request.actor, base_url=settings.PUBLIC_URL)
            return _file(text.encode(), "application/ld+json", "catalogue.jsonld")
        case _:
            return _file(to_xlsx(query=query, actor=request.actor), _XLSX, "catalogue.xlsx")


def _report(found: tuple[ImportedRecord, ...], name: str) -> dict[str, object]:
    rows = [
        {
            "line": one.line,
            "name": one.name,
            "code": one.code,
            "label": str(_OUTCOMES[one.outcome][0]),
            "tone": _OUTCOMES[one.outcome][1],
            "faults": [
                (where.line, where.header, in_words(where.fault.message, where.fault.data))
                for where in one.faults
            ],
        }
        for one in found
    ]
    refused = sum(one.outcome is Outcome.REFUSED for one in found)
    return {"rows": rows, "file_name": name, "taken": len(found) - refused, "refused": refused}


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
