"""A holder shows a certificate by a code that holds for a minute and opens once; a second try is told and counted."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils.timezone import get_default_timezone

from zhengshu.contexts.certificates.application.issue_certificate import subject_of
from zhengshu.contexts.certificates.application.limit_tries import check_tries, note_failed_try
from zhengshu.contexts.certificates.application.queries import CertificateNotFound
from zhengshu.contexts.certificates.application.records import CertificateRecord, record_of, standing_of
from zhengshu.contexts.certificates.application.use_certificate import note_use
from zhengshu.contexts.certificates.domain.presenting import (
    VALID,
    PresentationExpired,
    PresentationNotFound,
    PresentationUsed,
    Shown,
    check_presentation,
)
from zhengshu.contexts.certificates.domain.states import CertificateNotValid, Standing
from zhengshu.contexts.certificates.events import CertificateShown, PresentationRefused
from zhengshu.contexts.certificates.models import Certificate, Presentation, UseKind
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId

_TOKEN_BYTES = 16
MOST_OPEN = 10
"""Codes of one certificate that are open at a time; nobody shows it to more people within a minute."""


class TooManyPresentations(Refused):
    """Ten codes were made within a minute; wait until one has expired."""

    code: ClassVar[str] = "certificates.too-many-presentations"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "Too many codes were made within a minute. Wait a minute, then make another one."


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentationRecord:
    """A fresh code.

    Attributes:
        address: what the QR code leads to; it holds the code, which is kept nowhere.
    """

    id: UUID
    address: str = field(repr=False)
    expires_at: datetime


@transaction
def present(*, certificate_id: UUID, actor: Actor, at: datetime) -> PresentationRecord:
    """Make a code by which somebody else sees a certificate of the actor's, whole, once, within a minute.

    Raises:
        CertificateNotFound: it is not the actor's own, nor one that he keeps.
        CertificateNotValid: it is not in force.
        TooManyPresentations: ten codes are open already.
    """
    rows = Certificate.objects.own_of(actor).select_for_update(of=("self",))
    row = rows.filter(pk=certificate_id).first()
    if row is None:
        raise CertificateNotFound
    if standing_of(row, at=at) is not Standing.VALID:
        raise CertificateNotValid
    if row.presentations.filter(used_at=None, expires_at__gt=at).count() >= MOST_OPEN:
        raise TooManyPresentations
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    made = Presentation.objects.create(
        certificate=row, token_digest=_digest(token), made_at=at, made_by=actor.id, expires_at=at + VALID
    )
    address = settings.PUBLIC_URL.rstrip("/") + reverse("certificates:shown", args=[token])
    return PresentationRecord(id=made.pk, address=address, expires_at=made.expires_at)


def look_at(*, token: str, actor: Actor, at: datetime) -> str:
    """Return the type code of what a code would show, without using it; a browser that looks ahead uses nothing up.

    Raises:
        PresentationNotFound: nobody made such a code.
        PresentationUsed, PresentationExpired: it shows nothing any more; that somebody tried is audited.
        TooManyTries: codes were tried in vain too often from here.
    """
    check_tries(actor=actor, at=at)
    made = Presentation.objects.select_related("certificate").filter(token_digest=_digest(token)).first()
    try:
        check_presentation(_shown(made) if made else None, at=at)
    except (PresentationUsed, PresentationExpired) as refusal:
        _note_refusal(token, refusal, actor=actor, at=at)
        raise
    except PresentationNotFound:
        note_failed_try(actor=actor, at=at)
        raise
    return made.certificate.type_code if made else ""


def open_presentation(*, token: str, actor: Actor, at: datetime) -> CertificateRecord:
    """Return the certificate that a code shows, whole, and use the code up; of two at once, one sees it.

    Raises:
        PresentationNotFound: nobody made such a code.
        PresentationUsed, PresentationExpired: it shows nothing any more; that somebody tried is audited.
        TooManyTries: codes were tried in vain too often from here.
    """
    check_tries(actor=actor, at=at)
    try:
        return _open(token, actor=actor, at=at)
    except (PresentationUsed, PresentationExpired) as refusal:
        _note_refusal(token, refusal, actor=actor, at=at)
        raise
    except PresentationNotFound:
        note_failed_try(actor=actor, at=at)
        raise


@transaction
def _open(token: str, *, actor: Actor, at: datetime) -> CertificateRecord:
    rows = Presentation.objects.select_for_update(of=("self",)).select_related("certificate__version")
    made = rows.filter(token_digest=_digest(token)).first()
    check_presentation(_shown(made) if made else None, at=at)
    if made is None:
        raise PresentationNotFound
    row = made.certificate
    made.used_at, made.used_by_name = at, actor.name[:100]
    made.save(update_fields=["used_at", "used_by_name"])
    found = row.version.read()
    who = actor.department_name or actor.name
    note_use(row, UseKind.SHOWN, at=at, who=who, fields=tuple(row.values), department_id=actor.department_id)
    publish(
        CertificateShown(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=DepartmentId(row.department_id),
            certificate_id=str(row.pk),
            presentation_id=str(made.pk),
        )
    )
    return record_of(row, found, at=at)


@transaction
def _note_refusal(token: str, refusal: Refused, *, actor: Actor, at: datetime) -> None:
    made = Presentation.objects.select_related("certificate").filter(token_digest=_digest(token)).first()
    if made is None:
        return
    Presentation.objects.filter(pk=made.pk).update(refused=F("refused") + 1)
    publish(
        PresentationRefused(
            at=at,
            actor=actor,
            subject=Subject("presentation", str(made.pk), made.certificate.type_code),
            department_id=DepartmentId(made.certificate.department_id),
            reason=refusal.code,
        )
    )


def refused_presentations(*, certificate_id: UUID, actor: Actor) -> int:
    """Return how often codes of a certificate of the actor's were tried after they had been used or had expired."""
    rows = Certificate.objects.own_of(actor).filter(pk=certificate_id)
    counts = Presentation.objects.filter(certificate__in=rows).values_list("refused", flat=True)
    return sum(counts)


def _shown(made: Presentation) -> Shown:
    used = made.used_at
    words = f"{used.astimezone(get_default_timezone()):%H:%M:%S}" if used else ""
    return Shown(expires_at=made.expires_at, used_at=used, used_time=words)


def _digest(token: str) -> bytes:
    return sha256(token.encode(errors="replace")).digest()
