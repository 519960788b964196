"""Letting a clock go on."""

from datetime import datetime
from typing import ClassVar

from zhengshu.contexts.casework.application.commands_once import was_handled
from zhengshu.contexts.casework.application.extension import running
from zhengshu.contexts.casework.application.holding import check_holder
from zhengshu.contexts.casework.application.queries import clock_of
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.records import ClockRecord
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId


class NotPausedOnThatGround(Refused):
    """The clock does not stand still on this ground, or goes on by itself when a task is done."""

    code: ClassVar[str] = "casework.not-paused-on-that-ground"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The clock %(clock)s was not stopped by hand on the ground “%(ground)s”."


@transaction
def resume_clock(
    *, case_id: CaseId, clock: str, ground: str, actor: Actor, at: datetime, idempotency_key: str = ""
) -> ClockRecord:
    """Let a clock go on that was stopped by hand; its end moves by the days that it stood still.

    Raises:
        CaseNotFound: the actor may not see such a case.
        CaseClosedAlready: the case has ended.
        ClockNotRunning: the clock does not run.
        NotYourTask: the actor holds no open task under the clock.
        NotPausedOnThatGround: it does not stand still on this ground.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {"case": case_id, "clock": clock, "ground": ground}
    if was_handled("resume-clock", idempotency_key, command, actor=actor, at=at):
        return clock_of(case.row, clock=clock, actor=actor, at=at)
    case.check_open()
    found = running(case, clock)
    check_holder(case, clock=clock)
    rule = case.type.definition.clocks[clock].pauses.get(ground)
    pause = found.open_pause
    if rule is None or rule.while_task or pause is None or pause.ground != ground:
        raise NotPausedOnThatGround(clock=case.type.clock_name(clock), ground=ground)
    case.clocks.resume(case, code=clock, at=at)
    case.store(at=at)
    return clock_of(case.row, clock=clock, actor=actor, at=at)
