"""Rows that were set aside come back corrected."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake.application.access import columns_of, deliverable
from zhengshu.contexts.lake.application.collect_file import collect_batch, fault_data
from zhengshu.contexts.lake.application.export_set_aside import LINE_HEADING
from zhengshu.contexts.lake.application.queries import visible_batch
from zhengshu.contexts.lake.application.reading.opening import open_file
from zhengshu.contexts.lake.application.receive_file import inbox, note_batch
from zhengshu.contexts.lake.application.records import BatchRecord
from zhengshu.contexts.lake.domain.batches import BatchState, BatchSuperseded, DeliveryMode, SourceKind
from zhengshu.contexts.lake.domain.columns import Column, ColumnType
from zhengshu.contexts.lake.domain.faults import Fault
from zhengshu.contexts.lake.domain.headers import match_header
from zhengshu.contexts.lake.domain.reading import read_value
from zhengshu.contexts.lake.domain.safety import original as original_text
from zhengshu.contexts.lake.models import Batch, ServingTable, SetAsideRow
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import BatchId, new_id

_LINE = "zz_line"


class NothingToReplay(Refused):
    """None of the rows named waits for correction."""

    code = "lake.nothing-to-replay"
    kind = Kind.CONFLICT
    message = "None of these rows waits for correction; somebody has probably corrected them already."


class LinesMissing(Refused):
    """The corrected file does not say which rows it corrects."""

    code = "lake.lines-missing"
    message = "The file has no column 行号. Correct the file that you downloaded here, and leave that column as it is."


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What became of corrected rows.

    Attributes:
        batch: the batch that published them; None where none fits yet.
        corrected: how many rows are published now.
        still_faulty: how many wait on, with their new values and reasons.
    """

    batch: BatchRecord | None
    corrected: int
    still_faulty: int


@transaction
def replay_rows(
    *, batch_id: BatchId, corrections: Mapping[int, Mapping[str, str]], actor: Actor, at: datetime
) -> Replayed:
    """Publish corrected rows; those that still do not fit wait on with their new values and reasons.

    Args:
        batch_id: the batch from which they were set aside.
        corrections: by line number, the values by column; columns not named keep what was delivered.
        actor: who corrects.
        at: when.

    Raises:
        BatchSuperseded: the batch is no longer what is served.
        NothingToReplay: none of the rows waits any more.
    """
    original, resource = _replayable(batch_id, actor)
    columns = columns_of(resource)
    waiting = SetAsideRow.objects.select_for_update().filter(
        batch=original, line__in=list(corrections), replayed_in=None
    )
    fitting: list[SetAsideRow] = []
    faulty: list[SetAsideRow] = []
    for row in waiting.order_by("line", "id"):
        row.values = {**row.values, **corrections[row.line]}
        values = [read_value(row.values.get(column.column, ""), column=column) for column in columns]
        row.faults = [fault_data(value) for value in values if isinstance(value, Fault)]
        (faulty if row.faults else fitting).append(row)
    if not fitting and not faulty:
        raise NothingToReplay
    SetAsideRow.objects.bulk_update(faulty, ["values", "faults"], batch_size=1000)
    batch = _publish(original, resource, fitting, columns, actor=actor, at=at) if fitting else None
    return Replayed(batch=batch, corrected=len(fitting), still_faulty=len(faulty))


def replay_file(*, batch_id: BatchId, source: Path, file_name: str, actor: Actor, at: datetime) -> Replayed:
    """Publish the rows of a corrected file; see `replay_rows`.

    Raises:
        LinesMissing: the file does not say which rows it corrects.
        BatchSuperseded: the batch is no longer what is served.
        NothingToReplay: none of the rows waits any more.
    """
    _, resource = _replayable(batch_id, actor)
    columns = [replace(column, is_key=False, is_required=False) for column in columns_of(resource)]
    line = Column(name=LINE_HEADING, column=_LINE, kind=ColumnType.INTEGER)
    opened = open_file(
        source, file_name=file_name, layout=lambda rows: match_header(rows, columns=[line, *columns])
    )
    if _LINE not in opened.source.header.places:
        raise LinesMissing
    corrections: dict[int, Mapping[str, str]] = {}
    for chunk in opened.source.chunks():
        for row in chunk.rows.to_pylist():
            number = read_value(row.pop(_LINE), column=line)
            if isinstance(number, int):
                corrections[number] = {name: original_text(text) for name, text in row.items()}
    return replay_rows(batch_id=batch_id, corrections=corrections, actor=actor, at=at)


def _publish(
    original: Batch,
    resource: catalog.ResourceRecord,
    rows: Sequence[SetAsideRow],
    columns: Sequence[Column],
    *,
    actor: Actor,
    at: datetime,
) -> BatchRecord:
    path = inbox() / new_id().hex
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.column for column in columns])
        writer.writerows([row.values.get(column.column, "") for column in columns] for row in rows)
    is_upsert = bool(resource.keys) and original.mode == DeliveryMode.UPSERT
    batch = note_batch(
        resource,
        source_kind=SourceKind.REPLAY,
        file_name=original.file_name,
        mode=DeliveryMode.UPSERT if is_upsert else DeliveryMode.APPEND,
        actor=actor,
        at=at,
        staged=path,
        size=path.stat().st_size,
        replay_of=original.id,
    )
    record = collect_batch(batch_id=BatchId(batch.id), actor=actor, at=at)
    SetAsideRow.objects.filter(id__in=[row.id for row in rows]).update(replayed_in=batch)
    return record


def _replayable(batch_id: BatchId, actor: Actor) -> tuple[Batch, catalog.ResourceRecord]:
    original = visible_batch(batch_id=batch_id, actor=actor)
    resource = deliverable(resource_code=original.resource_code, actor=actor)
    served = (
        ServingTable.objects.filter(resource_id=original.resource_id).select_related("replaced_by").first()
    )
    is_served = original.state == BatchState.PUBLISHED and served is not None
    if not is_served or served is None or original.received_at < served.replaced_by.received_at:
        raise BatchSuperseded
    return original, resource
