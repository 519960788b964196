"""Snapshots: each batch's rows as Parquet files of an Iceberg table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import duckdb
import pyarrow as pa
from django.conf import settings
from pyarrow import parquet as pq
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.io.pyarrow import parquet_file_to_data_file, schema_to_pyarrow
from pyiceberg.manifest import DataFile
from pyiceberg.schema import Schema
from pyiceberg.table import Table, Transaction
from pyiceberg.types import (
    BooleanType,
    DateType,
    DecimalType,
    IcebergType,
    LongType,
    NestedField,
    StringType,
    TimestamptzType,
)

from zhengshu.contexts.lake.application.iceberg_catalog import TransactionalCatalog
from zhengshu.contexts.lake.application.table_files import READ_ROWS
from zhengshu.contexts.lake.domain.batches import DeliveryMode
from zhengshu.contexts.lake.domain.columns import DECIMAL_DIGITS, DECIMAL_PLACES, Column, ColumnType

NAMESPACE = "lake"
ROWS_PER_FILE = 2_000_000
ROWS_PER_GROUP = 131_072

_TYPES: Mapping[ColumnType, IcebergType] = {
    ColumnType.TEXT: StringType(),
    ColumnType.INTEGER: LongType(),
    ColumnType.DECIMAL: DecimalType(DECIMAL_DIGITS, DECIMAL_PLACES),
    ColumnType.DATE: DateType(),
    ColumnType.DATETIME: TimestamptzType(),
    ColumnType.BOOLEAN: BooleanType(),
}


def catalog() -> TransactionalCatalog:
    """Return the catalogue of the platform's lake."""
    return TransactionalCatalog(location=settings.LAKE_LOCATION)


@dataclass(slots=True)
class Target:
    """The table that a batch goes into, with the schema that it will have then."""

    name: str
    columns: tuple[Column, ...]
    batch_id: UUID
    table: Table
    schema: pa.Schema
    paths: list[str] = field(default_factory=list)

    def path(self, number: int, *, kind: str = "") -> str:
        """Return the place of one of the batch's files; all bear the batch's id, so that they can be found again."""
        return f"{self.table.location()}/data/{self.batch_id.hex}{kind}-{number:05d}.parquet"


def prepare(*, name: str, columns: Sequence[Column], batch_id: UUID) -> Target:
    """Open the table of a resource, made when missing; nothing of it changes before `commit`."""
    lake = catalog()
    try:
        table = lake.load_table((NAMESPACE, name))
    except NoSuchTableError:
        table = lake.create_table((NAMESPACE, name), _schema(columns), properties={"format-version": "2"})
    draft = table.transaction()
    _evolve(draft, columns)
    schema = schema_to_pyarrow(draft.table_metadata.schema())
    return Target(name, tuple(columns), batch_id, table, pa.schema([schema.field(c.column) for c in columns]))


def write(target: Target, batches: Iterable[pa.RecordBatch]) -> Iterator[int]:
    """Write typed rows into files of the target; yield how many rows were written, batch by batch."""
    writer: pq.ParquetWriter | None = None
    rows = 0
    try:
        for batch in batches:
            if not batch.num_rows:  # an empty row group would have no statistics
                continue
            if writer is None or rows >= ROWS_PER_FILE:
                if writer is not None:
                    writer.close()
                writer, rows = _writer(target, target.path(len(target.paths))), 0
            writer.write_batch(batch.cast(target.schema), row_group_size=ROWS_PER_GROUP)
            rows += batch.num_rows
            yield batch.num_rows
    finally:
        if writer is not None:
            writer.close()


def commit(target: Target, *, mode: DeliveryMode, properties: Mapping[str, str]) -> int:
    """Make the target's files one snapshot, in the open database transaction; return the snapshot's id.

    Replacing takes all former files out. Upserting takes out, or writes anew, those that hold a delivered key.
    """
    table = catalog().load_table((NAMESPACE, target.name))
    draft = table.transaction()
    _evolve(draft, target.columns)
    former = _files(table)
    out, rewritten = _superseded(target, table, former, mode)
    with draft.update_snapshot(snapshot_properties=dict(properties)).overwrite() as snapshot:
        for file in out:
            snapshot.delete_data_file(file)
        for path in [*target.paths, *rewritten]:
            snapshot.append_data_file(parquet_file_to_data_file(table.io, draft.table_metadata, path))
    draft.commit_transaction()
    current = catalog().load_table((NAMESPACE, target.name)).current_snapshot()
    if current is None:
        message = "a commit without a snapshot"
        raise RuntimeError(message)
    return current.snapshot_id


def read(table: Table, paths: Iterable[str], *, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield the rows of Parquet files; columns that a file does not have are left out."""
    for path in paths:
        with table.io.new_input(path).open() as stream, pq.ParquetFile(stream) as file:  # type: ignore[arg-type]  # a stream may be any file
            there = [name for name in columns if name in file.schema_arrow.names]
            yield from file.iter_batches(READ_ROWS, columns=there)


def current_paths(name: str) -> tuple[Table, tuple[str, ...]]:
    """Return a table and the files of its current snapshot."""
    table = catalog().load_table((NAMESPACE, name))
    return table, tuple(file.file_path for file in _files(table))


def snapshots(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the summaries of a table's snapshots, newest first, with ``snapshot-id`` and ``timestamp-ms``."""
    try:
        table = catalog().load_table((NAMESPACE, name))
    except NoSuchTableError:
        return ()
    return tuple(
        {
            "snapshot-id": str(snapshot.snapshot_id),
            "timestamp-ms": str(snapshot.timestamp_ms),
            **(snapshot.summary.additional_properties if snapshot.summary else {}),
        }
        for snapshot in reversed(table.snapshots())
    )


def remove_files(name: str, *, batch_id: UUID) -> int:
    """Remove the files of a batch that was never committed; return how many there were."""
    location = urlsplit(f"{settings.LAKE_LOCATION}/{NAMESPACE}/{name}/data")
    if location.scheme != "file":
        return 0
    files = list(Path(location.path).glob(f"{batch_id.hex}*.parquet"))
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)


def _schema(columns: Sequence[Column]) -> Schema:
    fields = [
        NestedField(number, column.column, _TYPES[column.kind], required=False, doc=column.name)
        for number, column in enumerate(columns, start=1)
    ]
    return Schema(*fields)


def _evolve(draft: Transaction, columns: Sequence[Column]) -> None:
    """Give the table the columns of the catalogue: new ones are added, changed types replaced, others removed."""
    there = {field.name: field for field in draft.table_metadata.schema().fields}
    wanted = {column.column: column for column in columns}
    gone = [
        name
        for name, known in there.items()
        if name not in wanted or known.field_type != _TYPES[wanted[name].kind]
    ]
    new = [column for name, column in wanted.items() if name not in there or name in gone]
    if gone:
        with draft.update_schema(allow_incompatible_changes=True) as update:
            for name in gone:
                update.delete_column(name)
    if new:
        with draft.update_schema() as update:
            for column in new:
                update.add_column(column.column, _TYPES[column.kind], doc=column.name)


def _writer(target: Target, path: str) -> pq.ParquetWriter:
    target.paths.append(path)
    return _open_writer(target.table, path, target.schema)


def _open_writer(table: Table, path: str, schema: pa.Schema) -> pq.ParquetWriter:
    stream = table.io.new_output(path).create(overwrite=True)
    return pq.ParquetWriter(stream, schema, compression="snappy")  # type: ignore[arg-type]  # a stream may be any file


def _files(table: Table) -> list[DataFile]:
    return [task.file for task in table.scan().plan_files()]


def _superseded(
    target: Target, table: Table, former: Sequence[DataFile], mode: DeliveryMode
) -> tuple[list[DataFile], list[str]]:
    """Return the former files that go, and new files with what of them stays."""
    if mode is DeliveryMode.REPLACE:
        return list(former), []
    keys = [column.column for column in target.columns if column.is_key]
    if mode is DeliveryMode.APPEND or not keys or not target.paths:
        return [], []
    out: list[DataFile] = []
    rewritten: list[str] = []
    with duckdb.connect(":memory:") as engine:
        engine.register("rows", pa.Table.from_batches(list(read(table, target.paths, columns=keys))))
        named = ", ".join(f'"{key}"' for key in keys)
        engine.execute(f"CREATE TABLE delivered AS SELECT DISTINCT {named} FROM rows")  # noqa: S608 - checked identifiers
        for file in former:
            if not _hits(engine, table, file, named, keys):
                continue
            out.append(file)
            path = target.path(len(rewritten), kind="-kept")
            if _keep_others(engine, table, file, named, path, target):
                rewritten.append(path)
    return out, rewritten


def _hits(
    engine: duckdb.DuckDBPyConnection, table: Table, file: DataFile, named: str, keys: Sequence[str]
) -> bool:
    for batch in read(table, [file.file_path], columns=keys):
        engine.register("former", pa.Table.from_batches([batch]))
        hits = engine.sql(f"SELECT count(*) FROM former SEMI JOIN delivered USING ({named})").fetchall()  # noqa: S608 - as above
        if hits[0][0]:
            return True
    return False


def _keep_others(
    engine: duckdb.DuckDBPyConnection, table: Table, file: DataFile, named: str, path: str, target: Target
) -> int:
    kept = 0
    names = target.schema.names
    with _open_writer(table, path, target.schema) as writer:
        for batch in read(table, [file.file_path], columns=names):
            engine.register("former", pa.Table.from_batches([batch]))
            rows = engine.sql(f"SELECT * FROM former ANTI JOIN delivered USING ({named})").to_arrow_table()  # noqa: S608 - as above
            kept += rows.num_rows
            full = [rows.column(n) if n in rows.column_names else pa.nulls(rows.num_rows) for n in names]
            writer.write_table(pa.table(full, names=names).cast(target.schema))
    return kept
