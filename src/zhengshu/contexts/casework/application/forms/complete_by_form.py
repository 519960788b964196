"""Doing a to-do by its form in one call, for programs that know all answers."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework.application.forms.drafts import save
from zhengshu.contexts.casework.application.forms.save_answers import bounded
from zhengshu.contexts.casework.application.forms.send_form import send_locked
from zhengshu.contexts.casework.application.forms.start_draft import start_task_draft
from zhengshu.contexts.casework.domain.forms.places import check_places
from zhengshu.contexts.casework.domain.forms.schema import Place
from zhengshu.contexts.casework.domain.records import CaseRecord
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor


@transaction
def complete_by_form(
    *,
    task_id: UUID,
    answers: Mapping[Place, tuple[str, ...]],
    outcome: str,
    reason: str = "",
    basis: str = "",
    actor: Actor,
    at: datetime,
) -> CaseRecord:
    """Answer the form of a to-do and end it; nothing is left behind where an answer is wrong.

    Raises:
        FormNotFound: there is no such open to-do of the actor, or it has no form.
        UnknownAnswers: the form does not ask this.
        AnswersFaulty: answers are missing or wrong; and whatever else `send_form` refuses.
    """
    begun = start_task_draft(task_id=task_id, actor=actor, at=at)
    check_places(begun.form.parts, answers)
    draft = save(begun, {**begun.answers, **bounded(answers)}, at=at)
    return send_locked(draft, outcome=outcome, reason=reason, basis=basis, actor=actor, at=at)
