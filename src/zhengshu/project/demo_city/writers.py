"""Writing a sheet as its department would deliver it; the same sheet gives the same bytes."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import openpyxl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhengshu.project.demo_city.draws import Texts, as_texts, is_text, joined
from zhengshu.project.demo_city.sheets import Delivery, Sheet

_ROWS_AT_ONCE: Final = 250_000
_SAVED_AT: Final = datetime(2026, 6, 30, 9, tzinfo=UTC)
"""The time that spreadsheets claim to have been saved at, so that their bytes do not depend on the clock."""


def write(sheet: Sheet, folder: Path) -> Path:
    """Write the sheet under the folder and return the file."""
    file = folder / sheet.file
    file.parent.mkdir(parents=True, exist_ok=True)
    _WRITERS[sheet.delivery](sheet, file)
    return file


def _write_csv(sheet: Sheet, file: Path, *, delimiter: str = ",", encoding: str = "utf-8") -> None:
    with file.open("wb") as out:
        out.write((delimiter.join(sheet.columns) + "\r\n").encode(encoding))
        for columns in _pieces(sheet):
            cells = [_quoted(column, delimiter) for column in columns]
            parts: list[Texts | str] = [part for cell in cells for part in (cell, delimiter)]
            content = _content(joined(*parts[:-1], "\r\n"))
            out.write(content if encoding == "utf-8" else content.decode().encode(encoding))


def _quoted(column: Texts, delimiter: str) -> Texts:
    needs = pc.match_substring_regex(column, pattern=f'[{delimiter}"\r\n]')
    if not pc.any(needs).as_py():
        return column
    doubled = as_texts(pc.replace_substring(column, pattern='"', replacement='""'))
    return as_texts(pc.if_else(needs, joined('"', doubled, '"'), column))


def _content(column: Texts) -> bytes:
    """Return all rows of a column one after the other."""
    whole = pa.concat_arrays([column])
    buffers = whole.buffers()
    return b"" if buffers[2] is None else buffers[2].to_pybytes()[: _length(whole)]


def _length(column: Texts) -> int:
    return int(pc.sum(pc.binary_length(column)).as_py() or 0)


def _pieces(sheet: Sheet) -> Iterator[list[Texts]]:
    for start in range(0, sheet.rows, _ROWS_AT_ONCE):
        yield [
            as_texts(pa.concat_arrays([column.slice(start, _ROWS_AT_ONCE)]))
            for column in sheet.columns.values()
        ]


def _write_semicolons(sheet: Sheet, file: Path) -> None:
    _write_csv(sheet, file, delimiter=";")


def _write_gbk(sheet: Sheet, file: Path) -> None:
    _write_csv(sheet, file, encoding="gb18030")


def _write_json_lines(sheet: Sheet, file: Path) -> None:
    names = tuple(sheet.columns)
    rows = zip(*(column.to_pylist() for column in sheet.columns.values()), strict=True)
    with file.open("wb") as out:
        for row in rows:
            out.write(msgspec.json.encode(dict(zip(names, row, strict=True))) + b"\n")


def _write_parquet(sheet: Sheet, file: Path) -> None:
    columns = {
        name: pc.cast(column, sheet.typed[name])
        if name in sheet.typed
        else pc.if_else(pa.array(is_text(column, "")), pa.scalar(None, pa.string()), column)
        for name, column in sheet.columns.items()
    }
    pq.write_table(pa.table(columns), file, compression="zstd", row_group_size=_ROWS_AT_ONCE)


def _write_xlsx(sheet: Sheet, file: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    book.properties.created = book.properties.modified = _SAVED_AT.replace(tzinfo=None)
    page = book.create_sheet("Sheet1")
    page.append(list(sheet.columns))
    for row in zip(*(column.to_pylist() for column in sheet.columns.values()), strict=True):
        page.append(row)
    saved = io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as made, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for entry in sorted(made.namelist()):
            content = made.read(entry)
            if entry == "docProps/core.xml":
                content = _with_fixed_times(content)
            out.writestr(zipfile.ZipInfo(entry, _SAVED_AT.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)


def _with_fixed_times(content: bytes) -> bytes:
    head, tag, rest = content.partition(b"<dcterms:modified")
    if not tag:
        return content
    opening, _, after = rest.partition(b">")
    closing = after[after.index(b"<") :]
    return head + tag + opening + b">" + _SAVED_AT.strftime("%Y-%m-%dT%H:%M:%SZ").encode() + closing


_WRITERS: Final[dict[Delivery, Callable[[Sheet, Path], None]]] = {
    Delivery.CSV: _write_csv,
    Delivery.CSV_SEMICOLON: _write_semicolons,
    Delivery.CSV_GBK: _write_gbk,
    Delivery.JSON_LINES: _write_json_lines,
    Delivery.PARQUET: _write_parquet,
    Delivery.XLSX: _write_xlsx,
}
