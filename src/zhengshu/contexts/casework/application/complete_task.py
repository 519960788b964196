"""Completing a to-do."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from zhengshu.contexts.casework.application.commands_once import was_handled
from zhengshu.contexts.casework.application.countersigning import take_answer
from zhengshu.contexts.casework.application.doing import begin
from zhengshu.contexts.casework.application.extension import decide_ask
from zhengshu.contexts.casework.application.forms.adapters import check_end
from zhengshu.contexts.casework.application.forms.answered import must_be_answered
from zhengshu.contexts.casework.application.gone import why_gone
from zhengshu.contexts.casework.application.issue_notices import issue_notices
from zhengshu.contexts.casework.application.parties import name_party
from zhengshu.contexts.casework.application.queries import stepped_record_of
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.completing import (
    check_outcome,
    checked_data,
)
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.records import OPEN, CaseRecord, StepKind, TaskKind
from zhengshu.contexts.casework.events import TaskCompleted
from zhengshu.contexts.casework.models import Task
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.assurance import require_assured
from zhengshu.kernel.identity import CaseId, DepartmentId, TaskId

NO_PARTIES: Mapping[str, DepartmentId] = MappingProxyType({})
NO_DATA: Mapping[str, Value] = MappingProxyType({})


@transaction
def complete_task(
    *,
    case_id: CaseId,
    task: str | TaskId,
    outcome: str,
    data: Mapping[str, Value] = NO_DATA,
    parties: Mapping[str, DepartmentId] = NO_PARTIES,
    reason: str = "",
    basis: str = "",
    actor: Actor,
    at: datetime,
    idempotency_key: str = "",
) -> CaseRecord:
    """End a to-do with an outcome and take the steps that follow.

    Of two people who act at once one wins, and the other is told. A call repeated with the same idempotency
    key changes nothing and gets the case as it now stands. A deputy does what an absent colleague may do. A
    task named by its id is that very to-do, not a later one of the same code.

    Basis: Decree 809, article 21, for what the case types demand of reasons, bases and one-time notices.

    Raises:
        CaseNotFound: the actor may not see such a case.
        TaskNotOpen: the case does not wait for the task; `TaskAlreadyDone` if somebody was faster,
            `CaseWithdrawn` if the case was taken back.
        NotYourTask: it is for others.
        HeldByColleague: a colleague claimed it.
        CountersignMissing: somebody who was asked to countersign has not agreed.
        OwnMatter: the actor opened the case or asked for it, and the task demands avoidance.
        AvoidanceDeclared: the actor declared his avoidance.
        FourEyes: the actor did a step which excludes this one.
        OutcomeUnknown: the task has no such outcome.
        ReasonMissing: the outcome needs a reason; `BasisMissing` if it needs a legal basis.
        OnlyOnce: the outcome happened before and may happen only once.
        DataNotDeclared: data that the type does not know.
        StepUpDue: the act asks that the actor shows lately, and surely enough, who he is.
        FormNotAnswered: the task has a form, and it was not sent.
        PartyNotNamed: the outcome names a party, and no department was given for it, or for another one.
        KeyUsedOtherwise: the idempotency key was used for another command.
        Refused: an official grants what cannot be given as things are; it says what is missing and what else he may do.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {
        "case": case_id,
        "task": task,
        "outcome": outcome,
        "data": dict(data),
        "parties": dict(parties),
        "reason": reason,
        "basis": basis,
    }
    if was_handled("complete-task", idempotency_key, command, actor=actor, at=at):
        return stepped_record_of(case, at=at)
    row = case.open_task(task)
    if row is None:
        raise why_gone(case.row, case.type, task)
    rule = begin(case, row, at=at)
    facts = case.facts(row)
    chosen = check_outcome(facts, rule=rule, outcome=outcome, reason=reason, basis=basis)
    if (level := rule.asks_assurance(outcome)) is not None:
        require_assured(actor, level=level)
    if not actor.is_platform:
        must_be_answered(row, rule=rule, outcome=chosen)
    name_party(case, party=chosen.names, given=parties, at=at)
    case.row.data = {**case.row.data, **checked_data(case.type.definition, data)}
    row.state, row.completed_at, row.completed_by, row.outcome = Task.State.DONE, at, actor.id, outcome
    legal = basis or chosen.basis
    case.note(
        StepKind.TASK_COMPLETED,
        at=at,
        task=row.code,
        clock=row.clock_code,
        outcome=outcome,
        reason=reason,
        basis=legal,
    )
    case.announce(TaskCompleted, at=at, task_id=TaskId(row.pk), task=row.code, outcome=outcome, basis=legal)
    if row.kind == TaskKind.COUNTERSIGN:
        take_answer(case, row, outcome=outcome)
    elif row.kind == TaskKind.EXTENSION:
        decide_ask(case, clock=row.clock_code, outcome=outcome, reason=reason, at=at)
    else:
        _step(case, row, at=at)
    issue_notices(case, row, reason=reason, basis=legal, at=at)
    case.store(at=at)
    return stepped_record_of(case, at=at)


def _step(case: WorkingCase, row: Task, *, at: datetime) -> None:
    case.remember(task=row.code, outcome=row.outcome)
    if case.actor.is_platform:
        case.clocks.look_back(case.type.definition, task=row.code, outcome=row.outcome, at=at)
    case.clocks.stop_with(case, task=row.code, outcome=row.outcome, at=at)
    data: dict[str, Value] = {**case.row.data, row.code: row.outcome}
    case.advance(case.type.engine.complete(state=case.state, data=data, token=row.token), at=at)
    if case.row.state != OPEN and case.actor.department_id is not None:
        names = case.type.outcome_names(row.code)
        instead = tuple(name for code, name in names.items() if code != row.outcome)
        check_end(case_id=CaseId(case.row.pk), end=case.row.state, instead=instead, at=at)
