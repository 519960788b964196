"""Asking for more time."""

from datetime import datetime
from typing import ClassVar

from zhengshu.contexts.casework.application.commands_once import was_handled
from zhengshu.contexts.casework.application.extension import ask_code, available, consent_code
from zhengshu.contexts.casework.application.holding import check_holder
from zhengshu.contexts.casework.application.queries import record_of
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.completing import ReasonMissing
from zhengshu.contexts.casework.domain.records import CaseRecord, StepKind, TaskKind
from zhengshu.contexts.casework.events import ExtensionAsked
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId


class AskedAlready(Refused):
    """An extension of this clock waits for consent."""

    code: ClassVar[str] = "casework.asked-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "More time was asked for already; the answer is still open."


@transaction
def ask_extension(
    *, case_id: CaseId, clock: str, reason: str, actor: Actor, at: datetime, idempotency_key: str = ""
) -> CaseRecord:
    """Ask those whose consent the law demands for more time; they find a to-do in their inbox.

    Basis: Decree 809, article 21.

    Raises:
        CaseNotFound: the actor may not see such a case.
        CaseClosedAlready: the case has ended.
        ClockNotRunning: the clock does not run.
        NotYourTask: the actor holds no open task under the clock.
        ExtensionNotProvided: the type provides none (any more) for such a case.
        ExtensionTooLate: the limit has passed.
        AskedAlready: an earlier ask is still open.
        ReasonMissing: no reason was given.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {"case": case_id, "clock": clock, "reason": reason}
    if was_handled("ask-extension", idempotency_key, command, actor=actor, at=at):
        return record_of(case.row, actor=actor, at=at)
    case.check_open()
    extension = available(case, clock, at=at)
    check_holder(case, clock=clock)
    if case.open_task(consent_code(clock)) is not None:
        raise AskedAlready
    if not reason.strip():
        raise ReasonMissing(outcome=case.type.task_name("", clock=clock))
    lane = case.type.definition.lanes[extension.consent_by]
    task = case.fresh_task(kind=TaskKind.EXTENSION, code=consent_code(clock), lane=lane, at=at)
    task.clock_code = clock
    task.barred = [actor.id]
    case.remember(task=ask_code(clock), outcome="asked")
    case.note(StepKind.EXTENSION_ASKED, at=at, clock=clock, reason=reason, basis=extension.basis)
    case.announce(ExtensionAsked, at=at, clock=clock)
    case.add_task(task, at=at)
    case.store(at=at)
    return record_of(case.row, actor=actor, at=at)
