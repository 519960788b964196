"""Reports: an assessment, or the whole overview, in the official form and as a spreadsheet."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengshu.contexts.quality.application import queries
from zhengshu.contexts.quality.application.overview import Overview, overview
from zhengshu.contexts.quality.application.records import OutcomeRecord, RunRecord
from zhengshu.contexts.quality.application.write_report import Report, ReportTable, as_pdf
from zhengshu.contexts.quality.domain.runs import RunNotFound
from zhengshu.contexts.quality.interfaces import labels, shown
from zhengshu.contexts.quality.interfaces.access import readers
from zhengshu.foundation.http.downloads import download
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.tables import xlsx_response

PDF = "application/pdf"


@require_GET
@readers
def run_report(request: ActorRequest, run_id: UUID, file_format: str) -> HttpResponseBase:
    """Send the report of an assessment: counts and scores, no values."""
    run = queries.run(run_id=run_id, actor=request.actor)
    if not run.is_whole:
        raise RunNotFound
    outcomes = queries.outcomes(run_id=run_id, actor=request.actor)
    names = shown.item_names(run.resource_id)
    if file_format == "xlsx":
        head = [
            _("Rule"),
            _("Code"),
            _("Column"),
            _("Dimension"),
            _("Indicator"),
            _("Severity"),
            _("Weight in the score"),
            _("Basis"),
            _("Rows asked"),
            _("Rows blamed"),
            _("Score"),
            _("Not asked because"),
        ]
        return xlsx_response(f"{run.number}.xlsx", head, _sheet(outcomes, names))
    if file_format != "pdf":
        raise Http404
    return _sent(_of_run(run, outcomes, names), name=f"{run.number}.pdf")


@require_GET
@readers
def city_report(request: ActorRequest, file_format: str) -> HttpResponseBase:
    """Send the report of all tables that the actor may see."""
    at = timezone.now()
    found = overview(actor=request.actor, at=at)
    if file_format == "xlsx":
        head = [_("Department"), _("Score"), _("Grade"), _("Tables"), _("Rows"), _("Faulty rows")]
        rows = (
            (one.name, labels.score_text(one.score), one.grade, one.tables, one.rows, one.faulty)
            for one in found.departments
        )
        return xlsx_response("quality.xlsx", head, rows)
    if file_format != "pdf":
        raise Http404
    return _sent(_of_city(request, found, at), name="quality.pdf")


def _sent(report: Report, *, name: str) -> HttpResponse | HttpResponseBase:
    return download(BytesIO(as_pdf(report)), name=name, media_type=PDF)


def _sheet(outcomes: tuple[OutcomeRecord, ...], names: shown.Names) -> Iterator[tuple[object, ...]]:
    for one in outcomes:
        yield (
            labels.rule_name(one),
            one.code,
            names.get(one.column, one.column),
            labels.dimension_name(one.dimension),
            f"{one.indicator} {labels.indicator_name(one.indicator)}",
            labels.SEVERITIES[one.severity],
            one.weight,
            labels.rule_basis(one),
            one.asked,
            one.failed,
            labels.score_text(one.score),
            labels.filled(one.reason_message, one.reason_data),
        )


def _of_run(run: RunRecord, outcomes: tuple[OutcomeRecord, ...], names: shown.Names) -> Report:
    at = timezone.localtime(run.finished_at or run.asked_at)
    department = shown.department_names([run.department_id]).get(run.department_id, "")
    failing = [one for one in outcomes if one.failed]
    said = _(
        "On %(day)s the table “%(table)s” was assessed by %(rules)s rules. Of %(rows)s rows, %(faulty)s fail at least "
        "one rule. The score is %(score)s, grade %(grade)s."
    ) % {
        "day": f"{at:%Y-%m-%d}",
        "table": run.resource_name,
        "rules": len(outcomes),
        "rows": f"{run.rows:,}",
        "faulty": f"{run.faulty:,}",
        "score": labels.score_text(run.score),
        "grade": run.grade or "—",
    }
    return Report(
        language=_language(),
        title=_("Report on the quality of “%(table)s”") % {"table": run.resource_name},
        number=run.number,
        paragraphs=(said, _("Basis: GB/T 36344-2018. Rows are counted; values are not part of this report.")),
        tables=(
            ReportTable(
                title=_("1. Scores by dimension"),
                head=(_("Dimension"), _("Score")),
                rows=tuple(
                    (labels.dimension_name(code), labels.score_text(score))
                    for code, score in sorted(run.dimensions.items())
                ),
                widths=(3, 1),
            ),
            ReportTable(
                title=_("2. Rules that blame rows"),
                head=(_("Rule"), _("Column"), _("Severity"), _("Rows asked"), _("Rows blamed")),
                rows=tuple(
                    (
                        labels.rule_name(one),
                        names.get(one.column, one.column) or "—",
                        str(labels.SEVERITIES[one.severity]),
                        f"{one.asked:,}",
                        f"{one.failed:,}",
                    )
                    for one in failing
                )
                or ((_("No rule blames a row."), "—", "—", "—", "—"),),
                widths=(4, 2, 1.2, 1.5, 1.5),
            ),
        ),
        office=department,
        dated=_dated(at),
        at=at,
    )


def _of_city(request: ActorRequest, found: Overview, at: datetime) -> Report:
    local = timezone.localtime(at)
    said = _(
        "As of %(day)s, %(tables)s tables with %(rows)s rows have been assessed; %(faulty)s rows fail at least one "
        "rule. The score is %(score)s, grade %(grade)s."
    ) % {
        "day": f"{local:%Y-%m-%d}",
        "tables": found.tables,
        "rows": f"{found.rows:,}",
        "faulty": f"{found.faulty:,}",
        "score": labels.score_text(found.score),
        "grade": found.grade or "—",
    }
    names = shown.department_names({run.department_id for run in found.worst})
    return Report(
        language=_language(),
        title=_("Report on the quality of government data"),
        number=f"{local:%Y-%m-%d}",
        paragraphs=(said, _("Basis: GB/T 36344-2018. Rows are counted; values are not part of this report.")),
        tables=(
            ReportTable(
                title=_("1. Scores by department"),
                head=(_("Department"), _("Score"), _("Grade"), _("Tables"), _("Rows"), _("Faulty rows")),
                rows=tuple(
                    (
                        one.name,
                        labels.score_text(one.score),
                        one.grade,
                        str(one.tables),
                        f"{one.rows:,}",
                        f"{one.faulty:,}",
                    )
                    for one in found.departments
                ),
                widths=(3, 1.2, 1, 1, 1.5, 1.5),
            ),
            ReportTable(
                title=_("2. Worst tables"),
                head=(_("Table"), _("Department"), _("Score"), _("Faulty rows")),
                rows=tuple(
                    (
                        run.resource_name,
                        names.get(run.department_id, ""),
                        labels.score_text(run.score),
                        f"{run.faulty:,}",
                    )
                    for run in found.worst
                ),
                widths=(4, 2, 1.2, 1.5),
            ),
        ),
        office=request.actor.department_name,
        dated=_dated(local),
        at=local,
    )


def _language() -> str:
    return "zh" if (get_language() or "").startswith("zh") else "en"


def _dated(at: datetime) -> str:
    if _language() == "zh":
        return f"{at.year}年{at.month}月{at.day}日"
    return f"{at:%Y-%m-%d}"
