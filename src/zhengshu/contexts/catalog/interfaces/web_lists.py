"""The lists of the ledger: what is withheld (负面清单), and what each department answers for (责任清单)."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render

from zhengshu.contexts.catalog import api
from zhengshu.contexts.catalog.application.department_totals import department_totals
from zhengshu.contexts.catalog.application.search_resources import SORTS
from zhengshu.contexts.catalog.domain.vocabulary import SharingClass
from zhengshu.contexts.catalog.interfaces.facets import facets_of
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import OFFICIALS

_OWN_FILTERS = ("department",)


@allow(*OFFICIALS)
def withheld(request: ActorRequest) -> HttpResponse:
    """List the withheld resources with reason and legal basis."""
    query = ListQuery.read(request.GET, filters=_OWN_FILTERS, sorts=tuple(SORTS))
    asked = replace(query, filters={**query.filters, "sharing": (SharingClass.WITHHELD.value,)})
    page = api.search(query=asked, actor=request.actor)
    records = api.resources(ids=[row.id for row in page.rows])
    facets = [facet for facet in facets_of(page, query) if facet.name in _OWN_FILTERS]
    context = {
        "query": query,
        "page": replace(page, query=query),
        "rows": [records[row.id] for row in page.rows],
        "facets": facets,
        "export_query": asked.link(page=""),
    }
    return render(request, "catalog/withheld_list.html", context)


@allow(*OFFICIALS)
def responsibilities(request: ActorRequest) -> HttpResponse:
    """List what each department has to provide and keep."""
    return render(
        request, "catalog/responsibility_list.html", {"rows": department_totals(actor=request.actor)}
    )
