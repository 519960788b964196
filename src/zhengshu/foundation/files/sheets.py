"""Reading the spreadsheets that people upload, whatever somebody put into them."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Protocol

from zhengshu.kernel.errors import Refused

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 150 * 1024 * 1024
MOST_PARTS = 2000
MOST_ROWS = 200_000
MOST_COLUMNS = 1600
MOST_SHEETS = 200
_LONGEST_CELL = 32_767
_ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")

Row = tuple[int, tuple[str, ...]]
"""The line in the file, from 1, and its cells as text."""


class SheetNotReadable(Refused):
    """The file is neither a workbook nor comma-separated text; save it again as XLSX or CSV."""

    code = "files.sheet-not-readable"
    message = "“%(name)s” cannot be read. Expected is an XLSX workbook or a CSV file in UTF-8 or GB 18030."


class SheetTooLarge(Refused):
    """The file would unpack to more than the platform takes at once; split it."""

    code = "files.sheet-too-large"
    message = (
        "“%(name)s” is too large: at most 20 MB, 150 MB unpacked, 200,000 rows and 1,600 columns are read."
        " Delete what is blank, or split it."
    )


class SheetEmpty(Refused):
    """The file has no row with anything in it."""

    code = "files.sheet-empty"
    message = "“%(name)s” has no rows. Expected is a line of headers and the rows below it."


class Upload(Protocol):
    """A file that came with a form."""

    @property
    def name(self) -> str | None:
        """Its name, as the person's computer gave it."""

    @property
    def size(self) -> int | None:
        """How many bytes it has."""

    def read(self, size: int = ..., /) -> bytes:
        """Return all of it."""


def read_upload(upload: Upload | None) -> tuple[bytes, str]:
    """Return content and name of a file of a form, without taking a huge one into memory.

    Raises:
        SheetTooLarge: it has more bytes than are read at once.
        SheetEmpty: no file was chosen.
    """
    if upload is None:
        raise SheetEmpty(name="")
    name = upload.name or ""
    if (upload.size or 0) > MOST_BYTES:
        raise SheetTooLarge(name=name)
    return upload.read(), name


def read_rows(data: bytes, *, name: str) -> tuple[Row, ...]:
    """Return the rows of the first sheet that have anything in them, with their lines.

    Raises:
        SheetNotReadable: neither a workbook nor text.
        SheetTooLarge: more bytes, rows or columns than are read at once, packed or unpacked.
        SheetEmpty: no row has anything in it.
    """
    found = _sheets(data, name, most=1)
    if not found or not found[0]:
        raise SheetEmpty(name=name)
    return found[0]


def read_sheets(data: bytes, *, name: str) -> tuple[tuple[Row, ...], ...]:
    """Return the rows of each sheet that has any, as `read_rows` returns those of the first.

    Raises:
        SheetNotReadable: neither a workbook nor text.
        SheetTooLarge: more bytes, rows or columns than are read at once, packed or unpacked.
        SheetEmpty: no row of any sheet has anything in it.
    """
    found = tuple(rows for rows in _sheets(data, name, most=MOST_SHEETS) if rows)
    if not found:
        raise SheetEmpty(name=name)
    return found


def _sheets(data: bytes, name: str, *, most: int) -> list[tuple[Row, ...]]:
    if len(data) > MOST_BYTES:
        raise SheetTooLarge(name=name)
    found: list[tuple[Row, ...]] = []
    lines = 0
    for sheet in _of_workbook(data, name, most=most) if data[:2] == b"PK" else (_of_text(data, name),):
        rows: list[Row] = []
        for line, row in enumerate(sheet, start=1):
            lines += 1
            if lines > MOST_ROWS or len(row) > MOST_COLUMNS:
                raise SheetTooLarge(name=name)
            if any(row):
                rows.append((line, row))
        found.append(tuple(rows))
    return found


def _of_workbook(data: bytes, name: str, *, most: int) -> Iterator[Iterator[tuple[str, ...]]]:
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            infos = parts.infolist()
    except zipfile.BadZipFile as fault:
        raise SheetNotReadable(name=name) from fault
    if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise SheetTooLarge(name=name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # styles and validations that the library does not know
        with _refusing_the_broken(name):
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            sheets = book.worksheets[:most]
        for sheet in sheets:
            yield _of_sheet(sheet, name)


def _of_sheet(sheet: "_Sheet", name: str) -> Iterator[tuple[str, ...]]:
    with _refusing_the_broken(name):
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            yield _trimmed(_text(cell) for cell in row)


class _Sheet(Protocol):
    def reset_dimensions(self) -> None: ...

    def iter_rows(self, *, values_only: bool) -> Iterator[tuple[object, ...]]: ...


@contextmanager
def _refusing_the_broken(name: str) -> Iterator[None]:
    try:
        yield
    except (
        KeyError,
        ValueError,
        IndexError,
        OSError,
        zipfile.BadZipFile,
        SyntaxError,
        AttributeError,
        TypeError,
    ) as fault:
        raise SheetNotReadable(name=name) from fault


def _of_text(data: bytes, name: str) -> Iterator[tuple[str, ...]]:
    text = _decoded(data, name)
    head = text[: text.find("\n") if "\n" in text else len(text)]
    separator = max(",\t;", key=head.count)
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            yield _trimmed(cell.strip() for cell in row)
    except csv.Error as fault:
        raise SheetNotReadable(name=name) from fault


def _decoded(data: bytes, name: str) -> str:
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else _ENCODINGS[:2]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise SheetNotReadable(name=name)


def _trimmed(cells: Iterable[str]) -> tuple[str, ...]:
    row = list(cells)
    while row and not row[-1]:
        row.pop()
    return tuple(row)


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "1" if cell else "0"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date():
            return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
        case _:
            return str(cell).strip()[:_LONGEST_CELL]
