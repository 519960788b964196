"""Stop an assessment, take it up again, and mark those whose process died."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from zhengshu.contexts.quality.application.ask_assessment import may_assess, subject_of
from zhengshu.contexts.quality.application.assess_table import SPACE
from zhengshu.contexts.quality.domain.runs import (
    OPEN_STATES,
    RESUMABLE,
    AssessmentNotYours,
    NotToBeResumed,
    NotToBeStopped,
    RunNotFound,
    RunState,
    RunUnderWay,
)
from zhengshu.contexts.quality.events import AssessmentInterrupted, AssessmentStopped
from zhengshu.contexts.quality.models import Run
from zhengshu.foundation import locks
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId

log = structlog.get_logger(__name__)

ABANDONED = timedelta(minutes=5)
"""A run that waits so long may have no job: a worker may have died after it noted the run, before it queued it."""


@transaction
def stop_run(*, run_id: UUID, actor: Actor, at: datetime) -> None:
    """Stop a run: at once while it waits, within half a second or at its next piece of rows while it runs.

    Raises:
        RunNotFound: there is none that the actor may see.
        AssessmentNotYours: it is another department's.
        NotToBeStopped: it has ended.
    """
    run = _controlled(run_id, actor)
    if run.state not in OPEN_STATES:
        raise NotToBeStopped
    run.is_stop_asked = True
    if run.state == RunState.WAITING:
        run.state, run.finished_at = RunState.CANCELLED, at
        publish(
            AssessmentStopped(
                at=at,
                actor=actor,
                subject=subject_of(run),
                department_id=DepartmentId(run.department_id),
                run_id=run.id,
                resource_id=run.resource_id,
                resource_code=run.resource_code,
            )
        )
    run.save()


@transaction
def resume_run(*, run_id: UUID, actor: Actor, at: datetime) -> None:
    """Let a run that ended without results wait again; parts that were finished are not checked anew.

    Raises:
        RunNotFound: there is none that the actor may see.
        AssessmentNotYours: it is another department's.
        NotToBeResumed: it has results, or is under way.
        RunUnderWay: the table is being assessed by another run.
    """
    run = _controlled(run_id, actor)
    if run.state not in RESUMABLE:
        raise NotToBeResumed
    if Run.objects.filter(resource_id=run.resource_id, state__in=OPEN_STATES).exists():
        raise RunUnderWay
    run.state, run.is_stop_asked = RunState.WAITING, False
    run.asked_at, run.started_at, run.finished_at = at, None, None
    run.refusal_code, run.refusal_message, run.refusal_data = "", "", {}
    run.save()


def clean_up(*, at: datetime) -> int:
    """Mark runs whose process died; return how many there were.

    Safe at any time and in several processes: a run is only touched while its table's lock is free.
    """
    marked = 0
    for run in Run.objects.filter(state=RunState.RUNNING):
        if not locks.is_held(SPACE, run.resource_id) and _mark(run.id, at=at):
            marked += 1
            log.warning("quality.run_interrupted", run=str(run.id), resource=run.resource_code)
    return marked


def abandoned(*, at: datetime) -> tuple[UUID, ...]:
    """Return the runs that wait so long that they may have to be queued again; one that is queued twice runs once."""
    waiting = Run.objects.filter(state=RunState.WAITING, asked_at__lt=at - ABANDONED)
    return tuple(waiting.order_by("asked_at").values_list("id", flat=True))


@transaction
def _mark(run_id: UUID, *, at: datetime) -> bool:
    run = Run.objects.select_for_update().filter(id=run_id, state=RunState.RUNNING).first()
    if run is None:
        return False
    run.state, run.finished_at = RunState.INTERRUPTED, at
    run.save(update_fields=["state", "finished_at"])
    publish(
        AssessmentInterrupted(
            at=at,
            actor=Actor.platform("quality.clean_up"),
            subject=subject_of(run),
            department_id=DepartmentId(run.department_id),
            run_id=run.id,
            resource_id=run.resource_id,
            resource_code=run.resource_code,
        )
    )
    return True


def _controlled(run_id: UUID, actor: Actor) -> Run:
    run = Run.objects.visible_to(actor).select_for_update().filter(id=run_id).first()
    if run is None:
        raise RunNotFound
    if not may_assess(actor, run.department_id):
        raise AssessmentNotYours
    return run
