"""When the renewal of a certificate may be asked for: so many working days before its last day."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from zhengshu.contexts.certificates.domain.types import Renewal
from zhengshu.kernel.calendars import WorkCalendar

_ONE_DAY = timedelta(days=1)


class Phase(StrEnum):
    """Where a day lies, as forms say it: in the language in which answers are kept."""

    EARLY = "尚未到申请期"
    OPEN = "申请期内"
    LATE = "申请期已过"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The time in which the renewal of one certificate is asked for.

    Attributes:
        first: the first day.
        last: the last day on which it is in time.
        days_left: the working days from the day of asking to the certificate's last day.
        phase: where the day of asking lies.
        is_estimate: whether it depends on a year whose holidays were not published yet.
    """

    first: date
    last: date
    days_left: int
    phase: Phase
    is_estimate: bool


def window(rule: Renewal, *, ends_on: date, today: date, calendar: WorkCalendar) -> Window:
    """Return when a certificate that ends with a day may be renewed, seen from a day.

    The working days are counted without the day on which it is asked and with the last one. A certificate of which more
    than `opens` are left is too early, one of which fewer than `closes` are left is late.
    """
    left = max(calendar.working_days_between(today, ends_on), 0)
    later = Phase.OPEN if left >= rule.closes else Phase.LATE
    first = _earliest(rule.opens, ends_on=ends_on, calendar=calendar)
    return Window(
        first=first,
        last=_earliest(rule.closes - 1, ends_on=ends_on, calendar=calendar) - _ONE_DAY,
        days_left=left,
        phase=Phase.EARLY if left > rule.opens else later,
        is_estimate=calendar.explain(min(first, today), ends_on).is_estimate,
    )


def _earliest(most: int, *, ends_on: date, calendar: WorkCalendar) -> date:
    """Return the first day after which at most so many working days are left, the last one among them."""
    day, left = ends_on, 0
    while True:
        left += calendar.is_working_day(day)
        if left > most:
            return day
        day -= _ONE_DAY
