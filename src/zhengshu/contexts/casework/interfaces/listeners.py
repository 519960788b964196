"""What the studio does when the case of a draft moves on."""

from zhengshu.contexts.casework.application.decide_draft import follow_publication
from zhengshu.contexts.casework.application.submit_draft import CASE_TYPE
from zhengshu.contexts.casework.events import CaseClosed, CaseEvent, TaskCompleted
from zhengshu.foundation.events import on


@on(TaskCompleted)
def follow_task(event: TaskCompleted) -> None:
    """Bring the draft to where its case stands."""
    _follow(event)


@on(CaseClosed)
def follow_end(event: CaseClosed) -> None:
    """Publish the draft, or let it rest, as its case ended."""
    _follow(event)


def _follow(event: CaseEvent) -> None:
    if event.case_type == CASE_TYPE:
        follow_publication(case_id=event.case_id, actor=event.actor, at=event.at)
