"""Counting the running clocks again when the working days have changed."""

from datetime import date, datetime

from django.utils.timezone import get_default_timezone, localtime

from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.records import StepKind
from zhengshu.contexts.casework.events import DueMoved
from zhengshu.contexts.casework.models import CalendarSeen, Clock
from zhengshu.foundation.calendars import work_calendar
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.calendars import WorkCalendar
from zhengshu.kernel.identity import CaseId

RECOUNT = Actor.platform("casework.recompute")
LATEST = "latest"


def recompute_clocks(*, at: datetime) -> int:
    """Move the ends of running clocks to where a changed calendar puts them; return how many cases moved.

    The calendar as it was counted with is kept; a run that was cut short goes on with the next, and what it had
    moved is not moved, or told, again.
    """
    now = _days(work_calendar())
    seen, is_first = CalendarSeen.objects.get_or_create(name=LATEST, defaults={"days": now, "at": at})
    if is_first or seen.days == now:
        return 0
    changed = _changed(seen.days, now)
    running = Clock.objects.filter(stopped_at=None, due_at__isnull=False)
    cases = list(running.order_by("case_id").values_list("case_id", flat=True).distinct())
    moved = sum(recompute_case(case_id=CaseId(key), changed=changed, at=at) for key in cases)
    CalendarSeen.objects.filter(name=LATEST).update(days=now, at=at)
    return moved


@transaction
def recompute_case(*, case_id: CaseId, changed: dict[date, str], at: datetime) -> bool:
    """Count the running clocks of a case again; whether an end moved. What moved is told in its timeline."""
    case = WorkingCase.lock(case_id=case_id, actor=RECOUNT)
    running = [clock for clock in case.clocks.clocks.values() if clock.open_pause is None]
    before = {clock.row.code: (clock.row.due_at, clock.row.promised_due_at) for clock in running}
    for clock in running:
        clock.is_changed = True
    case.clocks.time(definition=case.type.definition, zone=get_default_timezone(), at=at)
    moved = False
    for clock in running:
        row = clock.row
        clock.is_changed = before[row.code] != (row.due_at, row.promised_due_at)
        old, new = before[row.code][0], row.due_at
        if not clock.is_changed or old is None or new is None:
            continue
        moved = True
        because = "；".join(
            f"{day:%Y-%m-%d} {why}".strip()
            for day, why in sorted(changed.items())
            if localtime(row.started_at).date() < day <= max(localtime(old), localtime(new)).date()
        )
        details = {"from": old.isoformat(), "to": new.isoformat()}
        case.note(StepKind.DUE_MOVED, at=at, clock=row.code, reason=because, details=details)
        case.announce(DueMoved, at=at, clock=row.code, due_before=old, due_at=new)
    if moved:
        case.store(at=at)
    return moved


def _days(calendar: WorkCalendar) -> dict[str, list[object]]:
    """Return what a calendar says of its special days, as it is kept."""
    days: dict[str, list[object]] = {
        day.isoformat(): [special.is_working, special.reason] for day, special in calendar.special.items()
    }
    days["hours"] = [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in calendar.hours]
    days["published"] = [*sorted(calendar.published)]
    return days


def _changed(before: dict[str, list[object]], now: dict[str, list[object]]) -> dict[date, str]:
    """Return the days on which two calendars differ, with what is now said of them (or was)."""
    return {
        date.fromisoformat(day): str((now.get(day) or before[day])[1])
        for day in sorted(before.keys() | now.keys())
        if day not in {"hours", "published"} and before.get(day) != now.get(day)
    }
