"""Taking a case back."""

from datetime import datetime

from zhengshu.contexts.casework.application.commands_once import was_handled
from zhengshu.contexts.casework.application.queries import record_of
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.completing import NotYourTask, ReasonMissing
from zhengshu.contexts.casework.domain.records import CaseRecord, StepKind
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId


@transaction
def withdraw_case(
    *, case_id: CaseId, reason: str, actor: Actor, at: datetime, idempotency_key: str = ""
) -> CaseRecord:
    """End a case on the wish of those who asked for it.

    Raises:
        CaseNotFound: the actor may not see such a case.
        CaseClosedAlready: the case has ended.
        NotYourTask: the type does not let the actor's role and party withdraw.
        ReasonMissing: no reason was given.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {"case": case_id, "reason": reason}
    if was_handled("withdraw-case", idempotency_key, command, actor=actor, at=at):
        return record_of(case.row, actor=actor, at=at)
    case.check_open()
    withdrawal = case.type.definition.withdrawal
    if withdrawal is None or not any(case.is_in_lane(lane) for lane in withdrawal.lanes):
        raise NotYourTask
    if not reason.strip():
        raise ReasonMissing(outcome=case.type.state_name(withdrawal.end))
    case.note(StepKind.WITHDRAWN, at=at, reason=reason)
    case.close(end=withdrawal.end, at=at, reason=reason)
    case.store(at=at)
    return record_of(case.row, actor=actor, at=at)
