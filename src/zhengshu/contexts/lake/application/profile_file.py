"""What an unknown file holds: the start of a catalogue entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from zhengshu.contexts.catalog.api import ColumnSample
from zhengshu.contexts.lake.application.reading.opening import open_file
from zhengshu.contexts.lake.domain.headers import (
    SEARCHED_ROWS,
    Header,
    RowsMissing,
    distinct_headings,
    guess_header,
)

PROFILED_ROWS = 100_000
SAMPLED_VALUES = 300
"""How many values of a column, spread over all rows, are looked at to recognize what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProfile:
    """What a file holds.

    Attributes:
        columns: one sample a column: heading, different values, how many are empty and how many differ.
        rows: rows looked at, at most `PROFILED_ROWS`.
        is_whole: whether these are all.
        encoding: of the text; empty for other formats.
        dialect: the separator; empty for other formats.
        file_format: csv, xlsx, jsonl or parquet.
        header_row: how many rows stand above the header.
    """

    columns: tuple[ColumnSample, ...]
    rows: int
    is_whole: bool
    encoding: str
    dialect: str
    file_format: str
    header_row: int


def profile(*, source: Path, file_name: str) -> FileProfile:
    """Look at a file: its form, its columns, what their values are like.

    Raises:
        Refused: the file cannot be read; see `collect`.
    """
    headings: list[str] = []

    def layout(rows: Sequence[Sequence[str]]) -> Header:
        place = guess_header(rows[:SEARCHED_ROWS])
        cells = rows[place] if rows else ()
        headings.extend(distinct_headings(cells))
        return Header(place, {f"c{number}": number for number in range(len(cells))}, width=len(cells))

    opened = open_file(source, file_name=file_name, layout=layout)
    batches: list[pa.RecordBatch] = []
    rows, is_whole = 0, True
    for chunk in opened.source.chunks():
        batches.append(chunk.rows)
        rows += chunk.rows.num_rows
        if rows >= PROFILED_ROWS:
            is_whole = False
            break
    if not rows:
        raise RowsMissing
    table = pa.Table.from_batches(batches)
    about = opened.source.about
    return FileProfile(
        columns=tuple(_sample(name, table.column(number)) for number, name in enumerate(headings)),
        rows=rows,
        is_whole=is_whole,
        encoding=about.get("encoding", ""),
        dialect=about.get("delimiter", ""),
        file_format=about["format"],
        header_row=opened.source.header.row,
    )


def _sample(name: str, column: "pa.ChunkedArray[pa.StringScalar]") -> ColumnSample:
    trimmed = pc.utf8_trim_whitespace(column)
    filled = trimmed.filter(pc.not_equal(trimmed, pa.scalar("")))
    places = range(0, len(filled), max(1, len(filled) // SAMPLED_VALUES))
    return ColumnSample(
        name=name,
        values=tuple(map(str, filled.take(list(places)).to_pylist())),
        distinct=pc.count_distinct(filled).as_py(),
        empty=len(trimmed) - len(filled),
        rows=len(trimmed),
        longest=pc.max(pc.utf8_length(filled)).as_py() or 0,
    )
