"""What pages show of assessments: figures, the map of columns and dimensions, rules, charts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.quality.application.records import OutcomeRecord, RunRecord
from zhengshu.contexts.quality.domain.scoring import weighted
from zhengshu.contexts.quality.interfaces import labels
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.ui.charts import Chart, Series
from zhengshu.foundation.ui.facets import Facet, Option
from zhengshu.kernel.identity import ResourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """The score of one column in one dimension."""

    score: str
    color: str
    failed: int
    code: str


def named(run: RunRecord) -> Mapping[str, object]:
    """Return a run with what its state and cause are called."""
    return {
        "run": run,
        "state": labels.STATES[run.state],
        "state_color": labels.STATE_COLORS[run.state],
        "cause": labels.CAUSES_OF_RUNS[run.cause],
        "score": labels.score_text(run.score),
        "color": labels.score_color(run.score),
    }


def item_names(resource_id: UUID) -> Mapping[str, str]:
    """Return what the columns of a table are called."""
    found = catalog.resources(ids=[ResourceId(resource_id)]).get(ResourceId(resource_id))
    return {item.column: item.name for item in found.items} if found else {}


def rule_rows(outcomes: Iterable[OutcomeRecord], names: Mapping[str, str]) -> list[dict[str, object]]:
    """Return the rules of a run as the table shows them."""
    return [
        {
            "one": one,
            "column": names.get(one.column, one.column),
            "kind": labels.KINDS[one.kind],
            "name": labels.rule_name(one),
            "basis": labels.rule_basis(one),
            "dimension": labels.dimension_name(one.dimension),
            "severity": labels.SEVERITIES[one.severity],
            "severity_color": labels.SEVERITY_COLORS[one.severity] if one.failed else "grey",
            "score": labels.score_text(one.score),
            "color": labels.score_color(one.score),
            "reason": labels.filled(one.reason_message, one.reason_data),
        }
        for one in outcomes
    ]


def rules(outcomes: Sequence[OutcomeRecord], names: Mapping[str, str]) -> dict[str, object]:
    """Return the rules of a run in two tables: those that blame rows, and the others."""
    return {
        "failing": rule_rows((one for one in outcomes if one.failed), names),
        "others": rule_rows((one for one in outcomes if not one.failed), names),
    }


def heat_map(outcomes: Sequence[OutcomeRecord], names: Mapping[str, str]) -> Mapping[str, object]:
    """Return the map of columns and dimensions: a table whose cells say their score and are coloured by it."""
    dimensions = sorted({one.dimension for one in outcomes if one.was_asked})
    columns = [name for name in names if any(one.column == name and one.was_asked for one in outcomes)]
    if any(not one.column and one.was_asked for one in outcomes):
        columns.append("")
    rows = [
        {
            "name": names.get(column, column) or _("Whole rows and table"),
            "cells": [_heat(outcomes, column, dimension) for dimension in dimensions],
        }
        for column in columns
    ]
    return {"dimensions": [labels.dimension_name(code) for code in dimensions], "rows": rows}


def _heat(outcomes: Sequence[OutcomeRecord], column: str, dimension: str) -> HeatCell | None:
    own = [
        one
        for one in outcomes
        if one.column == column and one.dimension == dimension and one.score is not None
    ]
    score = weighted([(one.score, one.weight) for one in own if one.score is not None])
    if score is None:
        return None
    worst = max(own, key=lambda one: one.failed)
    return HeatCell(
        score=labels.score_text(score),
        color=labels.score_color(score),
        failed=sum(one.failed for one in own),
        code=worst.code if worst.failed else "",
    )


def dimension_facts(run: RunRecord) -> list[dict[str, object]]:
    """Return the score of each dimension."""
    return [
        {
            "name": labels.dimension_name(code),
            "score": labels.score_text(score),
            "color": labels.score_color(score),
        }
        for code, score in sorted(run.dimensions.items())
    ]


def history_chart(runs: Sequence[RunRecord]) -> Chart | None:
    """Return how the score of a table went; None before there are two points."""
    points = [(run, run.score) for run in runs if run.score is not None]
    if len(points) < 2:  # noqa: PLR2004 - a line needs two ends
        return None
    return Chart(
        title=_("Score over time"),
        labels=tuple(
            f"{timezone.localtime(run.finished_at or run.asked_at):%Y-%m-%d %H:%M}" for run, _score in points
        ),
        series=(Series(name=_("Score"), values=tuple(round(score, 2) for _run, score in points)),),
        shape="line",
        axis=_("Assessment"),
        unit=_("points"),
    )


def department_facet(ids: Iterable[UUID]) -> Facet:
    """Return the filter by departments."""
    found = trust.departments(ids=ids)
    options = sorted((one.short_name or one.name, str(key)) for key, one in found.items())
    return Facet(
        name="department",
        label=_("Department"),
        options=tuple(Option(value=key, label=name) for name, key in options),
        is_single=True,
    )


def department_names(ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return what departments are called, short where they may be."""
    return {key: one.short_name or one.name for key, one in trust.departments(ids=ids).items()}


def options(names: Mapping[str, labels.Label]) -> tuple[Option, ...]:
    """Return the options of a filter."""
    return tuple(Option(value=str(value), label=str(label)) for value, label in names.items())


Names = Mapping[str, str]
"""Column → what it is called."""
GRADES = ("A", "B", "C", "D", "E")
