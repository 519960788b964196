"""Correct single rows of what is served: the same table again, with other values in some rows, as a new batch."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet as pq

from zhengshu.contexts.lake.application.access import columns_of, deliverable
from zhengshu.contexts.lake.application.collect_file import collect_batch
from zhengshu.contexts.lake.application.receive_file import inbox, note_batch
from zhengshu.contexts.lake.application.records import BatchRecord
from zhengshu.contexts.lake.application.table_files import READ_ROWS, TableFile, table_files
from zhengshu.contexts.lake.domain.batches import BatchSuperseded, DeliveryMode, SourceKind
from zhengshu.contexts.lake.domain.columns import Column, Value
from zhengshu.contexts.lake.domain.faults import Fault
from zhengshu.contexts.lake.domain.reading import read_value
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import BatchId, new_id

Corrections = Mapping[int, Mapping[str, str] | None]
"""Number of a row → its new texts by column, or None to take the row out."""


class CorrectionNotReadable(Refused):
    """A corrected value is not what its item demands; nothing was changed."""

    code = "lake.correction-not-readable"
    message = "Row %(row)s: “%(column)s” cannot be read as its item demands. Nothing was changed."


def correct_table(
    *, resource_code: str, snapshot_id: int, corrections: Corrections, actor: Actor, at: datetime
) -> BatchRecord:
    """Publish what is served with other values in some rows, or without them.

    Args:
        resource_code: whose rows.
        snapshot_id: the state of the table that the numbers of rows speak of; it must be what is served.
        corrections: what changes.
        actor: a data officer of the department that owns the resource.
        at: when.

    Raises:
        DeliveryNotYours: the resource is another department's.
        BatchSuperseded: the table has changed since.
        CorrectionNotReadable: a value does not fit its item.
        Refused: the batch was refused as any batch may be; nothing was changed.
    """
    resource = deliverable(resource_code=resource_code, actor=actor)
    columns = columns_of(resource)
    typed = {place: _typed(place, row, columns) for place, row in corrections.items()}
    path = inbox() / new_id().hex
    with table_files(resource_id=resource.id) as files:
        if files is None or files.snapshot_id != snapshot_id:
            raise BatchSuperseded
        _write(path, files.files, typed)
    batch = note_batch(
        resource,
        source_kind=SourceKind.REPLAY,
        file_name=f"{resource.name}.parquet",
        mode=DeliveryMode.REPLACE,
        actor=actor,
        at=at,
        staged=path,
        size=path.stat().st_size,
        is_repetition_meant=True,
    )
    return collect_batch(batch_id=BatchId(batch.id), actor=actor, at=at)


def _typed(
    place: int, row: Mapping[str, str] | None, columns: Sequence[Column]
) -> Mapping[str, Value] | None:
    if row is None:
        return None
    known = {column.column: column for column in columns}
    found: dict[str, Value] = {}
    for name, text in row.items():
        if name not in known:
            raise CorrectionNotReadable(row=place, column=name)
        value = read_value(text, column=known[name])
        if isinstance(value, Fault):
            raise CorrectionNotReadable(row=place, column=known[name].name)
        found[name] = value
    return found


def _write(path: Path, files: Sequence[TableFile], typed: Mapping[int, Mapping[str, Value] | None]) -> None:
    schema = pq.read_schema(files[-1].path).remove_metadata()
    first = 1
    with pq.ParquetWriter(path, schema, compression="snappy") as writer:
        for file in files:
            with pq.ParquetFile(file.path) as opened:
                for batch in opened.iter_batches(READ_ROWS):
                    writer.write_table(_changed(batch, first, typed, schema))
                    first += batch.num_rows


def _changed(
    batch: pa.RecordBatch, first: int, typed: Mapping[int, Mapping[str, Value] | None], schema: pa.Schema
) -> pa.Table:
    """Return some rows with their corrections; a column that an older file lacks is empty."""
    there = set(batch.schema.names)
    columns = {
        field.name: batch.column(field.name) if field.name in there else pa.nulls(batch.num_rows, field.type)
        for field in schema
    }
    here = {place - first: row for place, row in typed.items() if first <= place < first + batch.num_rows}
    for name in {name for row in here.values() if row is not None for name in row}:
        values = columns[name].to_pylist()
        for number, row in here.items():
            if row is not None and name in row:
                values[number] = row[name]
        columns[name] = pa.array(values, schema.field(name).type)
    table = pa.table([columns[field.name].cast(field.type) for field in schema], schema=schema)
    gone = [number for number, row in here.items() if row is None]
    if not gone:
        return table
    return table.take([number for number in range(batch.num_rows) if number not in set(gone)])
