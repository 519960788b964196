"""Who acts: the person or program in whose name something is read or done."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self
from uuid import UUID

from zhengshu.kernel.identity import DepartmentId
from zhengshu.kernel.levels import Assurance
from zhengshu.kernel.mandates import Mandate, OnBehalf, Power


class Role(StrEnum):
    """What a person may be in the platform; `docs/contexts/trust.md` says what each may do."""

    CITIZEN = "citizen"
    ENTERPRISE_DELEGATE = "enterprise_delegate"
    DATA_OFFICER = "data_officer"
    DEPARTMENT_HEAD = "department_head"
    REVIEWER = "reviewer"
    """Data-authority reviewer."""
    WINDOW_CLERK = "window_clerk"
    APPROVER = "approver"
    OPERATOR = "operator"
    LEADER = "leader"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""The three that one person can never combine (三员分立)."""

OFFICIALS = frozenset(Role) - {Role.CITIZEN, Role.ENTERPRISE_DELEGATE}
"""Roles that only a department's staff hold."""

APPLICANTS = frozenset({Role.CITIZEN, Role.ENTERPRISE_DELEGATE})
"""Roles of those who ask government for something, for themselves or for an enterprise."""

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person (or the platform itself) with the department and roles in which it acts.

    Attributes:
        id: the account; `NOBODY` for anonymous visitors and for the platform itself.
        name: what lists and the audit show.
        department_id: the department whose matters it may see; None for the public and the platform.
        department_name: what the department is called, short where it may be; empty where nobody has to read it.
        roles: what it may do.
        is_platform: a job of the platform, which sees everything and answers to the audit by its name.
        enterprise_ids: the enterprises in whose name it may act now in all matters.
        address: where the request came from, for the audit; empty for jobs.
        is_assured: whether it has lately shown who it is, closely enough for sensitive acts; sessions are asked, what
            is no session always is.
        level: how surely it has shown that lately; what is no session has the highest.
        mandates: the delegations by which it acts for enterprises now, also those for single kinds of matters.
    """

    id: UUID
    name: str
    department_id: DepartmentId | None = None
    department_name: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)
    is_platform: bool = False
    address: str = ""
    enterprise_ids: frozenset[UUID] = field(default_factory=frozenset)
    is_assured: bool = True
    level: Assurance = Assurance.BOUND_KEY
    mandates: tuple[Mandate, ...] = ()

    @classmethod
    def anonymous(cls, *, address: str = "") -> Self:
        """Return the visitor who has not signed in."""
        return cls(id=NOBODY, name="", address=address)

    @classmethod
    def platform(cls, name: str) -> Self:
        """Return a job of the platform, named for the audit (``lake.collect``)."""
        return cls(id=NOBODY, name=name, is_platform=True)

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody (or the platform) stands behind it."""
        return self.is_platform or self.id != NOBODY

    def has(self, *roles: Role) -> bool:
        """Whether it holds at least one of the roles; the platform holds all."""
        return self.is_platform or not self.roles.isdisjoint(roles)

    def acts_for(self, enterprise_id: UUID, *, matter: str) -> bool:
        """Whether it may act in an enterprise's name in matters of a kind, a case type's code."""
        return enterprise_id in self.enterprises_in(matter)

    def enterprises_in(self, matter: str) -> frozenset[UUID]:
        """Return the enterprises in whose name it may act in matters of a kind."""
        return self.enterprise_ids | self._covered(Power.MATTERS, matter)

    @property
    def enterprises_with_data(self) -> frozenset[UUID]:
        """The enterprises of which it may have data fetched."""
        mandated = {one.enterprise_id for one in self.mandates}
        return (self.enterprise_ids - mandated) | self._covered(Power.DATA)

    def on_behalf(self, enterprise_id: UUID | None, *, matter: str) -> OnBehalf | None:
        """Return under which delegation it acts for an enterprise; None for its representative and for anybody else."""
        own = [one for one in self.mandates if one.enterprise_id == enterprise_id]
        if any(one.is_representative for one in own):
            return None
        found = next((one for one in own if one.covers(Power.MATTERS, matter)), None)
        return OnBehalf(delegation=found.id, enterprise_code=found.enterprise_code) if found else None

    def _covered(self, power: Power, code: str = "") -> frozenset[UUID]:
        return frozenset(one.enterprise_id for one in self.mandates if one.covers(power, code))
