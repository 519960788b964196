"""What `trust` announces of seals. A personal seal is named by its code only."""

from dataclasses import dataclass
from typing import ClassVar

from zhengshu.foundation.events import Event, event_type


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SealAppliedFor(Event):
    """A seal was applied for."""

    wire_name: ClassVar[str] = "trust.seal.applied-for.v1"
    kind: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SealRefused(Event):
    """A seal was refused, or its application was withdrawn."""

    wire_name: ClassVar[str] = "trust.seal.refused.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SealMade(Event):
    """A seal was made."""

    wire_name: ClassVar[str] = "trust.seal.made.v1"
    is_proven: ClassVar[bool] = True
    code: str
    fingerprints: tuple[str, ...]


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SealRevoked(Event):
    """A seal was revoked, and its certificates with it."""

    wire_name: ClassVar[str] = "trust.seal.revoked.v1"
    is_proven: ClassVar[bool] = True
    code: str
    fingerprints: tuple[str, ...]


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SealUserNamed(Event):
    """Somebody was authorised to use a seal."""

    wire_name: ClassVar[str] = "trust.seal.user-named.v1"
    is_proven: ClassVar[bool] = True
    account_id: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SealUserRemoved(Event):
    """Somebody is no longer authorised to use a seal."""

    wire_name: ClassVar[str] = "trust.seal.user-removed.v1"
    is_proven: ClassVar[bool] = True
    account_id: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SealUsed(Event):
    """A seal was put on a document."""

    wire_name: ClassVar[str] = "trust.seal.used.v1"
    is_proven: ClassVar[bool] = True
    code: str
    approval_id: str
    format: str
    digest: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SealUseRefused(Event):
    """The use of a seal was refused."""

    wire_name: ClassVar[str] = "trust.seal.use-refused.v1"
    is_success: ClassVar[bool] = False
    reason: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SealAuthorityFounded(Event):
    """A key of the authority for seals was made."""

    wire_name: ClassVar[str] = "trust.seal-authority.founded.v1"
    is_proven: ClassVar[bool] = True
    use: str
    scheme: str
    fingerprint: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SealCertificateInstalled(Event):
    """Another authority's certificate was installed for a seal."""

    wire_name: ClassVar[str] = "trust.seal.certificate-installed.v1"
    is_proven: ClassVar[bool] = True
    scheme: str
    fingerprint: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SealStandingUseAllowed(Event):
    """The platform was allowed to put a seal on documents of a kind."""

    wire_name: ClassVar[str] = "trust.seal.standing-use-allowed.v1"
    is_proven: ClassVar[bool] = True
    document_kind: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SealStandingUseEnded(Event):
    """The platform may no longer put a seal on documents of a kind."""

    wire_name: ClassVar[str] = "trust.seal.standing-use-ended.v1"
    is_proven: ClassVar[bool] = True
    document_kind: str
