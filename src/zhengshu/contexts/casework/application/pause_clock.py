"""Letting a clock stand still, on lawful grounds only."""

from datetime import datetime
from typing import ClassVar

from django.utils.timezone import get_default_timezone

from zhengshu.contexts.casework.application.commands_once import was_handled
from zhengshu.contexts.casework.application.extension import running
from zhengshu.contexts.casework.application.holding import check_holder
from zhengshu.contexts.casework.application.queries import clock_of
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.records import ClockRecord
from zhengshu.foundation.calendars import work_calendar
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel import clocks as kernel
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId
from zhengshu.kernel.limits import LimitUnit, TimeLimit


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


class DurationMissing(Refused):
    """The expected time must be told in writing (Administrative Licensing Law, article 45)."""

    code: ClassVar[str] = "casework.duration-missing"
    message: ClassVar[str] = (
        "Say in how many working days it is expected to end, 1 to %(most)s; the applicant is told."
    )


MOST_DAYS = 250
"""Working days that a pause may be told to last at most: a year."""


@transaction
def pause_clock(
    *,
    case_id: CaseId,
    clock: str,
    ground: str,
    days: int | None = None,
    actor: Actor,
    at: datetime,
    idempotency_key: str = "",
) -> ClockRecord:
    """Let a running clock stand still on a declared ground; the holder of its task may.

    `days` are the working days that it is told to last; the type says on which grounds that must be told.

    Basis: Administrative Licensing Law, article 45, for grounds that case types may declare.

    Raises:
        CaseNotFound: the actor may not see such a case.
        CaseClosedAlready: the case has ended.
        ClockNotRunning: the clock does not run.
        NotYourTask: the actor holds no open task under the clock.
        GroundUnknown: the type declares no such ground, or only while a task is open.
        ClockPausedAlready: it stands still.
        DurationMissing: the ground demands that the expected time is told.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    case = WorkingCase.lock(case_id=case_id, actor=actor)
    command: dict[str, object] = {"case": case_id, "clock": clock, "ground": ground, "days": days}
    if was_handled("pause-clock", idempotency_key, command, actor=actor, at=at):
        return clock_of(case.row, clock=clock, actor=actor, at=at)
    case.check_open()
    found = running(case, clock)
    check_holder(case, clock=clock)
    lawful = {name for name, rule in case.type.definition.clocks[clock].pauses.items() if not rule.while_task}
    if ground not in lawful:
        raise GroundUnknown(ground=ground, known=", ".join(sorted(lawful)) or "-")
    if found.open_pause is not None:
        raise ClockPausedAlready(clock=case.type.clock_name(clock))
    rule = case.type.definition.clocks[clock].pauses[ground]
    if (days is None and rule.tells_duration) or (days is not None and not 1 <= days <= MOST_DAYS):
        raise DurationMissing(most=MOST_DAYS)
    expected_at = _after(days, at=at) if days else None
    case.clocks.pause(case, code=clock, ground=ground, expected_at=expected_at, at=at)
    case.store(at=at)
    return clock_of(case.row, clock=clock, actor=actor, at=at)


def _after(days: int, *, at: datetime) -> datetime:
    limit = TimeLimit(code="pause", value=days, unit=LimitUnit.WORKING_DAYS, basis="pause")
    return kernel.due(start=at, limit=limit, calendar=work_calendar(), zone=get_default_timezone()).due_at
