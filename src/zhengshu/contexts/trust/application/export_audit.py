"""The audit as a file, made row by row in constant memory."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import IO
from uuid import UUID

from zhengshu.contexts.trust.application.search_audit import AuditRecord
from zhengshu.kernel.errors import Refused

MOST_SHEET_ROWS = 1_048_575
"""What a sheet of Excel holds beside its heading."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be run by a spreadsheet; it gets an apostrophe before it."""


class TooManyRows(Refused):
    """A sheet cannot hold so many events; narrow the search or export CSV."""

    code = "trust.audit-too-many-rows"
    message = "A sheet holds at most %(most)s events. Narrow the search, or export CSV."


def cells(
    record: AuditRecord,
    *,
    name_of: Callable[[str], str],
    departments: Mapping[UUID, str],
    time: Callable[[datetime], str],
) -> tuple[str, ...]:
    """Return an event as the cells of a row.

    Args:
        record: the event.
        name_of: the words for a wire name.
        departments: names by id.
        time: how an instant is written.
    """
    values = (
        str(record.id),
        time(record.at),
        name_of(record.name),
        record.name,
        "1" if record.is_success else "0",
        record.actor_name,
        str(record.actor_id),
        departments.get(record.actor_department_id, "") if record.actor_department_id else "",
        record.address,
        record.subject_kind,
        record.subject_id,
        record.subject_label,
        departments.get(record.department_id, "") if record.department_id else "",
        "; ".join(f"{field}={value}" for field, value in sorted(record.data.items())),
    )
    return tuple(harmless(value) for value in values)


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def as_csv(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield the lines of a CSV file that Excel reads as UTF-8."""
    yield b"\xef\xbb\xbf"
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue().encode()


def as_sheet(rows: Iterable[Sequence[str]]) -> IO[bytes]:
    """Return an open temporary file with the sheet, its position at the start."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("audit")
    for row in rows:
        sheet.append(list(row))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer that streams it closes it
    book.save(file)
    file.seek(0)
    return file
