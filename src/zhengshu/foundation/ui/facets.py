"""What a list can be narrowed by."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from zhengshu.foundation.lists import ListQuery

MOST_UNFOLDED: Final = 4
"""So many choices stand beside the search on a phone, too: one facet of few."""


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


class Folding(NamedTuple):
    """What the summary says, behind which the facets of a list are folded on a phone."""

    is_many: bool
    chosen: int


def folding(query: ListQuery, facets: Iterable[Facet]) -> Folding:
    """Return whether a list has so many facets that they would fill a phone, and how many values are chosen."""
    shown = [facet for facet in facets if facet.is_single or facet.options]
    lines = [1 if facet.is_single else len(facet.options) for facet in shown]
    names = {facet.name for facet in shown}  # one filter may be offered as two facets
    chosen = sum(len(query.filters.get(name, ())) for name in names)
    return Folding(is_many=len(lines) > 1 or sum(lines) > MOST_UNFOLDED, chosen=chosen)
