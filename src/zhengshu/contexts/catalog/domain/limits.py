"""Counting the limits of the catalogue."""

from datetime import date, timedelta

from zhengshu.kernel.calendars import WorkCalendar
from zhengshu.kernel.limits import LimitUnit, TimeLimit


def last_day(limit: TimeLimit, *, since: date, calendar: WorkCalendar) -> date:
    """Return the last day of a limit that begins on the day after `since`.

    Basis: Decree 809, article 17.
    """
    if limit.unit is LimitUnit.WORKING_DAYS:
        return calendar.add_working_days(since, limit.value)
    return since + timedelta(days=limit.value)
