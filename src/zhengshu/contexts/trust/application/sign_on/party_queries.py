"""Relying parties as the security administrator sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from allauth.idp.oidc.models import Client
from django.db.models import Count, Q

from zhengshu.contexts.trust.application.sign_on.keep_parties import (
    DEVICE,
    PartyNotFound,
    PartyValues,
    values_of,
)
from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.models import PartySession, RelyingParty
from zhengshu.kernel.actors import Actor, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """A relying party with what the list shows of it."""

    client_id: str
    values: PartyValues
    department: str
    is_kiosk: bool
    keeps_secret: bool
    is_active: bool
    created_at: datetime
    secret_at: datetime | None
    people: int
    untold: int


def parties(*, actor: Actor) -> tuple[PartyRow, ...]:
    """Return all relying parties, those at work first.

    Raises:
        NotYourDuty: the actor is not the security administrator.
    """
    require(actor, Role.SECURITY_ADMIN)
    rows = RelyingParty.objects.select_related("client", "department")
    counted = rows.annotate(people=Count("consents", filter=Q(consents__given_at__isnull=False)))
    untold = _untold()
    return tuple(
        _row(row, people=row.people, untold=untold) for row in counted.order_by("-is_active", "client__name")
    )


def party(*, client_id: str, actor: Actor) -> PartyRow:
    """Return one relying party.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        PartyNotFound: there is none.
    """
    require(actor, Role.SECURITY_ADMIN)
    row = RelyingParty.objects.select_related("client", "department").filter(client_id=client_id).first()
    if row is None:
        raise PartyNotFound
    people = row.consents.filter(given_at__isnull=False).count()
    return _row(row, people=people, untold=_untold())


def _untold() -> Mapping[str, int]:
    waiting = PartySession.objects.filter(ended_at__isnull=False, told_at=None, attempts__gt=0)
    return dict(waiting.values_list("party_id").annotate(Count("id")))


def _row(row: RelyingParty, *, people: int, untold: Mapping[str, int]) -> PartyRow:
    return PartyRow(
        client_id=row.client_id,
        values=values_of(row),
        department=row.department.name if row.department else "",
        is_kiosk=DEVICE in row.client.get_grant_types(),
        keeps_secret=row.client.type == Client.Type.CONFIDENTIAL,
        is_active=row.is_active,
        created_at=row.created_at,
        secret_at=row.secret_at,
        people=people,
        untold=untold.get(row.client_id, 0),
    )
