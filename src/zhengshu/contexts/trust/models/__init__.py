"""Tables of `trust`: people and departments, what guards their sign-in, systems and keys, the audit."""

from zhengshu.contexts.trust.models.audit import AuditEvent, AuditEventSet
from zhengshu.contexts.trust.models.log_keys import LogKey
from zhengshu.contexts.trust.models.people import (
    Account,
    AccountSet,
    Delegation,
    Department,
    DepartmentSet,
    Enterprise,
    RoleAssignment,
)
from zhengshu.contexts.trust.models.proof_log import LogAlarm, LogEntry, LogName, LogQueueItem, Witness
from zhengshu.contexts.trust.models.providers import (
    HeardNotice,
    IdentityProvider,
    LinkedIdentity,
    ProviderSession,
)
from zhengshu.contexts.trust.models.seals import (
    Seal,
    SealApproval,
    SealKey,
    SealSet,
    SealStandingUse,
    SealUse,
    SealUser,
)
from zhengshu.contexts.trust.models.security import (
    PasswordRecord,
    SecurityPolicy,
    SessionRecord,
    SignInGuard,
)
from zhengshu.contexts.trust.models.sign_on import (
    Consent,
    DeviceRequest,
    PartySession,
    RelyingParty,
    SignInCode,
    SigningKey,
)
from zhengshu.contexts.trust.models.sources import AccountSource, SourcedAccount
from zhengshu.contexts.trust.models.systems import ConsumingSystem, ConsumingSystemSet, SystemKey

__all__ = [
    "Account",
    "AccountSet",
    "AccountSource",
    "AuditEvent",
    "AuditEventSet",
    "Consent",
    "ConsumingSystem",
    "ConsumingSystemSet",
    "Delegation",
    "Department",
    "DepartmentSet",
    "DeviceRequest",
    "Enterprise",
    "HeardNotice",
    "IdentityProvider",
    "LinkedIdentity",
    "LogAlarm",
    "LogEntry",
    "LogKey",
    "LogName",
    "LogQueueItem",
    "PartySession",
    "PasswordRecord",
    "ProviderSession",
    "RelyingParty",
    "RoleAssignment",
    "Seal",
    "SealApproval",
    "SealKey",
    "SealSet",
    "SealStandingUse",
    "SealUse",
    "SealUser",
    "SecurityPolicy",
    "SessionRecord",
    "SignInCode",
    "SignInGuard",
    "SigningKey",
    "SourcedAccount",
    "SystemKey",
    "Witness",
]
