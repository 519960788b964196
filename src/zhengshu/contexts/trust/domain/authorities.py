"""Departments in their tree of regions: who answers to which data authority."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from zhengshu.contexts.trust.domain.kinds import Level
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId
from zhengshu.kernel.regions import RegionCode

LEVELS = tuple(Level)


class ParentUnfit(Refused):
    """A department belongs to one of the same or a higher level, and never to itself or one below it."""

    code = "trust.parent-unfit"
    message = "%(parent)s cannot be the superior of this department: it is of a lower level or belongs to it."


class DataAuthorityUnknown(Refused):
    """No data authority is recorded for the region or one above; the system administrator records it."""

    code = "trust.data-authority-unknown"
    kind = Kind.NOT_FOUND
    message = "No data authority is recorded for the region %(region)s or one above it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A department that is the data authority of its region."""

    id: DepartmentId
    region: str
    level: Level


def nearest(region: str, authorities: Iterable[Authority]) -> Authority:
    """Return the data authority of a region, or of the nearest region that contains it.

    Raises:
        DataAuthorityUnknown: there is none up to the top.
    """
    known: Mapping[str, Authority] = {authority.region: authority for authority in authorities}
    for place in RegionCode.parse(region).upward():
        if place.text in known:
            return known[place.text]
    raise DataAuthorityUnknown(region=region)


def common(regions: Iterable[str], authorities: Iterable[Authority]) -> Authority:
    """Return the data authority of the nearest region that contains several: their common superior.

    For departments of one region it is that region's own authority.

    Raises:
        DataAuthorityUnknown: there is none up to the top.
    """
    places = [RegionCode.parse(region) for region in regions]
    shared = next(
        (place for place in places[0].upward() if all(place.contains(other) for other in places)), places[0]
    )
    return nearest(shared.text, authorities)


def check_parent(
    *,
    department_id: UUID | None,
    level: Level,
    parent_name: str,
    parent_level: Level,
    ancestors: Iterable[UUID],
) -> None:
    """Check that a department may be put under another.

    Args:
        department_id: the department, None for a new one.
        level: its level.
        parent_name: the name of the superior.
        parent_level: the superior's level.
        ancestors: the superior and everything above it.

    Raises:
        ParentUnfit: the superior is of a lower level, or below the department.
    """
    if LEVELS.index(parent_level) > LEVELS.index(level) or department_id in set(ancestors):
        raise ParentUnfit(parent=parent_name)
