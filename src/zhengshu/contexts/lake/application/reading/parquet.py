"""Parquet files, read row group by row group."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet as pq

from zhengshu.contexts.lake.application.reading.chunks import Chunk, Layout, text_schema
from zhengshu.kernel.errors import Refused

CHUNK_ROWS = 65_536
_EXACT = 1e15
"""Whole numbers below this are exact in a float."""


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


def as_text(column: "pa.Array[pa.Scalar[pa.DataType]]", *, name: str) -> pa.StringArray:
    """Return a column of any simple type as the texts that people would have written.

    Raises:
        NestedColumn: its values are not single.
    """
    kind = column.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind):
        raise NestedColumn(column=name)
    if pa.types.is_dictionary(kind):
        return as_text(column.cast(pa.string()), name=name)
    if pa.types.is_floating(kind) or pa.types.is_boolean(kind) or pa.types.is_timestamp(kind):
        return pa.array([_plain(cell.as_py()) for cell in column], pa.string())
    return pa.array([text or "" for text in column.cast(pa.string()).to_pylist()], pa.string())


def _plain(value: object) -> str:
    if value is None or value != value:  # noqa: PLR0124 - not a number
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else format(value, ".15g")
    return str(value)
