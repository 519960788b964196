"""The quality of rows by the district that they belong to, as far as the actor may see it; the map of districts."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import Count, Sum

from zhengshu.contexts.quality.domain.maps import DistrictMap, MapUnreadable, read_map
from zhengshu.contexts.quality.models import RegionCount, Run
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

log = structlog.get_logger(__name__)


class DistrictNotFound(Refused):
    """No assessed table that the actor may see has rows of this region."""

    code = "quality.district-not-found"
    kind = Kind.NOT_FOUND
    message = "No assessed table has rows of the region %(region)s."


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictCount:
    """The rows of a district in the last runs of all tables that hold codes of regions."""

    code: str
    tables: int
    rows: int
    faulty: int

    @property
    def sound(self) -> float | None:
        """The share of rows that no rule blames, of 100."""
        return 100 * (self.rows - self.faulty) / self.rows if self.rows else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictTable:
    """The rows of a district in one table."""

    run_id: UUID
    resource_code: str
    resource_name: str
    department_id: UUID
    rows: int
    faulty: int

    @property
    def sound(self) -> float | None:
        """The share of rows that no rule blames, of 100."""
        return 100 * (self.rows - self.faulty) / self.rows if self.rows else None


def districts(*, actor: Actor) -> tuple[DistrictCount, ...]:
    """Return the districts of the last runs that the actor may see, by their codes."""
    rows = (
        RegionCount.objects.filter(run__in=Run.objects.visible_to(actor).newest())
        .values("region")
        .annotate(tables=Count("run"), all_rows=Sum("rows"), all_faulty=Sum("faulty"))
        .order_by("region")
    )
    return tuple(
        DistrictCount(
            code=row["region"], tables=row["tables"], rows=row["all_rows"], faulty=row["all_faulty"]
        )
        for row in rows
    )


def tables_of(*, region: str, actor: Actor) -> tuple[DistrictTable, ...]:
    """Return the tables that have rows of a district, most faulty rows first.

    Raises:
        DistrictNotFound: the actor may see none.
    """
    rows = RegionCount.objects.filter(run__in=Run.objects.visible_to(actor).newest(), region=region)
    found = tuple(
        DistrictTable(
            run_id=row.run_id,
            resource_code=row.run.resource_code,
            resource_name=row.run.resource_name,
            department_id=row.run.department_id,
            rows=row.rows,
            faulty=row.faulty,
        )
        for row in rows.select_related("run").order_by("-faulty", "run__resource_name")
    )
    if not found:
        raise DistrictNotFound(region=region)
    return found


def map_of(found: Mapping[str, DistrictCount]) -> DistrictMap | None:
    """Return the map of the packs that shows most of the districts; None where none shows any."""
    best, most = None, 0
    for path in sorted((settings.PACKS_FOLDER / "maps").glob("*.geojson")):
        try:
            one = read_map(path.read_bytes())
        except MapUnreadable as fault:
            log.warning("quality.map_unreadable", file=path.name, why=str(fault))
            continue
        shown = sum(found[shape.code].rows for shape in one.shapes if shape.code in found)
        if shown > most:
            best, most = one, shown
    return best
