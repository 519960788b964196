"""How long an item may take: by law, and as its organ promises; a promise is never longer than the law."""

from enum import StrEnum
from fractions import Fraction
from typing import Final

import msgspec


class LimitUnit(StrEnum):
    """What the limit of an item counts."""

    AT_ONCE = "at_once"
    """Decided while the applicant waits; the value is 0."""
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


_DAYS: Final = {
    LimitUnit.AT_ONCE: Fraction(0),
    LimitUnit.HOURS: Fraction(1, 24),
    LimitUnit.WORKING_HOURS: Fraction(7, 5 * 8),
    LimitUnit.WORKING_DAYS: Fraction(7, 5),
    LimitUnit.DAYS: Fraction(1),
    LimitUnit.MONTHS: Fraction(30),
    LimitUnit.YEARS: Fraction(365),
}
"""Calendar days of a unit, for comparing alone: a week has five working days of eight hours, holidays left aside."""


class ItemLimit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time limit as the implementation list has it.

    Attributes:
        value: how many units.
        unit: what is counted.
        note: the explanation that the list gives beside the number.
        basis: the article that sets it.
    """

    value: int
    unit: LimitUnit
    note: str = ""
    basis: str = ""

    @property
    def days(self) -> Fraction:
        """About how many calendar days it is, to compare limits of different units."""
        return self.value * _DAYS[self.unit]

    def is_longer_than(self, other: "ItemLimit") -> bool:
        """Whether it leaves more time than another limit.

        >>> five = ItemLimit(value=5, unit=LimitUnit.WORKING_DAYS)
        >>> five.is_longer_than(ItemLimit(value=5, unit=LimitUnit.DAYS))
        True
        """
        return self.days > other.days


def saved_days(statutory: ItemLimit | None, promised: ItemLimit | None) -> int:
    """Return how many days a promise saves against the law, rounded down; 0 where one of them is not set."""
    if statutory is None or promised is None:
        return 0
    return max(0, int(statutory.days - promised.days))
