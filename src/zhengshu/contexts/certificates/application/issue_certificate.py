"""A certificate is issued: once for a case and type, sealed, in the proof log, in one transaction with its case."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec
from django.utils.timezone import get_default_timezone

from zhengshu.contexts.certificates.application.keep_issuers import document_kind, issuer_of
from zhengshu.contexts.certificates.application.load_types import current_version
from zhengshu.contexts.certificates.application.records import CertificateRecord, record_of
from zhengshu.contexts.certificates.application.setting import sealable
from zhengshu.contexts.certificates.domain.types import CertificateType
from zhengshu.contexts.certificates.domain.values import Holder, check_holder, fit_values
from zhengshu.contexts.certificates.events import CertificateIssued
from zhengshu.contexts.certificates.models import Certificate, CertificateReader, CertificateTypeVersion
from zhengshu.contexts.certificates.models.readers import digest_of
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.crypto.data_keys import blind_index
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.certificates import CertificateNumber
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId, DepartmentId

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without those that are read as one another."""
_RANDOM_LETTERS = 12
"""60 bits: nobody guesses somebody else's identifier."""
_values_index = "certificates_certificate.values"


class IssuedOtherwise(Refused):
    """The case has issued such a certificate already, to another holder or with other values; replace that one."""

    code: ClassVar[str] = "certificates.issued-otherwise"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "This case has already issued a certificate of the type %(type)s with other contents. Change that one."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be issued, checked against its type."""

    version: CertificateTypeVersion
    type: CertificateType
    holder: Holder
    values: Mapping[str, str] = field(repr=False)
    keepers: tuple[Holder, ...]
    case_id: UUID | None
    department_id: DepartmentId
    active_from: datetime
    active_to: datetime | None
    predecessor: Certificate | None = None

    @property
    def digest(self) -> bytes:
        """The blind index of holder and values, by which a repeated command is told from another one."""
        said = (self.holder.kind, self.holder.name, self.holder.number, sorted(self.values.items()))
        return blind_index(_values_index)(msgspec.json.encode(said).decode())


@transaction
def issue(
    *,
    type_code: str,
    holder: Holder,
    values: Mapping[str, str],
    case_id: CaseId | None,
    actor: Actor,
    at: datetime,
    department_id: DepartmentId | None = None,
    keepers: Iterable[Holder] = (),
    active_from: datetime | None = None,
) -> CertificateRecord:
    """Issue a certificate, exactly once for a case and a type: repeating the command returns the first one.

    Whether the holder is entitled to it was decided by the case. The certificate is sealed with the seal that its
    issuer's head has allowed for the type.

    Args:
        type_code: the type, as `food-permit`.
        holder: whose it is.
        values: field → value; fields that repeat the holder may be left out.
        case_id: the case that decided it.
        actor: who decided, or the platform.
        at: now.
        department_id: who issues; needed only where several departments issue the type.
        keepers: who else holds it as his own, as the parents of a child do.
        active_from: from when it is valid; from now on by default.

    Basis: State Council Decree 716, articles 10 and 11.

    Raises:
        CertificateTypeNotFound: there is no such type.
        HolderUnfit, ValuesUnfit: it cannot be issued so.
        IssuerUnknown: it is not settled who issues it.
        IssuedOtherwise: the case has issued one with other contents.
        NoStandingUse, SealNotInUse, SealOutOfTime: its issuer has no seal for it.
        CharactersNotSet: it holds characters that no font of ours has; nothing is issued.
        NoTimestamp: the timestamp authority does not answer; nothing is issued.
    """
    version = current_version(type_code)
    found, kept_by, begins = version.read(), tuple(keepers), active_from or at
    check_holder(holder, kind=found.holder, has_keepers=any(one.is_known for one in kept_by))
    wanted = Wanted(
        version=version,
        type=found,
        holder=holder,
        values=fit_values(found, values, holder=holder),
        keepers=kept_by,
        case_id=case_id,
        department_id=issuer_of(type_code, wanted=department_id, actor=actor),
        active_from=begins,
        active_to=found.validity.end(local_midnight(begins)),
    )
    return record_of(put_in_force(wanted, actor=actor, at=at), found, at=at)


def check_contents(
    *, type_code: str, holder: Holder, values: Mapping[str, str], keepers: Iterable[Holder] = ()
) -> None:
    """Check that a certificate could say what it would have to; nothing is issued, and no seal is asked for.

    Raises:
        CertificateTypeNotFound: there is no such type.
        HolderUnfit, ValuesUnfit: it cannot be issued so.
    """
    found = current_version(type_code).read()
    check_holder(holder, kind=found.holder, has_keepers=any(one.is_known for one in keepers))
    fit_values(found, values, holder=holder)


def put_in_force(wanted: Wanted, *, actor: Actor, at: datetime) -> Certificate:
    """Write a certificate with its readers, have it sealed, and announce it; or return the one its case has issued.

    Raises:
        IssuedOtherwise, and what sealing refuses.
    """
    row = _row_of(wanted, actor=actor, at=at)
    Certificate.objects.bulk_create([row], ignore_conflicts=wanted.case_id is not None)
    if wanted.case_id is not None:
        first = _of_case(wanted)
        if first.pk != row.pk:
            return first
    readers = {(digest_of(one), is_holder) for one, is_holder in _readers(wanted)}
    CertificateReader.objects.bulk_create(
        CertificateReader(certificate=row, digest=digest, is_holder=is_holder)
        for digest, is_holder in readers
        if digest is not None
    )
    files = trust.seal_by_standing_use(
        document_kind=document_kind(row.type_code),
        document_id=row.pk,
        document=sealable(row, wanted.type),
        department_id=row.department_id,
        formats=frozenset({trust.SealFormat.PDF}),
        actor=actor,
        at=at,
    )
    publish(
        CertificateIssued(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=wanted.department_id,
            certificate_id=str(row.pk),
            type_code=row.type_code,
            number=row.number,
            digest=next((one.digest for one in files if one.format == trust.SealFormat.PDF), ""),
            case_id=str(row.case_id or ""),
            predecessor_id=str(row.predecessor_id or ""),
        )
    )
    return row


def subject_of(row: Certificate) -> Subject:
    """Return what the audit shows of a certificate: its type, nobody's name."""
    return Subject("certificate", str(row.pk), f"{row.type_code} {row.edition}")


def _row_of(wanted: Wanted, *, actor: Actor, at: datetime) -> Certificate:
    office, before = trust.department(department_id=wanted.department_id), wanted.predecessor
    number = CertificateNumber.of(
        kind=wanted.type.number,
        issuer=CreditCode.parse(office.code),
        serial=before.serial if before else _serial(at),
        version=before.edition + 1 if before else 1,
    )
    row = Certificate(
        version=wanted.version,
        type_code=wanted.type.code,
        number=str(number),
        serial=number.serial,
        edition=number.version,
        holder_kind=wanted.holder.kind,
        holder_digest=digest_of(wanted.holder),
        values_digest=wanted.digest,
        case_id=wanted.case_id,
        department_id=wanted.department_id,
        office_name=office.name,
        active_from=wanted.active_from,
        active_to=wanted.active_to,
        issued_at=at,
        issued_by=actor.id,
        issued_by_name=actor.name[:100],
        predecessor=before,
    )
    row.holder_name, row.holder_number = wanted.holder.name, wanted.holder.number
    row.values = dict(wanted.values)
    return row


def _of_case(wanted: Wanted) -> Certificate:
    """Return what the case has issued of the type: this one, or the one that was first.

    Raises:
        IssuedOtherwise: that says something else.
    """
    first = Certificate.objects.select_related("version").get(
        case_id=wanted.case_id, type_code=wanted.type.code
    )
    if bytes(first.values_digest) != wanted.digest:
        raise IssuedOtherwise(type=wanted.type.code)
    return first


def _readers(wanted: Wanted) -> Iterable[tuple[Holder, bool]]:
    yield wanted.holder, True
    yield from ((one, False) for one in wanted.keepers if one.number != wanted.holder.number)


def _serial(at: datetime) -> str:
    """Return the day and random letters."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(_RANDOM_LETTERS))
    return f"{at.astimezone(get_default_timezone()):%Y%m%d}{drawn}"


def local_midnight(at: datetime) -> datetime:
    """Return the beginning of the day, so that a certificate ends with a day."""
    return at.astimezone(get_default_timezone()).replace(hour=0, minute=0, second=0, microsecond=0)
