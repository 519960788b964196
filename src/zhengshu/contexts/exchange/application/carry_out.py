"""Carry out what a misuse came to: its grant is in force again, or ended. Repeating it changes nothing."""

from datetime import datetime

from zhengshu.contexts.exchange.application.grants import last_measure
from zhengshu.contexts.exchange.application.matters import AnyMatter
from zhengshu.contexts.exchange.application.resume_grant import resume_grant
from zhengshu.contexts.exchange.application.revoke_grant import revoke_grant
from zhengshu.contexts.exchange.domain.measures import MeasureKind
from zhengshu.contexts.exchange.models import Grant, Misuse
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import GrantId

EXECUTOR = Actor.platform("exchange.carry-out")
"""What a case decided is carried out by the platform; the case says who decided."""

RESUMED = ("resumed", "unfounded")
ENDED = ("dispose", "accept_disposal", "terminated")


def carry_out(row: AnyMatter, *, at: datetime) -> None:
    """Open or end the grant of a misuse as its case decided.

    Basis: Decree 809, article 27.
    """
    if not isinstance(row, Misuse):
        return
    grant = Grant.objects.select_for_update().get(id=row.grant_id)
    is_suspended = grant.revoked_at is not None and last_measure(grant) == MeasureKind.SUSPEND
    if grant.active_to <= at or not is_suspended:
        return
    if row.state in RESUMED:
        resume_grant(grant_id=GrantId(grant.id), reason=row.number, actor=EXECUTOR, at=at)
    elif row.state in ENDED:
        revoke_grant(
            grant_id=GrantId(grant.id),
            reason=f"{row.number}: {row.finding}",
            consultation=row.number,
            filing=row.number,
            actor=EXECUTOR,
            at=at,
        )
