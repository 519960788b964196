"""Opening a case by its form in one call, for programs that know all answers."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework.application.commands_once import answer_to, was_handled
from zhengshu.contexts.casework.application.forms.drafts import save
from zhengshu.contexts.casework.application.forms.save_answers import bounded
from zhengshu.contexts.casework.application.forms.send_form import send_locked
from zhengshu.contexts.casework.application.forms.start_draft import start_draft
from zhengshu.contexts.casework.application.forms.supply_draft import supplied_to
from zhengshu.contexts.casework.application.queries import record_of
from zhengshu.contexts.casework.domain.forms.places import check_places
from zhengshu.contexts.casework.domain.forms.schema import Place
from zhengshu.contexts.casework.domain.records import Applicant, CaseRecord
from zhengshu.contexts.casework.models import Case, FormDraft
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor


@transaction
def open_by_form(
    *,
    case_type: str,
    answers: Mapping[Place, tuple[str, ...]],
    actor: Actor,
    at: datetime,
    idempotency_key: str = "",
) -> CaseRecord:
    """Open a case with all answers of its form; nothing is left behind where an answer is wrong.

    Raises:
        FormNotFound: the actor may open no case of the type by a form.
        UnknownAnswers: the form does not ask this.
        AnswersFaulty: answers are missing or wrong; and whatever else `send_form` refuses.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    begun = start_draft(case_type=case_type, actor=actor, at=at)
    command: dict[str, object] = {"type": case_type, "answers": dict(answers)}
    key = str(begun.row.pk)
    if was_handled("open-by-form", idempotency_key, command, actor=actor, at=at, answer=key):
        begun.row.delete()
        sent = FormDraft.objects.values_list("case", flat=True).get(
            pk=answer_to(idempotency_key, actor=actor)
        )
        return record_of(Case.objects.get(pk=sent), actor=actor, at=at)
    check_places(begun.form.parts, answers)
    draft = save(begun, {**begun.answers, **bounded(answers)}, at=at)
    return send_locked(draft, actor=actor, at=at)


def prepare_form(
    *,
    case_type: str,
    answers: Mapping[Place, tuple[str, ...]],
    applicant: Applicant | None = None,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Begin a form with the answers that are known already, let sources fill in the rest, and return the draft's id.

    For programs and contexts above; the sources are asked outside of any transaction.

    Raises:
        FormNotFound: the actor may open no case of the type by a form.
        UnknownAnswers: the form does not ask this; and whatever else `start_draft` refuses.
    """
    typed = bounded(answers)
    begun = start_draft(case_type=case_type, applicant=applicant, typed=typed, actor=actor, at=at)
    supplied_to(begun, actor=actor, at=at)
    return begun.row.pk
