"""Object to a rule, and follow how the objection's case goes on."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import CaseClosed, CaseEvent, TaskCompleted
from zhengshu.contexts.quality.application.follow_runs import (
    CASE_TYPE,
    PLATFORM,
    due_of,
    end_as,
    subject_of,
)
from zhengshu.contexts.quality.domain.rectifications import (
    UNDER_WAY,
    RectificationNotFound,
    RectificationOver,
    RectificationState,
    RuleNotOfRectification,
)
from zhengshu.contexts.quality.events import RuleObjectedTo
from zhengshu.contexts.quality.models import Outcome, Rectification
from zhengshu.foundation.events import on
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId, DepartmentId

RECTIFY, OBJECT = "rectify", "object"


@transaction
def object_to_rule(*, rectification_id: UUID, rule: str, reason: str, actor: Actor, at: datetime) -> None:
    """Hold against a rule that it blames sound rows; the data authority, which owns the rules, answers.

    Raises:
        RectificationNotFound: there is none whose rows the actor may see.
        RectificationOver: it has ended.
        RuleNotOfRectification: the rule blames none of its rows.
        NotYourTask, ReasonMissing: by casework.
    """
    row = Rectification.objects.with_rows_for(actor).select_for_update().filter(id=rectification_id).first()
    if row is None:
        raise RectificationNotFound
    if row.state not in UNDER_WAY:
        raise RectificationOver
    outcome = Outcome.objects.filter(run=row.run_id, code=rule).first() if rule in row.rules else None
    if outcome is None:
        raise RuleNotOfRectification
    row.rule_code, row.rule_version = rule, outcome.version_id
    case = casework.complete_task(
        case_id=CaseId(row.case_id), task=RECTIFY, outcome=OBJECT, reason=reason.strip(), actor=actor, at=at
    )
    row.state, row.due_at = RectificationState.OBJECTED, due_of(case)
    row.save()
    publish(
        RuleObjectedTo(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=DepartmentId(row.department_id),
            rectification_id=row.id,
            resource_id=row.resource_id,
            resource_code=row.resource_code,
            rule=rule,
        )
    )


@on(TaskCompleted)
def follow_task(event: TaskCompleted) -> None:
    """Bring the rectification to where its case stands."""
    _follow(event)


@on(CaseClosed)
def follow_end(event: CaseClosed) -> None:
    """Bring the rectification to where its case ended."""
    _follow(event)


def _follow(event: CaseEvent) -> None:
    if event.case_type != CASE_TYPE:
        return
    row = Rectification.objects.select_for_update().under_way().filter(case_id=event.case_id).first()
    if row is None:
        return
    case = casework.case(case_id=event.case_id, actor=PLATFORM, at=event.at)
    if not case.is_open:
        end_as(row, case.state, at=event.at)
        return
    is_objected = case.task("answer_objection") is not None
    row.state = RectificationState.OBJECTED if is_objected else RectificationState.OPEN
    row.due_at = due_of(case)
    row.save(update_fields=["state", "due_at"])
