"""Report a misuse of a grant: it is suspended at once, and must be corrected within a limit."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.exchange.application.grants import (
    GrantNotActive,
    last_measure,
    locked_grant,
    no_open_misuse,
    side_of,
)
from zhengshu.contexts.exchange.application.grants import reference_of as grant_reference
from zhengshu.contexts.exchange.application.matters import open_matter, reference_of, subject_of
from zhengshu.contexts.exchange.application.suspend_grant import suspend_grant
from zhengshu.contexts.exchange.domain.matters import CallNotOfMatter, stated
from zhengshu.contexts.exchange.domain.measures import MeasureKind, MeasureNotYours, Side
from zhengshu.contexts.exchange.events import MisuseReported
from zhengshu.contexts.exchange.models import CallRecord, Grant, Misuse
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import GrantId, new_id

MOST_DAYS = 30


class RectifyLimitUnfit(Refused):
    """An order to correct gives a time in working days."""

    code: ClassVar[str] = "exchange.rectify-limit-unfit"
    kind: ClassVar[Kind] = Kind.INVALID
    message: ClassVar[str] = "Give 1 to %(most)s working days for the correction."


@transaction
def report_misuse(
    *,
    grant_id: GrantId,
    finding: str,
    order: str,
    rectify_within: int,
    calls: Sequence[UUID] = (),
    actor: Actor,
    at: datetime,
) -> UUID:
    """Record a misuse, suspend its grant on all gateways and order its correction; return its id.

    Basis: Decree 809, articles 25 and 27.

    Raises:
        GrantNotFound: the actor may not see such a grant.
        MeasureNotYours: the actor acts neither for the provider nor for its data authority.
        GrantNotActive: the grant has ended.
        MisuseUnderWay: another misuse of it is open.
        CallNotOfMatter: a receipt is not that of a call with this grant.
        StatementMissing: no finding or no order.
        RectifyLimitUnfit: the time for the correction.
    """
    grant = locked_grant(grant_id, actor=actor)
    finder = actor.department_id
    if side_of(grant, actor=actor) is Side.CONSUMER or finder is None:
        raise MeasureNotYours
    _check_grant(grant, at=at)
    _check_calls(grant, calls, actor=actor)
    if not 1 <= rectify_within <= MOST_DAYS:
        raise RectifyLimitUnfit(most=MOST_DAYS)
    row = _row(grant, calls, finder=finder)
    row.finding = stated(finding, what="finding")
    row.order, row.rectify_within = stated(order, what="order"), rectify_within
    if grant.revoked_at is None:
        suspend_grant(grant_id=grant_id, reason=row.finding, actor=actor, at=at)
    open_matter(
        row,
        parties={
            "finder": finder,
            "consumer": row.consumer_department_id,
            "provider": row.provider_department_id,
        },
        data={"rectify_within": rectify_within},
        actor=actor,
        at=at,
    )
    publish(
        MisuseReported(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=finder,
            matter=reference_of(row),
            grant=grant_reference(grant),
        )
    )
    return row.id


def _check_grant(grant: Grant, *, at: datetime) -> None:
    """Refuse a grant that has ended, or whose misuse is under way."""
    is_suspended = grant.revoked_at is not None and last_measure(grant) == MeasureKind.SUSPEND
    if grant.active_to <= at or (grant.revoked_at is not None and not is_suspended):
        raise GrantNotActive
    no_open_misuse(grant)


def _check_calls(grant: Grant, calls: Sequence[UUID], *, actor: Actor) -> None:
    rows = CallRecord.objects.visible_to(actor).filter(grant_id=grant.id, id__in=calls)
    known = set(rows.values_list("id", flat=True))
    for call in calls:
        if call not in known:
            raise CallNotOfMatter(receipt=str(call))


def _row(grant: Grant, calls: Sequence[UUID], *, finder: UUID) -> Misuse:
    return Misuse(
        id=new_id(),
        finder_department_id=finder,
        consumer_department_id=grant.consumer_department_id,
        provider_department_id=grant.provider_department_id,
        authority_department_id=trust.data_authority_for(department_id=grant.provider_department_id).id,
        grant_id=grant.id,
        resource_code=grant.resource_code,
        resource_name=grant.resource_name,
        system_name=grant.system_name,
        calls=list(calls),
    )
