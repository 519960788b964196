"""Claiming a to-do, giving it back, handing it to a colleague."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.casework.application.commands_once import was_handled
from zhengshu.contexts.casework.application.doing import begin, rule_of
from zhengshu.contexts.casework.application.gone import why_gone
from zhengshu.contexts.casework.application.queries import record_of
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.completing import NotYourTask, ReasonMissing, TaskNotOpen, check_person
from zhengshu.contexts.casework.domain.doing import Claim, principal
from zhengshu.contexts.casework.domain.records import CaseRecord, StepKind, TaskKind
from zhengshu.contexts.casework.events import TaskClaimed, TaskHandedOver, TaskReleased
from zhengshu.contexts.casework.models import Task
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId, TaskId


class ColleagueUnfit(Refused):
    """A to-do is handed only to somebody who may do it."""

    code: ClassVar[str] = "casework.colleague-unfit"
    message: ClassVar[str] = (
        "This person may not do the to-do: choose an active colleague of the same department with a role for it, whom "
        "neither avoidance nor four eyes bar."
    )


@transaction
def claim_task(
    *, case_id: CaseId, task: str, actor: Actor, at: datetime, idempotency_key: str = ""
) -> CaseRecord:
    """Take a to-do on oneself, so that colleagues see who does it; claiming one's own again changes nothing.

    Raises:
        CaseNotFound: the actor may not see such a case.
        TaskNotOpen: the case does not wait for the task.
        NotYourTask, OwnMatter, FourEyes, AvoidanceDeclared: the actor may not do it.
        HeldByColleague: somebody was faster.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {"case": case_id, "task": task}
    if was_handled("claim-task", idempotency_key, command, actor=actor, at=at):
        return record_of(case.row, actor=actor, at=at)
    row = _open(case, task)
    claim = Claim(by=row.claimed_by, name=row.claimed_by_name)
    principal(case.facts(row), rule=rule_of(case, row), claim=claim, actor=actor, deputyships=())
    if row.claimed_by != actor.id:
        _give(row, actor, at=at)
        case.note(StepKind.TASK_CLAIMED, at=at, task=task, clock=row.clock_code)
        case.announce(TaskClaimed, at=at, task_id=TaskId(row.pk), task=task)
        case.store(at=at)
    return record_of(case.row, actor=actor, at=at)


@transaction
def release_task(
    *, case_id: CaseId, task: str, reason: str = "", actor: Actor, at: datetime, idempotency_key: str = ""
) -> CaseRecord:
    """Give a to-do back: what one claimed to the colleagues, what was handed over to whoever did so, with a reason.

    The head of the department may release what somebody of it holds.

    Raises:
        CaseNotFound: the actor may not see such a case.
        TaskNotOpen: the case does not wait for the task, or nobody holds it.
        NotYourTask: somebody else holds it.
        ReasonMissing: it was handed over, or is another's, and no reason was given.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {"case": case_id, "task": task, "reason": reason}
    if was_handled("release-task", idempotency_key, command, actor=actor, at=at):
        return record_of(case.row, actor=actor, at=at)
    row = _open(case, task)
    if row.claimed_by is None or row.kind == TaskKind.COUNTERSIGN:
        raise TaskNotOpen
    is_own = row.claimed_by == actor.id
    if not is_own and not _leads(row, actor):
        raise NotYourTask
    if (row.handed_by is not None or not is_own) and not reason.strip():
        raise ReasonMissing(outcome=case.type.task_name(task, clock=row.clock_code))
    before = trust.actors_of(ids=[row.handed_by]).get(row.handed_by) if row.handed_by and is_own else None
    details = {"from": row.claimed_by_name}
    if before is not None and may_do(case, row, before):
        _give(row, before, at=at)
        details["to"] = before.name
    else:
        _free(row)
    case.note(StepKind.TASK_RELEASED, at=at, task=task, clock=row.clock_code, reason=reason, details=details)
    case.announce(TaskReleased, at=at, task_id=TaskId(row.pk), task=task, to_person_id=row.claimed_by)
    case.store(at=at)
    return record_of(case.row, actor=actor, at=at)


@transaction
def hand_over_task(
    *,
    case_id: CaseId,
    task: str,
    to_id: UUID,
    reason: str = "",
    actor: Actor,
    at: datetime,
    idempotency_key: str = "",
) -> CaseRecord:
    """Hand a to-do to a named colleague who may do it.

    Whoever may do it may hand it over, and the head of the department may hand over what somebody of it holds.

    Raises:
        CaseNotFound: the actor may not see such a case.
        TaskNotOpen: the case does not wait for the task.
        NotYourTask, OwnMatter, FourEyes, AvoidanceDeclared, HeldByColleague: it is not the actor's to hand over.
        ColleagueUnfit: the other may not do it.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {"case": case_id, "task": task, "to": to_id, "reason": reason}
    if was_handled("hand-over-task", idempotency_key, command, actor=actor, at=at):
        return record_of(case.row, actor=actor, at=at)
    row = _open(case, task)
    if row.kind == TaskKind.COUNTERSIGN:
        raise ColleagueUnfit
    if not _leads(row, actor):
        begin(case, row, at=at)
    to = trust.actors_of(ids=[to_id]).get(to_id)
    if to is None or to.id == row.claimed_by or not may_do(case, row, to):
        raise ColleagueUnfit
    _give(row, to, at=at)
    row.handed_by, row.handed_by_name = actor.id, actor.name
    details = {"to": to.name}
    case.note(
        StepKind.TASK_HANDED_OVER, at=at, task=task, clock=row.clock_code, reason=reason, details=details
    )
    case.announce(TaskHandedOver, at=at, task_id=TaskId(row.pk), task=task, to_person_id=to.id)
    case.store(at=at)
    return record_of(case.row, actor=actor, at=at)


def may_do(case: WorkingCase, row: Task, person: Actor) -> bool:
    """Whether a person's roles and department fit a to-do, and nothing bars him."""
    try:
        check_person(case.facts(row), rule=rule_of(case, row), actor=person)
    except Refused:
        return False
    return True


def _open(case: WorkingCase, task: str) -> Task:
    row = case.open_task(task)
    if row is None:
        raise why_gone(case.row, case.type, task)
    return row


def _leads(row: Task, actor: Actor) -> bool:
    return actor.has(Role.DEPARTMENT_HEAD) and actor.department_id == row.department_id


def _give(row: Task, person: Actor, *, at: datetime) -> None:
    row.claimed_by, row.claimed_by_name, row.claimed_at = person.id, person.name, at
    row.handed_by, row.handed_by_name = None, ""


def _free(row: Task) -> None:
    row.claimed_by, row.claimed_by_name, row.claimed_at = None, "", None
    row.handed_by, row.handed_by_name = None, ""
