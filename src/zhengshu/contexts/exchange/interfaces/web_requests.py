"""Pages of share requests: the list, its export, one request with its case, taking it back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.application import request_queries as queries
from zhengshu.contexts.exchange.application.names import purpose_name
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.application.records import RequestRecord, RequestSummary
from zhengshu.contexts.exchange.application.request_queries import Side, TimeLeft
from zhengshu.contexts.exchange.application.steps import EXTENSION_TASK
from zhengshu.contexts.exchange.application.withdraw_request import withdraw_request
from zhengshu.contexts.exchange.domain.requests import RequestState
from zhengshu.contexts.exchange.domain.requests_scope import Condition
from zhengshu.contexts.exchange.interfaces import labels
from zhengshu.contexts.exchange.interfaces.access import DECIDERS, READERS
from zhengshu.contexts.exchange.interfaces.forms import last_day_of
from zhengshu.contexts.exchange.interfaces.forms_answers import HeadForm, ReasonForm, ReviewForm
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.http.tables import csv_response
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.foundation.ui.tags import day
from zhengshu.kernel.actors import Actor, Role

MOST_EXPORTED = 10_000
TIMES: labels.Labels = {
    TimeLeft.LATE: gettext_lazy("Late"),
    TimeLeft.SOON: gettext_lazy("Due within three days"),
    TimeLeft.IN_TIME: gettext_lazy("In time"),
}
SIDES: labels.Labels = {
    Side.OURS: gettext_lazy("Ours"),
    Side.ASKED_OF_US: gettext_lazy("Asked of us"),
    Side.OVERSEEN: gettext_lazy("Of the region"),
}


@require_GET
@allow(*READERS)
def request_list(request: ActorRequest) -> HttpResponse:
    """List the share requests that the reader may see."""
    at = timezone.now()
    query = _query(request)
    page = queries.requests(query=query, actor=request.actor, at=at)
    cases = casework.cases_of(subject_ids=[row.id for row in page.rows], actor=request.actor, at=at)
    rows = [_row(row, cases.get(row.id)) for row in page.rows]
    context = {
        "page": page,
        "rows": rows,
        "query": query,
        "facets": _facets(request.actor, query),
        "tabs": _tabs(request.actor, query),
        "may_request": request.actor.has(Role.DATA_OFFICER),
    }
    return render(request, "exchange/request_list.html", context)


@require_GET
@allow(*READERS)
def request_export(request: ActorRequest) -> HttpResponseBase:
    """Send the list, as it is filtered, as a table."""
    at = timezone.now()
    query = replace(_query(request), page=1, size=MOST_EXPORTED)
    page = queries.requests(query=query, actor=request.actor, at=at)
    head = [
        _("Number"), _("Resource"), _("Code"), _("Consumer"), _("Provider"), _("Purpose"), _("State"),
        _("Submitted"), _("Due"),
    ]  # fmt: skip
    rows = (
        (
            row.number,
            row.resource_name,
            row.resource_code,
            row.consumer_name,
            row.provider_name,
            row.purpose_name,
            labels.label(labels.STATES, row.state),
            _minute(row.submitted_at),
            _minute(row.due_at),
        )
        for row in page.rows
    )
    return csv_response("share-requests.csv", head, rows)


@require_GET
@allow(*READERS)
def request_detail(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """Show what a request states, where it stands, and the form of the step that the reader can take."""
    record = queries.request(request_id=request_id, actor=request.actor)
    return render(request, "exchange/request_detail.html", detail_context(request, record))


@require_http_methods(["GET", "POST"])
@allow(*DECIDERS)
def request_withdraw(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """Ask whether to take a request back, and do it."""
    record = queries.request(request_id=request_id, actor=request.actor)
    is_draft = record.state is RequestState.DRAFT
    form = ReasonForm(request.POST or None)
    if is_draft:
        del form.fields["reason"]
    if request.method == "POST" and (is_draft or form.is_valid()):
        reason = "" if is_draft else form.cleaned_data["reason"]
        withdraw_request(request_id=record.id, reason=reason, actor=request.actor, at=timezone.now())
        messages.success(
            request, _("The draft was deleted.") if is_draft else _("The request was withdrawn.")
        )
        return redirect("exchange:request-list")
    context = {
        "title": _("Delete the draft") if is_draft else _("Withdraw the request"),
        "text": _("“%(resource)s”: the draft is deleted for good.") % {"resource": record.resource_name}
        if is_draft
        else _("“%(resource)s”: the case ends; the request stays in the records.")
        % {"resource": record.resource_name},
        "form": form,
        "action_label": _("Delete") if is_draft else _("Withdraw"),
        "cancel_url": reverse("exchange:request-detail", args=[record.id]),
        "is_dangerous": True,
    }
    return render(request, "ui/confirm.html", context)


def detail_context(
    request: ActorRequest, record: RequestRecord, **forms: HeadForm | ReviewForm
) -> Mapping[str, object]:
    """Return what the page of a request shows; `forms` stand in for fresh ones where something was wrong."""
    actor = request.actor
    case = (
        None
        if record.case_id is None
        else casework.case(case_id=record.case_id, actor=actor, at=timezone.now())
    )
    mine = set() if case is None else {task.task for task in case.open_tasks if task.is_mine}
    is_ours = record.consumer_id == actor.department_id
    stated = record.statement
    return {
        "record": record,
        "case": case,
        "mine": mine,
        "state_label": labels.label(labels.STATES, record.state),
        "state_color": labels.STATE_COLORS.get(record.state, "blue"),
        "facts": _facts(record),
        "asked": [_field(item.name, item.column, item.data_type, item.grade) for item in record.chosen],
        "conditions": conditions_of(record, stated.conditions),
        "granted": _granted(record),
        "head_form": forms.get("head", HeadForm()),
        "review_form": forms.get("review", ReviewForm()),
        "may_edit": is_ours and record.state is RequestState.DRAFT and actor.has(Role.DATA_OFFICER),
        "may_withdraw": is_ours and record.state.is_open and actor.has(*DECIDERS),
        "may_ask_extension": "provider_answer" in mine and record.extension_asked_at is None
        and case is not None and any(clock.may_be_extended for clock in case.clocks),
        "may_decide_extension": EXTENSION_TASK in mine,
        "last_day": last_day_of(stated.valid_until),
        "may_contest": record.submitted_at is not None
        and record.state is not RequestState.HEAD_APPROVAL
        and actor.department_id in {record.consumer_id, record.provider_id}
        and actor.has(*DECIDERS),
    }  # fmt: skip


def conditions_of(record: RequestRecord, conditions: tuple[Condition, ...]) -> list[tuple[str, str, str]]:
    """Return conditions as a person reads them: the item, the comparison, the value."""
    names = {item.column: item.name for item in record.offered}
    return [
        (names.get(one.column, one.column), labels.label(labels.OPERATORS, one.operator), one.value)
        for one in conditions
    ]


def _granted(record: RequestRecord) -> list[dict[str, str]]:
    if record.terms is None:
        return []
    return [
        _field(item.name, item.column, item.data_type, item.grade)
        | {"mask": labels.label(labels.MASKS, item.mask)}
        for item in record.terms.fields
    ]


def _field(name: str, column: str, data_type: str, grade: int) -> dict[str, str]:
    return {
        "name": name,
        "column": column,
        "type": labels.label(labels.TYPES, data_type),
        "grade": labels.grade(grade),
    }


def _facts(record: RequestRecord) -> list[tuple[str, object]]:
    stated = record.statement
    return [
        (_("Resource"), f"{record.resource_name} · {record.resource_code}"),
        (_("Sharing class"), labels.label(labels.CLASSES, record.sharing_class)),
        (_("Consumer"), record.consumer_name),
        (_("Provider"), record.provider_name),
        (_("Purpose"), record.purpose_name),
        (_("Way of sharing"), labels.label(labels.DELIVERIES, stated.delivery)),
        (_("Frequency of use"), labels.label(labels.FREQUENCIES, stated.frequency)),
        (_("Last day of use"), day(last_day_of(stated.valid_until))),
        (_("Expected calls"), _("%(second)s a second, %(day)s a day") % {
            "second": f"{stated.per_second:,}", "day": f"{stated.per_day:,}",
        }),
        (_("Declaration (article 20)"), _("given") if stated.is_declared else _("not given")),
    ]  # fmt: skip


def _query(request: ActorRequest) -> ListQuery:
    return ListQuery.read(request.GET, filters=queries.FILTERS, sorts=queries.SORTS)


def _row(row: RequestSummary, case: casework.CaseRecord | None) -> dict[str, object]:
    return {
        "record": row,
        "state": labels.label(labels.STATES, row.state),
        "color": labels.STATE_COLORS.get(row.state, "blue"),
        "light": case.light.value if case is not None and case.is_open and row.due_at else "",
    }


def _facets(actor: Actor, query: ListQuery) -> tuple[Facet, ...]:
    counts = queries.requests_by_state(query=query, actor=actor, at=timezone.now())
    states = tuple(
        Option(value=state.value, label=labels.label(labels.STATES, state), count=counts[state])
        for state in RequestState
        if state in counts
    )
    codes = tuple(Option(value=code, label=purpose_name(code)) for code in purposes())
    times = tuple(Option(value=value, label=str(text)) for value, text in TIMES.items())
    return (
        Facet(name="purpose", label=_("Purpose"), options=codes, is_single=True),
        Facet(name="time", label=_("Time limit"), options=times, is_single=True),
        Facet(name="state", label=_("State"), options=states),
    )


def _tabs(actor: Actor, query: ListQuery) -> list[tuple[str, str, bool]]:
    """Return the sides from which the reader can look: label, link, whether it is the present one."""
    sides = [Side.OURS, Side.ASKED_OF_US, *([Side.OVERSEEN] if actor.has(Role.REVIEWER) else [])]
    chosen = query.one("side")
    tabs = [(str(SIDES[side]), query.link(side=side.value, page=""), chosen == side) for side in sides]
    return [(_("All"), query.link(side="", page=""), not chosen), *tabs]


def _minute(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
