"""Anybody checks a certificate by its identifier: whether we issued it, where it stands, what strangers may read."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from zhengshu.contexts.certificates.application.limit_tries import check_tries, note_failed_try
from zhengshu.contexts.certificates.application.records import CertificateRecord, record_of
from zhengshu.contexts.certificates.application.use_certificate import note_use
from zhengshu.contexts.certificates.domain.states import Standing
from zhengshu.contexts.certificates.domain.types import CertificateType, HolderKind
from zhengshu.contexts.certificates.domain.values import masked
from zhengshu.contexts.certificates.domain.wording import in_words
from zhengshu.contexts.certificates.models import Certificate, UseKind
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.certificates import CertificateNumber
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.masks import Mask, apply


class CertificateNotIssued(Refused):
    """The identifier is well formed, but nobody here has issued such a certificate: it is forged, or from elsewhere."""

    code: ClassVar[str] = "certificates.not-issued"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = (
        "No certificate with this identifier was issued here. Do not trust it unless another platform confirms it."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What anybody learns of a certificate.

    Attributes:
        ended_because: why it ended, in the language of the office; empty where its holder is a person, of whom an
            official's words may tell what is nobody else's business.
        facts: field and value, masked by grade.
        predecessor_number: the identifier of the version whose place it took; empty where there is none.
        successor_number: the identifier of the version in its place; empty where there is none.
    """

    number: str
    type_code: str
    type_name: str
    holder_name: str
    office_name: str
    standing: Standing
    ending: str
    ended_at: datetime | None
    ended_because: str
    active_from: datetime
    active_to: datetime | None
    issued_at: datetime
    facts: tuple[tuple[str, str], ...]
    predecessor_number: str
    successor_number: str

    @property
    def is_valid(self) -> bool:
        """Whether it is in force now."""
        return self.standing is Standing.VALID


def verify(*, number: str, actor: Actor, at: datetime, language: str = "zh-hans") -> Verified:
    """Check a certificate by its identifier; that it was checked is counted for its holder.

    Raises:
        CertificateNumberInvalid: it is no identifier, or mistyped: its check character does not fit.
        CertificateNotIssued: nobody here has issued such a certificate.
        TooManyTries: identifiers were tried in vain too often from here.
    """
    check_tries(actor=actor, at=at)
    read = CertificateNumber.parse(number)
    try:
        return _verified(read, actor=actor, at=at, language=language)
    except CertificateNotIssued:
        note_failed_try(actor=actor, at=at)
        raise


@transaction
def _verified(read: CertificateNumber, *, actor: Actor, at: datetime, language: str) -> Verified:
    row = (
        Certificate.objects.select_related("version", "predecessor", "successor")
        .filter(number=str(read))
        .first()
    )
    if row is None:
        raise CertificateNotIssued
    note_use(row, UseKind.VERIFIED, at=at, who=actor.department_name)
    found = row.version.read()
    record = record_of(row, found, at=at)
    successor: Certificate | None = getattr(row, "successor", None)
    return Verified(
        number=record.number,
        type_code=record.type_code,
        type_name=found.names.of(language),
        holder_name=_holder_name(record, found),
        office_name=record.office_name,
        standing=record.standing,
        ending=record.ending,
        ended_at=record.ended_at,
        ended_because=record.ended_because if _may_tell_why(record) else "",
        active_from=record.active_from,
        active_to=record.active_to,
        issued_at=record.issued_at,
        facts=in_words(found, masked(found, record.values), language=language),
        predecessor_number=row.predecessor.number if row.predecessor else "",
        successor_number=successor.number if successor else "",
    )


def _may_tell_why(record: CertificateRecord) -> bool:
    """Whether strangers read why it ended: always that a later version is there, otherwise of an enterprise's alone."""
    return record.standing is Standing.REPLACED or record.holder.kind is HolderKind.ENTERPRISE


def _holder_name(record: CertificateRecord, found: CertificateType) -> str:
    is_person = found.holder.value == "person"
    return apply(Mask.NAME, record.holder.name) if is_person else record.holder.name
