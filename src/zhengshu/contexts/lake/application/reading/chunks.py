"""What all readers yield."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhengshu.contexts.lake.domain.faults import Fault
from zhengshu.contexts.lake.domain.headers import Header

Lines = npt.NDArray[np.int64]
Layout = Callable[[Sequence[Sequence[str]]], Header]
"""Says, from the first rows of a file, where its header is and which columns are wanted."""


@dataclass(frozen=True, slots=True)
class OddRow:
    """A row that does not have the shape of the others: broken, or in need of a closer look where `fault` is None."""

    line: int
    values: Mapping[str, str]
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file: one text column per wanted column, empty texts for empty fields."""

    rows: pa.RecordBatch
    lines: Lines
    odd: tuple[OddRow, ...] = ()
    blank: int = 0


class Source(Protocol):
    """An opened file."""

    @property
    def header(self) -> Header:
        """The header that was found."""

    @property
    def about(self) -> Mapping[str, str]:
        """What was detected: format, encoding, delimiter, sheet."""

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows under the header, once."""


def text_batch(names: Sequence[str], columns: Sequence[Sequence[str]]) -> pa.RecordBatch:
    """Return a record batch of text columns."""
    arrays = [pa.array(column, pa.string()) for column in columns]
    return pa.RecordBatch.from_arrays(arrays, schema=text_schema(names))


def text_schema(names: Sequence[str]) -> pa.Schema:
    """Return the schema of text columns."""
    return pa.schema([pa.field(name, pa.string()) for name in names])


def texts_of(column: "pa.Array[pa.Scalar[pa.DataType]]") -> pa.StringArray:
    """Return a column of a batch as what every column of a chunk is."""
    if not isinstance(column, pa.StringArray):
        message = f"a column of texts was expected, not {column.type}"
        raise TypeError(message)
    return column
