"""Go on with a misuse whose correction was not shown in time."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.application.carry_out import EXECUTOR
from zhengshu.contexts.exchange.application.matters import bring_in_line, tell_step
from zhengshu.contexts.exchange.application.steps import NotYourStep
from zhengshu.contexts.exchange.domain.matters import Step
from zhengshu.contexts.exchange.models import Misuse
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId


class NotOverdue(Refused):
    """The consumer has until the end of its limit."""

    code: ClassVar[str] = "exchange.not-overdue"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The time for the correction has not passed, or the correction was submitted."


@transaction
def declare_overdue(*, misuse_id: UUID, actor: Actor, at: datetime) -> str:
    """Take a correction that was not shown in time as refused; who found the misuse decides on ending the use.

    Basis: Decree 809, article 27.

    Raises:
        MatterNotFound: the actor may not see such a misuse.
        NotYourStep: the actor is not of the department that found it.
        NotOverdue: the limit has not passed, or nothing is waited for.
    """
    row = Misuse.objects.visible_to(actor).locked(misuse_id)
    if actor.department_id != row.finder_department_id or not actor.has(
        Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.REVIEWER
    ):
        raise NotYourStep
    if row.state != "rectify" or row.due_at is None or at <= row.due_at:
        raise NotOverdue
    step = Step(task="rectify", outcome="give_up")
    case = casework.complete_task(
        case_id=CaseId(row.case_id), task=step.task, outcome=step.outcome, actor=EXECUTOR, at=at
    )
    bring_in_line(row, case)
    row.touch(at=at)
    tell_step(row, step, actor=actor, at=at)
    return row.state
