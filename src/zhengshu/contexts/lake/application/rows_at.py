"""Single rows of a table by their number, for whoever keeps numbers instead of copies."""

from collections.abc import Iterable, Mapping, Sequence

import duckdb
import pyarrow as pa
from pyarrow import parquet as pq

from zhengshu.contexts.lake.application.table_files import TableFile


def rows_at(files: Sequence[TableFile], places: Iterable[int]) -> Mapping[int, Mapping[str, str | None]]:
    """Return rows as texts, by their numbers: rows are numbered from 1 through all files in their order.

    Nothing is asked about who reads; the caller decides who sees what of them.
    """
    wanted = sorted(set(places))
    found: dict[int, Mapping[str, str | None]] = {}
    first = 1
    with duckdb.connect(":memory:") as engine:
        engine.execute("SET TimeZone = 'UTC'")
        for file in files:
            count = pq.read_metadata(file.path).num_rows
            here = [place - first for place in wanted if first <= place < first + count]
            if here:
                found |= _rows(engine, file, here, first)
            first += count
    return found


def _rows(
    engine: duckdb.DuckDBPyConnection, file: TableFile, numbers: Sequence[int], first: int
) -> Mapping[int, Mapping[str, str | None]]:
    engine.register("wanted", pa.table({"number": pa.array(numbers, pa.int64())}))
    shown = ", ".join(f'CAST("{name}" AS VARCHAR) AS "{name}"' for name in file.columns)
    rows = engine.execute(
        f"SELECT file_row_number AS number, {shown} "  # noqa: S608 - checked identifiers
        "FROM read_parquet($file, file_row_number = true) SEMI JOIN wanted ON number = file_row_number",
        {"file": str(file.path)},
    ).fetchall()
    engine.unregister("wanted")
    return {int(row[0]) + first: dict(zip(file.columns, row[1:], strict=True)) for row in rows}


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
