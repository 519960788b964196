"""The page of calls: who called what, for which purpose, and what came of it."""

from collections.abc import Iterator

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET

from zhengshu.contexts.exchange.application import call_queries as queries
from zhengshu.contexts.exchange.application.names import purpose_name
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.application.records import CallRecord
from zhengshu.contexts.exchange.interfaces import labels
from zhengshu.contexts.exchange.interfaces.access import CALL_READERS, DECIDERS
from zhengshu.contexts.exchange.interfaces.charts import by_day, by_purpose
from zhengshu.contexts.exchange.interfaces.verdicts import VERDICTS, verdict_label
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.http.tables import csv_response
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.kernel.actors import Actor

SIDES: labels.Labels = {"ours": gettext_lazy("By our systems"), "given": gettext_lazy("On our data")}


@require_GET
@allow(*CALL_READERS)
def call_list(request: ActorRequest) -> HttpResponse:
    """List calls, with their numbers by day and by purpose."""
    at = timezone.now()
    query = ListQuery.read(request.GET, filters=queries.FILTERS)
    page = queries.calls(query=query, actor=request.actor)
    chosen = query.one("side")
    days = queries.call_counts(actor=request.actor, by="day", query=query, at=at)
    uses = queries.call_counts(actor=request.actor, by="purpose", query=query, at=at)
    context = {
        "page": page,
        "query": query,
        "rows": [_row(call, actor=request.actor) for call in page.rows],
        "tabs": [
            (_("All"), query.link(side="", page=""), not chosen),
            *((str(text), query.link(side=side, page=""), chosen == side) for side, text in SIDES.items()),
        ],
        "facets": _facets(),
        "from_day": query.one("from"),
        "to_day": query.one("to"),
        "days": by_day(days, title=_("Calls by day")),
        "uses": by_purpose(uses, title=_("Calls by purpose")) if uses else None,
        "answered": sum(day.answered for day in days),
        "refused": sum(day.refused for day in days),
    }
    return render(request, "exchange/call_list.html", context)


@require_GET
@allow(*CALL_READERS)
def call_export(request: ActorRequest) -> HttpResponseBase:
    """Send the list, as it is filtered, as a table."""
    query = ListQuery.read(request.GET, filters=queries.FILTERS)
    head = [
        _("Time"), _("Receipt"), _("Consumer"), _("System"), _("Official"), _("Provider"), _("Resource"),
        _("Operation"), _("Purpose"), _("Case"), _("Verdict"), _("Fields"), _("Rows"), _("Milliseconds"),
    ]  # fmt: skip
    return csv_response("calls.csv", head, _lines(queries.exported_calls(query=query, actor=request.actor)))


def _lines(calls: Iterator[CallRecord]) -> Iterator[tuple[object, ...]]:
    for call in calls:
        yield (
            f"{timezone.localtime(call.at):%Y-%m-%d %H:%M:%S}",
            call.id,
            call.consumer_name,
            call.system_name,
            call.official_ref,
            call.provider_name,
            call.resource_code,
            labels.label(labels.OPERATIONS, call.operation),
            call.purpose_name,
            call.case_ref,
            verdict_label(call.verdict),
            " ".join(call.fields),
            call.row_count,
            round(call.microseconds / 1000, 2),
        )


def _row(call: CallRecord, *, actor: Actor) -> dict[str, object]:
    return {
        "call": call,
        "operation": labels.label(labels.OPERATIONS, call.operation),
        "verdict": verdict_label(call.verdict),
        "color": "green" if call.is_answered else "red",
        "may_correct": call.is_answered
        and call.consumer_id == actor.department_id
        and bool(call.resource_code),
        "may_report": call.grant_id is not None
        and call.provider_id == actor.department_id
        and actor.has(*DECIDERS),
        "milliseconds": f"{call.microseconds / 1000:.1f}",
    }


def _facets() -> tuple[Facet, ...]:
    codes = tuple(Option(value=code, label=purpose_name(code)) for code in purposes())
    verdicts = (
        Option(value="ok", label=pgettext("call", "Answered")),
        Option(value="refused", label=_("Refused")),
        *(Option(value=code, label=str(text)) for code, text in VERDICTS.items()),
    )
    return (
        Facet(name="purpose", label=_("Purpose"), options=codes, is_single=True),
        Facet(name="verdict", label=_("Verdict"), options=verdicts, is_single=True),
    )
