"""Approving a case type, or returning it."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework.application.complete_task import complete_task
from zhengshu.contexts.casework.application.drafts import DraftNotOpen, locked_draft
from zhengshu.contexts.casework.application.load_case_types import load_version
from zhengshu.contexts.casework.application.submit_draft import check_publishable
from zhengshu.contexts.casework.domain.records import OPEN
from zhengshu.contexts.casework.models import Case, CaseTypeDraft, Task
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId

APPROVAL = "approval"


@transaction
def decide_draft(
    *, draft_id: UUID, outcome: str, reason: str = "", actor: Actor, at: datetime
) -> CaseTypeDraft:
    """Approve a submitted draft, which publishes it, or return it with the reason.

    Who may, and that it is another person than the authors, is for the case to say.

    Raises:
        DraftNotFound: the actor may not see such a draft.
        DraftNotOpen: it is not submitted.
        BaseSuperseded: a newer version was published meanwhile; return the draft.
        NotYourTask: the actor is no reviewer of the data authority.
        FourEyes: the actor is one of its authors; `OwnMatter` if he submitted it.
        ReasonMissing: a return needs a reason.
    """
    draft = locked_draft(draft_id=draft_id, actor=actor)
    if draft.state != CaseTypeDraft.State.SUBMITTED or draft.case_id is None:
        raise DraftNotOpen
    if outcome == "approve":
        check_publishable(draft)
    complete_task(
        case_id=CaseId(draft.case_id), task=APPROVAL, outcome=outcome, reason=reason, actor=actor, at=at
    )
    follow_publication(case_id=CaseId(draft.case_id), actor=actor, at=at)
    draft.refresh_from_db()
    return draft


@transaction
def follow_publication(*, case_id: CaseId, actor: Actor, at: datetime) -> bool:
    """Bring a draft to where its case stands; return whether anything changed.

    The page of a draft is in step already; this follows what was decided in the inbox or by the API.
    """
    draft = CaseTypeDraft.objects.select_for_update().filter(case_id=case_id).first()
    if draft is None:
        return False
    state = _state_of(case_id)
    if draft.state == state:
        return False
    draft.state = state
    if state == CaseTypeDraft.State.PUBLISHED:
        draft.published = load_version(draft.files(), actor=actor, at=at, department_id=draft.department_id)
    draft.save()
    return True


def _state_of(case_id: CaseId) -> str:
    ended = Case.objects.values_list("state", flat=True).get(pk=case_id)
    if ended != OPEN:
        is_published = ended == "published"
        return CaseTypeDraft.State.PUBLISHED if is_published else CaseTypeDraft.State.ABANDONED
    is_at_approval = Task.objects.filter(case_id=case_id, code=APPROVAL, state=Task.State.OPEN).exists()
    return CaseTypeDraft.State.SUBMITTED if is_at_approval else CaseTypeDraft.State.DRAFTING
