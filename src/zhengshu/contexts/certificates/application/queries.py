"""Certificates as their holders and their issuer's officials see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.db.models import Count, Q

from zhengshu.contexts.certificates.application.records import CertificateRecord, record_of
from zhengshu.contexts.certificates.domain.states import CHOSEN, Ending, Standing
from zhengshu.contexts.certificates.domain.types import CertificateType, HolderKind
from zhengshu.contexts.certificates.domain.values import Holder
from zhengshu.contexts.certificates.models import (
    Certificate,
    CertificateReader,
    CertificateSet,
    CertificateTypeVersion,
    CertificateUse,
)
from zhengshu.contexts.certificates.models.readers import digest_of
from zhengshu.foundation.lists import ListQuery, Page, paged
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId

FILTERS = ("type", "standing")
SORTS = ("issued_at", "active_to")
MOST_USES = 100


class CertificateNotFound(Refused):
    """There is no such certificate that the actor may see."""

    code: ClassVar[str] = "certificates.not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such certificate, or you may not see it."


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRecord:
    """One use of a certificate, for its holder."""

    kind: str
    at: datetime
    who: str
    purpose: str
    case_id: UUID | None
    fields: tuple[str, ...]


def held(
    holder: Holder, *, at: datetime, type_code: str = "", only_valid: bool = False
) -> tuple[CertificateRecord, ...]:
    """Return the certificates that somebody holds or keeps, the newest first; who may know is the caller's to say."""
    digest = digest_of(holder)
    if digest is None:
        return ()
    readers = CertificateReader.objects.filter(digest=digest)
    rows = Certificate.objects.filter(pk__in=readers.values("certificate_id"))
    if type_code:
        rows = rows.filter(type_code=type_code)
    if only_valid:
        rows = valid_at(rows, at=at)
    return tuple(
        record_of(row, row.version.read(), at=at)
        for row in rows.select_related("version").order_by("-issued_at", "-id")
    )


def issued_for(*, case_id: CaseId, at: datetime) -> tuple[CertificateRecord, ...]:
    """Return the certificates that a case has issued, the newest first; who may know is the caller's to say."""
    rows = Certificate.objects.filter(case_id=case_id).select_related("version")
    return tuple(record_of(row, row.version.read(), at=at) for row in rows.order_by("-issued_at", "-id"))


def own_certificates(*, actor: Actor, at: datetime) -> tuple[CertificateRecord, ...]:
    """Return the latest versions of the actor's own certificates and his enterprises', the newest first."""
    rows = Certificate.objects.own_of(actor).exclude(ending=Ending.VOID)
    return tuple(
        record_of(row, row.version.read(), at=at)
        for row in rows.select_related("version").order_by("-issued_at", "-id")[:200]
    )


def certificate(*, certificate_id: UUID, actor: Actor, at: datetime) -> CertificateRecord:
    """Return a certificate.

    Raises:
        CertificateNotFound: there is none such that the actor may see.
    """
    row = visible_row(certificate_id, actor=actor)
    return record_of(row, row.version.read(), at=at)


def versions(*, certificate_id: UUID, actor: Actor, at: datetime) -> tuple[CertificateRecord, ...]:
    """Return all versions of a certificate, the latest first.

    Raises:
        CertificateNotFound: there is none such that the actor may see.
    """
    one = visible_row(certificate_id, actor=actor)
    rows = Certificate.objects.filter(type_code=one.type_code, serial=one.serial).select_related("version")
    return tuple(record_of(row, row.version.read(), at=at) for row in rows.order_by("-edition"))


def uses(*, certificate_id: UUID, actor: Actor) -> tuple[UseRecord, ...]:
    """Return the latest uses of a certificate.

    Raises:
        CertificateNotFound: there is none such that the actor may see.
    """
    rows = CertificateUse.objects.filter(certificate=visible_row(certificate_id, actor=actor))
    return tuple(
        UseRecord(
            kind=row.kind,
            at=row.at,
            who=row.who,
            purpose=row.purpose,
            case_id=row.case_id,
            fields=tuple(row.fields),
        )
        for row in rows.order_by("-at", "-id")[:MOST_USES]
    )


def issued(*, query: ListQuery, actor: Actor, at: datetime) -> Page[CertificateRecord]:
    """Return one page of what the actor's department issued."""
    rows = narrowed(query, actor=actor, at=at).select_related("version").annotate(used=Count("uses"))
    return paged(
        rows.order_by(query.sort or "-issued_at", "-id"),
        query,
        lambda row: record_of(row, row.version.read(), at=at),
    )


def narrowed(query: ListQuery, *, actor: Actor, at: datetime) -> CertificateSet:
    """Return what the actor's department issued, as a list is searched and filtered."""
    rows = Certificate.objects.issued_by(actor)
    if codes := query.filters.get("type"):
        rows = rows.filter(type_code__in=codes)
    if query.text:
        rows = rows.filter(_words(query.text))
    match query.one("standing"):
        case Standing.VALID:
            return valid_at(rows, at=at)
        case Standing.EXPIRED:
            return rows.filter(ending="", active_to__lte=at)
        case Standing.ENDED:
            return rows.filter(ending__in=CHOSEN)
        case Standing.REPLACED:
            return rows.filter(ending=Ending.VOID)
        case Standing.NOT_YET:
            return rows.filter(ending="", active_from__gt=at)
        case _:
            return rows


def valid_at(rows: CertificateSet, *, at: datetime) -> CertificateSet:
    """Keep the certificates that are in force at an instant."""
    lasting = Q(active_to=None) | Q(active_to__gt=at)
    return rows.filter(lasting, ending="", active_from__lte=at)


def visible_row(certificate_id: UUID, *, actor: Actor) -> Certificate:
    """Return the row of a certificate with its type's version.

    Raises:
        CertificateNotFound: there is none such that the actor may see.
    """
    rows = Certificate.objects.visible_to(actor).select_related("version")
    row = rows.filter(pk=certificate_id).first()
    if row is None:
        raise CertificateNotFound
    return row


def is_own(*, certificate_id: UUID, actor: Actor) -> bool:
    """Whether a certificate is the actor's own, or one that he keeps or holds for an enterprise."""
    return (
        actor.department_id is None and Certificate.objects.own_of(actor).filter(pk=certificate_id).exists()
    )


def type_of(*, certificate_id: UUID, actor: Actor) -> CertificateType:
    """Return the type by whose version a certificate was issued.

    Raises:
        CertificateNotFound: there is none such that the actor may see.
    """
    return visible_row(certificate_id, actor=actor).version.read()


def types() -> Mapping[str, CertificateType]:
    """Return the current types by their codes."""
    rows = CertificateTypeVersion.objects.filter(is_current=True).order_by("code")
    return {row.code: row.read() for row in rows}


def counts_by_type(*, actor: Actor, codes: Iterable[str], at: datetime) -> Mapping[str, tuple[int, int]]:
    """Return of each type how many certificates the actor's department issued, and how many of them are valid."""
    rows = Certificate.objects.issued_by(actor).filter(type_code__in=tuple(codes)).order_by()
    issued_ones = dict(rows.values_list("type_code").annotate(Count("id")))
    valid_ones = dict(valid_at(rows, at=at).values_list("type_code").annotate(Count("id")))
    return {code: (number, valid_ones.get(code, 0)) for code, number in issued_ones.items()}


def _words(text: str) -> Q:
    """Return the condition of a search: an identifier, what stands on it as its number, or the holder's own number."""
    found = Q(number=text.upper()) | Q(serial__istartswith=text)
    for kind, is_valid in (
        (HolderKind.PERSON, CitizenId.is_valid),
        (HolderKind.ENTERPRISE, CreditCode.is_valid),
    ):
        if is_valid(text):
            found |= Q(holder_digest=digest_of(Holder(kind=kind, name="", number=text)))
    return found
