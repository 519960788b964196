"""What a list can be narrowed by."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a facet; `count` is how many rows it leaves, None where that was not counted."""

    value: str
    label: str
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A filter of a list.

    Attributes:
        name: the name of the filter in the `ListQuery`.
        label: what the person reads.
        options: the choices, in the order shown.
        is_single: one choice at most (a drop-down) instead of many (ticks).
    """

    name: str
    label: str
    options: tuple[Option, ...]
    is_single: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRange:
    """A filter from one day to another; its names in the `ListQuery` are ``name_from`` and ``name_to``."""

    name: str
    label: str
    first: str = ""
    last: str = ""
