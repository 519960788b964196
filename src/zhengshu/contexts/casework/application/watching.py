"""Raising what is due when nobody acts: escalations and silence rules, each exactly once."""

from datetime import datetime

import structlog
from django.db.models import Q
from django.utils.timezone import get_default_timezone

from zhengshu.contexts.casework.application.complete_task import complete_task
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.definitions import Recipient
from zhengshu.contexts.casework.domain.records import OPEN, StepKind
from zhengshu.contexts.casework.domain.watching import Step, steps_of
from zhengshu.contexts.casework.events import SilenceApplied, TaskEscalated
from zhengshu.contexts.casework.models import CaseParty, Clock
from zhengshu.foundation.calendars import work_calendar
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import CaseId, DepartmentId

log = structlog.get_logger(__name__)

WATCH = Actor.platform("casework.watch")
AT_ONCE = 500
"""Cases of one run of the job; the next run takes the rest."""


def watch_clocks(*, at: datetime) -> int:
    """Escalate what is late or nearly so, and carry out what silence means; return how many cases were touched.

    A case whose step is refused is left as it is, named in the log, and does not keep the others from theirs.
    """
    due = Clock.objects.filter(Q(escalate_at__lte=at) | Q(silence_at__lt=at), stopped_at=None)
    found = due.order_by("case_id").values_list("case_id", flat=True).distinct()[:AT_ONCE]
    touched = 0
    for case_id in found:
        for step in (escalate_case, keep_silence):
            try:
                touched += step(case_id=CaseId(case_id), at=at)
            except Refused as refusal:
                log.warning("casework.watch_refused", case=str(case_id), code=refusal.code)
    return touched


@transaction
def escalate_case(*, case_id: CaseId, at: datetime) -> bool:
    """Raise every escalation of a case that is due; whether there was any."""
    case = WorkingCase.lock(case_id=case_id, actor=WATCH)
    escalation = case.type.definition.escalation
    calendar, zone = work_calendar(), get_default_timezone()
    raised = False
    for code, clock in case.clocks.clocks.items():
        steps = steps_of(escalation, times=clock.times, calendar=calendar, zone=zone)
        for step in steps[clock.row.escalated :]:
            if step.moment > at:
                break
            _raise(case, code, step, at=at)
            clock.row.escalated += 1
            clock.is_changed = raised = True
    if raised:
        case.store(at=at)
    return raised


@transaction
def keep_silence(*, case_id: CaseId, at: datetime) -> bool:
    """Take the outcome that a type declares for a clock which ended without an answer; whether there was any.

    Basis: Administrative Licensing Law, article 32, for the case types that declare it.
    """
    case = WorkingCase.lock(case_id=case_id, actor=WATCH)
    for code, clock in case.clocks.clocks.items():
        rule = case.type.definition.clocks[code].silence
        if case.row.state != OPEN or rule is None or clock.row.silence_at is None:
            continue
        if clock.row.silence_at >= at or case.open_task(rule.task) is None:
            continue
        details = {"outcome": rule.outcome, "task": rule.task}
        case.note(StepKind.SILENCE, at=at, clock=code, basis=rule.basis, details=details)
        case.announce(
            SilenceApplied, at=at, clock=code, task=rule.task, outcome=rule.outcome, basis=rule.basis
        )
        case.store(at=at)
        complete_task(
            case_id=case_id, task=rule.task, outcome=rule.outcome, basis=rule.basis, actor=WATCH, at=at
        )
        return True
    return False


def _raise(case: WorkingCase, clock: str, step: Step, *, at: datetime) -> None:
    """Tell the timeline, and announce it once for each department and role that is to know."""
    covers = case.type.definition.clocks[clock].covers
    handlers = sorted(
        {
            DepartmentId(task.department_id)
            for task in case.tasks
            if task.code in covers and task.department_id
        }
    )
    details = {"to": ",".join(one.value for one in step.rule.to), "light": step.rule.at or "red"}
    case.note(StepKind.ESCALATED, at=at, clock=clock, details=details)
    supervisors = CaseParty.objects.filter(case=case.row, is_supervisor=True)
    authorities = [DepartmentId(key) for key in supervisors.values_list("department_id", flat=True)]
    told = {
        Recipient.HANDLER_HEAD: [(one, Role.DEPARTMENT_HEAD) for one in handlers],
        Recipient.LEADER: [(one, Role.LEADER) for one in handlers],
        Recipient.DATA_AUTHORITY: [(one, Role.REVIEWER) for one in authorities],
    }
    for recipient in step.rule.to:
        for department_id, role in told[recipient]:
            case.announce(
                TaskEscalated,
                at=at,
                clock=clock,
                level=step.number + 1,
                for_department_id=department_id,
                for_role=role.value,
            )
