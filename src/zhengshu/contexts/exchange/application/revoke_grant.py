"""Revoke a grant."""

from datetime import datetime

from zhengshu.contexts.exchange.application.grants import (
    GrantNotActive,
    last_measure,
    locked_grant,
    reference_of,
    subject_of,
    take,
)
from zhengshu.contexts.exchange.domain.measures import Measure, MeasureKind
from zhengshu.contexts.exchange.events import GrantRevoked
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.assurance import require_assured
from zhengshu.kernel.identity import DepartmentId, GrantId


@transaction
def revoke_grant(
    *, grant_id: GrantId, reason: str, consultation: str = "", filing: str = "", actor: Actor, at: datetime
) -> None:
    """End a use before its time; all gateways refuse it within a second.

    Basis: Decree 809, article 27.

    Raises:
        GrantNotFound: the actor may not see such a grant.
        GrantNotActive: it is revoked or expired already.
        StepUpDue: the actor has not shown lately who he is.
        Refused: the errors of `domain.measures`: another side, no reason, no consultation, no filing.
    """
    grant = locked_grant(grant_id, actor=actor)
    require_assured(actor)
    if grant.active_to <= at or (grant.revoked_at is not None and last_measure(grant) != MeasureKind.SUSPEND):
        raise GrantNotActive
    taken = take(
        grant,
        Measure(kind=MeasureKind.REVOKE, reason=reason, consultation=consultation, filing=filing),
        actor=actor,
        at=at,
    )
    publish(
        GrantRevoked(
            at=at,
            actor=actor,
            subject=subject_of(grant),
            department_id=DepartmentId(grant.provider_department_id),
            grant=reference_of(grant),
            reason=taken.reason,
        )
    )
