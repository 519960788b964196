"""What leaders count of services: every figure is a sum over applications or bad ratings, and opens down to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from zhengshu.contexts.services.domain.limits import ItemLimit

CHECKS, MENDED = "checks", "mended"
"""What opens down to checks and to bad ratings; everything else to applications."""

SHARES: Final = frozenset({"kept", "late", "instant", CHECKS, MENDED})
"""What is told as the share of a whole."""

CODES: Final = (
    "applications",
    "open",
    "granted",
    "refused",
    "withdrawn",
    "kept",
    "late",
    "instant",
    CHECKS,
    "days",
    "visits",
    "materials",
    MENDED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure: its value, the whole for a share, and of how many applications (or bad ratings) it is the sum."""

    value: int = 0
    whole: int | None = None
    cases: int = 0

    def __add__(self, other: "Figure") -> "Figure":
        """Return the figure over what both count; they count nothing in common."""
        is_share = self.whole is not None or other.whole is not None
        return Figure(
            value=self.value + other.value,
            whole=(self.whole or 0) + (other.whole or 0) if is_share else None,
            cases=self.cases + other.cases,
        )

    @property
    def share(self) -> float | None:
        """The share of the whole; None where there is none."""
        return self.value / self.whole if self.whole else None


def total(parts: Iterable[Mapping[str, Figure]]) -> Mapping[str, Figure]:
    """Return every figure over parts that have nothing in common; what a part does not name is nothing in it."""
    found = {code: Figure(whole=0 if code in SHARES else None) for code in CODES}
    for part in parts:
        for code, figure in part.items():
            found[code] += figure
    return found


def days_saved(statutory: ItemLimit | None, *, submitted_at: datetime, decided_at: datetime) -> int:
    """Return how many calendar days of the law's limit were left when it was decided; 0 without a limit."""
    if statutory is None:
        return 0
    return max(0, int(statutory.days) - (decided_at - submitted_at).days)
