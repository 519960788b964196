"""The page on which a person sees who read his records."""

from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengshu.contexts.exchange.application import reads_of_me as queries
from zhengshu.contexts.exchange.application.names import purpose_name
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.application.reads_of_me import ReadOfMe
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.http.tables import csv_response
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.kernel.actors import APPLICANTS

PERSONS = tuple(sorted(APPLICANTS))


@require_GET
@allow(*PERSONS)
def my_reads(request: ActorRequest) -> HttpResponse:
    """Show a person who read his records, for what, and what he is told when."""
    query, at = ListQuery.read(request.GET, filters=queries.FILTERS), timezone.now()
    page = queries.reads_of_me(query=query, actor=request.actor, at=at)
    departments = queries.readers_of_me(actor=request.actor, at=at)
    rules = queries.reading_rules()
    delayed = [
        (purpose_name(code), rule.after_days, rule.basis)
        for code, rule in rules.purposes.items()
        if rule.after_days is not None
    ]
    context = {
        "page": page,
        "query": query,
        "facets": [
            Facet(
                name="department",
                label=_("Department"),
                options=tuple(Option(value=key, label=name) for key, name in departments),
                is_single=True,
            ),
            Facet(
                name="purpose",
                label=_("Purpose"),
                options=tuple(Option(value=code, label=purpose_name(code)) for code in purposes()),
                is_single=True,
            ),
        ],
        "from_day": query.one("from"),
        "to_day": query.one("to"),
        "usual": rules.usual,
        "delayed": delayed,
    }
    return render(request, "exchange/my_reads.html", context)


@require_GET
@allow(*PERSONS)
def my_reads_export(request: ActorRequest) -> HttpResponseBase:
    """Send the list, as it is filtered, as a table."""
    query = ListQuery.read(request.GET, filters=queries.FILTERS)
    head = [_("Time"), _("Department"), _("System"), _("Data"), _("Provider"), _("Way"), _("Fields"), _("Purpose"),
            _("Case"), _("Receipt")]  # fmt: skip
    rows = queries.exported_reads(query=query, actor=request.actor, at=timezone.now())
    return csv_response("who-read-my-record.csv", head, _lines(rows))


def _lines(rows: Iterator[ReadOfMe]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        yield (
            f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}",
            row.department,
            row.system,
            row.resource,
            row.provider,
            _("checked") if row.is_check else _("read"),
            " ".join(row.fields),
            row.purpose,
            row.case_ref,
            row.receipt,
        )
