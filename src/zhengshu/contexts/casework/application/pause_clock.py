"""Letting a clock stand still, on lawful grounds only."""

from datetime import datetime
from typing import ClassVar

from zhengshu.contexts.casework.application.extension import running
from zhengshu.contexts.casework.application.holding import check_holder
from zhengshu.contexts.casework.application.queries import clock_of
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.records import ClockRecord
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId


class GroundUnknown(Refused):
    """A clock stands still only on a ground that its type declares with a legal basis."""

    code: ClassVar[str] = "casework.ground-unknown"
    message: ClassVar[str] = (
        "“%(ground)s” is no lawful ground to stop this clock by hand. Lawful grounds: %(known)s."
    )


class ClockPausedAlready(Refused):
    """The clock stands still."""

    code: ClassVar[str] = "casework.clock-paused-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The clock %(clock)s stands still already."


@transaction
def pause_clock(*, case_id: CaseId, clock: str, ground: str, actor: Actor, at: datetime) -> ClockRecord:
    """Let a running clock stand still on a declared ground; the holder of its task may.

    Basis: Administrative Licensing Law, article 45, for grounds that case types may declare.

    Raises:
        CaseNotFound: the actor may not see such a case.
        CaseClosedAlready: the case has ended.
        ClockNotRunning: the clock does not run.
        NotYourTask: the actor holds no open task under the clock.
        GroundUnknown: the type declares no such ground, or only while a task is open.
        ClockPausedAlready: it stands still.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    case.check_open()
    found = running(case, clock)
    check_holder(case, clock=clock)
    lawful = {name for name, rule in case.type.definition.clocks[clock].pauses.items() if not rule.while_task}
    if ground not in lawful:
        raise GroundUnknown(ground=ground, known=", ".join(sorted(lawful)) or "-")
    if found.open_pause is not None:
        raise ClockPausedAlready(clock=case.type.clock_name(clock))
    case.clocks.pause(case, code=clock, ground=ground, at=at)
    case.store(at=at)
    return clock_of(case.row, clock=clock, actor=actor, at=at)
