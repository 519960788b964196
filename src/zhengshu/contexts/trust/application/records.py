"""What `trust` hands out: frozen records, never rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.trust.domain.kinds import AccountKind, KeyAlgorithm, Level, OfficialRule
from zhengshu.contexts.trust.models import Account, ConsumingSystem, Department, SystemKey
from zhengshu.kernel.actors import Role
from zhengshu.kernel.identity import DepartmentId, OfficialId, SystemId


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRecord:
    """A department."""

    id: DepartmentId
    code: str
    name: str
    short_name: str
    region: str
    level: Level
    parent_id: DepartmentId | None
    is_data_authority: bool
    is_active: bool = True

    @classmethod
    def of(cls, row: Department) -> "DepartmentRecord":
        """Make the record of a row."""
        return cls(
            id=DepartmentId(row.id),
            code=row.code,
            name=row.name,
            short_name=row.short_name,
            region=row.region,
            level=Level(row.level),
            parent_id=DepartmentId(row.parent_id) if row.parent_id else None,
            is_data_authority=row.is_data_authority,
            is_active=row.is_active,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialRecord:
    """An official, with the roles held now."""

    id: OfficialId
    username: str
    name: str
    department_id: DepartmentId
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecord:
    """An account as the administrators' lists show it."""

    id: UUID
    username: str
    name: str
    kind: AccountKind
    department_id: UUID | None
    department_name: str
    roles: tuple[Role, ...]
    is_active: bool
    is_locked: bool
    is_stale: bool
    must_change_password: bool
    last_sign_in_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumingSystemRecord:
    """An information system that may call the gateway; see `ConsumingSystem` for its rules."""

    id: SystemId
    name: str
    department_id: DepartmentId
    is_active: bool
    created_at: datetime
    official_rule: OfficialRule
    may_report: bool

    @classmethod
    def of(cls, row: ConsumingSystem) -> "ConsumingSystemRecord":
        """Make the record of a row."""
        return cls(
            id=SystemId(row.id),
            name=row.name,
            department_id=DepartmentId(row.department_id),
            is_active=row.is_active,
            created_at=row.created_at,
            official_rule=OfficialRule(row.official_rule),
            may_report=row.may_report,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """A key of a system, without its secret."""

    key_id: str
    system_id: SystemId
    algorithm: KeyAlgorithm
    active_from: datetime
    active_to: datetime
    revoked_at: datetime | None
    is_known_to_leaver: bool = False
    """Whether its secret was shown to somebody who works here no longer: it is to be renewed."""

    @classmethod
    def of(cls, row: SystemKey) -> "KeyRecord":
        """Make the record of a row."""
        return cls(
            key_id=row.key_id,
            system_id=SystemId(row.system_id),
            algorithm=KeyAlgorithm(row.algorithm),
            active_from=row.active_from,
            active_to=min(row.active_to, row.revoked_at) if row.revoked_at else row.active_to,
            revoked_at=row.revoked_at,
            is_known_to_leaver=bool(getattr(row, "is_known_to_leaver", False)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedKey:
    """A key at the only moment at which its secret is known outside of the seal.

    Attributes:
        secret: base64, None for a key pair, whose private half never leaves the system that made it.
    """

    key_id: str
    system_id: SystemId
    algorithm: KeyAlgorithm
    secret: str | None
    active_from: datetime
    active_to: datetime


def subject_label(account: Account) -> str:
    """Return what the audit calls an account: officials by user name, private persons not at all."""
    return account.username if account.kind == AccountKind.OFFICIAL else ""
