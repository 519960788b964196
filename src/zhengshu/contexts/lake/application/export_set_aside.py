"""The rows that were set aside as a file: to be corrected and delivered again."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake.application.access import columns_of
from zhengshu.contexts.lake.application.queries import RowsNotYours, visible_batch
from zhengshu.contexts.lake.application.receive_file import inbox, subject_of
from zhengshu.contexts.lake.application.records import SetAside, set_aside_record
from zhengshu.contexts.lake.domain.columns import Column
from zhengshu.contexts.lake.domain.faults import Fault
from zhengshu.contexts.lake.domain.safety import neutral
from zhengshu.contexts.lake.events import SetAsideRowsExported
from zhengshu.contexts.lake.models import Batch, SetAsideRow
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import BatchId, DepartmentId, ResourceId, new_id

LINE_HEADING = "行号"
REASON_HEADING = "原因"
"""Headings of the two columns that are not items; they are recognized when the file comes back."""

CSV, XLSX = "csv", "xlsx"


def sentence_of(fault: Fault) -> str:
    """Return a fault in the language of the reader."""
    text = gettext(fault.message)
    return text % fault.data if fault.data else text


def reasons_of(row: SetAside, *, columns: Sequence[Column]) -> str:
    """Return all reasons of a row, each with the name of its item."""
    names = {column.column: column.name for column in columns}
    said = [(names.get(fault.column, fault.column), sentence_of(fault)) for fault in row.faults]
    return "；".join(f"{name}：{text}" if name else text for name, text in said)


@transaction
def export_set_aside(*, batch_id: BatchId, file_format: str, actor: Actor, at: datetime) -> Path:
    """Write the rows that wait for correction into a file of the inbox and return its path; the caller removes it.

    Raises:
        BatchNotFound: there is no such batch that the actor may see.
        RowsNotYours: the actor sees counts only.
    """
    batch = visible_batch(batch_id=batch_id, actor=actor)
    if not Batch.objects.with_rows_for(actor).filter(id=batch.id).exists():
        raise RowsNotYours
    resource_id = ResourceId(batch.resource_id)
    columns = columns_of(catalog.resources(ids=[resource_id])[resource_id])
    path = inbox() / f"export-{new_id().hex}"
    rows = (_write_xlsx if file_format == XLSX else _write_csv)(path, _lines(batch, columns))
    publish(
        SetAsideRowsExported(
            at=at,
            actor=actor,
            subject=subject_of(batch),
            department_id=DepartmentId(batch.department_id),
            batch_id=batch.id,
            resource_id=batch.resource_id,
            resource_code=batch.resource_code,
            rows=rows,
            file_format=file_format,
        )
    )
    return path


def _lines(batch: Batch, columns: Sequence[Column]) -> Iterator[list[str]]:
    yield [LINE_HEADING, REASON_HEADING, *(column.name for column in columns)]
    rows = SetAsideRow.objects.filter(batch=batch, replayed_in=None).order_by("line", "id")
    for row in map(set_aside_record, rows.iterator(chunk_size=2000)):
        values = [neutral(row.values.get(column.column, "")) for column in columns]
        yield [str(row.line), reasons_of(row, columns=columns), *values]


def _write_csv(path: Path, lines: Iterator[list[str]]) -> int:
    written = -1
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for line in lines:
            writer.writerow(line)
            written += 1
    return written


def _write_xlsx(path: Path, lines: Iterator[list[str]]) -> int:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("set aside")
    written = -1
    for line in lines:
        sheet.append(
            ["".join(letter for letter in text if letter >= " " or letter in "\t\n") for text in line]
        )
        written += 1
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(buffer.getvalue())
    return written
