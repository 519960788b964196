"""Suspend a grant."""

from datetime import datetime

from zhengshu.contexts.exchange.application.grants import (
    GrantNotActive,
    locked_grant,
    reference_of,
    subject_of,
    take,
)
from zhengshu.contexts.exchange.domain.measures import Measure, MeasureKind
from zhengshu.contexts.exchange.events import GrantSuspended
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId, GrantId


@transaction
def suspend_grant(*, grant_id: GrantId, reason: str, actor: Actor, at: datetime) -> None:
    """Suspend a use until a misuse is corrected; all gateways refuse it within a second.

    Basis: Decree 809, article 27.

    Raises:
        GrantNotFound: the actor may not see such a grant.
        GrantNotActive: it is suspended, revoked or expired already.
        Refused: the errors of `domain.measures`: another side, no reason.
    """
    grant = locked_grant(grant_id, actor=actor)
    if grant.active_to <= at or grant.revoked_at is not None:
        raise GrantNotActive
    taken = take(grant, Measure(kind=MeasureKind.SUSPEND, reason=reason), actor=actor, at=at)
    publish(
        GrantSuspended(
            at=at,
            actor=actor,
            subject=subject_of(grant),
            department_id=DepartmentId(grant.provider_department_id),
            grant=reference_of(grant),
            reason=taken.reason,
        )
    )
