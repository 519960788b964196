"""What `trust` announces. Accounts are named by their user name where they are officials', by nothing otherwise."""

from dataclasses import dataclass
from typing import ClassVar

from zhengshu.foundation.events import Event, event_type


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentAdded(Event):
    """A department was added."""

    wire_name: ClassVar[str] = "trust.department.added.v1"
    is_proven: ClassVar[bool] = True
    region: str
    level: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentChanged(Event):
    """A department was changed."""

    wire_name: ClassVar[str] = "trust.department.changed.v1"
    changed: tuple[str, ...]


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentClosed(Event):
    """A department was closed: its systems' keys stop working."""

    wire_name: ClassVar[str] = "trust.department.closed.v1"
    is_proven: ClassVar[bool] = True


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountAdded(Event):
    """An account was added."""

    wire_name: ClassVar[str] = "trust.account.added.v1"
    kind: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDeactivated(Event):
    """An account was deactivated."""

    wire_name: ClassVar[str] = "trust.account.deactivated.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountReactivated(Event):
    """An account was reactivated."""

    wire_name: ClassVar[str] = "trust.account.reactivated.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMoved(Event):
    """An official moved to another department and lost the roles held in the former one."""

    wire_name: ClassVar[str] = "trust.account.moved.v1"
    from_department: str
    to_department: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseAdded(Event):
    """An enterprise was added."""

    wire_name: ClassVar[str] = "trust.enterprise.added.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseRenamed(Event):
    """The name of an enterprise was changed, because its registration was."""

    wire_name: ClassVar[str] = "trust.enterprise.renamed.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationGiven(Event):
    """A person may act for an enterprise."""

    wire_name: ClassVar[str] = "trust.delegation.given.v1"
    is_proven: ClassVar[bool] = True
    enterprise_code: str
    scope: tuple[str, ...] = ("data", "matters", "sites")
    until: str = ""


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationEnded(Event):
    """A person may no longer act for an enterprise."""

    wire_name: ClassVar[str] = "trust.delegation.ended.v1"
    is_proven: ClassVar[bool] = True
    enterprise_code: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssigned(Event):
    """A role was assigned."""

    wire_name: ClassVar[str] = "trust.role.assigned.v1"
    is_proven: ClassVar[bool] = True
    role: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RoleEnded(Event):
    """A role was taken away."""

    wire_name: ClassVar[str] = "trust.role.ended.v1"
    is_proven: ClassVar[bool] = True
    role: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRegistered(Event):
    """A consuming system was registered."""

    wire_name: ClassVar[str] = "trust.system.registered.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SystemDeactivated(Event):
    """A consuming system was deactivated: its keys stop working."""

    wire_name: ClassVar[str] = "trust.system.deactivated.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SystemReactivated(Event):
    """A consuming system was reactivated."""

    wire_name: ClassVar[str] = "trust.system.reactivated.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRuleChanged(Event):
    """What is asked of or allowed to a consuming system was changed."""

    wire_name: ClassVar[str] = "trust.system.rule-changed.v1"
    rule: str
    before: str
    after: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class KeyIssued(Event):
    """A key was issued to a consuming system."""

    wire_name: ClassVar[str] = "trust.key.issued.v1"
    is_proven: ClassVar[bool] = True
    key_id: str
    algorithm: str
    overlap_seconds: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRevoked(Event):
    """A key of a consuming system was revoked."""

    wire_name: ClassVar[str] = "trust.key.revoked.v1"
    is_proven: ClassVar[bool] = True
    key_id: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChanged(Event):
    """The security policy was changed."""

    wire_name: ClassVar[str] = "trust.policy.changed.v1"
    is_proven: ClassVar[bool] = True
    before: dict[str, str]
    after: dict[str, str]


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(Event):
    """Somebody signed in."""

    wire_name: ClassVar[str] = "trust.session.started.v1"
    second_factor: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(Event):
    """Somebody signed out, or was signed out."""

    wire_name: ClassVar[str] = "trust.session.ended.v1"
    reason: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFailed(Event):
    """An attempt to sign in failed."""

    wire_name: ClassVar[str] = "trust.sign-in.failed.v1"
    is_success: ClassVar[bool] = False
    step: str
    failures: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLocked(Event):
    """A name was locked after too many failures."""

    wire_name: ClassVar[str] = "trust.account.locked.v1"
    is_success: ClassVar[bool] = False
    minutes: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AccountUnlocked(Event):
    """An account was unlocked by the security administrator."""

    wire_name: ClassVar[str] = "trust.account.unlocked.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(Event):
    """Somebody changed the own password."""

    wire_name: ClassVar[str] = "trust.password.changed.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordReset(Event):
    """An administrator gave an account a new first password."""

    wire_name: ClassVar[str] = "trust.password.reset.v1"


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorAdded(Event):
    """A second factor was added to an account."""

    wire_name: ClassVar[str] = "trust.second-factor.added.v1"
    factor: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorRemoved(Event):
    """A second factor was removed from an account."""

    wire_name: ClassVar[str] = "trust.second-factor.removed.v1"
    factor: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AuditExported(Event):
    """Audit events were exported."""

    wire_name: ClassVar[str] = "trust.audit.exported.v1"
    is_proven: ClassVar[bool] = True
    form: str
    rows: int
    filters: dict[str, str]


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRefused(Event):
    """Somebody who is not the audit administrator tried to open the audit."""

    wire_name: ClassVar[str] = "trust.audit.refused.v1"
    is_success: ClassVar[bool] = False
    path: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class DataKeysRotated(Event):
    """Keys that encrypt stored data were rotated."""

    wire_name: ClassVar[str] = "trust.data-keys.rotated.v1"
    is_proven: ClassVar[bool] = True
    count: int


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class RootKeyChanged(Event):
    """The root key was changed, or former ones forgotten."""

    wire_name: ClassVar[str] = "trust.root-key.changed.v1"
    is_proven: ClassVar[bool] = True
    name: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessAdded(Event):
    """A witness of the proof log was added."""

    wire_name: ClassVar[str] = "trust.witness.added.v1"
    is_proven: ClassVar[bool] = True
    vkey: str


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessRetired(Event):
    """A witness of the proof log was retired."""

    wire_name: ClassVar[str] = "trust.witness.retired.v1"
    is_proven: ClassVar[bool] = True


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class LogAlarmRaised(Event):
    """An alarm about the proof log was raised."""

    wire_name: ClassVar[str] = "trust.log-alarm.raised.v1"
    is_proven: ClassVar[bool] = True
    is_success: ClassVar[bool] = False
    kind: str
    reporter: str = ""


@event_type
@dataclass(frozen=True, slots=True, kw_only=True)
class LogAlarmCleared(Event):
    """An alarm about the proof log has ended."""

    wire_name: ClassVar[str] = "trust.log-alarm.cleared.v1"
    is_proven: ClassVar[bool] = True
    kind: str
