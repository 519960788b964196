"""In whose name somebody acts, and for what: the scope of a delegation is data, not a role."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Power(StrEnum):
    """What somebody may do in an enterprise's name."""

    MATTERS = "matters"
    """Apply, follow and answer in the enterprise's matters on this platform; its codes are those of case types."""
    DATA = "data"
    """Have the platform fetch what authoritative sources know of the enterprise."""
    SITES = "sites"
    """Be named as its handler to the sites that people sign in to with this platform; its codes are theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """A delegation that is in force.

    Attributes:
        id: the delegation.
        enterprise_id: in whose name.
        enterprise_code: its unified social credit code.
        scope: for what: `matters` for all matters, `matters:stall-permit` for one kind of them.
        is_representative: whether it is the legal representative's own, which covers everything.
    """

    id: UUID
    enterprise_id: UUID
    enterprise_code: str
    scope: frozenset[str]
    is_representative: bool = False

    def covers(self, power: Power, code: str = "") -> bool:
        """Whether it is for everything of a kind, or for the one thing of that kind that has the code."""
        if self.is_representative or power.value in self.scope:
            return True
        return bool(code) and f"{power.value}:{code}" in self.scope

    def codes(self, power: Power) -> frozenset[str]:
        """Return the single things of a kind that it is for; empty where it is for all or for none."""
        prefix = f"{power.value}:"
        return frozenset(item.removeprefix(prefix) for item in self.scope if item.startswith(prefix))


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBehalf:
    """Under which delegation something was done: for the audit and, as a commitment, for the proof log."""

    delegation: UUID
    enterprise_code: str
