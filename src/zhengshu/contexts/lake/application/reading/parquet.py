"""Parquet files, read row group by row group."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet as pq

from zhengshu.contexts.lake.application.reading.chunks import Chunk, Layout, text_schema
from zhengshu.kernel.errors import Refused

CHUNK_ROWS = 65_536


class ParquetDamaged(Refused):
    """The file starts like Parquet but cannot be read: usually it was cut off on its way."""

    code = "lake.parquet-damaged"
    message = "The Parquet file is damaged or incomplete. Export and send it again."


class NestedColumn(Refused):
    """A wanted column holds lists or structures."""

    code = "lake.nested-column"
    message = "The column %(column)s holds lists or structures; single values were expected."


class Parquet:
    """A Parquet file, opened. Values become texts, which the types of the catalogue are applied to as for all files."""

    def __init__(self, path: Path, *, layout: Layout) -> None:
        """Read the footer.

        Raises:
            ParquetDamaged: there is none.
        """
        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowInvalid, OSError) as fault:
            raise ParquetDamaged from fault
        self._names = self._file.schema_arrow.names
        self.header = layout([self._names])

    @property
    def about(self) -> Mapping[str, str]:
        """The format."""
        return {"format": "parquet"}

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows with their number in the file."""
        wanted = {name: self._names[place] for name, place in self.header.places.items()}
        first = 1
        with self._file:
            for batch in self._file.iter_batches(CHUNK_ROWS, columns=list(dict.fromkeys(wanted.values()))):
                columns = [as_text(batch.column(key), name=key) for key in wanted.values()]
                lines = np.arange(first, first + batch.num_rows, dtype=np.int64)
                first += batch.num_rows
                yield Chunk(pa.RecordBatch.from_arrays(columns, schema=text_schema(list(wanted))), lines)


def as_text(column: pa.Array, *, name: str) -> pa.Array:
    """Return a column of any simple type as the texts that people would have written.

    Raises:
        NestedColumn: its values are not single.
    """
    kind = column.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind):
        raise NestedColumn(column=name)
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
    elif pa.types.is_boolean(kind):
        column = pc.if_else(column, "true", "false")
    elif pa.types.is_timestamp(kind):
        column = pc.strftime(
            column.cast(pa.timestamp("us", kind.tz)), "%Y-%m-%dT%H:%M:%S" + ("%z" if kind.tz else "")
        )
    elif pa.types.is_floating(kind):
        return pa.array(["" if x is None or x != x else _plain(x) for x in column.to_pylist()], pa.string())  # noqa: PLR0124 - NaN
    return pc.fill_null(column.cast(pa.string()), "")


def _plain(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else format(number, ".15g")  # noqa: PLR2004 - exact
