"""Lists of cases as files: CSV or a workbook, all pages of what the list shows."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengshu.contexts.casework.application.export_cases import (
    MOST_EXPORTED,
    What,
    export_cases,
    export_tasks,
)
from zhengshu.contexts.casework.domain.records import CaseRecord, TaskRecord
from zhengshu.contexts.casework.interfaces import words
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.list_parts import query_of
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.http.tables import csv_response, xlsx_response
from zhengshu.foundation.ui.tags import moment

Row = Sequence[object]
Writer = Callable[[str, Sequence[str], Iterable[Row]], HttpResponseBase]

FORMS: dict[str, Writer] = {"csv": csv_response, "xlsx": xlsx_response}


@require_GET
@allow(*READERS)
def inbox_export(request: ActorRequest, form: str) -> HttpResponseBase:
    """Send the to-dos, as they are filtered, as a table."""
    found = export_tasks(query=query_of(request), form=form, actor=request.actor, at=timezone.now())
    head = [
        _("Number"), _("To do"), _("Matter"), _("Type"), _("Department"), _("Traffic light"), _("Due"), _("Since"),
    ]  # fmt: skip
    return FORMS[form](f"to-dos.{form}", head, _lines(map(_task_cells, found.rows), is_cut=found.is_cut))


@require_GET
@allow(*READERS)
def started_export(request: ActorRequest, form: str) -> HttpResponseBase:
    """Send the cases that the reader's department opened as a table."""
    return _cases(request, What.STARTED, form)


@require_GET
@allow(*READERS)
def supervision_export(request: ActorRequest, form: str) -> HttpResponseBase:
    """Send the cases that the search finds as a table."""
    return _cases(request, What.CASES, form)


def _cases(request: ActorRequest, what: What, form: str) -> HttpResponseBase:
    found = export_cases(
        what=what, query=query_of(request), form=form, actor=request.actor, at=timezone.now()
    )
    head = [
        _("Number"), _("Matter"), _("Type"), _("State"), _("Waits for"), _("Traffic light"), _("Due"), _("Opened"),
        _("Ended"),
    ]  # fmt: skip
    return FORMS[form](
        f"{what.value}.{form}", head, _lines(map(_case_cells, found.rows), is_cut=found.is_cut)
    )


def _lines(rows: Iterable[Row], *, is_cut: bool) -> Iterator[Row]:
    """Yield the rows, and a sentence where the list goes on."""
    yield from rows
    if is_cut:
        said = _("Only the first %(most)s rows are in this file. Narrow the list for the others.")
        yield [said % {"most": f"{MOST_EXPORTED:,}"}]


def _task_cells(row: TaskRecord) -> Row:
    return [
        row.case_number,
        row.task_name,
        row.subject.title,
        row.type_name,
        row.department_name,
        words.light(row.light.value),
        moment(row.due_at) if row.due_at else "",
        moment(row.opened_at),
    ]


def _case_cells(row: CaseRecord) -> Row:
    return [
        row.number,
        row.subject.title,
        row.type_name,
        row.state_name,
        _("; ").join(
            _("%(task)s (%(department)s)") % {"task": task.task_name, "department": task.department_name}
            for task in row.open_tasks
        ),
        words.light(row.light.value) if row.is_open else "",
        moment(row.due_at) if row.is_open and row.due_at else "",
        moment(row.opened_at),
        moment(row.closed_at) if row.closed_at else "",
    ]
