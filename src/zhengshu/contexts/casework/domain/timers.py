"""When a timer of a flow goes off: a limit with its legal basis, counted as clocks are."""

from datetime import datetime, tzinfo
from typing import ClassVar

from zhengshu.contexts.casework.domain import expressions
from zhengshu.contexts.casework.domain.clocks import Course, end_of
from zhengshu.contexts.casework.domain.definitions import Limit
from zhengshu.contexts.casework.domain.expressions import Data
from zhengshu.kernel.calendars import WorkCalendar
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.limits import TimeLimit


class NoTimeApplies(Refused):
    """The data of the case fit no time of the timer; the case type must be corrected."""

    code: ClassVar[str] = "casework.no-time-applies"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "No time of the timer %(timer)s applies to the data of this case."


def timer_end(
    *,
    timer: str,
    limits: tuple[Limit, ...],
    data: Data,
    at: datetime,
    calendar: WorkCalendar,
    zone: tzinfo,
) -> datetime:
    """Return when a timer that begins now goes off: after the last second of its limit.

    Raises:
        NoTimeApplies: no limit of it applies to the case's data.
    """
    for limit in limits:
        if not limit.when or expressions.evaluate(limit.when, data=data):
            whole = TimeLimit(code=timer, value=limit.value, unit=limit.unit, basis=limit.basis, warn=0)
            return end_of(Course(limit=whole, started_at=at), calendar=calendar, zone=zone, at=at).due_at
    raise NoTimeApplies(timer=timer)
