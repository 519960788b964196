"""Pages for whoever looks for an item: the list with search, suggestions while typing, the guide."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from zhengshu.contexts.services import api
from zhengshu.contexts.services.application.english_names import english_summaries
from zhengshu.contexts.services.application.export_items import HEADERS, export_rows
from zhengshu.contexts.services.application.foresee_materials import bundles_of, own_of
from zhengshu.contexts.services.application.items_in_the_making import count_open
from zhengshu.contexts.services.application.records import ItemSummary
from zhengshu.contexts.services.application.search_items import FILTERS, SORTS, ItemPage, search, suggest
from zhengshu.contexts.services.domain.everyday import Meant
from zhengshu.contexts.services.interfaces.facets import facets_of
from zhengshu.contexts.services.interfaces.guides import guide_of
from zhengshu.contexts.services.interfaces.labels import in_language, is_english
from zhengshu.contexts.services.interfaces.qr import qr
from zhengshu.contexts.services.interfaces.ways_in import bundle_links, way_in
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import public
from zhengshu.foundation.http.tables import csv_response, xlsx_response
from zhengshu.foundation.lists import ListQuery, readable
from zhengshu.kernel.actors import OFFICIALS, Role


@require_GET
@public
def item_list(request: ActorRequest) -> HttpResponse:
    """Search and browse what people may ask of government."""
    query = ListQuery.read(request.GET, filters=tuple(FILTERS), sorts=tuple(SORTS))
    page = search(query=query, actor=request.actor)
    themes = api.themes()
    event = next((one for one in themes if query.filters.get("theme") == (one.code,)), None)
    context = {
        "query": query,
        "page": page,
        "lines": _lines(page),
        "facets": facets_of(page, query, themes),
        "themes": themes,
        "event": event and in_language(event.name, event.name_en),
        "bundles": bundle_links(bundles_of(row.code for row in page.rows)) if event else (),
        "is_narrowed": bool(set(query.filters) - {"theme"}),
        "is_start": not query.text and not query.filters and query.page == 1,
        "is_official": request.actor.has(*OFFICIALS),
        "in_the_making": count_open(actor=request.actor),
        "may_take_over": request.actor.has(Role.REVIEWER),
        "first_page": query.link(page=""),
        "without_filters": ListQuery(text=query.text).link(),
        "sorts": _sorts(query),
        "export_query": query.link(page="", size=""),
    }
    return render(request, "services/item_list.html", context)


def _lines(page: ItemPage) -> list[tuple[ItemSummary, str, Meant | None]]:
    """Return items with what is said of them in English, for whoever reads it, and by which word they were found."""
    english = english_summaries(codes=(row.code for row in page.rows)) if is_english() else {}
    return [(row, english.get(row.code, ""), page.called.get(row.code)) for row in page.rows]


def _sorts(query: ListQuery) -> list[tuple[str, str, bool]]:
    """Return the orders of the list: what each is called, its link, and whether it is the one shown."""
    first = gettext("Best fit") if query.text else gettext("Name")
    orders = [("", first), *([("name", gettext("Name"))] if query.text else [])]
    orders += [("department", gettext("Organ")), ("-changed", gettext("Newest"))]
    return [(words, query.link(sort=sort, page=""), sort == query.sort) for sort, words in orders]


@require_GET
@public
def item_suggest(request: ActorRequest) -> HttpResponse:
    """Return the items that somebody who is typing may mean, for the list under the field."""
    text = readable(request.GET.get("q", ""))
    page = suggest(text=text, actor=request.actor) if text else None
    found = [(row, page.called.get(row.code)) for row in page.rows] if page else []
    answer = render(request, "services/parts/suggestions.html", {"found": found, "text": text})
    patch_vary_headers(answer, ("Accept-Language", "Cookie"))
    return answer


@require_GET
@public
def item_export(request: ActorRequest) -> HttpResponseBase:
    """Return what a list shows, as XLSX or CSV."""
    query = ListQuery.read(request.GET, filters=tuple(FILTERS), sorts=tuple(SORTS))
    rows = export_rows(query=query, actor=request.actor)
    if request.GET.get("as") == "csv":
        return csv_response("items.csv", HEADERS, rows)
    return xlsx_response("items.xlsx", HEADERS, rows)


@require_GET
@public
def item_guide(request: ActorRequest, code: str) -> HttpResponse:
    """Show the guide of an item as it is in force today."""
    found = api.item(code=code, actor=request.actor, on=timezone.localdate())
    own = own_of(actor=request.actor, materials=found.facts.materials, at=timezone.now())
    address = request.build_absolute_uri(request.path)
    context = {
        **guide_of(found, own=own),
        "is_official": request.actor.has(*OFFICIALS),
        "way": way_in(found, actor=request.actor),
        "address": address,
        "picture": qr(address),
    }
    return render(request, "services/item_guide.html", context)


urlpatterns: list[URLPattern] = [
    path("", item_list, name="item-list"),
    path("suggest/", item_suggest, name="item-suggest"),
    path("export/", item_export, name="item-export"),
    path("items/<slug:code>/", item_guide, name="item-guide"),
]
