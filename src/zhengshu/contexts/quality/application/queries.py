"""Questions about assessments, as far as the actor may see them."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from zhengshu.contexts.quality.application.records import (
    OutcomeRecord,
    RunRecord,
    outcome_record,
    run_record,
)
from zhengshu.contexts.quality.domain.runs import RunNotFound
from zhengshu.contexts.quality.models import OWN_VIEW, WHOLE_VIEW, Outcome, Run
from zhengshu.foundation.lists import ListQuery, Page, paged
from zhengshu.kernel.actors import Actor

RUN_FILTERS = ("state", "cause", "department")
RUN_SORTS = ("asked_at", "resource_name", "score", "rows", "faulty")
TABLE_FILTERS = ("department", "grade")
TABLE_SORTS = ("resource_name", "score", "rows", "faulty", "finished_at")


def run(*, run_id: UUID, actor: Actor) -> RunRecord:
    """Return one assessment.

    Raises:
        RunNotFound: there is none that the actor may see.
    """
    return run_record(visible_run(run_id=run_id, actor=actor))


def visible_run(*, run_id: UUID, actor: Actor) -> Run:
    """Return the row of an assessment.

    Raises:
        RunNotFound: there is none that the actor may see.
    """
    found = Run.objects.visible_to(actor).filter(id=run_id).first()
    if found is None:
        raise RunNotFound
    return found


def runs(*, actor: Actor, query: ListQuery, resource_id: UUID | None = None) -> Page[RunRecord]:
    """Return assessments, newest first. Filters: ``state``, ``cause``, ``department``."""
    rows = Run.objects.visible_to(actor)
    if resource_id is not None:
        rows = rows.filter(resource_id=resource_id)
    rows = rows.filter(_narrowed(query, {"state": "state", "cause": "cause"}))
    order = query.sort if query.sort.removeprefix("-") in RUN_SORTS else "-asked_at"
    return paged(rows.order_by(order, "-id"), query, run_record)


def tables(*, actor: Actor, query: ListQuery) -> Page[RunRecord]:
    """Return the last whole assessment of each table, worst first. Filters: ``department``, ``grade``."""
    rows = Run.objects.visible_to(actor).newest().filter(_narrowed(query, {"grade": "grade"}))
    order = query.sort if query.sort.removeprefix("-") in TABLE_SORTS else "score"
    return paged(rows.order_by(order, "resource_name", "id"), query, run_record)


def latest_run(*, resource_id: UUID, actor: Actor) -> RunRecord | None:
    """Return the last whole assessment of a table; None where there is none that the actor may see."""
    row = Run.objects.visible_to(actor).newest().filter(resource_id=resource_id).first()
    return run_record(row) if row else None


def open_run_of(*, resource_id: UUID, actor: Actor) -> RunRecord | None:
    """Return the assessment of a table that waits or runs now."""
    row = (
        Run.objects.visible_to(actor)
        .filter(resource_id=resource_id, finished_at=None)
        .order_by("-asked_at")
        .first()
    )
    return run_record(row) if row else None


def history(*, resource_id: UUID, actor: Actor, most: int = 30) -> tuple[RunRecord, ...]:
    """Return the whole assessments of a table, oldest first."""
    rows = Run.objects.visible_to(actor).whole().filter(resource_id=resource_id)
    return tuple(run_record(row) for row in reversed(rows.order_by("-finished_at", "-id")[:most]))


def former_run(*, run: RunRecord, actor: Actor) -> RunRecord | None:
    """Return the whole assessment of the same table before this one."""
    rows = Run.objects.visible_to(actor).whole().filter(resource_id=run.resource_id)
    row = rows.filter(asked_at__lt=run.asked_at).order_by("-asked_at", "-id").first()
    return run_record(row) if row else None


def outcomes(*, run_id: UUID, actor: Actor) -> tuple[OutcomeRecord, ...]:
    """Return what each rule found in a whole assessment, most serious and most rows first."""
    rows = Outcome.objects.filter(run__in=Run.objects.visible_to(actor).whole(), run_id=run_id)
    found = [outcome_record(row) for row in rows.select_related("version")]
    return tuple(sorted(found, key=_order))


def may_view(actor: Actor, department_id: UUID) -> bool:
    """Whether an actor sees the results of a department's tables."""
    if actor.is_platform or not actor.roles.isdisjoint(WHOLE_VIEW):
        return True
    return actor.department_id == department_id and not actor.roles.isdisjoint(OWN_VIEW)


def may_see_rows(*, run: RunRecord, actor: Actor) -> bool:
    """Whether an actor may see the failing rows of a run, not only its counts."""
    return Run.objects.with_rows_for(actor).filter(id=run.id).exists()


def departments_seen(*, actor: Actor) -> Sequence[UUID]:
    """Return the departments that have assessed tables which the actor may see."""
    rows = Run.objects.visible_to(actor).whole().order_by("department_id").distinct("department_id")
    return tuple(rows.values_list("department_id", flat=True))


def _narrowed(query: ListQuery, fields: dict[str, str]) -> Q:
    condition = Q()
    for name, field in fields.items():
        if values := query.filters.get(name):
            condition &= Q(**{f"{field}__in": values})
    if chosen := [
        found for text in query.filters.get("department", ()) if (found := _uuid(text)) is not None
    ]:
        condition &= Q(department_id__in=chosen)
    if query.text:
        condition &= Q(resource_name__icontains=query.text) | Q(resource_code__icontains=query.text)
    return condition


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _order(one: OutcomeRecord) -> tuple[int, int, str]:
    severities = ("error", "warning", "hint")
    return (severities.index(one.severity) if one.failed else len(severities), -one.failed, one.code)
