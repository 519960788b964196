"""Resume a suspended grant."""

from datetime import datetime

from zhengshu.contexts.exchange.application.grants import (
    GrantNotActive,
    last_measure,
    locked_grant,
    no_open_misuse,
    reference_of,
    subject_of,
    take,
)
from zhengshu.contexts.exchange.domain.measures import Measure, MeasureKind
from zhengshu.contexts.exchange.events import GrantResumed
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId, GrantId


@transaction
def resume_grant(*, grant_id: GrantId, reason: str, actor: Actor, at: datetime) -> None:
    """Put a suspended grant in force again, once the misuse is corrected.

    Basis: Decree 809, article 27.

    Raises:
        GrantNotFound: the actor may not see such a grant.
        GrantNotActive: it is not suspended, or has expired.
        MisuseUnderWay: its misuse is resumed by its case only.
        Refused: the errors of `domain.measures`: another side, no reason.
    """
    grant = locked_grant(grant_id, actor=actor)
    if grant.active_to <= at or grant.revoked_at is None or last_measure(grant) != MeasureKind.SUSPEND:
        raise GrantNotActive
    no_open_misuse(grant)
    taken = take(grant, Measure(kind=MeasureKind.RESUME, reason=reason), actor=actor, at=at)
    publish(
        GrantResumed(
            at=at,
            actor=actor,
            subject=subject_of(grant),
            department_id=DepartmentId(grant.provider_department_id),
            grant=reference_of(grant),
            reason=taken.reason,
        )
    )
