"""Giving up a draft of a case type."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework.application.complete_task import complete_task
from zhengshu.contexts.casework.application.drafts import check_change, locked_draft
from zhengshu.contexts.casework.application.submit_draft import DESIGN
from zhengshu.contexts.casework.models import CaseTypeDraft
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId


@transaction
def abandon_case_draft(*, draft_id: UUID, actor: Actor, at: datetime) -> CaseTypeDraft:
    """Give up a draft that is not submitted; a case that was opened for it ends.

    Raises:
        DraftNotFound: the actor may not see such a draft.
        NotADesigner: it belongs to another department.
        DraftNotOpen: it was submitted or closed.
    """
    draft = locked_draft(draft_id=draft_id, actor=actor)
    check_change(draft, actor=actor)
    if draft.case_id is not None:
        complete_task(case_id=CaseId(draft.case_id), task=DESIGN, outcome="abandon", actor=actor, at=at)
    draft.state = CaseTypeDraft.State.ABANDONED
    draft.save(update_fields=["state"])
    return draft
