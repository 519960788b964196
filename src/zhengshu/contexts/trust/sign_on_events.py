"""What `trust` announces of signing in elsewhere and from elsewhere; `events` has the rest."""

from dataclasses import dataclass
from typing import ClassVar

from zhengshu.foundation.events import Event, event_type


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingPartyAdded(Event):
    """A relying party was registered."""

    wire_name: ClassVar[str] = "trust.relying-party.added.v1"
    is_proven: ClassVar[bool] = True
    scopes: tuple[str, ...]


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingPartyChanged(Event):
    """A relying party was changed."""

    wire_name: ClassVar[str] = "trust.relying-party.changed.v1"
    is_proven: ClassVar[bool] = True
    changed: tuple[str, ...]


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingPartyClosed(Event):
    """A relying party was closed: nobody signs in to it any more."""

    wire_name: ClassVar[str] = "trust.relying-party.closed.v1"
    is_proven: ClassVar[bool] = True


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingPartySecretRenewed(Event):
    """A relying party got a new secret; the former one stopped working."""

    wire_name: ClassVar[str] = "trust.relying-party.secret-renewed.v1"
    is_proven: ClassVar[bool] = True


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentGiven(Event):
    """A person let a relying party know something."""

    wire_name: ClassVar[str] = "trust.consent.given.v1"
    party: str
    scopes: tuple[str, ...]


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Event):
    """A person withdrew what a relying party was let know."""

    wire_name: ClassVar[str] = "trust.consent.withdrawn.v1"
    party: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SignedInElsewhere(Event):
    """Somebody signed in to a relying party."""

    wire_name: ClassVar[str] = "trust.relying-party.signed-in.v1"
    party: str
    level: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class CodeReplayed(Event):
    """A code for signing in was used a second time: what it had opened was closed."""

    wire_name: ClassVar[str] = "trust.sign-in-code.replayed.v1"
    is_success: ClassVar[bool] = False
    party: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceAnswered(Event):
    """Somebody let a device in, or refused it."""

    wire_name: ClassVar[str] = "trust.device.answered.v1"
    party: str
    is_granted: bool


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingPartyNotTold(Event):
    """A relying party could not be told that a session had ended."""

    wire_name: ClassVar[str] = "trust.relying-party.not-told.v1"
    is_success: ClassVar[bool] = False
    attempts: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeyIssued(Event):
    """A key that signs ID tokens was issued."""

    wire_name: ClassVar[str] = "trust.signing-key.issued.v1"
    is_proven: ClassVar[bool] = True


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAdded(Event):
    """Another provider was admitted to the sign-in."""

    wire_name: ClassVar[str] = "trust.provider.added.v1"
    is_proven: ClassVar[bool] = True
    issuer: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderChanged(Event):
    """What is registered of another provider was changed."""

    wire_name: ClassVar[str] = "trust.provider.changed.v1"
    is_proven: ClassVar[bool] = True
    changed: tuple[str, ...]


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderClosed(Event):
    """Another provider was closed: nobody signs in by it any more."""

    wire_name: ClassVar[str] = "trust.provider.closed.v1"
    is_proven: ClassVar[bool] = True


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityLinked(Event):
    """Somebody linked an identity elsewhere to the own account."""

    wire_name: ClassVar[str] = "trust.identity.linked.v1"
    provider: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityUnlinked(Event):
    """An identity elsewhere was unlinked from an account."""

    wire_name: ClassVar[str] = "trust.identity.unlinked.v1"
    provider: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRefused(Event):
    """An answer in the name of another provider was not believed."""

    wire_name: ClassVar[str] = "trust.provider.refused.v1"
    is_success: ClassVar[bool] = False
    reason: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsImported(Event):
    """Officials' accounts were taken over from a list of another place."""

    wire_name: ClassVar[str] = "trust.accounts.imported.v1"
    is_proven: ClassVar[bool] = True
    counts: dict[str, int]


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRenamed(Event):
    """The name of an account's owner was changed."""

    wire_name: ClassVar[str] = "trust.account.renamed.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSourceAdded(Event):
    """A program of another place may keep officials' accounts."""

    wire_name: ClassVar[str] = "trust.account-source.added.v1"
    is_proven: ClassVar[bool] = True


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSourceClosed(Event):
    """A program of another place may keep officials' accounts no more."""

    wire_name: ClassVar[str] = "trust.account-source.closed.v1"
    is_proven: ClassVar[bool] = True
