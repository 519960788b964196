"""CSV and its relatives, read by Arrow in blocks."""

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from zhengshu.contexts.lake.application.reading.chunks import (
    Chunk,
    Layout,
    Lines,
    OddRow,
    text_schema,
    texts_of,
)
from zhengshu.contexts.lake.application.reading.streams import Survey, decoded_sample, open_utf8
from zhengshu.contexts.lake.domain.dialects import Dialect, dialect_of, record_ends, split
from zhengshu.contexts.lake.domain.encodings import Detected
from zhengshu.contexts.lake.domain.faults import Fault, FaultKind
from zhengshu.contexts.lake.domain.headers import SEARCHED_ROWS, Header
from zhengshu.kernel.errors import Refused

BLOCK_BYTES = 8 << 20
"""How much is parsed at a time, and so the longest row that can be read."""

_JUDGED_ROWS = 100


class RowTooLong(Refused):
    """One row is larger than a block: usually a quotation mark that is never closed."""

    code = "lake.row-too-long"
    message = (
        "From about line %(line)s on, one row is longer than %(most)s MB. "
        "A quotation mark is probably opened there and never closed. Nothing was changed."
    )


class Delimited:
    """A delimited text file, opened."""

    def __init__(self, path: Path, *, survey: Survey, detected: Detected, layout: Layout) -> None:
        """Look at the beginning of the file: dialect, header, where the data starts."""
        self._path, self._survey, self._detected = path, survey, detected
        sample = decoded_sample(path, detected=detected)
        self._dialect = dialect_of(sample)
        rows = split(sample, dialect=self._dialect)[: SEARCHED_ROWS + _JUDGED_ROWS]
        self.header = _widened(layout(rows[:SEARCHED_ROWS]), rows)
        ends = [end for _, end in zip(range(self.header.row + 1), _ends(sample, self._dialect), strict=False)]
        head = sample[: ends[-1]]
        self._skip = len(head.encode("utf-8", "replace"))
        self._first_line = head.count("\n") + 1 if "\n" in head else len(ends) + 1

    @property
    def about(self) -> Mapping[str, str]:
        """Format, encoding and separator."""
        delimiter = {"\t": "TAB"}.get(self._dialect.delimiter, self._dialect.delimiter)
        return {"format": "csv", "encoding": str(self._detected.encoding), "delimiter": delimiter}

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows block by block; rows with another number of fields come as odd rows."""
        odd = _OddRows(self.header, self._dialect, first_line=self._first_line)
        file = open_utf8(self._path, detected=self._detected, is_utf8=self._survey.is_utf8, skip=self._skip)
        names = list(self.header.places)
        with file:
            try:
                for block in self._open(file, odd):
                    yield odd.place(block, names)
            except pa.ArrowInvalid as fault:
                if "Empty CSV file" in str(fault):
                    return
                if "straddl" in str(fault):
                    raise RowTooLong(line=odd.next_line, most=BLOCK_BYTES >> 20) from fault
                raise
        if rest := odd.rest():
            yield Chunk(_no_rows(names), np.empty(0, np.int64), rest)

    def _open(self, file: pa.NativeFile, odd: "_OddRows") -> Iterator[pa.RecordBatch]:
        wanted = {place: name for name, place in self.header.places.items()}
        columns = [wanted.get(place, f"_{place}") for place in range(self.header.width)]
        return csv.open_csv(
            file,  # type: ignore[arg-type]  # Arrow's own files are missing in its stubs
            read_options=csv.ReadOptions(column_names=columns, block_size=BLOCK_BYTES, use_threads=False),
            parse_options=csv.ParseOptions(
                delimiter=self._dialect.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=odd.keep,
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(columns, pa.string()),
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )


def _no_rows(names: Sequence[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], pa.string()) for _ in names], schema=text_schema(names))


def _ends(sample: str, dialect: Dialect) -> Iterator[int]:
    yield from record_ends(sample, dialect=dialect)
    yield len(sample)


def _widened(header: Header, rows: Sequence[Sequence[str]]) -> Header:
    """Let the rows be as wide as most of them are, where what exceeds the header is empty (a trailing comma)."""
    below = [row for row in rows[header.row + 1 :] if row]
    if not below:
        return header
    width = Counter(len(row) for row in below).most_common(1)[0][0]
    is_empty = all(not cell.strip() for row in below for cell in row[header.width :])
    return replace(header, width=width) if width > header.width and is_empty else header


class _OddRows:
    """Keeps the rows that Arrow could not fit, and counts lines."""

    def __init__(self, header: Header, dialect: Dialect, *, first_line: int) -> None:
        self._header, self._dialect, self._first_line = header, dialect, first_line
        self._waiting: deque[tuple[int, int, str]] = deque()
        self._numbers: list[int] = []
        self._breaks: list[int] = [0]
        self._seen = 0
        self._breaks_in_values = 0

    @property
    def next_line(self) -> int:
        """The line at which the next block starts, about."""
        return self._first_line + self._seen + len(self._numbers) + self._breaks_in_values + self._breaks[-1]

    def keep(self, row: csv.InvalidRow) -> Literal["skip"]:
        """Take note of a row with another number of fields than the header."""
        text, place = row.text, (row.number or 1) - 1
        self._waiting.append((place, row.actual_columns, text))
        self._numbers.append(place)
        self._breaks.append(self._breaks[-1] + text.count("\n"))
        return "skip"

    def place(self, block: pa.RecordBatch, names: Sequence[str]) -> Chunk:
        """Return the wanted columns of a block with the line of each row, and the odd rows up to it."""
        ordinals = np.arange(self._seen, self._seen + block.num_rows, dtype=np.int64)
        inside = _breaks_before(block) + self._breaks_in_values
        lines = self._lines_of(ordinals, inside[:-1])
        odd = self._odd_until(self._seen + block.num_rows, inside)
        self._seen += block.num_rows
        self._breaks_in_values = int(inside[-1])
        return Chunk(block.select(list(names)), lines, odd)

    def rest(self) -> tuple[OddRow, ...]:
        """Return the odd rows behind the last block."""
        return self._odd_until(None, np.array([self._breaks_in_values]))

    def _lines_of(self, ordinals: Lines, breaks: Lines) -> Lines:
        if not self._numbers:
            return ordinals + self._first_line + breaks
        good_before = np.array(self._numbers, dtype=np.int64) - np.arange(len(self._numbers))
        odd_before = np.searchsorted(good_before, ordinals, side="right")
        odd_breaks = np.array(self._breaks, dtype=np.int64)[odd_before]
        lines: Lines = ordinals + odd_before + self._first_line + breaks + odd_breaks
        return lines

    def _odd_until(self, ordinal: int | None, breaks: Lines) -> tuple[OddRow, ...]:
        found: list[OddRow] = []
        while self._waiting:
            number, fields, text = self._waiting[0]
            turn = len(self._numbers) - len(self._waiting)
            good = number - turn
            if ordinal is not None and good > ordinal:
                break
            inside = int(breaks[min(max(good - self._seen, 0), len(breaks) - 1)])
            self._waiting.popleft()
            found.extend(self._read(self._first_line + number + inside + self._breaks[turn], fields, text))
        return tuple(found)

    def _read(self, line: int, fields: int, text: str) -> Iterator[OddRow]:
        if text.count('"') % 2:
            for offset, part in enumerate(text.splitlines()):
                yield OddRow(
                    line + offset,
                    self._values(part.split(self._dialect.delimiter)),
                    Fault(FaultKind.QUOTE_OPEN),
                )
            return
        cells = next(iter(split(text, dialect=self._dialect)), [])
        is_wider_by_nothing = len(cells) > self._header.width and not any(
            c.strip() for c in cells[self._header.width :]
        )
        fault = Fault(FaultKind.FIELD_COUNT, "", {"found": fields, "expected": self._header.width})
        yield OddRow(line, self._values(cells), None if is_wider_by_nothing else fault)

    def _values(self, cells: Sequence[str]) -> Mapping[str, str]:
        places = self._header.places
        return {name: cells[place] if place < len(cells) else "" for name, place in places.items()}


def _breaks_before(rows: pa.RecordBatch) -> Lines:
    """Return how many line ends lie inside values before each row, and in the whole block as its last number."""
    total = np.zeros(rows.num_rows + 1, dtype=np.int64)
    for column in rows.columns:
        data = column.buffers()[2]
        if data is not None and (np.frombuffer(memoryview(data), np.uint8) == ord("\n")).any():
            total[1:] += np.asarray(pc.count_substring(texts_of(column), "\n"), dtype=np.int64)
    breaks: Lines = np.cumsum(total)
    return breaks
