"""An application for a seal is taken back by the department that handed it in."""

from datetime import datetime

from zhengshu.contexts.casework.application.queries import type_of
from zhengshu.contexts.casework.application.seals.apply_for_seal import CASE_TYPE, carry_out
from zhengshu.contexts.casework.application.withdraw_case import withdraw_case
from zhengshu.contexts.casework.domain.records import OPEN, CaseRecord
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId


@transaction
def withdraw_seal(
    *, case_id: CaseId, reason: str, actor: Actor, at: datetime, idempotency_key: str = ""
) -> CaseRecord:
    """Take an application back; the seal is not made, in the same transaction.

    Raises:
        CaseNotFound: the actor may not see such a case.
        CaseClosedAlready: it was decided already.
        NotYourTask: it is another department's, or not for the actor's role.
        ReasonMissing: no reason was given.
    """
    found = withdraw_case(case_id=case_id, reason=reason, actor=actor, at=at, idempotency_key=idempotency_key)
    carry_out(case_id=case_id, end=found.state, actor=actor, at=at)
    return found


def may_withdraw(found: CaseRecord, *, actor: Actor) -> bool:
    """Whether the actor may take back an application, as its case type says; `withdraw_case` demands the same."""
    if found.type != CASE_TYPE or found.state != OPEN:
        return False
    definition = type_of(case_id=found.id, actor=actor).definition
    parties = {party.name: party.department_id for party in found.parties}
    lanes = [definition.lanes[lane] for lane in definition.withdrawal.lanes] if definition.withdrawal else []
    return any(
        actor.has(*lane.roles) and parties.get(lane.party) == actor.department_id is not None
        for lane in lanes
    )
