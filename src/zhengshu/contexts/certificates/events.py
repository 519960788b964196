"""What `certificates` announces. No holder is named; the number goes into the proof log as a commitment only."""

from dataclasses import dataclass
from typing import ClassVar

from zhengshu.foundation.events import Event, event_type


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateTypeLoaded(Event):
    """A version of a certificate type became the current one."""

    wire_name: ClassVar[str] = "certificates.type.loaded.v1"
    digest: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerNamed(Event):
    """A department was authorised to issue a type of certificate."""

    wire_name: ClassVar[str] = "certificates.issuer.named.v1"
    is_proven: ClassVar[bool] = True
    type_code: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class IssuerRemoved(Event):
    """A department may no longer issue a type of certificate."""

    wire_name: ClassVar[str] = "certificates.issuer.removed.v1"
    is_proven: ClassVar[bool] = True
    type_code: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateIssued(Event):
    """A certificate was issued.

    Attributes:
        number: its identifier; in the proof log only within the commitment.
        digest: SHA-256 of the sealed PDF.
        predecessor_id: the version in whose place it stands; empty for the first.
    """

    wire_name: ClassVar[str] = "certificates.certificate.issued.v1"
    is_proven: ClassVar[bool] = True
    certificate_id: str
    type_code: str
    number: str
    digest: str
    case_id: str = ""
    predecessor_id: str = ""


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateEndedEarly(Event):
    """A certificate was taken back, cancelled or transferred.

    Attributes:
        ending: the code of how it ended.
    """

    wire_name: ClassVar[str] = "certificates.certificate.ended.v1"
    is_proven: ClassVar[bool] = True
    certificate_id: str
    type_code: str
    ending: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateShown(Event):
    """A certificate was shown by its holder."""

    wire_name: ClassVar[str] = "certificates.certificate.shown.v1"
    is_proven: ClassVar[bool] = True
    certificate_id: str
    presentation_id: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class PresentationRefused(Event):
    """A code that shows a certificate was tried again, or too late."""

    wire_name: ClassVar[str] = "certificates.presentation.refused.v1"
    is_success: ClassVar[bool] = False
    reason: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateUsed(Event):
    """A certificate was used in a case."""

    wire_name: ClassVar[str] = "certificates.certificate.used.v1"
    certificate_id: str
    kind: str
    case_id: str
    purpose: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateTaken(Event):
    """A file of a certificate was downloaded."""

    wire_name: ClassVar[str] = "certificates.certificate.taken.v1"
    certificate_id: str
    format: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatesExported(Event):
    """A list of certificates was exported."""

    wire_name: ClassVar[str] = "certificates.list.exported.v1"
    rows: int
