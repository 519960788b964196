"""Registering a machine as a kiosk, knowing it again, and ending it."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from zhengshu.contexts.services.events import KioskEnded, KioskRegistered
from zhengshu.contexts.services.models import Kiosk
from zhengshu.contexts.services.models.kiosks import KEEPERS
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

KIOSK_IDLE: Final = timedelta(seconds=120)
"""After so long without a sign of somebody the server ends a session at a kiosk; the page itself does so earlier."""

MOST_NAME, MOST_PLACE = 60, 120
_SECRET_BYTES: Final = 32


class NotForKiosks(Refused):
    """Only window clerks and heads of a department register its kiosks."""

    code = "services.not-for-kiosks"
    kind = Kind.FORBIDDEN
    message = "Only window clerks and heads of a department register its kiosks."


class KioskUnfit(Refused):
    """A kiosk has a name and a place, so that people can say where something is wrong."""

    code = "services.kiosk-unfit"
    message = "Give the kiosk a name and say where it stands."


class KioskNotFound(Refused):
    """There is no such kiosk in use in the actor's department."""

    code = "services.kiosk-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such kiosk of your department in use."


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskRecord:
    """A kiosk in use."""

    id: UUID
    name: str
    place: str
    address: str
    department_id: UUID
    registered_at: datetime


@transaction
def register_kiosk(*, name: str, place: str, actor: Actor, at: datetime) -> str:
    """Make a kiosk of the machine at which the actor sits, and return what its cookie holds.

    Raises:
        NotForKiosks: the actor keeps no kiosks.
        KioskUnfit: it has no name or no place.
    """
    name, place = " ".join(name.split()), " ".join(place.split())
    if not actor.has(*KEEPERS) or actor.department_id is None:
        raise NotForKiosks
    if not (0 < len(name) <= MOST_NAME and 0 < len(place) <= MOST_PLACE):
        raise KioskUnfit
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    row = Kiosk.objects.create(
        name=name,
        place=place,
        department_id=actor.department_id,
        secret_digest=_digest(secret),
        address=actor.address,
        registered_by=actor.id,
        registered_at=at,
    )
    publish(
        KioskRegistered(
            at=at, actor=actor, subject=Subject("kiosk", str(row.pk), name), department_id=actor.department_id
        )
    )
    return f"{row.pk}.{secret}"


def kiosk_behind(cookie: str, *, address: str) -> KioskRecord | None:
    """Return the kiosk of a cookie at the address where it was registered; None for one forged, copied or ended."""
    key, _dot, secret = cookie.partition(".")
    try:
        row = Kiosk.objects.filter(pk=UUID(key), ended_at=None, address=address).first()
    except ValueError:
        return None
    if row is None or not hmac.compare_digest(bytes(row.secret_digest), _digest(secret)):
        return None
    return _record(row)


def kiosks(*, actor: Actor) -> Sequence[KioskRecord]:
    """Return the kiosks in use of the actor's department, the latest first."""
    return tuple(_record(row) for row in Kiosk.objects.visible_to(actor).filter(ended_at=None)[:200])


@transaction
def end_kiosk(*, kiosk_id: UUID, actor: Actor, at: datetime) -> None:
    """Let a machine be a kiosk no more, at once.

    Raises:
        KioskNotFound: there is none in use in the actor's department.
    """
    row = Kiosk.objects.visible_to(actor).select_for_update().filter(pk=kiosk_id, ended_at=None).first()
    if row is None:
        raise KioskNotFound
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    publish(
        KioskEnded(
            at=at,
            actor=actor,
            subject=Subject("kiosk", str(row.pk), row.name),
            department_id=actor.department_id,
        )
    )


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


def _record(row: Kiosk) -> KioskRecord:
    return KioskRecord(
        id=row.pk,
        name=row.name,
        place=row.place,
        address=row.address,
        department_id=row.department_id,
        registered_at=row.registered_at,
    )
