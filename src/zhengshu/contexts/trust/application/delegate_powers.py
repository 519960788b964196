"""Powers of handlers, given and taken by the legal representative of an enterprise himself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhengshu.contexts.trust.application.records import subject_label
from zhengshu.contexts.trust.application.scopes import offered
from zhengshu.contexts.trust.domain.delegating import (
    HandlerHasPower,
    HandlerNotFound,
    NotItsRepresentative,
    check_period,
    scope_of,
)
from zhengshu.contexts.trust.domain.kinds import AccountKind
from zhengshu.contexts.trust.events import DelegationEnded, DelegationGiven
from zhengshu.contexts.trust.models import Account, Delegation, Enterprise
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.assurance import require_assured
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.mandates import Power


class PowerNotFound(Refused):
    """There is no such power in force that the actor could take."""

    code = "trust.power-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such power, or it has ended."


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerRecord:
    """A power of somebody to act for an enterprise."""

    id: UUID
    handler: str
    username: str
    scope: tuple[str, ...]
    is_legal_representative: bool
    active_from: datetime
    active_to: datetime | None
    is_present: bool

    @property
    def last_at(self) -> datetime | None:
        """The last instant, whose day is the last day; None where it was ended within a day or has no end."""
        if self.active_to is None or timezone.localtime(self.active_to).time() != time():
            return None
        return self.active_to - timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterprisePowers:
    """An enterprise with the powers that the actor may see: all for its representative, his own for a handler."""

    id: UUID
    name: str
    code: str
    is_representative: bool
    powers: tuple[PowerRecord, ...]


@transaction
def grant_power(
    *,
    enterprise_id: UUID,
    username: str,
    name: str,
    scope: Iterable[str],
    last_on: date,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Let a handler act in an enterprise's name to the end of a day.

    Args:
        enterprise_id: whose representative the actor is.
        username: the handler's user name.
        name: the handler's name; both must fit together, so that a slip of the pen empowers no stranger.
        scope: what the handler may do: `matters`, `data`, `sites`, or single ones, `matters:stall-permit`.
        last_on: the last day.
        actor: the legal representative.
        at: now.

    Raises:
        NotItsRepresentative: the actor is not the legal representative now.
        StepUpDue: the actor has not shown lately who he is.
        PowerMissing: for nothing.
        ScopeUnknown: for something that there is not.
        ValidityUnfit: the last day is past, or too far away.
        HandlerNotFound: nobody has both names together.
        HandlerHasPower: the handler has a power already.
    """
    enterprise = _represented(enterprise_id, actor=actor, at=at)
    require_assured(actor)
    given = scope_of(scope, offered={power: offered(power) for power in Power})
    check_period(last_on=last_on, today=timezone.localdate(at))
    handler = Account.objects.filter(
        username=username.strip().lower(), name=name.strip(), kind=AccountKind.DELEGATE, is_active=True
    ).first()
    if handler is None:
        raise HandlerNotFound
    if _present(at).filter(account=handler, enterprise=enterprise).exists():
        raise HandlerHasPower
    day_after = datetime.combine(last_on + timedelta(days=1), time(), timezone.get_current_timezone())
    row = Delegation.objects.create(
        account=handler,
        enterprise=enterprise,
        scope=list(given),
        granted_by_id=actor.id,
        active_from=at,
        active_to=day_after,
    )
    publish(
        DelegationGiven(
            at=at,
            actor=actor,
            subject=Subject("account", str(handler.id), subject_label(handler)),
            enterprise_code=enterprise.code,
            scope=given,
            until=last_on.isoformat(),
        )
    )
    return row.id


@transaction
def revoke_power(*, power_id: UUID, actor: Actor, at: datetime) -> None:
    """Take a power at once: the representative takes a handler's, a handler gives back his own.

    Raises:
        PowerNotFound: there is none in force that the actor could take; his own as representative is not one.
    """
    rows = _present(at).select_for_update(of=("self",)).select_related("account", "enterprise")
    row = rows.filter(id=power_id, is_legal_representative=False).first()
    if row is None or (row.account_id != actor.id and not _represents(row.enterprise_id, actor=actor, at=at)):
        raise PowerNotFound
    row.active_to = at
    row.save(update_fields=["active_to"])
    subject = Subject("account", str(row.account_id), subject_label(row.account))
    publish(DelegationEnded(at=at, actor=actor, subject=subject, enterprise_code=row.enterprise.code))


def powers_of(*, actor: Actor, at: datetime) -> tuple[EnterprisePowers, ...]:
    """Return the enterprises for which the actor acts or acted, with the powers that he may see, the present first."""
    mine = Delegation.objects.filter(account_id=actor.id).values_list("enterprise_id", flat=True)
    led = {
        row.enterprise_id for row in _present(at).filter(account_id=actor.id, is_legal_representative=True)
    }
    visible = Q(enterprise_id__in=led) | Q(account_id=actor.id)
    rows = Delegation.objects.filter(visible).select_related("account").order_by("-active_from", "id")
    enterprises = Enterprise.objects.filter(id__in=mine).order_by("name")
    return tuple(
        EnterprisePowers(
            id=one.id,
            name=one.name,
            code=one.code,
            is_representative=one.id in led,
            powers=tuple(
                sorted(
                    (_record(row, at=at) for row in rows if row.enterprise_id == one.id),
                    key=lambda power: not power.is_present,
                )
            ),
        )
        for one in enterprises
    )


def _record(row: Delegation, *, at: datetime) -> PowerRecord:
    return PowerRecord(
        id=row.id,
        handler=row.account.name,
        username=row.account.username,
        scope=tuple(row.scope),
        is_legal_representative=row.is_legal_representative,
        active_from=row.active_from,
        active_to=row.active_to,
        is_present=row.active_from <= at and (row.active_to is None or row.active_to > at),
    )


def _represented(enterprise_id: UUID, *, actor: Actor, at: datetime) -> Enterprise:
    """Return the enterprise that the actor represents, locked, so that powers are given one after the other."""
    if not _represents(enterprise_id, actor=actor, at=at):
        raise NotItsRepresentative
    return Enterprise.objects.select_for_update().get(id=enterprise_id)


def _represents(enterprise_id: UUID, *, actor: Actor, at: datetime) -> bool:
    rows = _present(at).filter(account_id=actor.id, is_legal_representative=True)
    return rows.filter(enterprise_id=enterprise_id).exists()


def _present(at: datetime) -> QuerySet[Delegation]:
    return Delegation.objects.filter(Q(active_to__isnull=True) | Q(active_to__gt=at), active_from__lte=at)
