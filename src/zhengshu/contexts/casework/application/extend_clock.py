"""Consenting to more time."""

from datetime import datetime

from zhengshu.contexts.casework.application.commands_once import was_handled
from zhengshu.contexts.casework.application.extension import (
    CONSENT,
    available,
    consent_code,
    extension_task,
    grant,
)
from zhengshu.contexts.casework.application.queries import clock_of
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.completing import NotYourTask, ReasonMissing, check_person
from zhengshu.contexts.casework.domain.records import ClockRecord, StepKind
from zhengshu.contexts.casework.models import Task
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId


@transaction
def extend_clock(
    *, case_id: CaseId, clock: str, reason: str, actor: Actor, at: datetime, idempotency_key: str = ""
) -> ClockRecord:
    """Extend a running clock as its type provides; the actor is the one whose consent the law demands.

    Basis: Decree 809, article 21: at most ten working days more, with the consent of the data authority.

    Raises:
        CaseNotFound: the actor may not see such a case.
        CaseClosedAlready: the case has ended.
        ClockNotRunning: the clock does not run.
        NotYourTask: the type does not name the actor's role and party for the consent.
        FourEyes: the actor asked for the extension.
        ExtensionNotProvided: the type provides none (any more) for such a case.
        ExtensionTooLate: the limit has passed.
        ReasonMissing: no reason was given.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {"case": case_id, "clock": clock, "reason": reason}
    if was_handled("extend-clock", idempotency_key, command, actor=actor, at=at):
        return clock_of(case.row, clock=clock, actor=actor, at=at)
    case.check_open()
    extension = available(case, clock, at=at)
    if not case.is_in_lane(extension.consent_by):
        raise NotYourTask
    if not reason.strip():
        raise ReasonMissing(outcome=case.type.task_name("", clock=clock))
    ask = case.open_task(consent_code(clock))
    if ask is not None:
        facts = case.facts(ask)
        check_person(facts, rule=extension_task(case.type.definition.clocks[clock], clock=clock), actor=actor)
        ask.state, ask.completed_at, ask.completed_by, ask.outcome = Task.State.DONE, at, actor.id, CONSENT
        case.note(StepKind.TASK_COMPLETED, at=at, task=ask.code, clock=clock, outcome=CONSENT, reason=reason)
    grant(case, clock=clock, extension=extension, reason=reason, at=at)
    case.store(at=at)
    return clock_of(case.row, clock=clock, actor=actor, at=at)
