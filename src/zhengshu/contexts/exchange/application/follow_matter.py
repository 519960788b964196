"""Follow the case of a matter that moved by other hands than ours: an extension, a supervisor, another page."""

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import CaseClosed, CaseEvent, ClockExtended, TaskCompleted
from zhengshu.contexts.exchange.application.carry_out import carry_out
from zhengshu.contexts.exchange.application.matters import AnyMatter, bring_in_line, rows_of
from zhengshu.contexts.exchange.domain.matters import CASE_TYPES
from zhengshu.contexts.exchange.models import DataDemand
from zhengshu.foundation.events import on
from zhengshu.kernel.actors import Actor

FOLLOWER = Actor.platform("exchange.follow-matter")
KINDS = {case_type: kind for kind, case_type in CASE_TYPES.items()}


@on(TaskCompleted)
def task_completed(event: TaskCompleted) -> None:
    """Bring the matter in line with its case."""
    follow_matter(event)


@on(ClockExtended)
def clock_extended(event: ClockExtended) -> None:
    """Bring the matter's due date in line with its case."""
    follow_matter(event)


@on(CaseClosed)
def case_closed(event: CaseClosed) -> None:
    """Bring the matter in line with its case."""
    follow_matter(event)


def follow_matter(event: CaseEvent) -> None:
    """Bring the matter of a case in line with the case as it now stands; repeating it changes nothing."""
    kind = KINDS.get(event.case_type)
    if kind is None:
        return
    row = rows_of(kind).select_for_update().filter(case_id=event.case_id).first()
    if row is None:
        return
    case = casework.case(case_id=event.case_id, actor=FOLLOWER, at=event.at)
    before = (row.state, row.due_at, row.closed_at)
    _learn(row, case)
    bring_in_line(row, case)
    if before != (row.state, row.due_at, row.closed_at):
        row.touch(at=event.at)
        carry_out(row, at=event.at)


def _learn(row: AnyMatter, case: casework.CaseRecord) -> None:
    """Take over from the timeline why a demand was withheld or declined elsewhere."""
    if not isinstance(row, DataDemand) or row.answer_reason:
        return
    for step in case.timeline:
        if step.task == "find_responsible" and step.outcome in {"withhold", "decline"}:
            row.answer_reason, row.answer_basis = step.reason, step.basis
