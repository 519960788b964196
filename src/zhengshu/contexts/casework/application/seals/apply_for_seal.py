"""A department applies for a seal: the application is kept by `trust`, a case decides about it."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework.application.commands_once import answer_to, remember_answer, was_handled
from zhengshu.contexts.casework.application.open_case import open_case
from zhengshu.contexts.casework.application.queries import case as case_by_id
from zhengshu.contexts.casework.domain.completing import NotYourTask
from zhengshu.contexts.casework.domain.records import CaseRecord, CaseSubject
from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId

CASE_TYPE = "seal-application"
APPROVED = "approved"


@transaction
def apply_for_seal(
    *, wanted: trust.WantedSeal, actor: Actor, at: datetime, idempotency_key: str = ""
) -> tuple[UUID, CaseRecord]:
    """Apply for a seal of one's own department; return the seal's id and the case.

    Raises:
        NotYourTask: the actor may not open such a case for his department.
        DataAuthorityUnknown: no data authority stands above the department.
        KeyUsedOtherwise: the idempotency key was used for another command.
        Refused: by trust: what is wanted cannot be made.
    """
    if actor.department_id is None:
        raise NotYourTask
    if was_handled("apply-for-seal", idempotency_key, {"wanted": wanted}, actor=actor, at=at):
        former, case_id = (UUID(one) for one in answer_to(idempotency_key, actor=actor).split())
        return former, case_by_id(case_id=CaseId(case_id), actor=actor, at=at)
    seal_id = trust.apply_for_seal(wanted=wanted, department_id=actor.department_id, actor=actor, at=at)
    case = open_case(
        case_type=CASE_TYPE,
        subject=CaseSubject(
            kind="trust.seal", id=seal_id, title=wanted.name.strip(), path=f"/trust/seals/{seal_id}/"
        ),
        parties={
            "holder": actor.department_id,
            "authority": trust.data_authority_for(department_id=actor.department_id).id,
        },
        data={},
        actor=actor,
        at=at,
    )
    trust.note_seal_case(seal_id=seal_id, case_id=case.id, number=case.number)
    remember_answer(idempotency_key, f"{seal_id} {case.id}", actor=actor)
    return seal_id, case


def follow_seal_case(event: CaseClosed) -> None:
    """Bring a seal in line with its case, which may have ended elsewhere than on the seal's page."""
    if event.case_type == CASE_TYPE:
        carry_out(case_id=event.case_id, end=event.end, actor=event.actor, at=event.at)


def carry_out(*, case_id: CaseId, end: str, actor: Actor, at: datetime) -> None:
    """Have the seal made, or let its application rest, as its case ended; repeating it changes nothing."""
    decide = trust.make_seal if end == APPROVED else trust.refuse_seal
    decide(case_id=case_id, actor=actor, at=at)
