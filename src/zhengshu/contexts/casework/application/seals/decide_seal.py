"""Deciding on an application for a seal, on the page of the seal."""

from datetime import datetime

from zhengshu.contexts.casework.application.complete_task import complete_task
from zhengshu.contexts.casework.application.queries import case
from zhengshu.contexts.casework.application.seals.apply_for_seal import CASE_TYPE, carry_out
from zhengshu.contexts.casework.domain.records import OPEN, CaseRecord, TaskRecord
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId, TaskId


def seal_task(*, case_id: CaseId, actor: Actor, at: datetime) -> tuple[CaseRecord, TaskRecord | None]:
    """Return the case of an application with what the actor may decide of it now.

    Raises:
        CaseNotFound: there is none, or the actor may not see it.
    """
    found = case(case_id=case_id, actor=actor, at=at)
    mine = (one for one in found.open_tasks if one.is_mine and one.case_type == CASE_TYPE)
    return found, next(mine, None)


@transaction
def decide_seal(
    *,
    case_id: CaseId,
    task_id: TaskId,
    outcome: str,
    reason: str,
    actor: Actor,
    at: datetime,
    idempotency_key: str = "",
) -> CaseRecord:
    """Take a step of an application; where it ends with approval the seal is made in the same transaction.

    Raises:
        CaseNotFound: the actor may not see such a case.
        NotYourTask, TaskNotOpen, OwnMatter, FourEyes, ReasonMissing: as `complete_task` says.
    """
    found = complete_task(
        case_id=case_id,
        task=task_id,
        outcome=outcome,
        reason=reason,
        actor=actor,
        at=at,
        idempotency_key=idempotency_key,
    )
    if found.state != OPEN:
        carry_out(case_id=case_id, end=found.state, actor=actor, at=at)
    return found
