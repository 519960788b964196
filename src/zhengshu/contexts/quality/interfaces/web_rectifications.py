"""Rectifications: the list, one of them with its rows and rounds, correcting, objecting, download."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.quality.application import rectification_queries as queries
from zhengshu.contexts.quality.application.correct_rows import Corrected, correct_rows
from zhengshu.contexts.quality.application.object_to_rule import object_to_rule
from zhengshu.contexts.quality.application.queries import departments_seen, outcomes
from zhengshu.contexts.quality.application.read_corrections import corrections_of, row_heading
from zhengshu.contexts.quality.application.rectification_queries import (
    RectificationRecord,
    RoundRecord,
    RowToRectify,
)
from zhengshu.contexts.quality.interfaces import labels, shown
from zhengshu.contexts.quality.interfaces.access import ASSESSORS, officers, owners, readers
from zhengshu.contexts.quality.interfaces.forms import ObjectionForm
from zhengshu.foundation.files.sheets import read_rows, read_upload
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.tables import csv_response, xlsx_response
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.kernel.actors import Role
from zhengshu.kernel.errors import Refused

SIZE = 10
MOST_EXPORTED = 10_000
MOST_LISTED = 200


@require_GET
@readers
def rectification_list(request: ActorRequest) -> HttpResponse:
    """Show the rectifications that the actor may see, newest first."""
    now = timezone.now()
    query = ListQuery.read(request.GET, filters=queries.FILTERS, sorts=queries.SORTS)
    page = queries.rectifications(actor=request.actor, query=query, at=now)
    names = shown.department_names({one.department_id for one in page.rows})
    late = (Option(value="late", label=_("past its day")),)
    facets = [
        Facet(name="state", label=_("State"), options=shown.options(labels.RECTIFICATIONS), is_single=True),
        Facet(name="due", label=_("Due"), options=late, is_single=True),
    ]
    departments = departments_seen(actor=request.actor)
    if len(departments) > 1:
        facets.append(shown.department_facet(departments))
    context = {
        "page": page,
        "query": query,
        "rows": [{**named(one), "department": names.get(one.department_id, "")} for one in page.rows],
        "facets": facets,
        "standing": queries.standing(actor=request.actor, at=now),
    }
    return render(request, "quality/rectification_list.html", context)


@require_GET
@readers
def rectification_list_export(request: ActorRequest) -> HttpResponseBase:
    """Send the list as a spreadsheet: whose, what, how long; no rows of tables."""
    now = timezone.now()
    read = ListQuery.read(request.GET, filters=queries.FILTERS, sorts=queries.SORTS)
    query = ListQuery(text=read.text, filters=read.filters, sort=read.sort, size=MOST_LISTED)
    page = queries.rectifications(actor=request.actor, query=query, at=now)
    names = shown.department_names({one.department_id for one in page.rows})
    head = [
        _("Number of the case"),
        _("Table"),
        _("Department"),
        _("State"),
        _("Opened"),
        _("Days"),
        _("Due"),
        _("Rows at first"),
        _("Rows left"),
        _("Score before"),
        _("Score now"),
        _("Rules"),
    ]
    rows = (
        (
            one.number,
            one.resource_name,
            names.get(one.department_id, ""),
            labels.RECTIFICATIONS[one.state],
            f"{timezone.localtime(one.opened_at):%Y-%m-%d}",
            one.lasted(at=now).days,
            f"{timezone.localtime(one.due_at):%Y-%m-%d}" if one.due_at else "",
            one.rows_first,
            one.rows_left,
            labels.score_text(one.score_before),
            labels.score_text(one.score_after),
            "、".join(one.rules),
        )
        for one in page.rows
    )
    return csv_response("rectifications.csv", head, rows)


@require_GET
@readers
def rectification_detail(request: ActorRequest, rectification_id: UUID) -> HttpResponse:
    """Show one rectification: rounds, rows, what can be done."""
    return _detail(request, rectification_id)


@require_POST
@officers
def rectification_correct(request: ActorRequest, rectification_id: UUID) -> HttpResponse:
    """Take corrected values of the page, or of an uploaded file."""
    try:
        corrections = _given(request, rectification_id)
        done = correct_rows(
            rectification_id=rectification_id, corrections=corrections, actor=request.actor, at=timezone.now()
        )
    except Refused as refusal:
        return _detail(request, rectification_id, refusal=sentence(refusal), status=422)
    if done.published:
        said = _("%(rows)s rows were published; the table is assessed anew.") % {"rows": done.published}
        messages.success(request, said)
    if done.failing:
        return _detail(request, rectification_id, done=done, status=422)
    return redirect("quality:rectification", rectification_id)


@require_POST
@owners
def rectification_object(request: ActorRequest, rectification_id: UUID) -> HttpResponse:
    """Object to a rule."""
    form = ObjectionForm(request.POST, rules=_rules(request, rectification_id))
    if not form.is_valid():
        return _detail(request, rectification_id, form=form, status=422)
    object_to_rule(
        rectification_id=rectification_id,
        rule=form.cleaned_data["rule"],
        reason=form.cleaned_data["reason"],
        actor=request.actor,
        at=timezone.now(),
    )
    messages.success(request, _("The objection went to the data authority, which owns the rules."))
    return redirect("quality:rectification", rectification_id)


@require_GET
@owners
def rectification_export(request: ActorRequest, rectification_id: UUID, file_format: str) -> HttpResponseBase:
    """Send the rows in full to their owner, to be corrected in a spreadsheet; the audit keeps who took them."""
    if file_format not in {"csv", "xlsx"}:
        raise Http404
    one = queries.rectification(rectification_id=rectification_id, actor=request.actor)
    rows = queries.rows_of_rectification(
        rectification_id=rectification_id, actor=request.actor, most=MOST_EXPORTED
    )
    queries.note_taken(
        rectification_id=rectification_id,
        rows=len(rows),
        file_format=file_format,
        actor=request.actor,
        at=timezone.now(),
    )
    items = queries.items_of(resource_id=one.resource_id)
    head = [row_heading(), *(item.name for item in items), _("Reasons"), _("Proposals")]
    respond = csv_response if file_format == "csv" else xlsx_response
    return respond(f"{one.number}.{file_format}", head, _lines(rows, items))


def named(one: RectificationRecord) -> dict[str, object]:
    """Return a rectification with what its state is called."""
    now = timezone.now()
    return {
        "one": one,
        "state": labels.RECTIFICATIONS[one.state],
        "color": labels.RECTIFICATION_COLORS[one.state],
        "before": labels.score_text(one.score_before),
        "after": labels.score_text(one.score_after),
        "days": one.lasted(at=now).days,
        "is_late": one.is_open and one.due_at is not None and one.due_at < now,
    }


def _detail(
    request: ActorRequest,
    rectification_id: UUID,
    *,
    form: ObjectionForm | None = None,
    done: Corrected | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    actor = request.actor
    one = queries.rectification(rectification_id=rectification_id, actor=actor)
    may_correct = queries.may_correct(rectification_id=rectification_id, actor=actor)
    after = _number(request.GET.get("after", ""))
    rows = (
        queries.rows_of_rectification(
            rectification_id=rectification_id, actor=actor, after=after, most=SIZE + 1
        )
        if may_correct
        else ()
    )
    names = shown.item_names(one.resource_id)
    context = {
        **named(one),
        "department": shown.department_names([one.department_id]).get(one.department_id, ""),
        "rounds": _rounds(queries.rounds_of(rectification_id=one.id, actor=actor)),
        "what": _what(request, one, names),
        "may_see_masked": actor.has(*ASSESSORS),
        "rows": [_row(row, names, done) for row in rows[:SIZE]],
        "next": rows[SIZE - 1].place if len(rows) > SIZE else 0,
        "is_first": not after,
        "may_correct": may_correct and actor.has(Role.DATA_OFFICER),
        "may_object": may_correct and one.state == "open",
        "may_see": may_correct,
        "form": form or ObjectionForm(rules=_rules(request, one.id)),
        "failing": done.failing if done else (),
        "refusal": refusal,
        "case": casework.cases_of(subject_ids=[one.id], actor=actor).get(one.id),
        "trail": [
            (_("Data quality"), reverse("quality:overview")),
            (_("Rectifications"), reverse("quality:rectification-list")),
            (one.number, ""),
        ],
    }
    return render(request, "quality/rectification.html", context, status=status)


def _rounds(found: Sequence[RoundRecord]) -> list[dict[str, object]]:
    """Return the rounds, each with how the score changed since the one before it."""
    former: list[float | None] = [None, *(one.score for one in found)]
    return [
        {
            "one": one,
            "score": labels.score_text(one.score),
            "change": None if one.score is None or before is None else one.score - before,
        }
        for one, before in zip(found, former, strict=False)
    ]


def _what(
    request: ActorRequest, one: RectificationRecord, names: Mapping[str, str]
) -> list[dict[str, object]]:
    """Return what is to be rectified, rule by rule: counts, no rows."""
    return [
        {
            "code": found.code,
            "base_code": found.base_code,
            "name": labels.rule_name(found),
            "column": names.get(found.column, found.column),
            "kind": labels.KINDS[found.kind],
            "failed": found.failed,
        }
        for found in outcomes(run_id=one.run_id, actor=request.actor)
        if found.code in one.rules and found.failed
    ]


def _row(row: RowToRectify, names: Mapping[str, str], done: Corrected | None) -> dict[str, object]:
    verdict = next((one for one in done.failing if one.place == row.place), None) if done else None
    fields: dict[str, dict[str, object]] = {}
    for cell in row.cells:
        for column in [cell.column] if cell.column else []:
            field = fields.setdefault(
                column, {"name": names.get(column, column), "reasons": [], "proposal": ""}
            )
            field["value"] = row.values.get(column) or ""
            field["proposal"] = field["proposal"] or cell.correction
            reasons = field["reasons"]
            if isinstance(reasons, list):
                reasons.append(f"{labels.KINDS[cell.kind]}：{labels.cell_rule(cell)}")
    whole = [f"{labels.KINDS[cell.kind]}：{labels.cell_rule(cell)}" for cell in row.cells if not cell.column]
    first = [(names[name], value) for name, value in row.values.items() if name in names][:4]
    return {
        "place": row.place,
        "about": first,
        "fields": [{"column": column, **field} for column, field in fields.items()],
        "others": [
            {"column": name, "name": names.get(name, name), "value": value or ""}
            for name, value in row.values.items()
            if name not in fields and name in names
        ],
        "whole": whole,
        "verdict": "；".join(verdict.fails.values()) if verdict else "",
    }


def _given(request: ActorRequest, rectification_id: UUID) -> Mapping[int, Mapping[str, str] | None]:
    one = queries.rectification(rectification_id=rectification_id, actor=request.actor)
    upload = request.FILES.get("file")
    if isinstance(upload, UploadedFile):
        content, name = read_upload(upload)
        return corrections_of(
            read_rows(content, name=name), items=queries.items_of(resource_id=one.resource_id)
        )
    corrections: dict[int, dict[str, str] | None] = {}
    for key, value in request.POST.items():
        kind, _sep, rest = key.partition("-")
        place, _sep, column = rest.partition("-")
        number = _number(place)
        if kind == "out" and number:
            corrections[number] = None
        elif kind == "value" and number and corrections.get(number, {}) is not None:
            held = corrections.setdefault(number, {})
            if held is not None:
                held[column] = str(value)
    return {
        **corrections,
        **{_number(key[4:]): None for key in request.POST if key.startswith("out-") and _number(key[4:])},
    }


def _rules(request: ActorRequest, rectification_id: UUID) -> list[tuple[str, str]]:
    one = queries.rectification(rectification_id=rectification_id, actor=request.actor)
    names = shown.item_names(one.resource_id)
    found = outcomes(run_id=one.run_id, actor=request.actor)
    return [
        (rule.code, f"{names.get(rule.column, '')} {labels.rule_name(rule)}".strip())
        for rule in found
        if rule.code in one.rules
    ]


def _lines(rows: Sequence[RowToRectify], items: Sequence[catalog.ItemRecord]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        reasons = "；".join(dict.fromkeys(f"{cell.name}：{labels.KINDS[cell.kind]}" for cell in row.cells))
        proposals = "；".join(f"{cell.name}：{cell.correction}" for cell in row.cells if cell.correction)
        yield (row.place, *(row.values.get(item.column) for item in items), reasons, proposals)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 12 else 0  # noqa: PLR2004 - more rows than any table has
