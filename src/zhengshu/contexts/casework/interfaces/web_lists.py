"""Lists of cases: to-dos, what we started, and the search in all cases."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.export_cases import MOST_EXPORTED
from zhengshu.contexts.casework.application.search_cases import CasePage
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.list_parts import facets_of, filter_parts, query_of, tabs_of
from zhengshu.contexts.casework.interfaces.whose import whose_tabs
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor

Rows = Callable[[Actor, ListQuery, datetime], CasePage]


@require_GET
@allow(*READERS)
def inbox(request: ActorRequest) -> HttpResponse:
    """List the to-dos that the reader may do."""
    at = timezone.now()
    query = query_of(request)
    page = queries.inbox(actor=request.actor, query=query, at=at)
    context = {
        "page": page,
        "query": query,
        "facets": facets_of(query, has_states=False),
        "tabs": tabs_of(request.actor, "inbox", query, at=at),
        "whose": whose_tabs(query),
        **_files("inbox", query),
    }
    return render(request, "casework/inbox.html", context)


@require_GET
@allow(*READERS)
def started(request: ActorRequest) -> HttpResponse:
    """List the cases that the reader's department opened."""
    return _case_page(request, "started", _started)


@require_GET
@allow(*READERS)
def supervision(request: ActorRequest) -> HttpResponse:
    """Search in all cases that the reader may see; the tabs above narrow it to what is late or nearly so."""
    return _case_page(request, "supervision", _supervised)


def _started(actor: Actor, query: ListQuery, at: datetime) -> CasePage:
    return queries.started(actor=actor, query=query, at=at)


def _supervised(actor: Actor, query: ListQuery, at: datetime) -> CasePage:
    return queries.supervised(actor=actor, query=query, at=at)


def _case_page(request: ActorRequest, name: str, rows: Rows) -> HttpResponse:
    at = timezone.now()
    query = query_of(request)
    page = rows(request.actor, query, at)
    context = {
        "page": page,
        "rows": [(row, page.matches.get(row.id)) for row in page.rows],
        "query": query,
        "tabs": tabs_of(request.actor, name, query, at=at),
        "is_supervision": name == "supervision",
        "is_narrowed": bool(query.text or query.filters),
        **filter_parts(query, page),
        **_files(name, query),
    }
    return render(request, "casework/cases.html", context)


def _files(name: str, query: ListQuery) -> dict[str, object]:
    """Return where the list is taken away as a file, and how much of it."""
    asked = query.link(page="")
    links = {form: reverse(f"casework:{name}-export", args=[form]) + asked for form in ("csv", "xlsx")}
    return {"files": links, "most_exported": MOST_EXPORTED}
