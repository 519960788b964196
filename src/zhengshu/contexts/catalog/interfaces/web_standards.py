"""Pages of data elements, their sources, and code tables."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from zhengshu.contexts.catalog import api
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.kernel.actors import OFFICIALS, Role
from zhengshu.kernel.errors import Kind, Refused

_MOST_SHOWN = 1000


@allow(*OFFICIALS)
def element_list(request: ActorRequest) -> HttpResponse:
    """Search data elements."""
    query = ListQuery.read(request.GET, filters=("source",), sorts=("code", "name", "grade"))
    page = api.find_elements(query=query, actor=request.actor)
    sources = api.sources_of_elements(codes=[row.code for row in page.rows])
    facet = Facet(
        name="source",
        label=gettext("Authoritative source"),
        options=(Option(value="yes", label=gettext("named")), Option(value="no", label=gettext("not named"))),
        is_single=True,
    )
    rows = [(row, sources.get(row.code)) for row in page.rows]
    return render(
        request, "catalog/element_list.html", {"query": query, "page": page, "rows": rows, "facets": [facet]}
    )


@allow(*OFFICIALS)
def element_detail(request: ActorRequest, code: str) -> HttpResponse:
    """Show a data element with its source, and which resources carry it."""
    shown = api.element(code=code)
    history = api.history_of_source(element_code=code)
    context = {
        "element": shown,
        "current": next((one for one in history if one.active_to is None), None),
        "history": [one for one in history if one.active_to is not None],
        "users": api.resources_with_element(code=code, actor=request.actor),
        "may_name": request.actor.has(Role.REVIEWER),
    }
    return render(request, "catalog/element_detail.html", context)


@allow(Role.REVIEWER)
@require_POST
def name_source(request: ActorRequest, code: str) -> HttpResponse:
    """Name the authoritative source of an element."""
    resource_code = request.POST.get("resource", "").strip()

    def step() -> None:
        api.name_authoritative_source(
            element_code=code, resource_code=resource_code, actor=request.actor, at=timezone.now()
        )

    return _do(request, code, step, gettext("The authoritative source is named."))


@allow(Role.REVIEWER)
@require_POST
def withdraw_source(request: ActorRequest, code: str) -> HttpResponse:
    """End the period of an element's source."""
    reason = request.POST.get("reason", "")[:2000]

    def step() -> None:
        api.withdraw_authoritative_source(
            element_code=code, reason=reason, actor=request.actor, at=timezone.now()
        )

    return _do(request, code, step, gettext("The authoritative source is withdrawn."))


@allow(*OFFICIALS)
def code_table_list(request: ActorRequest) -> HttpResponse:
    """Search code tables."""
    query = ListQuery.read(request.GET, sorts=("code", "name"))
    page = api.find_code_tables(query=query, actor=request.actor)
    return render(request, "catalog/code_table_list.html", {"query": query, "page": page})


@allow(*OFFICIALS)
def code_table_detail(request: ActorRequest, code: str) -> HttpResponse:
    """Show a code table with its entries."""
    shown = api.code_table(code=code)
    context = {"table": shown, "entries": shown.entries[:_MOST_SHOWN], "total": len(shown.entries)}
    return render(request, "catalog/code_table_detail.html", context)


def _do(request: ActorRequest, code: str, step: Callable[[], None], done: str) -> HttpResponse:
    try:
        step()
    except Refused as refusal:
        if refusal.kind is Kind.FORBIDDEN:
            raise
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, done)
    return redirect("catalog:element-detail", code=code)
