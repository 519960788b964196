"""Looking at what is served: a few rows, masked by grade; the snapshots; where the rows came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake.application import serving
from zhengshu.contexts.lake.application.queries import RowsNotYours
from zhengshu.contexts.lake.domain.names import view_name
from zhengshu.contexts.lake.models import OWN_VIEW, Batch, ServingTable
from zhengshu.kernel import masks
from zhengshu.kernel.actors import Actor

PREVIEWED_ROWS = 20
HIDDEN = "******"
"""What is shown of a value that is stored encrypted."""

_CONTENT: Mapping[str, masks.Mask] = {
    "citizen_id": masks.Mask.CITIZEN_ID,
    "id_number": masks.Mask.CITIZEN_ID,
    "phone": masks.Mask.PHONE,
    "mobile": masks.Mask.PHONE,
    "address": masks.Mask.ADDRESS,
    "name": masks.Mask.NAME,
    "birth": masks.Mask.DATE_YEAR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A few rows of what is served, as texts."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotRecord:
    """One snapshot of a resource in the lake.

    Attributes:
        batch_id: the batch that made it.
        is_served: whether it is what is served now.
    """

    snapshot_id: int
    at: datetime
    batch_id: str
    rows: int
    mode: str
    is_served: bool


def may_preview(*, resource: catalog.ResourceRecord, actor: Actor) -> bool:
    """Whether the actor may see rows of a resource here: officers and heads of its department."""
    if actor.is_platform:
        return True
    return actor.department_id == resource.department_id and actor.has(*OWN_VIEW)


def preview(*, resource: catalog.ResourceRecord, actor: Actor) -> Preview | None:
    """Return the first rows of what is served, masked by the grade of each item; None while nothing is.

    Raises:
        RowsNotYours: the actor sees counts only.
    """
    if not may_preview(resource=resource, actor=actor):
        raise RowsNotYours
    row = ServingTable.objects.filter(resource_id=resource.id).first()
    if row is None:
        return None
    items = {item.column: item for item in resource.items}
    columns = [column["column"] for column in row.columns]
    chosen = [mask_of(items.get(column), column) for column in columns]
    encrypted = [bool(column.get("encrypted")) for column in row.columns]
    rows = serving.first_rows(view=row.view, columns=columns, most=PREVIEWED_ROWS)
    return Preview(
        headings=tuple(column["name"] for column in row.columns),
        rows=tuple(
            tuple(
                HIDDEN if is_hidden and value is not None else masks.apply(mask, _shown(value))
                for mask, value, is_hidden in zip(chosen, values, encrypted, strict=True)
            )
            for values in rows
        ),
    )


def history(*, resource: catalog.ResourceRecord, actor: Actor) -> tuple[SnapshotRecord, ...]:
    """Return the snapshots of a resource that the actor may know of, newest first."""
    if not Batch.objects.visible_to(actor).filter(resource_id=resource.id).exists():
        return ()
    served = (
        ServingTable.objects.filter(resource_id=resource.id).values_list("snapshot_id", flat=True).first()
    )
    from zhengshu.contexts.lake.application import warehouse

    return tuple(
        SnapshotRecord(
            snapshot_id=int(summary["snapshot-id"]),
            at=datetime.fromtimestamp(int(summary["timestamp-ms"]) / 1000, UTC),
            batch_id=summary.get("zhengshu.batch-id", ""),
            rows=int(summary.get("total-records", "0")),
            mode=summary.get("zhengshu.mode", ""),
            is_served=int(summary["snapshot-id"]) == served,
        )
        for summary in warehouse.snapshots(view_name(resource.code))
    )


def mask_of(item: catalog.ItemRecord | None, column: str) -> masks.Mask:
    """Return how the values of an item are shown: by its grade, and by what it holds; unknown ones not at all."""
    grade = item.grade if item else max(catalog.Grade)
    content = next((mask for word, mask in _CONTENT.items() if word in column), masks.Mask.FULL)
    return masks.default_mask(grade=grade, content=content)


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return str(value)
