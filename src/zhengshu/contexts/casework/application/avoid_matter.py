"""Avoidance (回避) that a person declares himself."""

from datetime import datetime
from typing import ClassVar

from zhengshu.contexts.casework.application.claim_task import may_do
from zhengshu.contexts.casework.application.commands_once import was_handled
from zhengshu.contexts.casework.application.queries import record_of
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.completing import NotYourTask, ReasonMissing
from zhengshu.contexts.casework.domain.doing import AVOIDANCE, DECLARED
from zhengshu.contexts.casework.domain.records import CaseRecord, StepKind
from zhengshu.contexts.casework.events import AvoidanceDeclared
from zhengshu.contexts.casework.models import Task
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId


class NobodyLeft(Refused):
    """Nobody else in the department could do what is open; the head must first see to that."""

    code: ClassVar[str] = "casework.nobody-left"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "Nobody else in your department may do “%(task)s”. Tell the head of your department, so that somebody gets the "
        "role; then declare it again."
    )


@transaction
def avoid_matter(
    *, case_id: CaseId, reason: str, actor: Actor, at: datetime, idempotency_key: str = ""
) -> CaseRecord:
    """Declare that one is related to a matter: its to-dos, present and later, go to colleagues.

    Basis: Civil Servant Law, article 76; Administrative Licensing Law, article 48.

    Raises:
        CaseNotFound: the actor may not see such a case.
        CaseClosedAlready: the case has ended.
        NotYourTask: no open to-do is for the actor.
        NobodyLeft: no colleague could do an open to-do.
        ReasonMissing: no reason was given.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {"case": case_id, "reason": reason}
    if was_handled("avoid-matter", idempotency_key, command, actor=actor, at=at):
        return record_of(case.row, actor=actor, at=at)
    case.check_open()
    mine = [row for row in case.tasks if row.holder.admits(actor)]
    if not mine:
        raise NotYourTask
    if not reason.strip():
        raise ReasonMissing(outcome=case.type.text("name"))
    people: list[str] = case.row.done.setdefault(AVOIDANCE, {}).setdefault(DECLARED, [])
    if str(actor.id) not in people:
        people.append(str(actor.id))
    for row in mine:
        _leave(case, row)
    case.note(StepKind.AVOIDED, at=at, reason=reason)
    case.announce(AvoidanceDeclared, at=at)
    case.store(at=at)
    return record_of(case.row, actor=actor, at=at)


def _leave(case: WorkingCase, row: Task) -> None:
    """Let a to-do go to colleagues, of whom there must be one."""
    row.barred = sorted({*row.barred, case.actor.id})
    if row.claimed_by == case.actor.id:
        row.claimed_by, row.claimed_by_name, row.claimed_at = None, "", None
    if row.department_id is None:
        return
    officials = trust.officials(department_id=row.department_id)
    colleagues = trust.actors_of(ids=[one.id for one in officials if one.id != case.actor.id])
    if not any(may_do(case, row, colleague) for colleague in colleagues.values()):
        raise NobodyLeft(task=case.type.task_name(row.code, clock=row.clock_code))
