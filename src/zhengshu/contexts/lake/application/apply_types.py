"""Types are applied: vectorised where a spelling needs no thought, value by value where it does."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhengshu.contexts.lake.application.reading.chunks import Chunk, OddRow, texts_of
from zhengshu.contexts.lake.application.text_doubts import Flags, blank_rows, doubtful_texts
from zhengshu.contexts.lake.domain.columns import DECIMAL_DIGITS, DECIMAL_PLACES, Column, ColumnType, Value
from zhengshu.contexts.lake.domain.expressions import doubt_expression, value_expression
from zhengshu.contexts.lake.domain.faults import Fault
from zhengshu.contexts.lake.domain.reading import read_value, trim

ARROW_TYPES: Mapping[ColumnType, pa.DataType] = {
    ColumnType.TEXT: pa.string(),
    ColumnType.INTEGER: pa.int64(),
    ColumnType.DECIMAL: pa.decimal128(DECIMAL_DIGITS, DECIMAL_PLACES),
    ColumnType.DATE: pa.date32(),
    ColumnType.DATETIME: pa.timestamp("us", "UTC"),
    ColumnType.BOOLEAN: pa.bool_(),
}
_KNOWN_VALUES = 200_000


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row to be set aside: what was delivered, and each reason."""

    line: int
    values: Mapping[str, str]
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class TypedChunk:
    """Rows with their types, rows that have none, and rows that were blank."""

    accepted: list[pa.RecordBatch] = field(default_factory=list)
    faulty: list[FaultyRow] = field(default_factory=list)
    blank: int = 0

    @property
    def rows(self) -> int:
        """How many rows were accepted."""
        return sum(batch.num_rows for batch in self.accepted)


def arrow_schema(columns: Sequence[Column]) -> pa.Schema:
    """Return the schema of typed rows."""
    return pa.schema([pa.field(column.column, ARROW_TYPES[column.kind]) for column in columns])


class Typer:
    """Applies the types of a resource's columns to chunks of texts."""

    def __init__(self, columns: Sequence[Column], *, present: Sequence[str]) -> None:
        """Prepare the query for the columns that the file holds; the others are empty."""
        self._columns = tuple(columns)
        self._places = {column.column: number for number, column in enumerate(columns)}
        self._schema = arrow_schema(columns)
        self._query = _query(self._columns, frozenset(present))
        self._duckdb = duckdb.connect(":memory:", config={"threads": 2})
        self._duckdb.execute("SET TimeZone = 'UTC'")
        self._read = lru_cache(maxsize=_KNOWN_VALUES)(_read)

    def close(self) -> None:
        """Free the engine."""
        self._duckdb.close()

    def apply(self, chunk: Chunk) -> TypedChunk:
        """Return a chunk's rows typed; rows that the vectorised path doubts are read exactly."""
        typed = TypedChunk(blank=chunk.blank)
        if chunk.rows.num_rows:
            self._apply_fast(chunk, typed)
        for odd in chunk.odd:
            if odd.fault is not None:
                typed.faulty.append(FaultyRow(odd.line, odd.values, (odd.fault,)))
        self._apply_exact([odd for odd in chunk.odd if odd.fault is None], typed)
        return typed

    def _apply_fast(self, chunk: Chunk, typed: TypedChunk) -> None:
        values, doubt = self._values(chunk.rows)
        places = np.flatnonzero(doubt)
        if not len(places):
            typed.accepted.append(values)
            return
        typed.accepted.append(values.filter(pa.array(~doubt)))
        rows = chunk.rows.take(pa.array(places, pa.int64())).to_pylist()
        lines = chunk.lines[places].tolist()
        self._apply_exact([OddRow(line, row) for line, row in zip(lines, rows, strict=True)], typed)

    def _values(self, rows: pa.RecordBatch) -> tuple[pa.RecordBatch, Flags]:
        """Return every row typed as far as it needs no thought, and which rows do need it."""
        doubt = blank_rows(rows)
        found: dict[str, pa.Array[pa.Scalar[pa.DataType]]] = {}
        for column in self._columns:
            if column.kind is ColumnType.TEXT and column.column in rows.schema.names:
                texts = texts_of(rows.column(column.column))
                doubt |= doubtful_texts(texts, of=column)
                found[column.column] = pc.if_else(
                    pc.equal(texts, pa.scalar("")), pa.scalar(None, pa.string()), texts
                )
        if self._query:
            doubt |= self._ask(rows, found)
        arrays = [
            found[field.name] if field.name in found else pa.nulls(rows.num_rows, field.type)
            for field in self._schema
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema), doubt

    def _ask(self, rows: pa.RecordBatch, found: "dict[str, pa.Array[pa.Scalar[pa.DataType]]]") -> Flags:
        """Let the engine type the columns that are no texts."""
        names = {f"r{self._places[name]}": rows.column(name) for name in rows.schema.names}
        self._duckdb.register("delivered", pa.table(names))
        table = self._duckdb.sql(self._query).to_arrow_table().combine_chunks()
        self._duckdb.unregister("delivered")
        for number, wanted in enumerate(self._schema):
            if f"v{number}" in table.column_names:
                found[wanted.name] = table.column(f"v{number}").cast(wanted.type).combine_chunks()
        doubtful: Flags = np.asarray(table.column("doubtful"), dtype=np.bool_)
        return doubtful

    def _apply_exact(self, rows: Sequence[OddRow], typed: TypedChunk) -> None:
        accepted: list[list[Value]] = []
        for row in rows:
            if not any(trim(text) for text in row.values.values()):
                typed.blank += 1
                continue
            values = [self._read(row.values.get(column.column, ""), column) for column in self._columns]
            faults = tuple(value for value in values if isinstance(value, Fault))
            if faults:
                typed.faulty.append(FaultyRow(row.line, row.values, faults))
            else:
                accepted.append([value for value in values if not isinstance(value, Fault)])
        if accepted:
            typed.accepted.append(self._batch(accepted))

    def _batch(self, rows: Sequence[Sequence[Value]]) -> pa.RecordBatch:
        columns = zip(*rows, strict=True)
        arrays = [
            pa.array(list(values), kind) for values, kind in zip(columns, self._schema.types, strict=True)
        ]
        return pa.RecordBatch.from_arrays(arrays, schema=self._schema)


def typed_chunks(typer: Typer, chunks: Iterator[Chunk]) -> Iterator[TypedChunk]:
    """Apply the types chunk by chunk."""
    try:
        for chunk in chunks:
            yield typer.apply(chunk)
    finally:
        typer.close()


def fault_counts(rows: Sequence[FaultyRow]) -> Counter[tuple[str, str]]:
    """Count the faults of rows by column and kind."""
    return Counter((fault.column, fault.kind.value) for row in rows for fault in row.faults)


def _read(text: str, column: Column) -> Value | Fault:
    return read_value(text, column=column)


def _query(columns: Sequence[Column], present: frozenset[str]) -> str:
    """Return the query over texts ``r0, r1 …`` that yields values ``v0, v1 …`` and whether a row is doubtful.

    Columns of texts are not part of it; no name from outside is. It is empty where there is nothing to ask.
    """
    values, doubts, shown = [], [], []
    for number, column in enumerate(columns):
        if column.kind is not ColumnType.TEXT and column.column in present:
            shown.append(f"v{number}")
            values.append(f"{value_expression(column, source=f'r{number}')} AS v{number}")
            doubts.append(doubt_expression(column, source=f"r{number}", value=f"v{number}"))
    if not values:
        return ""
    typed = f"SELECT *, {', '.join(values)} FROM delivered"  # noqa: S608 - built from numbers and our own expressions
    return f"SELECT {', '.join(shown)}, coalesce({' OR '.join(doubts)}, true) AS doubtful FROM ({typed}) AS typed"  # noqa: S608 - as above
