"""Why a case is due on that day, day by day, in words."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta, tzinfo

from django.utils.translation import gettext

from zhengshu.contexts.casework.domain import clocks as rules
from zhengshu.contexts.casework.domain.clocks import Course
from zhengshu.contexts.casework.domain.records import DayNote
from zhengshu.kernel.calendars import DayKind, WorkCalendar
from zhengshu.kernel.clocks import CountedDay, Why
from zhengshu.kernel.limits import LimitUnit, TimeLimit


def explain(
    course: Course, *, calendar: WorkCalendar, zone: tzinfo, at: datetime, names: Mapping[str, str]
) -> tuple[DayNote, ...]:
    """Return one line for each day from the start of a clock to its end; `names` are those of its pauses' grounds."""
    end = rules.end_of(course, calendar=calendar, zone=zone, at=at)
    return tuple(
        DayNote(
            day=line.day,
            is_counted=line.why == Why.COUNTED,
            number=line.number,
            text=_words(line, course=course, limit=end.limit, is_last=line is end.days[-1])
            if line.why != Why.PAUSED
            else _paused(line, course, zone=zone, names=names),
        )
        for line in end.days
    )


def _paused(line: CountedDay, course: Course, *, zone: tzinfo, names: Mapping[str, str]) -> str:
    """Say on which ground the clock stood still when that day ended."""
    midnight = datetime.combine(line.day + timedelta(days=1), time(), zone)
    ground = next(
        (
            one.ground
            for one in course.pauses
            if one.since < midnight and (one.to is None or midnight <= one.to)
        ),
        "",
    )
    if ground not in names:
        return gettext("The clock stands still; not counted")
    return gettext("The clock stands still: %(ground)s; not counted") % {"ground": names[ground]}


def _words(line: CountedDay, *, course: Course, limit: TimeLimit, is_last: bool) -> str:
    text = _sentence(line, limit=limit)
    if line.why == Why.COUNTED and line.number > course.limit.value:
        text += gettext(" (within the extension)")
    if line.answer.is_estimate and line.why != Why.STARTS:
        text += gettext(" (estimate: the holidays of this year are not published yet)")
    if is_last:
        text += gettext(" — the limit ends at the end of this day") if _in_days(limit) else ""
    return text


def _sentence(line: CountedDay, *, limit: TimeLimit) -> str:
    match line.why:
        case Why.STARTS:
            return gettext("The limit begins; the first day is not counted")
        case Why.PAUSED:
            return gettext("The clock stands still; not counted")
        case Why.ROLLED:
            return gettext("The limit would end on a day off; it moves to the next working day")
        case Why.DAY_OFF:
            return _day_off(line)
        case Why.COUNTED:
            return _counted(line, limit=limit)


def _day_off(line: CountedDay) -> str:
    if line.answer.kind == DayKind.WEEKEND:
        return gettext("Weekend; not counted")
    return gettext("%(holiday)s; not counted") % {"holiday": line.answer.reason}


def _counted(line: CountedDay, *, limit: TimeLimit) -> str:
    places = {"number": line.number, "of": limit.value, "reason": line.answer.reason}
    if limit.unit == LimitUnit.DAYS:
        return gettext("Day %(number)s of %(of)s") % places
    if limit.unit != LimitUnit.WORKING_DAYS:
        return gettext("%(number)s of %(of)s hours used up") % places
    if line.answer.kind == DayKind.MAKE_UP:
        return gettext("Working day %(number)s of %(of)s (a weekend worked for %(reason)s)") % places
    return gettext("Working day %(number)s of %(of)s") % places


def _in_days(limit: TimeLimit) -> bool:
    return limit.unit in {LimitUnit.DAYS, LimitUnit.WORKING_DAYS}
