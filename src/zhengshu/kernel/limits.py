"""Time limits as data: a number, a unit and the law that sets it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar, Self

from zhengshu.kernel.errors import Kind, Refused


class LimitUnit(StrEnum):
    """What a limit counts."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    WORKING_HOURS = "working_hours"
    HOURS = "hours"


class LimitLaxerThanLaw(Refused):
    """A region may shorten a limit that the law sets, never lengthen it."""

    code: ClassVar[str] = "kernel.limit-laxer-than-law"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The limit %(code)s may not be longer than %(value)s, which %(basis)s sets."


class LimitNotPositive(Refused):
    """A limit counts at least one unit, and warns within itself."""

    code: ClassVar[str] = "kernel.limit-not-positive"
    message: ClassVar[str] = "The limit %(code)s must count at least 1, and its warning must lie within it."


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """How long something may take.

    Attributes:
        code: its name in the case type or the settings, such as ``answer``.
        value: how many units.
        unit: what is counted.
        basis: the article that sets it, such as ``国务院令第809号第二十一条``.
        warn: the light turns yellow when so many units or fewer are left; None: a quarter of the value.
    """

    code: str
    value: int
    unit: LimitUnit
    basis: str
    warn: int | None = None

    def __post_init__(self) -> None:
        if self.value < 1 or not 0 <= self.warning <= self.value:
            raise LimitNotPositive(code=self.code)

    @property
    def warning(self) -> int:
        """How many units before the end the light turns yellow."""
        return self.value // 4 if self.warn is None else self.warn

    def tightened(self, *, value: int, basis: str) -> Self:
        """Return the stricter limit that a region sets for itself.

        Raises:
            LimitLaxerThanLaw: the value is longer than the one it replaces.
        """
        if value > self.value:
            raise LimitLaxerThanLaw(code=self.code, value=self.value, basis=self.basis)
        return replace(
            self, value=value, basis=basis, warn=None if self.warn is None else min(self.warn, value)
        )

    def extended(self, *, value: int, basis: str) -> Self:
        """Return the limit lengthened by a lawful extension of so many units."""
        return replace(self, value=self.value + value, basis=f"{self.basis}；{basis}")
