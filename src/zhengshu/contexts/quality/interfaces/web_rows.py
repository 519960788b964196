"""The rows that rules blame, and their download."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengshu.contexts.quality.application import queries
from zhengshu.contexts.quality.application.show_rows import FailingRow, causes_of, note_export, rows_of
from zhengshu.contexts.quality.interfaces import labels, shown
from zhengshu.contexts.quality.interfaces.access import assessors
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.tables import csv_response, xlsx_response

SIZE = 20
MOST_EXPORTED = 10_000


@require_GET
@assessors
def row_list(request: ActorRequest, run_id: UUID) -> HttpResponse:
    """Show failing rows: the values at fault masked by grade, why, probable causes, what they should be."""
    rule, after = request.GET.get("rule", ""), _number(request.GET.get("after", ""))
    run = queries.run(run_id=run_id, actor=request.actor)
    rows = rows_of(run_id=run_id, actor=request.actor, rule=rule, after=after, most=SIZE + 1)
    outcomes = [one for one in queries.outcomes(run_id=run_id, actor=request.actor) if one.failed]
    names = shown.item_names(run.resource_id)
    chosen = next((one for one in outcomes if one.code == rule), None)
    causes = causes_of(run_id=run_id, actor=request.actor, rule=rule) if chosen else ()
    context = {
        "run": run,
        "rows": [shown_row(row, only=rule) for row in rows[:SIZE]],
        "rule": rule,
        "chosen": chosen,
        "choices": [
            (one.code, f"{names.get(one.column, '')} {labels.rule_name(one)}".strip(), one.failed)
            for one in outcomes
        ],
        "causes": [(labels.CAUSES[one.cause], one) for one in causes],
        "next": rows[SIZE - 1].place if len(rows) > SIZE else 0,
        "is_first": not after,
        "trail": [
            (_("Data quality"), reverse("quality:overview")),
            (run.resource_name, reverse("quality:table", args=[run.resource_code])),
            (_("Failing rows"), ""),
        ],
    }
    return render(request, "quality/rows.html", context)


@require_GET
@assessors
def row_export(request: ActorRequest, run_id: UUID, file_format: str) -> HttpResponseBase:
    """Send failing rows as a spreadsheet, values masked by grade; the audit keeps who took them."""
    if file_format not in {"csv", "xlsx"}:
        raise Http404
    rows = rows_of(run_id=run_id, actor=request.actor, rule=request.GET.get("rule", ""), most=MOST_EXPORTED)
    note_export(
        run_id=run_id, rows=len(rows), file_format=file_format, actor=request.actor, at=timezone.now()
    )
    head = [
        _("Row"),
        _("Key of the row"),
        _("Field"),
        _("Value"),
        _("Reason"),
        _("Rule"),
        _("Probable cause"),
        _("Proposal"),
    ]
    respond = csv_response if file_format == "csv" else xlsx_response
    return respond(f"failing-rows.{file_format}", head, _lines(rows))


def shown_row(row: FailingRow, *, only: str = "") -> dict[str, object]:
    """Return a failing row as the page shows it."""
    return {
        "place": row.place,
        "key": row.key,
        "cells": [
            {
                "cell": cell,
                "reason": labels.KINDS[cell.kind],
                "rule_name": labels.cell_rule(cell),
                "cause": labels.CAUSES[cell.cause],
                "color": labels.SEVERITY_COLORS[cell.severity],
            }
            for cell in row.cells
            if only in {"", cell.rule}
        ],
    }


def _lines(rows: Sequence[FailingRow]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        for cell in row.cells:
            yield (
                row.place,
                row.key,
                cell.name,
                cell.value,
                labels.KINDS[cell.kind],
                labels.cell_rule(cell),
                labels.CAUSES[cell.cause],
                cell.correction,
            )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 12 else 0  # noqa: PLR2004 - more rows than any table has
