"""Timers of flows that go off."""

from datetime import datetime

import structlog

from zhengshu.contexts.casework.application.happening import happen
from zhengshu.contexts.casework.application.working import CaseNotFound, WorkingCase
from zhengshu.contexts.casework.domain.flow_graph import TriggerKind
from zhengshu.contexts.casework.domain.records import OPEN
from zhengshu.contexts.casework.domain.running import FlowStuck, TokenGone
from zhengshu.contexts.casework.models import Wait
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId

log = structlog.get_logger(__name__)

CLOCKWORK = Actor.platform("casework.timers")


def fire_timers(*, at: datetime, most: int = 500) -> int:
    """Let every timer happen whose time has come, each in a transaction of its own; return how many did.

    Two workers that run at once do not do it twice: the second finds the timer gone under the case's lock. A case
    whose flow is stuck keeps its timer, is told of in the log, and holds up no other.
    """
    due = Wait.objects.filter(kind=TriggerKind.TIMER.value, due_at__lt=at).order_by("due_at", "id")
    done = 0
    for key, case_id in list(due.values_list("pk", "case_id")[:most]):
        try:
            done += _fire(key, CaseId(case_id), at=at)
        except (FlowStuck, TokenGone, CaseNotFound) as refusal:
            log.warning("casework.timer_stuck", case_id=str(case_id), wait=key, why=refusal.text())
    return done


@transaction
def _fire(key: int, case_id: CaseId, *, at: datetime) -> bool:
    case = WorkingCase.lock(case_id=case_id, actor=CLOCKWORK)
    wait = Wait.objects.filter(pk=key).first()
    if wait is None or case.row.state != OPEN:
        return False
    happen(case, wait, data={}, at=at)
    return True
