"""XLSX workbooks: looked at from outside first, then read."""

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from zhengshu.contexts.lake.application.reading.chunks import Chunk, Layout, OddRow, text_batch
from zhengshu.contexts.lake.domain.faults import Fault, FaultKind
from zhengshu.contexts.lake.domain.headers import SEARCHED_ROWS
from zhengshu.kernel.errors import Refused

CHUNK_ROWS = 10_000
_PIECE = 1 << 20
_TAIL = 512
_EXACT_DIGITS = 15
"""How many digits of a number a spreadsheet keeps."""

_WITHOUT_RESULT = re.compile(
    rb'<c [^>]*?r="([A-Z]{1,3})(\d{1,7})"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)(?:<v/>|<v></v>)?</c>'
)
_MOST_NOTED_FORMULAS = 100_000
_SHEET = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
_ROW = re.compile(rb'<row [^>]*?r="(\d{1,7})"')

Cell = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


class SpreadsheetTooLarge(Refused):
    """Unpacked, the workbook would be larger than is allowed; small files can unpack to absurd sizes."""

    code = "lake.spreadsheet-too-large"
    message = (
        "Unpacked, the spreadsheet has %(size)s MB; at most %(most)s MB are read. "
        "Nothing was unpacked. Save the data as CSV."
    )


class SpreadsheetDamaged(Refused):
    """The workbook cannot be opened: cut off, encrypted, or not what its name says."""

    code = "lake.spreadsheet-damaged"
    message = (
        "The spreadsheet is damaged or protected by a password. "
        "Save it anew without a password and send it again."
    )


def zip_names(path: Path) -> tuple[str, ...]:
    """Return the names inside a ZIP archive; none where it is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return ()


class Spreadsheet:
    """A workbook, opened at the sheet that has the header."""

    def __init__(self, path: Path, *, layout: Layout, most_bytes: int) -> None:
        """Check the size without unpacking, then read.

        Raises:
            SpreadsheetTooLarge: see there.
            SpreadsheetDamaged: see there.
        """
        inspected = _inspect(path, most_bytes=most_bytes)
        try:
            book = CalamineWorkbook.from_path(str(path))
            self._sheet_number, self._sheet = _fullest(book)
        except (CalamineError, OSError) as fault:
            raise SpreadsheetDamaged from fault
        self._inspected = (
            inspected[self._sheet_number] if self._sheet_number < len(inspected) else _Inspected()
        )
        self.header = layout(
            [[_text(cell) for cell in row] for row in islice(self._sheet.iter_rows(), SEARCHED_ROWS)]
        )

    @property
    def about(self) -> Mapping[str, str]:
        """Format and sheet."""
        return {"format": "xlsx", "sheet": self._sheet.name}

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows under the header; blank rows are counted and passed over."""
        rows = enumerate(self._sheet.iter_rows())
        for _ in range(self.header.row + 1):
            next(rows, None)
        last = 0
        while block := list(islice(rows, CHUNK_ROWS)):
            last = block[-1][0] + 1
            yield self._chunk(block)
        if (blank := self._inspected.rows - last) > 0:
            nothing = text_batch(list(self.header.places), [() for _ in self.header.places])
            yield Chunk(nothing, np.empty(0, np.int64), blank=blank)

    def _chunk(self, block: Sequence[tuple[int, Sequence[Cell]]]) -> Chunk:
        names, places = list(self.header.places), list(self.header.places.values())
        kept: list[list[str]] = []
        lines: list[int] = []
        odd: list[OddRow] = []
        blank = 0
        for number, row in block:
            line = number + 1
            cells = [row[place] if place < len(row) else "" for place in places]
            fault = self._fault(line, names, places, cells)
            texts = [_text(cell) for cell in cells]
            if fault is not None:
                odd.append(OddRow(line, dict(zip(names, texts, strict=True)), fault))
            elif not any(texts):
                blank += 1
            else:
                kept.append(texts)
                lines.append(line)
        columns = list(zip(*kept, strict=True)) if kept else [() for _ in names]
        return Chunk(text_batch(names, columns), np.array(lines, dtype=np.int64), tuple(odd), blank)

    def _fault(
        self, line: int, names: Sequence[str], places: Sequence[int], cells: Sequence[Cell]
    ) -> Fault | None:
        for name, place, cell in zip(names, places, cells, strict=True):
            if isinstance(cell, float) and abs(cell) >= 10**_EXACT_DIGITS and cell.is_integer():
                return Fault(FaultKind.DIGITS_LOST, name)
            if cell == "" and (line, place) in self._inspected.without_result:
                return Fault(FaultKind.FORMULA_EMPTY, name)
        return None


@dataclass(frozen=True, slots=True)
class _Inspected:
    """What is known of a sheet before it is read: its rows, blank ones too, and formulas without a stored result."""

    rows: int = 0
    without_result: frozenset[tuple[int, int]] = frozenset()


def _inspect(path: Path, *, most_bytes: int) -> tuple[_Inspected, ...]:
    """Refuse an archive that claims, or turns out, to be too large; return what its sheets hold.

    The claimed size is checked before a byte is unpacked. Then each sheet is unpacked piece by piece and thrown
    away, which holds the archive to its claim: `zipfile` reads no more than what is claimed and checks the sum.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
            if size > most_bytes:
                raise SpreadsheetTooLarge(size=f"{size >> 20:,}", most=f"{most_bytes >> 20:,}")
            parts = [name for name in archive.namelist() if _SHEET.fullmatch(name)]
            return tuple(_inspect_sheet(archive, name) for name in sorted(parts, key=_sheet_number))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as fault:
        raise SpreadsheetDamaged from fault


def _inspect_sheet(archive: zipfile.ZipFile, name: str) -> _Inspected:
    left, last = b"", 0
    formulas: set[tuple[int, int]] = set()
    with archive.open(name) as part:
        while piece := part.read(_PIECE):
            text = left + piece
            if b"<f" in text and len(formulas) < _MOST_NOTED_FORMULAS:
                formulas.update(
                    (int(found[2]), _column_number(found[1])) for found in _WITHOUT_RESULT.finditer(text)
                )
            last = max((int(found[1]) for found in _ROW.finditer(text)), default=last)
            left = text[-_TAIL:]
    return _Inspected(last, frozenset(formulas))


def _sheet_number(name: str) -> int:
    found = _SHEET.fullmatch(name)
    return int(found[1]) if found else 0


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _fullest(book: CalamineWorkbook) -> tuple[int, CalamineSheet]:
    """Return the visible sheet with the most cells; ties go to the first."""
    sheets = [(number, book.get_sheet_by_index(number)) for number in range(len(book.sheet_names))]
    return max(sheets, key=lambda pair: (pair[1].height * pair[1].width, -pair[0]))


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(cell, ".15g")
    if isinstance(cell, dt.datetime):
        return (
            cell.isoformat(sep=" ", timespec="seconds")
            if cell.time() != dt.time()
            else cell.date().isoformat()
        )
    return str(cell)
