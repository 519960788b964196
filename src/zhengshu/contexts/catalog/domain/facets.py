"""Seven short lists in one number, so that counting all of them takes one pass over one narrow column."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from zhengshu.contexts.catalog.domain.vocabulary import (
    Category,
    FormatCategory,
    Grade,
    OpeningClass,
    SharingClass,
    State,
    UpdateCycle,
)

PACKED: Mapping[str, tuple[str, ...]] = {
    "sharing_class": tuple(choice.value for choice in SharingClass),
    "opening_class": tuple(choice.value for choice in OpeningClass),
    "grade": tuple(str(int(grade)) for grade in Grade),
    "update_cycle": tuple(choice.value for choice in UpdateCycle),
    "format_category": tuple(choice.value for choice in FormatCategory),
    "category": tuple(choice.value for choice in Category),
    "state": tuple(choice.value for choice in State),
}
"""Column → its values, in the order of their digits; the first column is the lowest digit."""


@lru_cache(maxsize=1 << 16)
def unpack(number: int) -> Mapping[str, str]:
    """Return the values that a packed number stands for."""
    found: dict[str, str] = {}
    for column, values in PACKED.items():
        number, digit = divmod(number, len(values))
        found[column] = values[digit]
    return found


def pack(values: Mapping[str, str]) -> int:
    """Return the number for one value of each column; the database computes the same.

    >>> unpack(pack({column: choices[-1] for column, choices in PACKED.items()}))["state"]
    'abandoned'
    """
    number, weight = 0, 1
    for column, choices in PACKED.items():
        number += choices.index(values[column]) * weight
        weight *= len(choices)
    return number


@dataclass(frozen=True, slots=True)
class Counted:
    """What some choices leave.

    Attributes:
        total: rows that all choices leave.
        by_column: column → value → rows that the choices of the other columns leave.
    """

    total: int
    by_column: Mapping[str, Mapping[str, int]]


def counted(
    rows: Iterable[tuple[int, int]],
    *,
    chosen: Mapping[str, Collection[str]],
    unlisted: Mapping[str, Collection[str]],
) -> Counted:
    """Count each facet from counts of packed numbers.

    A column's own choice does not narrow its facet, so that a person sees what another choice would leave.

    Args:
        rows: packed numbers, each with its count, whatever is chosen.
        chosen: column → the values that are chosen; a column left out lets all through.
        unlisted: column → values that its facet never shows.
    """
    total = 0
    by_column: dict[str, dict[str, int]] = {column: {} for column in PACKED}
    for number, count in rows:
        values = unpack(number)
        missed = [column for column, wanted in chosen.items() if values[column] not in wanted]
        if len(missed) > 1:
            continue
        total += 0 if missed else count
        for column in missed or PACKED:
            value, facet = values[column], by_column[column]
            if value not in unlisted.get(column, ()):
                facet[value] = facet.get(value, 0) + count
    return Counted(total, by_column)
