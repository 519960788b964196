"""Opening a delivered file: by its content, whatever its name says."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from zhengshu.contexts.lake.application.reading.chunks import Layout, Source
from zhengshu.contexts.lake.application.reading.delimited import Delimited
from zhengshu.contexts.lake.application.reading.json_lines import JsonLines
from zhengshu.contexts.lake.application.reading.parquet import Parquet
from zhengshu.contexts.lake.application.reading.spreadsheets import Spreadsheet, zip_names
from zhengshu.contexts.lake.application.reading.streams import READ_BYTES, Survey, survey
from zhengshu.contexts.lake.domain.encodings import encoding_of
from zhengshu.contexts.lake.domain.formats import (
    SNIFFED_BYTES,
    FileEmpty,
    FileFormat,
    format_of,
    has_fitting_name,
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file ready to be read, with what one pass over it told."""

    source: Source
    survey: Survey
    file_format: FileFormat
    has_fitting_name: bool


def open_file(path: Path, *, file_name: str, layout: Layout, surveyed: Survey | None = None) -> Opened:
    """Open a delivered file.

    Raises:
        FileEmpty: there is nothing in it.
        FormatUnknown: it is no table.
        EncodingUnknown: its characters cannot be read.
        SpreadsheetTooLarge: it would unpack to an absurd size.
        HeaderNotFound, ColumnsMissing, ColumnTwice: the layout does not find its columns.
    """
    with path.open("rb") as file:
        head = file.read(READ_BYTES)
    names = zip_names(path) if head.startswith(b"PK") else ()
    file_format = format_of(_narrow(head[:SNIFFED_BYTES]), zip_names=names)
    known = surveyed or survey(path)
    source = _source(path, file_format, head=head, known=known, layout=layout)
    return Opened(source, known, file_format, has_fitting_name(file_name, file_format=file_format))


def _source(path: Path, file_format: FileFormat, *, head: bytes, known: Survey, layout: Layout) -> Source:
    if file_format is FileFormat.PARQUET:
        return Parquet(path, layout=layout)
    if file_format is FileFormat.XLSX:
        return Spreadsheet(path, layout=layout, most_bytes=settings.LAKE_MOST_UNPACKED_BYTES)
    detected = encoding_of(head)
    if not head[detected.mark :].strip():
        raise FileEmpty
    reader = JsonLines if file_format is FileFormat.JSON_LINES else Delimited
    return reader(path, survey=known, detected=detected, layout=layout)


def _narrow(head: bytes) -> bytes:
    """Return the beginning of a UTF-16 text without its zero bytes, so that its first characters can be seen."""
    return head[2:].replace(b"\x00", b"") if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else head
