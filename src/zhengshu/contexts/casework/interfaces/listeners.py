"""What follows when a case moves on: the studio's drafts, and messages to people."""

from zhengshu.contexts.casework.application.decide_draft import follow_publication
from zhengshu.contexts.casework.application.messages.compose import ANNOUNCED, tell_people
from zhengshu.contexts.casework.application.seals.apply_for_seal import follow_seal_case
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


@on(CaseClosed)
def follow_seal(event: CaseClosed) -> None:
    """Have the seal made, or let its application rest, as its case ended."""
    follow_seal_case(event)


def tell(event: CaseEvent) -> None:
    """Tell people of what happened, as the case's type says."""
    tell_people(event)


for _announced in ANNOUNCED:
    on(_announced)(tell)


def _follow(event: CaseEvent) -> None:
    if event.case_type == CASE_TYPE:
        follow_publication(case_id=event.case_id, actor=event.actor, at=event.at)
