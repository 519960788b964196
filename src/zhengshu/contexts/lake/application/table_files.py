"""The files behind a resource for whoever reads whole tables: one snapshot, every file with its columns."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from uuid import UUID

import pyarrow as pa
from django.conf import settings
from pyarrow import parquet as pq

from zhengshu.contexts.lake.models import ServingTable
from zhengshu.foundation.storage import data_folder
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import BatchId, ResourceId

if TYPE_CHECKING:  # Iceberg is slow to import and needed by few processes
    from pyiceberg.io import FileIO
    from pyiceberg.table import Table

    from zhengshu.contexts.lake.application import warehouse

READ_ROWS = 65_536
"""How many rows of a file are in memory at once."""
_FIELD_ID = b"PARQUET:field_id"


class SnapshotGone(Refused):
    """The snapshot is not kept any more, so its rows cannot be read."""

    code = "lake.snapshot-gone"
    kind = Kind.NOT_FOUND
    message = "The state of the table of that time is not kept any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """One Parquet file; `columns` are those of the table that it holds."""

    path: Path
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFiles:
    """The rows of a resource at one snapshot, in files whose order never changes.

    Attributes:
        batch_id: the batch whose rows came last.
        columns: all columns of the table.
    """

    resource_id: ResourceId
    snapshot_id: int
    batch_id: BatchId
    columns: tuple[str, ...]
    files: tuple[TableFile, ...]


@contextmanager
def table_files(*, resource_id: UUID, snapshot_id: int | None = None) -> Iterator[TableFiles | None]:
    """Open the files of what is served of a resource, or of an earlier snapshot; None while nothing is served.

    For jobs: nothing is asked about who reads. Files that lie elsewhere are fetched into a folder that is gone
    afterwards.

    Raises:
        SnapshotGone: there is no such snapshot.
    """
    from pyiceberg.exceptions import NoSuchTableError

    from zhengshu.contexts.lake.application import warehouse

    served = ServingTable.objects.filter(resource_id=resource_id).first()
    if served is None:
        yield None
        return
    wanted = served.snapshot_id if snapshot_id is None else snapshot_id
    try:
        table = warehouse.catalog().load_table((warehouse.NAMESPACE, served.view))
    except NoSuchTableError as fault:
        raise SnapshotGone from fault
    snapshot = table.snapshot_by_id(wanted)
    if snapshot is None:
        raise SnapshotGone
    summary = snapshot.summary.additional_properties if snapshot.summary else {}
    paths = sorted(task.file.file_path for task in table.scan(snapshot_id=wanted).plan_files())
    with ExitStack() as stack:
        yield TableFiles(
            resource_id=ResourceId(resource_id),
            snapshot_id=wanted,
            batch_id=BatchId(UUID(summary.get("zhengshu.batch-id", str(served.batch_id)))),
            columns=tuple(field.name for field in table.schema().fields),
            files=tuple(_opened(table, path, stack) for path in paths),
        )


@contextmanager
def written_files(target: "warehouse.Target") -> Iterator[tuple[TableFile, ...]]:
    """Open the files that a batch has written and that nobody reads yet."""
    with ExitStack() as stack:
        yield tuple(
            TableFile(path=_local(target.table.io, path, stack), columns=tuple(target.schema.names))
            for path in target.paths
        )


def folder_beside(*names: str) -> Path:
    """Return a folder beside the tables, made when missing; on this machine where the lake lies elsewhere."""
    parts = urlsplit(settings.LAKE_LOCATION)
    if parts.scheme not in {"", "file"}:
        return data_folder(*names)
    folder = Path(unquote(parts.path)).joinpath(*names)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _opened(table: "Table", path: str, stack: ExitStack) -> TableFile:
    local = _local(table.io, path, stack)
    return TableFile(path=local, columns=_held(local, table))


def _held(path: Path, table: "Table") -> tuple[str, ...]:
    """Return the table's columns that a file holds; one that was replaced by another of its name does not count."""
    there = {field.name: (field.metadata or {}).get(_FIELD_ID) for field in pq.read_schema(path)}
    return tuple(
        field.name
        for field in table.schema().fields
        if field.name in there and there[field.name] in {None, str(field.field_id).encode()}
    )


def _local(io: "FileIO", location: str, stack: ExitStack) -> Path:
    parts = urlsplit(location)
    if parts.scheme in {"", "file"}:
        return Path(unquote(parts.path))
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhengshu-lake-")))
    copy = folder / Path(parts.path).name
    with io.new_input(location).open() as read, copy.open("wb") as written:
        shutil.copyfileobj(read, written)
    return copy


def first_values(files: Sequence[TableFile], *, column: str, most: int) -> tuple[str, ...]:
    """Return some values of a column as texts, empty ones left out."""
    for file in files:
        if column not in file.columns:
            continue
        with pq.ParquetFile(file.path) as opened:
            for batch in opened.iter_batches(most, columns=[column]):
                texts = batch.column(0).cast(pa.string()).to_pylist()
                return tuple(text for text in texts if text)
    return ()
