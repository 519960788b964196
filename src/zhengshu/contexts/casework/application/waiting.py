"""What a case waits for besides people, kept in step with where its flow stands."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.timezone import get_default_timezone

from zhengshu.contexts.casework.domain.flow_graph import TriggerKind
from zhengshu.contexts.casework.domain.running import Awaited
from zhengshu.contexts.casework.domain.timers import timer_end
from zhengshu.contexts.casework.models import Wait
from zhengshu.foundation.calendars import work_calendar

if TYPE_CHECKING:
    from zhengshu.contexts.casework.application.working import WorkingCase


def keep_waits(case: "WorkingCase", *, at: datetime) -> None:
    """Store what the case waits for now and forget what it no longer does; timers begin at a moment."""
    if not case.type.waits:
        return
    known = {(wait.token, wait.event): wait for wait in case.row.waits.all()}
    wanted = {(one.token, one.event): one for one in case.type.engine.awaited(case.state)}
    gone = [wait.pk for place, wait in known.items() if place not in wanted]
    if gone:
        Wait.objects.filter(pk__in=gone).delete()
    Wait.objects.bulk_create(
        Wait(
            case=case.row,
            token=one.token,
            event=one.event,
            kind=one.kind.value,
            name=one.name,
            due_at=_due_at(case, one, at=at),
        )
        for place, one in wanted.items()
        if place not in known
    )


def _due_at(case: "WorkingCase", one: Awaited, *, at: datetime) -> datetime | None:
    if one.kind != TriggerKind.TIMER:
        return None
    return timer_end(
        timer=one.event,
        limits=case.type.definition.timers[one.event],
        data=case.row.data,
        at=at,
        calendar=work_calendar(),
        zone=get_default_timezone(),
    )
