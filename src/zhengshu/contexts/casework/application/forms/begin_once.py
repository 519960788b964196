"""Beginning a form from a page that may be sent twice."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework.application.forms.drafts import Draft, draft
from zhengshu.contexts.casework.application.forms.start_draft import start_draft
from zhengshu.contexts.casework.domain.records import Applicant
from zhengshu.contexts.casework.models import FormDraft
from zhengshu.foundation import locks
from zhengshu.kernel.actors import Actor

SPACE = "casework.begin_form"


def begin_once(
    *, key: UUID, case_type: str, applicant: Applicant | None = None, actor: Actor, at: datetime
) -> Draft:
    """Start a form as `start_draft` does; a page that is sent again has the same key and gets what it began.

    Raises:
        DraftNotFound: the key is that of somebody else's form; and whatever `start_draft` refuses.
    """
    with locks.held(SPACE, key):
        if FormDraft.objects.filter(pk=key).exists():
            return draft(draft_id=key, actor=actor)
        return start_draft(case_type=case_type, applicant=applicant, key=key, actor=actor, at=at)
