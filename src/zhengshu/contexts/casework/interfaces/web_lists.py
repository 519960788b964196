"""Lists of cases: to-dos, what we started, supervision."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.case_rows import SORTS
from zhengshu.contexts.casework.domain.narrowing import FILTERS
from zhengshu.contexts.casework.domain.records import OPEN, CaseRecord, TaskRecord
from zhengshu.contexts.casework.interfaces import words
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.tables import csv_response
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.lists import ListQuery, Page
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.foundation.ui.tags import moment
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.clocks import Light

NEAR_OR_LATE = (Light.RED.value, Light.YELLOW.value)

Rows = Callable[[Actor, ListQuery, datetime], Page[CaseRecord]]


@require_GET
@allow(*READERS)
def inbox(request: ActorRequest) -> HttpResponse:
    """List the to-dos that the reader may do."""
    at = timezone.now()
    query = _query(request)
    page = queries.inbox(actor=request.actor, query=query, at=at)
    context = {
        "page": page,
        "query": query,
        "facets": (_types(), _lights(), _departments()),
        "tabs": _tabs(request.actor, "inbox", at=at),
        "export": reverse("casework:inbox-export") + query.link(page=""),
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
    """List all cases that the reader may see; the links above narrow it to what is late or nearly so."""
    return _case_page(request, "supervision", _supervised)


@require_GET
@allow(*READERS)
def inbox_export(request: ActorRequest) -> HttpResponse:
    """Send the to-dos, as they are filtered, as a table."""
    page = queries.inbox(actor=request.actor, query=_whole(request), at=timezone.now())
    head = [
        _("Number"),
        _("To do"),
        _("Matter"),
        _("Type"),
        _("Department"),
        _("Traffic light"),
        _("Due"),
        _("Since"),
    ]
    return csv_response(name="to-dos.csv", head=head, rows=_task_cells(page.rows))


@require_GET
@allow(*READERS)
def started_export(request: ActorRequest) -> HttpResponse:
    """Send the cases that the reader's department opened as a table."""
    return _case_table(request, "started-cases.csv", _started)


@require_GET
@allow(*READERS)
def supervision_export(request: ActorRequest) -> HttpResponse:
    """Send the supervised cases as a table."""
    return _case_table(request, "cases.csv", _supervised)


def _started(actor: Actor, query: ListQuery, at: datetime) -> Page[CaseRecord]:
    return queries.started(actor=actor, query=query, at=at)


def _supervised(actor: Actor, query: ListQuery, at: datetime) -> Page[CaseRecord]:
    return queries.supervised(actor=actor, query=query, at=at)


def _case_page(request: ActorRequest, name: str, rows: Rows) -> HttpResponse:
    at = timezone.now()
    query = _query(request)
    page = rows(request.actor, query, at)
    states = Facet(
        name="state",
        label=_("State"),
        options=(Option(value=OPEN, label=_("In progress")), Option(value="ended", label=_("Ended"))),
        is_single=True,
    )
    departments = (_departments(),) if name == "supervision" else ()
    context = {
        "page": page,
        "query": query,
        "facets": (_types(), states, _lights(), *departments),
        "tabs": _tabs(request.actor, name, at=at, lights=query.filters.get("light", ())),
        "export": reverse(f"casework:{name}-export") + query.link(page=""),
        "is_supervision": name == "supervision",
    }
    return render(request, "casework/cases.html", context)


def _case_table(request: ActorRequest, name: str, rows: Rows) -> HttpResponse:
    page = rows(request.actor, _whole(request), timezone.now())
    head = [
        _("Number"),
        _("Matter"),
        _("Type"),
        _("State"),
        _("Traffic light"),
        _("Due"),
        _("Opened"),
        _("Ended"),
    ]
    return csv_response(name=name, head=head, rows=_case_cells(page.rows))


def _query(request: ActorRequest) -> ListQuery:
    return ListQuery.read(request.GET, filters=FILTERS, sorts=SORTS)


def _whole(request: ActorRequest) -> ListQuery:
    return replace(_query(request), page=1, size=queries.MOST_EXPORTED)


def _types() -> Facet:
    options = tuple(
        Option(value=kind.definition.code, label=kind.text("name")) for kind in queries.case_types()
    )
    return Facet(name="type", label=_("Type"), options=options, is_single=True)


def _lights() -> Facet:
    options = tuple(Option(value=light.value, label=words.light(light.value)) for light in Light)
    return Facet(name="light", label=_("Traffic light"), options=options)


def _departments() -> Facet:
    departments = sorted(trust.departments().values(), key=lambda one: one.code)
    options = tuple(Option(value=str(one.id), label=one.name) for one in departments)
    return Facet(name="department", label=_("Asked by"), options=options, is_single=True)


def _tabs(
    actor: Actor, current: str, *, at: datetime, lights: tuple[str, ...] = ()
) -> list[dict[str, object]]:
    counts = queries.lights(actor=actor, at=at)
    near = counts[Light.YELLOW] + counts[Light.RED]
    is_near = set(lights) == set(NEAR_OR_LATE)
    supervision = reverse("casework:supervision")
    narrow = ListQuery(filters={"light": NEAR_OR_LATE}).link()
    return [
        _tab(_("To-dos"), reverse("casework:inbox"), is_current=current == "inbox"),
        _tab(_("Started by us"), reverse("casework:started"), is_current=current == "started"),
        _tab(
            _("Due soon or overdue"),
            supervision + narrow,
            is_current=current == "supervision" and is_near,
            count=near,
        ),
        _tab(_("All cases"), supervision, is_current=current == "supervision" and not is_near),
    ]


def _tab(label: str, url: str, *, is_current: bool, count: int | None = None) -> dict[str, object]:
    return {"label": label, "url": url, "is_current": is_current, "count": count}


def _task_cells(rows: Iterable[TaskRecord]) -> Iterable[list[object]]:
    for row in rows:
        yield [
            row.case_number,
            row.task_name,
            row.subject.title,
            row.type_name,
            row.department_name,
            words.light(row.light.value),
            moment(row.due_at),
            moment(row.opened_at),
        ]


def _case_cells(rows: Iterable[CaseRecord]) -> Iterable[list[object]]:
    for row in rows:
        yield [
            row.number,
            row.subject.title,
            row.type_name,
            row.state_name,
            words.light(row.light.value),
            moment(row.due_at),
            moment(row.opened_at),
            moment(row.closed_at),
        ]
