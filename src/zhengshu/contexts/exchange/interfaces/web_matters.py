"""Pages of matters: the list of a kind, its export, one matter with the step that the reader can take."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.application import matter_queries as queries
from zhengshu.contexts.exchange.application.declare_overdue import declare_overdue
from zhengshu.contexts.exchange.application.matter_records import MatterRecord, MatterSummary, MisuseRecord
from zhengshu.contexts.exchange.application.show_values import show_values
from zhengshu.contexts.exchange.application.take_step import take_step
from zhengshu.contexts.exchange.application.withdraw_matter import withdraw_matter
from zhengshu.contexts.exchange.domain.demands import ListKind
from zhengshu.contexts.exchange.domain.matters import MatterKind
from zhengshu.contexts.exchange.interfaces import labels
from zhengshu.contexts.exchange.interfaces import labels_matters as words
from zhengshu.contexts.exchange.interfaces.access import MATTER_READERS
from zhengshu.contexts.exchange.interfaces.forms_answers import ReasonForm
from zhengshu.contexts.exchange.interfaces.forms_matters import StepForm
from zhengshu.contexts.exchange.interfaces.matter_facts import facts_of, links_of
from zhengshu.contexts.exchange.interfaces.matter_steps import step_form
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.http.tables import csv_response
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.foundation.ui.tags import moment
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused

MOST_EXPORTED = 10_000


@require_GET
@allow(*MATTER_READERS)
def matter_list(request: ActorRequest, kind: MatterKind) -> HttpResponse:
    """List the matters of a kind that the reader may see."""
    at = timezone.now()
    query = _query(request)
    page = queries.matters(kind=kind, query=query, actor=request.actor, at=at)
    cases = casework.cases_of(subject_ids=[row.id for row in page.rows], actor=request.actor, at=at)
    context = {
        "kind": kind.value,
        "title": labels.label(words.KINDS, kind),
        "lead": labels.label(words.LEADS, kind),
        "page": page,
        "query": query,
        "rows": [_row(row, cases.get(row.id)) for row in page.rows],
        "tabs": _lists(request.actor, query) if kind is MatterKind.DEMAND else _kinds(kind),
        "facets": _facets(),
        "export_url": reverse(f"exchange:{kind.value}-export"),
        "may_demand": kind is MatterKind.DEMAND
        and request.actor.has(Role.DATA_OFFICER, Role.DEPARTMENT_HEAD),
    }
    return render(request, "exchange/matter_list.html", context)


@require_GET
@allow(*MATTER_READERS)
def matter_export(request: ActorRequest, kind: MatterKind) -> HttpResponseBase:
    """Send the list, as it is filtered, as a table."""
    at = timezone.now()
    query = replace(_query(request), page=1, size=MOST_EXPORTED)
    page = queries.matters(kind=kind, query=query, actor=request.actor, at=at)
    cases = casework.cases_of(subject_ids=[row.id for row in page.rows], actor=request.actor, at=at)
    head = [
        _("Number"), _("Title"), _("Asked by"), _("Other departments"), _("State"), _("Opened"), _("Due"),
        _("Ended on"), _("Kept the limit"), _("Result"),
    ]  # fmt: skip
    rows = (
        (
            row.number,
            row.title,
            row.parts[0].department_name,
            "、".join(part.department_name for part in row.parts[1:]),
            _state(row, cases.get(row.id)),
            moment(row.opened_at),
            moment(row.due_at),
            moment(row.closed_at),
            str(words.TIMELY[row.in_time]),
            row.note,
        )
        for row in page.rows
    )
    return csv_response(f"{kind.value}.csv", head, rows)


@require_GET
@allow(*MATTER_READERS)
def matter_detail(request: ActorRequest, kind: MatterKind, matter_id: UUID) -> HttpResponse:
    """Show a matter, where it stands, and the form of the step that the reader can take."""
    record = queries.matter(kind=kind, matter_id=matter_id, actor=request.actor)
    return render(request, "exchange/matter_detail.html", _detail(request, record))


@require_POST
@allow(*MATTER_READERS)
def matter_step(request: ActorRequest, kind: MatterKind, matter_id: UUID, task: str) -> HttpResponse:
    """Take a step; one that cannot be undone is asked for once more."""
    record = queries.matter(kind=kind, matter_id=matter_id, actor=request.actor)
    case = casework.case(case_id=record.summary.case_id, actor=request.actor, at=timezone.now())
    open_task = case.task(task)
    if open_task is None:
        raise casework.why_not_open(case_id=case.id, task=task, actor=request.actor)
    if not open_task.is_mine:
        raise casework.TaskNotOpen
    outcome = request.POST.get("act", "")
    form = step_form(record, open_task, actor=request.actor, data=request.POST)
    if form.is_valid():
        chosen = next((one for one in open_task.outcomes if one.code == outcome), None)
        is_lacking = chosen is not None and (
            (chosen.needs_reason and not form.cleaned_data["reason"].strip())
            or (chosen.needs_basis and not form.cleaned_data.get("basis", "").strip())
        )
        if chosen is not None and chosen.tone == "danger" and not is_lacking and "sure" not in request.POST:
            return _ask_once_more(request, record, form, outcome=chosen)
        try:
            take_step(
                kind=kind,
                matter_id=matter_id,
                step=form.step(outcome),
                actor=request.actor,
                at=timezone.now(),
            )
        except Refused as fault:
            if fault.kind not in {Kind.INVALID, Kind.NOT_FOUND}:
                raise
            form.add_error(None, sentence(fault))
        else:
            messages.success(request, _("Done: %(what)s.") % {"what": chosen.name if chosen else outcome})
            return redirect(f"exchange:{kind.value}-detail", matter_id=matter_id)
    return render(request, "exchange/matter_detail.html", _detail(request, record, form=form), status=422)


@never_cache
@require_POST
@allow(*MATTER_READERS)
def matter_values(request: ActorRequest, matter_id: UUID) -> HttpResponse:
    """Show the values of a correction in full; the audit keeps who looked."""
    record = show_values(correction_id=matter_id, actor=request.actor, at=timezone.now())
    return render(request, "exchange/matter_detail.html", _detail(request, record))


@require_http_methods(["GET", "POST"])
@allow(*MATTER_READERS)
def matter_withdraw(request: ActorRequest, kind: MatterKind, matter_id: UUID) -> HttpResponse:
    """Ask whether to take a matter back, and do it."""
    record = queries.matter(kind=kind, matter_id=matter_id, actor=request.actor)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdraw_matter(
            kind=kind,
            matter_id=matter_id,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=timezone.now(),
        )
        messages.success(request, _("It was taken back."))
        return redirect(f"exchange:{kind.value}-detail", matter_id=matter_id)
    context = {
        "title": _("Take back %(number)s") % {"number": record.summary.number},
        "text": _("The case ends; the matter stays in the records. A suspended grant is in force again."),
        "form": form,
        "action_label": _("Take back"),
        "cancel_url": reverse(f"exchange:{kind.value}-detail", args=[matter_id]),
        "is_dangerous": True,
    }
    return render(request, "ui/confirm.html", context)


@require_POST
@allow(*MATTER_READERS)
def misuse_overdue(request: ActorRequest, matter_id: UUID) -> HttpResponse:
    """Go on after the time for a correction has passed."""
    declare_overdue(misuse_id=matter_id, actor=request.actor, at=timezone.now())
    messages.success(request, _("The time has passed; ending the use is now to be decided."))
    return redirect("exchange:misuses-detail", matter_id=matter_id)


def _detail(
    request: ActorRequest, record: MatterRecord, *, form: StepForm | None = None
) -> Mapping[str, object]:
    actor, at, summary = request.actor, timezone.now(), record.summary
    case = _case(summary, actor=actor)
    mine = [task for task in case.open_tasks if task.is_mine] if case else []
    forms = [
        form if form is not None and form.task.task == task.task else step_form(record, task, actor=actor)
        for task in mine
        if task.kind is casework.TaskKind.FLOW
    ]
    is_opener = summary.parts[0].department_id == actor.department_id
    late = summary.due_at is not None and at > summary.due_at
    return {
        "record": record,
        "summary": summary,
        "kind": summary.kind.value,
        "list_url": reverse(f"exchange:{summary.kind.value}-list"),
        "kind_label": labels.label(words.KINDS, summary.kind),
        "state": _state(summary, case),
        "color": words.ENDS.get(summary.state, "blue"),
        "facts": facts_of(record),
        "links": links_of(record, actor=actor),
        "case": case,
        "forms": [
            (form, reverse(f"exchange:{summary.kind.value}-step", args=[summary.id, form.task.task]))
            for form in forms
        ],
        "statements": [step for step in case.timeline if _is_statement(step)] if case else [],
        "withdraw_url": reverse(f"exchange:{summary.kind.value}-withdraw", args=[summary.id])
        if summary.is_open and is_opener
        else "",
        "is_overdue": isinstance(record, MisuseRecord) and is_opener and late and summary.state == "rectify",
        "trail": [
            (labels.label(words.KINDS, summary.kind), reverse(f"exchange:{summary.kind.value}-list")),
            (summary.number, ""),
        ],
    }


def _is_statement(step: casework.Step) -> bool:
    """Whether an entry of the timeline is what a side stated or decided."""
    return step.kind is casework.StepKind.TASK_COMPLETED or (
        step.kind is casework.StepKind.WITHDRAWN and bool(step.reason)
    )


def _case(summary: MatterSummary, *, actor: Actor) -> casework.CaseRecord | None:
    """Return the case of a matter; readers of the three lists may see the matter, but not its case."""
    try:
        return casework.case(case_id=summary.case_id, actor=actor, at=timezone.now())
    except casework.CaseNotFound:
        return None


def _ask_once_more(
    request: ActorRequest, record: MatterRecord, form: StepForm, *, outcome: casework.OutcomeRecord
) -> HttpResponse:
    context = {
        "title": outcome.name,
        "summary": record.summary,
        "sent": [(name, value) for name, value in request.POST.items() if name in form.fields],
        "outcome": outcome,
        "reason": form.cleaned_data["reason"],
        "basis": form.cleaned_data.get("basis", ""),
        "cancel_url": reverse(f"exchange:{record.summary.kind.value}-detail", args=[record.summary.id]),
    }
    return render(request, "exchange/matter_confirm.html", context)


def _query(request: ActorRequest) -> ListQuery:
    return ListQuery.read(request.GET, filters=queries.FILTERS, sorts=queries.SORTS)


def _row(row: MatterSummary, case: casework.CaseRecord | None) -> dict[str, object]:
    return {
        "summary": row,
        "url": reverse(f"exchange:{row.kind.value}-detail", args=[row.id]),
        "state": _state(row, case),
        "color": words.ENDS.get(row.state, "blue"),
        "light": case.light.value if case is not None and row.is_open and row.due_at else "",
        "timely": str(words.TIMELY[row.in_time]),
    }


def _state(row: MatterSummary, case: casework.CaseRecord | None) -> str:
    """Return where a matter stands in the words of its case type."""
    if case is None:
        return row.state
    names = [task.task_name for task in case.open_tasks if task.kind is casework.TaskKind.FLOW]
    return "、".join(dict.fromkeys(names)) if case.is_open and names else case.state_name


def _facets() -> tuple[Facet, ...]:
    return tuple(
        Facet(
            name=name,
            label=title,
            options=tuple(Option(value=value, label=str(text)) for value, text in found.items()),
            is_single=True,
        )
        for name, title, found in (
            ("side", _("Side"), words.SIDES),
            ("progress", _("Progress"), words.PROGRESS),
            ("time", _("Time limit"), words.TIMES),
        )
    )


def _kinds(kind: MatterKind) -> list[tuple[str, str, bool]]:
    """Return the kinds that are about one's own sharing as tabs: label, link, whether it is the present one."""
    shown = (MatterKind.CORRECTION, MatterKind.MISUSE, MatterKind.DISPUTE)
    return [
        (labels.label(words.KINDS, one), reverse(f"exchange:{one.value}-list"), one is kind) for one in shown
    ]


def _lists(actor: Actor, query: ListQuery) -> list[tuple[str, str, bool]]:
    counts = queries.demands_by_list(actor=actor)
    chosen = query.one("list") or ListKind.DEMANDS
    return [
        (
            f"{labels.label(words.LISTS, one)} ({counts[one]:,})",
            query.link(list=one.value, page=""),
            one == chosen,
        )
        for one in ListKind
    ]
