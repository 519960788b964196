"""Asking somebody to countersign, and taking that back."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.casework.application.commands_once import was_handled
from zhengshu.contexts.casework.application.countersigning import countersigns, free, fresh_countersign
from zhengshu.contexts.casework.application.doing import begin
from zhengshu.contexts.casework.application.gone import why_gone
from zhengshu.contexts.casework.application.queries import record_of
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.completing import ReasonMissing, TaskNotOpen, barred
from zhengshu.contexts.casework.domain.records import CaseRecord, StepKind, TaskKind
from zhengshu.contexts.casework.events import CountersignAsked, CountersignDropped
from zhengshu.contexts.casework.models import Case, Task
from zhengshu.contexts.casework.models.readers import CASE_ROLES
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId


class CountersignerUnfit(Refused):
    """A countersigner is another official who sees the case and is not barred from it."""

    code: ClassVar[str] = "casework.countersigner-unfit"
    message: ClassVar[str] = (
        "This person cannot countersign: choose another official who works with cases, sees this one and is neither "
        "barred from it nor asked already."
    )


@transaction
def ask_countersign(
    *,
    case_id: CaseId,
    task: str,
    person_id: UUID,
    question: str,
    actor: Actor,
    at: datetime,
    idempotency_key: str = "",
) -> CaseRecord:
    """Ask another official to agree before a to-do is done; he finds it in his inbox.

    Raises:
        CaseNotFound: the actor may not see such a case.
        TaskNotOpen: the case does not wait for the task.
        NotYourTask, OwnMatter, FourEyes, AvoidanceDeclared, HeldByColleague: the actor may not do the task himself.
        CountersignMissing: an earlier countersigner has not answered.
        CountersignerUnfit: not another official who sees the case.
        ReasonMissing: nothing was asked.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {"case": case_id, "task": task, "of": person_id, "question": question}
    if was_handled("ask-countersign", idempotency_key, command, actor=actor, at=at):
        return record_of(case.row, actor=actor, at=at)
    row = _task(case, task)
    if row.is_objected:
        free(row)
    rule = begin(case, row, at=at)
    person = trust.actors_of(ids=[person_id]).get(person_id)
    if person is None or person.id == actor.id or not person.has(*CASE_ROLES):
        raise CountersignerUnfit
    if person.id in barred(case.facts(row), rule=rule) or not _sees(person, case_id):
        raise CountersignerUnfit
    if not question.strip():
        raise ReasonMissing(outcome=case.type.task_name(task))
    number = 1 + case.row.tasks.filter(kind=TaskKind.COUNTERSIGN.value).count()
    fresh = fresh_countersign(case, row, number=number, person_id=person.id, name=person.name, at=at)
    fresh.department_id, fresh.roles = person.department_id, sorted(role.value for role in person.roles)
    details = {"to": person.name}
    case.note(StepKind.COUNTERSIGN_ASKED, at=at, task=task, reason=question, details=details)
    case.announce(CountersignAsked, at=at, task=task, of_person_id=person.id)
    case.add_task(fresh, at=at)
    case.store(at=at)
    return record_of(case.row, actor=actor, at=at)


@transaction
def drop_countersign(
    *, case_id: CaseId, task: str, reason: str, actor: Actor, at: datetime, idempotency_key: str = ""
) -> CaseRecord:
    """Take back that a to-do must be countersigned, with the reason; whoever may do the to-do may.

    Raises:
        CaseNotFound: the actor may not see such a case.
        TaskNotOpen: the case does not wait for the task, or nobody was asked to countersign.
        NotYourTask, OwnMatter, FourEyes, AvoidanceDeclared, HeldByColleague: the actor may not do the task himself.
        ReasonMissing: no reason was given.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {"case": case_id, "task": task, "reason": reason}
    if was_handled("drop-countersign", idempotency_key, command, actor=actor, at=at):
        return record_of(case.row, actor=actor, at=at)
    row = _task(case, task)
    waiting = countersigns(case, row)
    if not row.waits_for:
        raise TaskNotOpen
    if not reason.strip():
        raise ReasonMissing(outcome=case.type.task_name(task))
    free(row)
    for one in waiting:
        one.state = Task.State.CANCELLED
    begin(case, row, at=at)
    case.note(StepKind.COUNTERSIGN_DROPPED, at=at, task=task, reason=reason)
    case.announce(CountersignDropped, at=at, task=task)
    case.store(at=at)
    return record_of(case.row, actor=actor, at=at)


def _task(case: WorkingCase, task: str) -> Task:
    row = case.open_task(task)
    if row is None or row.kind != TaskKind.FLOW:
        raise why_gone(case.row, case.type, task)
    return row


def _sees(person: Actor, case_id: CaseId) -> bool:
    return Case.objects.visible_to(person).filter(pk=case_id).exists()
