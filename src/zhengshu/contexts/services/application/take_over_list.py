"""An uploaded list: look at what it would become, then take it over in the background."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec
from django.db import transaction as django_transaction

from zhengshu.contexts.services.application.import_items import ImportedItem, ImportReport, import_items
from zhengshu.contexts.services.application.learn_meanings import learn_meanings
from zhengshu.contexts.services.models.lists import ListImport
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.jobs import app
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused

JOB = "services.take_over_list"


class ListState(StrEnum):
    """How far an uploaded list has come."""

    LOOKED_AT = "looked_at"
    RUNNING = "running"
    TAKEN_OVER = "taken_over"
    FAILED = "failed"


class ListNotFound(Refused):
    """There is no such list, or it is another data authority's."""

    code: ClassVar[str] = "services.list-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such uploaded list."


class ListTakenAlready(Refused):
    """The list was taken over, or is just being; upload it again to look at it anew."""

    code: ClassVar[str] = "services.list-taken-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "This list was taken over already, or is being taken over just now."


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRecordOfImport:
    """An uploaded list with its report."""

    id: UUID
    file_name: str
    official_name: str
    state: ListState
    total: int
    done: int
    counts: dict[str, int]
    items: tuple[ImportedItem, ...]
    refusal: str
    uploaded_at: datetime
    ended_at: datetime | None


def look_at_list(*, data: bytes, name: str, actor: Actor, at: datetime) -> UUID:
    """Keep an uploaded list with what would become of each record; nothing else is written.

    Raises:
        ItemStepNotYours: the actor is no reviewer of a data authority.
        ListNotReadable: it is none of the kinds that are read.
    """
    report = import_items(data=data, name=name, actor=actor, at=at, is_trial=True)
    row = ListImport(
        authority_id=actor.department_id,
        official_id=actor.id,
        official_name=actor.name,
        file_name=name[:200],
        content=data,
        state=ListState.LOOKED_AT.value,
        uploaded_at=at,
    )
    _note(row, report)
    row.save()
    return row.id


@transaction
def take_over_list(*, list_id: UUID, actor: Actor) -> None:
    """Have a list taken over in the background; asking twice takes it over once.

    Raises:
        ListNotFound: there is none that the actor may see.
        ListTakenAlready: it was, or is being, taken over.
    """
    row = ListImport.objects.visible_to(actor).select_for_update().filter(id=list_id).first()
    if row is None:
        raise ListNotFound
    if row.state != ListState.LOOKED_AT.value:
        raise ListTakenAlready
    row.state, row.done = ListState.RUNNING.value, 0
    row.save(update_fields=["state", "done"])
    key = str(row.id)
    django_transaction.on_commit(
        lambda: app.configure_task(JOB, queueing_lock=f"{JOB}:{key}").defer(list_id=key)
    )


def carry_out(*, list_id: UUID, at: datetime) -> None:
    """Take the records of a list over, a hundred in each transaction; a second run changes nothing more."""
    row = ListImport.objects.get(id=list_id)
    if row.state != ListState.RUNNING.value or row.content is None:
        return
    actor = trust.actor_of(official_id=row.official_id)

    def told(done: int) -> None:
        ListImport.objects.filter(id=list_id).update(done=done)

    try:
        report = import_items(data=bytes(row.content), name=row.file_name, actor=actor, at=at, progress=told)
    except Refused as refusal:
        row.state, row.refusal = ListState.FAILED.value, refusal.text()
    else:
        row.state, row.content = ListState.TAKEN_OVER.value, None
        _note(row, report)
    row.ended_at = at
    row.save()
    learn_meanings(at=at)


def uploaded_list(*, list_id: UUID, actor: Actor) -> ListRecordOfImport:
    """Return an uploaded list with its report.

    Raises:
        ListNotFound: there is none that the actor may see.
    """
    row = ListImport.objects.visible_to(actor).defer("content").filter(id=list_id).first()
    if row is None:
        raise ListNotFound
    return _record(row, items=msgspec.convert(row.report, tuple[ImportedItem, ...]))


def uploaded_lists(*, actor: Actor, most: int = 20) -> tuple[ListRecordOfImport, ...]:
    """Return the newest uploaded lists without their reports."""
    rows = ListImport.objects.visible_to(actor).defer("content", "report")[:most]
    return tuple(_record(row, items=()) for row in rows)


def _note(row: ListImport, report: ImportReport) -> None:
    row.total = row.done = len(report.items)
    row.counts = {outcome.value: count for outcome, count in report.counts.items()}
    row.report = msgspec.to_builtins(report.items)


def _record(row: ListImport, *, items: tuple[ImportedItem, ...]) -> ListRecordOfImport:
    return ListRecordOfImport(
        id=row.id,
        file_name=row.file_name,
        official_name=row.official_name,
        state=ListState(row.state),
        total=row.total,
        done=row.done,
        counts=row.counts,
        items=items,
        refusal=row.refusal,
        uploaded_at=row.uploaded_at,
        ended_at=row.ended_at,
    )
