"""Taking an application back while nobody has decided it, also one that is a part of one thing."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application.application_queries import application
from zhengshu.contexts.services.application.carry_bundle import withdraw_part
from zhengshu.kernel.actors import Actor


def withdraw_application(*, draft_id: UUID, reason: str, actor: Actor, at: datetime) -> None:
    """Take an application back; of one thing this part alone, with what waits for it. Once.

    Raises:
        ApplicationNotFound: there is none that the actor may see.
        CaseClosedAlready: it was decided.
        NotYourTask: somebody else asked for it.
        ReasonMissing: no reason was given.
    """
    found = application(draft_id=draft_id, actor=actor)
    key = f"withdraw {found.number}"
    if found.bundle_id is not None:
        withdraw_part(draft_id=draft_id, reason=reason, actor=actor, at=at, idempotency_key=key)
    else:
        casework.withdraw_case(case_id=found.case_id, reason=reason, actor=actor, at=at, idempotency_key=key)
