"""The public list of decisions on licences: search, filters, a table to download, and on paper."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from zhengshu.contexts.services.application.decision_queries import (
    FILTERS,
    SORTS,
    DecisionRecord,
    counts,
    decisions,
    exported,
)
from zhengshu.contexts.services.interfaces.labels import in_language
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import public
from zhengshu.foundation.http.tables import csv_response
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import DayRange, Facet, Option


@require_GET
@public
def decision_list(request: ActorRequest) -> HttpResponse:
    """Show what was granted; of what was refused, how many."""
    query = ListQuery.read(request.GET, filters=FILTERS, sorts=SORTS)
    page = decisions(query=query, actor=request.actor)
    found = counts(query=query)
    today = timezone.localdate()
    context = {
        "query": query,
        "page": page,
        "counts": found,
        "rows": [
            (one, in_language(one.item_name, one.item_name_en), period_of(one), one.is_over(today))
            for one in page.rows
        ],
        "facets": (
            _facet("department", _("Department"), found.departments),
            _facet("item", _("Service item"), found.items),
        ),
        "ranges": (
            DayRange(
                name="decided",
                label=_("Decided on"),
                first=query.one("decided_from"),
                last=query.one("decided_to"),
            ),
        ),
        "has_range": bool(query.one("decided_from") or query.one("decided_to")),
        "export_query": query.link(page="", size=""),
    }
    return render(request, "services/decisions.html", context)


@require_GET
@public
def decision_export(request: ActorRequest) -> HttpResponseBase:
    """Send what the list shows as a table."""
    query = ListQuery.read(request.GET, filters=FILTERS, sorts=SORTS)
    head = [
        _("Number of the decision"), _("Service item"), _("Department"), _("Decided on"),
        pgettext("decision", "Holder"),
        _("Unified social credit code"), _("Number of the certificate"), _("First day of validity"),
        _("Last day of validity"),
        _("Revoked or given back on"), _("Law by which decisions are published"),
    ]  # fmt: skip
    return csv_response("decisions.csv", head, _lines(exported(query=query, actor=request.actor)))


def period_of(one: DecisionRecord) -> str:
    """Return the days on which what was granted is in force."""
    if one.active_from is None:
        return ""
    if one.active_to is None:
        return _("from %(day)s, without end") % {"day": f"{one.active_from:%Y-%m-%d}"}
    return f"{one.active_from:%Y-%m-%d} – {_last(one.active_to):%Y-%m-%d}"


def _last(first_without: date) -> date:
    return first_without - timedelta(days=1)


def _facet(name: str, label: str, found: tuple[tuple[str, str, int], ...]) -> Facet:
    return Facet(
        name=name,
        label=label,
        is_single=True,
        options=tuple(Option(value=key, label=words, count=number) for key, words, number in found),
    )


def _lines(found: Iterator[DecisionRecord]) -> Iterator[tuple[object, ...]]:
    for one in found:
        yield (
            one.number,
            one.item_name,
            one.department_name,
            one.decided_on,
            one.holder_name,
            one.credit_code,
            one.certificate_number,
            one.active_from or "",
            _last(one.active_to) if one.active_to else "",
            one.ended_on or "",
            one.basis,
        )


urlpatterns: list[URLPattern] = [
    path("decisions/", decision_list, name="decisions"),
    path("decisions/export.csv", decision_export, name="decision-export"),
]
