"""How good the data of the city are: by department and region, over time, the worst tables."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.quality.application.records import RunRecord, run_record
from zhengshu.contexts.quality.application.score_models import model_in_force
from zhengshu.contexts.quality.domain.scoring import (
    ScoreModel,
    TableMark,
    score_city,
    score_department,
)
from zhengshu.contexts.quality.models import Run
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor

DAYS = 30
REGIONS = "region"
"""The code table of the regions of a deployment."""
MOST_WORST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class PartScore:
    """The score of a department or a region.

    Attributes:
        key: the department's id, or the region's code.
        tables: how many tables were assessed.
        rows, faulty: of these tables together.
    """

    key: str
    name: str
    score: float | None
    grade: str
    tables: int
    rows: int
    faulty: int

    @property
    def share_faulty(self) -> float | None:
        """The share of rows that a rule blames."""
        return self.faulty / self.rows if self.rows else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the actor may know of the quality of all tables.

    Attributes:
        trend: the score of all together at the end of each day on which something was known.
        dimensions: dimension → mean score of the tables.
    """

    score: float | None
    grade: str
    tables: int
    rows: int
    faulty: int
    departments: tuple[PartScore, ...]
    regions: tuple[PartScore, ...]
    dimensions: Mapping[str, float]
    trend: tuple[tuple[date, float], ...]
    worst: tuple[RunRecord, ...]


def overview(*, actor: Actor, at: datetime) -> Overview:
    """Return the scores of the tables that the actor may see, put together by the score model in force."""
    model = model_in_force()
    latest = [run_record(row) for row in Run.objects.visible_to(actor).newest(at=at)]
    by_department = _grouped(latest, lambda run: str(run.department_id))
    known = trust.departments(ids={run.department_id for run in latest})
    names = {str(key): one.short_name or one.name for key, one in known.items()}
    departments = [_part(key, names.get(key, key), runs, model) for key, runs in by_department.items()]
    score = score_city([(one.score, one.tables) for one in departments], model)
    places = region_names()
    regions = [
        _part(code, places.get(code, code), runs, model)
        for code, runs in _grouped(latest, lambda run: run.region).items()
    ]
    return Overview(
        score=score,
        grade=model.grade(score),
        tables=len(latest),
        rows=sum(run.rows for run in latest),
        faulty=sum(run.faulty for run in latest),
        departments=tuple(sorted(departments, key=_worst_first)),
        regions=tuple(sorted(regions, key=lambda one: one.key)),
        dimensions=_dimensions(latest),
        trend=_trend(actor, at=at, model=model),
        worst=tuple(sorted((run for run in latest if run.score is not None), key=_score)[:MOST_WORST]),
    )


def region_names() -> Mapping[str, str]:
    """Return the names of regions where the catalogue has their code table."""
    try:
        table = catalog.code_table(code=REGIONS)
    except catalog.CodeTableNotFound:
        return {}
    return {entry.code: entry.name for entry in table.entries}


def _part(key: str, name: str, runs: Sequence[RunRecord], model: ScoreModel) -> PartScore:
    score = score_department([TableMark(score=run.score, rows=run.rows) for run in runs], model)
    return PartScore(
        key=key,
        name=name,
        score=score,
        grade=model.grade(score),
        tables=len(runs),
        rows=sum(run.rows for run in runs),
        faulty=sum(run.faulty for run in runs),
    )


def _dimensions(runs: Iterable[RunRecord]) -> Mapping[str, float]:
    found: dict[str, list[float]] = {}
    for run in runs:
        for code, score in run.dimensions.items():
            found.setdefault(code, []).append(score)
    return {code: sum(scores) / len(scores) for code, scores in sorted(found.items())}


def _trend(actor: Actor, *, at: datetime, model: ScoreModel) -> tuple[tuple[date, float], ...]:
    """Return the score at the end of each of the last days, by the runs that were known then."""
    rows = Run.objects.visible_to(actor).whole().filter(finished_at__lte=at, score__isnull=False)
    runs = rows.order_by("finished_at", "id").values_list(
        "finished_at", "resource_id", "department_id", "score", "rows"
    )
    by_day: dict[date, list[tuple[UUID, UUID, float, int]]] = {}
    for finished_at, resource_id, department_id, score, count in runs.iterator():
        if finished_at is not None and score is not None:
            day = timezone.localtime(finished_at).date()
            by_day.setdefault(day, []).append((resource_id, department_id, score, count))
    known: dict[UUID, tuple[UUID, TableMark]] = {}
    first = timezone.localtime(at).date() - timedelta(days=DAYS)
    trend: list[tuple[date, float]] = []
    for day, found in by_day.items():
        for resource_id, department_id, score, count in found:
            known[resource_id] = (department_id, TableMark(score=score, rows=count))
        total = _city(known.values(), model)
        if total is not None and day >= first:
            trend.append((day, total))
    return tuple(trend)


def _city(known: Iterable[tuple[UUID, TableMark]], model: ScoreModel) -> float | None:
    groups: dict[UUID, list[TableMark]] = {}
    for department_id, mark in known:
        groups.setdefault(department_id, []).append(mark)
    return score_city([(score_department(marks, model), len(marks)) for marks in groups.values()], model)


def _grouped(runs: Iterable[RunRecord], key: Callable[[RunRecord], str]) -> dict[str, list[RunRecord]]:
    groups: dict[str, list[RunRecord]] = {}
    for run in runs:
        groups.setdefault(key(run), []).append(run)
    return groups


def _worst_first(one: PartScore) -> tuple[float, str]:
    return (one.score if one.score is not None else 101.0, one.name)


def _score(run: RunRecord) -> float:
    return run.score or 0.0
