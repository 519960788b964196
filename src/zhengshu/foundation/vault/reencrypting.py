"""Encrypts columns anew after a key was rotated, in batches, each stored with how far it got.

A killed job goes on with the batch that it was in. A value that somebody changed meanwhile keeps the change.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Model, QuerySet

from zhengshu.foundation.crypto.data_keys import ValueUnreadable
from zhengshu.foundation.vault import columns, keys
from zhengshu.foundation.vault.models import Reencryption

log = structlog.get_logger(__name__)

BATCH = 500
WAIT = timedelta(seconds=keys.SECONDS_KEPT * 1.5)
"""After a rotation, for the last process to stop using the former key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one column is.

    Attributes:
        unreadable: rows whose value could not be read and was left as it is.
    """

    column: str
    total: int
    looked_at: int
    changed: int
    unreadable: int
    asked_at: datetime
    began_at: datetime | None
    finished_at: datetime | None

    @property
    def percent(self) -> int:
        """How much was looked at, in percent."""
        if self.finished_at is not None:
            return 100
        return min(99, 100 * self.looked_at // self.total) if self.total else 0


def ask(*, at: datetime) -> None:
    """Have every encrypted column encrypted by the newest keys; what is under way begins anew."""
    for column in columns.COLUMNS:
        Reencryption.objects.update_or_create(
            column=column.name,
            defaults={
                "after": None,
                "looked_at": 0,
                "changed": 0,
                "unreadable": 0,
                "total": 0,
                "asked_at": at,
                "began_at": None,
                "finished_at": None,
            },
        )


def progress() -> tuple[Progress, ...]:
    """Return how far each column is that was asked for."""
    return tuple(
        Progress(
            column=row.column,
            total=row.total,
            looked_at=row.looked_at,
            changed=row.changed,
            unreadable=row.unreadable,
            asked_at=row.asked_at,
            began_at=row.began_at,
            finished_at=row.finished_at,
        )
        for row in Reencryption.objects.order_by("column")
    )


def go_on(*, at: datetime, seconds: float) -> int:
    """Work on what is due for some seconds, and return how many values were encrypted anew."""
    until, changed = time.monotonic() + seconds, 0
    for column in columns.COLUMNS:
        while time.monotonic() < until:
            done = _batch(column, at=at)
            if done is None:
                break
            changed += done
    return changed


def _batch(column: columns.Column, *, at: datetime) -> int | None:
    """Do one batch of a column; None where nothing is due or another process is at it."""
    with transaction.atomic():
        due = Reencryption.objects.select_for_update(skip_locked=True).filter(
            column=column.name, finished_at=None, asked_at__lte=at - WAIT
        )
        row = due.first()
        if row is None:
            return None
        kept = _kept(column)
        if row.began_at is None:
            row.began_at, row.total = at, kept.count()
        rows = list((kept if row.after is None else kept.filter(pk__gt=row.after))[:BATCH])
        changed, unreadable = _renew(column, rows)
        row.looked_at += len(rows)
        row.changed, row.unreadable = row.changed + changed, row.unreadable + unreadable
        if rows:
            row.after = str(rows[-1].pk)
        if len(rows) < BATCH:
            row.finished_at = at
        row.save()
    return changed


def _kept(column: columns.Column) -> QuerySet[Model]:
    rows = column.model._base_manager.filter(**{f"{column.stored}__isnull": False})  # noqa: SLF001 - Django's own name
    return rows.select_related(column.needs).order_by("pk") if column.needs else rows.order_by("pk")


def _renew(column: columns.Column, rows: Sequence[Model]) -> tuple[int, int]:
    changed = unreadable = 0
    for row in rows:
        try:
            fresh = column.renewed(row)
        except ValueUnreadable as fault:
            log.warning("vault.value_unreadable", column=column.name, row=str(row.pk), fault=str(fault))
            unreadable += 1
            continue
        if fresh is None:
            continue
        same = column.model._base_manager.filter(pk=row.pk, **{column.stored: getattr(row, column.stored)})  # noqa: SLF001 - as above
        changed += same.update(**{column.stored: fresh})
    return changed, unreadable
