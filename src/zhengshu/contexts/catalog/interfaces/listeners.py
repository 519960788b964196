"""What the catalogue does when cases announce something."""

from zhengshu.contexts.casework.events import CaseClosed, CaseEvent, TaskCompleted
from zhengshu.contexts.catalog.application.follow_case import follow_case
from zhengshu.contexts.catalog.application.submit_resource import CASE_TYPE
from zhengshu.foundation.events import on


@on(TaskCompleted)
def follow_task(event: TaskCompleted) -> None:
    """Bring the version to where its case stands."""
    _follow(event)


@on(CaseClosed)
def follow_end(event: CaseClosed) -> None:
    """Bring the version to where its case ended."""
    _follow(event)


def _follow(event: CaseEvent) -> None:
    if event.case_type == CASE_TYPE:
        follow_case(case_id=event.case_id, actor=event.actor, at=event.at)
