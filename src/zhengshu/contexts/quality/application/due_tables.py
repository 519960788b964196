"""Which tables are to be assessed without anybody asking: after a new batch, and by schedule."""

from datetime import datetime, timedelta
from uuid import UUID

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application.ask_assessment import open_run
from zhengshu.contexts.quality.application.tables import asked_of, rules_in_force
from zhengshu.contexts.quality.domain.plans import Plan
from zhengshu.contexts.quality.domain.runs import OPEN_STATES, RunCause, RunState, RunUnderWay
from zhengshu.contexts.quality.models import Run, TablePlan
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import ResourceId

PLATFORM = Actor.platform("quality.schedule")


@transaction
def assess_batch(*, resource_id: UUID, at: datetime, cause: RunCause = RunCause.BATCH) -> UUID | None:
    """Note a run of a table whose rows have changed; None where its plan or its rules do not want one.

    While a run is under way none is noted: `follow_up` looks after it whether the rows changed meanwhile.
    """
    if not plan_of(resource_id).is_on_batch or not _has_rules(resource_id) or _is_known(resource_id):
        return None
    resource = catalog.resources(ids=[ResourceId(resource_id)])[ResourceId(resource_id)]
    try:
        return open_run(resource, actor=PLATFORM, at=at, cause=cause).id
    except RunUnderWay:
        return None


def follow_up(*, run_id: UUID, at: datetime) -> UUID | None:
    """Note a run where a batch was published while another run read the rows before; None where none was."""
    run = Run.objects.filter(id=run_id, state=RunState.WHOLE).first()
    if run is None:
        return None
    served = lake.serving(resource_id=ResourceId(run.resource_id))
    if served is None or served.snapshot_id == run.snapshot_id:
        return None
    return assess_batch(resource_id=run.resource_id, at=at)


def assess_due(*, at: datetime) -> tuple[UUID, ...]:
    """Note a run of each table whose last one is older than its plan allows; return the runs."""
    asked: list[UUID] = []
    for resource_id in lake.served_resources():
        plan = plan_of(resource_id)
        since = at - timedelta(days=plan.every_days)
        is_fresh = Run.objects.filter(resource_id=resource_id, asked_at__gt=since).exists()
        if plan.is_scheduled and not is_fresh and _has_rules(resource_id):
            run_id = _schedule(resource_id, at=at)
            asked += [run_id] if run_id else []
    return tuple(asked)


def plan_of(resource_id: UUID) -> Plan:
    """Return when a table is assessed and what it demands of its batches."""
    row = TablePlan.objects.filter(resource_id=resource_id).first()
    return row.plan if row else Plan()


@transaction
def _schedule(resource_id: UUID, *, at: datetime) -> UUID | None:
    if Run.objects.filter(resource_id=resource_id, state__in=OPEN_STATES).exists():
        return None
    resource = catalog.resources(ids=[ResourceId(resource_id)])[ResourceId(resource_id)]
    return open_run(resource, actor=PLATFORM, at=at, cause=RunCause.SCHEDULE).id


def _is_known(resource_id: UUID) -> bool:
    """Whether what is served was assessed already, by somebody who was faster than the event."""
    served = lake.serving(resource_id=ResourceId(resource_id))
    newest = Run.objects.newest().filter(resource_id=resource_id).first()
    return served is not None and newest is not None and newest.snapshot_id == served.snapshot_id


def _has_rules(resource_id: UUID) -> bool:
    resource = catalog.resources(ids=[ResourceId(resource_id)]).get(ResourceId(resource_id))
    return (
        resource is not None and not resource.is_retired and bool(asked_of(resource, rules_in_force()).rules)
    )
