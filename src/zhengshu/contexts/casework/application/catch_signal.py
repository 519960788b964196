"""Signals: what one case throws is caught by all cases about the same subject that wait for it."""

from zhengshu.contexts.casework.application.happening import happen
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.flow_graph import TriggerKind
from zhengshu.contexts.casework.domain.records import OPEN
from zhengshu.contexts.casework.events import SignalThrown
from zhengshu.contexts.casework.models import Wait
from zhengshu.foundation.events import on
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId

MESSENGER = Actor.platform("casework.signals")


@on(SignalThrown)
def catch_signal(event: SignalThrown) -> None:
    """Move every waiting case on; called once for a signal, all cases in one transaction, locked in one order."""
    waits = Wait.objects.filter(
        kind=TriggerKind.SIGNAL.value,
        name=event.signal,
        case__state=OPEN,
        case__subject_id=event.about_id,
    )
    for key, case_id in list(waits.order_by("case_id", "id").values_list("pk", "case_id")):
        case = WorkingCase.lock(case_id=CaseId(case_id), actor=MESSENGER)
        wait = Wait.objects.filter(pk=key).first()
        if wait is not None and case.row.state == OPEN:
            happen(case, wait, data={}, at=event.at)
