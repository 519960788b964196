"""Why a to-do is not open: somebody was faster, or the case was withdrawn before."""

from datetime import datetime

from django.db.models import Q
from django.utils.timezone import get_default_timezone, localtime

from zhengshu.contexts.casework.application.naming import LoadedType, loaded
from zhengshu.contexts.casework.domain.completing import CaseWithdrawn, TaskAlreadyDone, TaskNotOpen
from zhengshu.contexts.casework.domain.records import OPEN, StepKind
from zhengshu.contexts.casework.models import Case, Task
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId, TaskId


def why_gone(row: Case, kind: LoadedType, task: str | TaskId) -> TaskNotOpen:
    """Return what whoever comes too late is told, as exactly as it is known.

    Args:
        row: a case that he may see.
        kind: the version that it runs.
        task: the code of the to-do, or its id.
    """
    if row.state != OPEN:
        taken_back = row.timeline.filter(kind=StepKind.WITHDRAWN).order_by("-number").first()
        if taken_back is not None:
            return CaseWithdrawn(number=row.number, at=_clock(taken_back.at))
    named = Q(code=task) if isinstance(task, str) else Q(pk=task)
    last = row.tasks.filter(named, state=Task.State.DONE).order_by("-completed_at").first()
    if last is None or last.completed_at is None:
        return TaskNotOpen()
    outcome = kind.outcome_name(last.code, last.outcome, clock=last.clock_code)
    return TaskAlreadyDone(at=_clock(last.completed_at), outcome=outcome)


def why_not_open(*, case_id: CaseId, task: str | TaskId, actor: Actor) -> TaskNotOpen:
    """Return why a page about a to-do of a case cannot be shown (any more); for whoever may see the case."""
    row = Case.objects.visible_to(actor).filter(pk=case_id).first()
    return TaskNotOpen() if row is None else why_gone(row, loaded(row.version_id), task)


def _clock(at: datetime) -> str:
    return f"{localtime(at, get_default_timezone()):%Y-%m-%d %H:%M}"
