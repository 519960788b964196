"""What the use cases of a grant have in common."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.exchange.domain.measures import (
    Measure,
    MeasureKind,
    MeasureNotYours,
    Side,
    check_measure,
)
from zhengshu.contexts.exchange.events import GrantReference
from zhengshu.contexts.exchange.models import Grant, GrantMeasure, Misuse
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.events import Subject
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId, GrantId, ResourceId, SystemId


class GrantNotFound(Refused):
    """No such grant, or not one that the actor may see."""

    code = "exchange.grant-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such grant, or it is not one of your department's."


class GrantNotActive(Refused):
    """The grant is revoked, suspended or expired already; reload its page."""

    code = "exchange.grant-not-active"
    kind = Kind.CONFLICT
    message = "The grant is not in force any more. Reload the page to see its state."


class MisuseUnderWay(Refused):
    """A grant has one open misuse at a time; go on with that one."""

    code = "exchange.misuse-under-way"
    kind = Kind.CONFLICT
    message = "A misuse of this grant is under way already (%(number)s). Go on with that one."


def no_open_misuse(grant: Grant) -> None:
    """Refuse to act on a grant whose misuse is under way.

    Raises:
        MisuseUnderWay: it is.
    """
    under_way = Misuse.objects.filter(grant_id=grant.id, closed_at=None).first()
    if under_way is not None:
        raise MisuseUnderWay(number=under_way.number)


def locked_grant(grant_id: UUID, *, actor: Actor) -> Grant:
    """Return a grant, locked until the transaction ends.

    Raises:
        GrantNotFound: it does not exist or is not visible.
    """
    found = Grant.objects.visible_to(actor).select_for_update().filter(id=grant_id).first()
    if found is None:
        raise GrantNotFound
    return found


def subject_of(grant: Grant) -> Subject:
    """Return what the audit shows of a grant."""
    return Subject("grant", str(grant.id), f"{grant.resource_name} → {grant.system_name}")


def reference_of(grant: Grant) -> GrantReference:
    """Return what an event says of a grant."""
    return GrantReference(
        grant_id=GrantId(grant.id),
        resource_id=ResourceId(grant.resource_id),
        resource_code=grant.resource_code,
        consumer_id=DepartmentId(grant.consumer_department_id),
        provider_id=DepartmentId(grant.provider_department_id),
        system_id=SystemId(grant.system_id),
    )


def side_of(grant: Grant, *, actor: Actor) -> Side:
    """Return in which part the actor acts on a grant.

    Raises:
        MeasureNotYours: the actor's department is on no side of it, or its role does not decide such things.
    """
    deciders = (Role.DATA_OFFICER, Role.DEPARTMENT_HEAD)
    if actor.is_platform or (actor.department_id == grant.provider_department_id and actor.has(*deciders)):
        return Side.PROVIDER
    if actor.department_id == grant.consumer_department_id and actor.has(*deciders):
        return Side.CONSUMER
    provider = DepartmentId(grant.provider_department_id)
    if (
        actor.has(Role.REVIEWER)
        and trust.data_authority_for(department_id=provider).id == actor.department_id
    ):
        return Side.AUTHORITY
    raise MeasureNotYours


def take(grant: Grant, measure: Measure, *, actor: Actor, at: datetime) -> Measure:
    """Check a measure, keep its record, and open or close the grant by it."""
    checked = check_measure(measure, side=side_of(grant, actor=actor))
    GrantMeasure.objects.create(
        grant_id=grant.id,
        kind=checked.kind,
        reason=checked.reason,
        consultation=checked.consultation,
        filing=checked.filing,
        taken_by=actor.id,
        taken_at=at,
    )
    is_resumed = checked.kind is MeasureKind.RESUME
    grant.revoked_at = None if is_resumed else at
    grant.revoked_reason = "" if is_resumed else checked.reason
    grant.save(update_fields=["revoked_at", "revoked_reason"])
    return checked


def last_measure(grant: Grant) -> str:
    """Return the kind of the last measure taken on a grant, or an empty text."""
    last = GrantMeasure.objects.filter(grant_id=grant.id).order_by("-taken_at", "-id").first()
    return "" if last is None else last.kind
