"""What an official decides about somebody of whom the rules left a doubt."""

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import TaskCompleted
from zhengshu.contexts.services.application.ask_entitled import EXAMINE, SUBJECT, end_asking
from zhengshu.contexts.services.application.entitle_found import (
    STOPPED,
    definition_of,
    go_on,
    make_due_since,
)
from zhengshu.contexts.services.events import DoubtDecided
from zhengshu.contexts.services.models.benefits import Entitlement
from zhengshu.foundation.events import Subject, on
from zhengshu.foundation.outbox import publish
from zhengshu.kernel.actors import Actor

ENTITLED = "entitled"


@on(TaskCompleted)
def follow_doubt(event: TaskCompleted) -> None:
    """Ask whoever is entitled, or let him go on with the periods in between; repeating it changes nothing."""
    if event.task != EXAMINE or event.about_kind != SUBJECT:
        return
    row = (
        Entitlement.objects.select_related("benefit", "doubt_run")
        .select_for_update(of=("self",))
        .filter(doubt_case_id=event.case_id)
        .first()
    )
    if row is None:
        return
    row.doubt_case_id = None
    if row.state not in STOPPED:
        row.save()
    elif event.outcome == ENTITLED:
        go_on(row, definition_of(row.benefit.definition), subject=row.number, at=event.at)
        if row.doubt_run is not None:
            make_due_since(row, first=row.doubt_run, at=event.at)
    else:
        row.state, row.changed_at = Entitlement.State.REFUSED, event.at
        row.refusal = _reason(event)
        row.save()
        if row.confirmed_at is None:
            end_asking(row, {"lost_reason": row.refusal, "lost_reason_en": row.refusal}, at=event.at)
    publish(
        DoubtDecided(
            at=event.at,
            actor=event.actor,
            subject=Subject("entitlement", str(row.id), row.benefit_id),
            benefit=row.benefit_id,
            is_entitled=event.outcome == ENTITLED,
        )
    )


def _reason(event: TaskCompleted) -> str:
    """Return what the official wrote; events do not say it."""
    case = casework.case(case_id=event.case_id, actor=Actor.platform("services.benefits"), at=event.at)
    steps = (step for step in case.timeline if step.kind == casework.StepKind.TASK_COMPLETED)
    return next((step.reason for step in steps if step.task == EXAMINE), "")
