"""What a dispute is about, and between whom (article 28)."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId


class NotASide(Refused):
    """A dispute is between the two departments of a request, a grant or a correction."""

    code = "exchange.not-a-side"
    kind = Kind.FORBIDDEN
    message = "Only the two departments of this matter can raise a dispute about it."


class DisputeUnderWay(Refused):
    """A department has one open dispute about a matter at a time; go on with that one."""

    code = "exchange.dispute-under-way"
    kind = Kind.CONFLICT
    message = "Your department's dispute about this is under way already (%(number)s). Go on with that one."


class DisputeAbout(StrEnum):
    """What departments may disagree about."""

    REQUEST = "request"
    GRANT = "grant"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """The matter of a dispute, as the claimant may see it.

    Attributes:
        name: what it is called; no personal data.
        sides: the two departments.
    """

    about: DisputeAbout
    id: UUID
    name: str
    sides: tuple[DepartmentId, DepartmentId]

    def other_side(self, claimant: DepartmentId | None) -> DepartmentId:
        """Return against whom a department raises the dispute.

        Raises:
            NotASide: it is on no side of the matter.
        """
        first, second = self.sides
        if claimant == first:
            return second
        if claimant == second:
            return first
        raise NotASide
