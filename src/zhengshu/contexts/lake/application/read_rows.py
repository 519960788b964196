"""The rows of any file as texts, for those who look at a file before it is a batch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from zhengshu.contexts.lake.application.reading.chunks import Chunk, Lines, OddRow, text_batch
from zhengshu.contexts.lake.application.reading.opening import Opened, open_file
from zhengshu.contexts.lake.domain.headers import SEARCHED_ROWS, Header, distinct_headings, guess_header


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPiece:
    """Some rows of a file.

    Attributes:
        rows: one text column a heading, ``c0``, ``c1`` …; empty texts for empty fields.
        lines: the line of each row in the file, from 1.
        broken: how many rows beside these could not be read.
    """

    rows: pa.RecordBatch
    lines: Lines
    broken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRows:
    """A file, opened.

    Attributes:
        headings: its header, made distinct.
        file_format: csv, xlsx, jsonl or parquet.
        encoding: of the text; empty for other formats.
    """

    headings: tuple[str, ...]
    file_format: str
    encoding: str
    _opened: Opened

    def pieces(self) -> Iterator[RowPiece]:
        """Yield the rows in constant memory, once."""
        names = [f"c{number}" for number in range(len(self.headings))]
        for chunk in self._opened.source.chunks():
            yield _piece(chunk, names)


def open_rows(*, source: Path, file_name: str) -> FileRows:
    """Open a file: by its content, whatever its name says.

    Raises:
        Refused: the file cannot be read; see `collect`.
    """
    headings: list[str] = []

    def layout(rows: Sequence[Sequence[str]]) -> Header:
        place = guess_header(rows[:SEARCHED_ROWS])
        headings.extend(distinct_headings(rows[place] if rows else ()))
        return Header(place, {f"c{n}": n for n in range(len(headings))}, width=len(headings))

    opened = open_file(source, file_name=file_name, layout=layout)
    return FileRows(
        headings=tuple(headings),
        file_format=opened.source.about["format"],
        encoding=opened.source.about.get("encoding", ""),
        _opened=opened,
    )


def is_parquet(source: Path) -> bool:
    """Whether a file is Parquet, which an engine can read as it lies on the disk."""
    with source.open("rb") as file:
        return file.read(4) == b"PAR1"


def _piece(chunk: Chunk, names: Sequence[str]) -> RowPiece:
    whole = [odd for odd in chunk.odd if odd.fault is None]
    rows = chunk.rows.select(list(names))
    lines = chunk.lines
    if whole:
        rows = pa.Table.from_batches([rows, _batch(whole, names)]).combine_chunks().to_batches()[0]
        lines = np.concatenate([lines, np.array([odd.line for odd in whole], np.int64)])
    return RowPiece(rows=rows, lines=lines, broken=len(chunk.odd) - len(whole))


def _batch(rows: Sequence[OddRow], names: Sequence[str]) -> pa.RecordBatch:
    return text_batch(names, [[row.values.get(name, "") for row in rows] for name in names])
