"""The meanings of all items in the memory of a process, brought up to date as items change."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from sys import intern
from threading import Lock
from typing import Final
from uuid import UUID

from django.db.models import BigIntegerField, Count, Func, Sum, TextField
from django.db.models.functions import Cast, Concat

from zhengshu.contexts.services.application import meaning
from zhengshu.contexts.services.application.known import Known, Learned
from zhengshu.contexts.services.domain.vocabulary import ItemState
from zhengshu.contexts.services.models import ServiceItem
from zhengshu.kernel.words import words

SECONDS: Final = 2.0
"""How long a process trusts what it knows before it asks whether items changed."""

OVERLAP: Final = timedelta(minutes=5)
"""So far back is asked again, for what another process learned may be committed later than its time says."""


_MARKS: Final = {
    "count": Count("id"),
    "sum": Sum(
        Func(
            Concat(Cast("id", TextField()), "meaning_digest", "state"),
            0,
            function="hashtextextended",
            output_field=BigIntegerField(),
        )
    ),
}
"""What the server tells of many rows at once: whether any of them changed, so that they need not all be read."""


class Index:
    """What is known of the meaning of all items that are offered."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._learned: dict[UUID, Learned] = {}
        self._newest: datetime | None = None
        self._seen: tuple[datetime | None, Mapping[str, object]] | None = None
        self._asked_at = -SECONDS
        self._known = Known()

    def current(self) -> Known:
        """Return what is known now."""
        with self._lock:
            now = time.monotonic()
            if now - self._asked_at >= SECONDS:
                self._asked_at = now
                self._refresh()
            return self._known

    def forget(self) -> None:
        """Begin anew, as a fresh process does."""
        with self._lock:
            self._learned, self._newest, self._seen, self._asked_at = {}, None, None, -SECONDS
            self._known = Known()

    def _refresh(self) -> None:
        rows = ServiceItem.objects.filter(meaning_at__isnull=False)
        since = None if self._newest is None else self._newest - OVERLAP
        if since is not None:
            rows = rows.filter(meaning_at__gte=since)
        state_of_rows = (since, rows.order_by().aggregate(**_MARKS))
        if state_of_rows == self._seen:
            return
        self._seen = state_of_rows
        faces = list(rows.values_list("id", "meaning_digest", "state", "meaning_at"))
        changed = [item_id for item_id, digest, state, _at in faces if self._is_news(item_id, digest, state)]
        if not changed:
            return
        for item_id, name, state, stored, digest in ServiceItem.objects.filter(id__in=changed).values_list(
            "id", "name", "state", "meaning", "meaning_digest"
        ):
            if state == ItemState.PUBLISHED.value and stored is not None:
                rows_of = meaning.unpacked(bytes(stored))
                self._learned[item_id] = Learned(
                    digest=digest, name=name, rows=rows_of, words=frozenset(map(intern, words(name)))
                )
            else:
                self._learned.pop(item_id, None)
        self._newest = max((at for _id, _digest, _state, at in faces if at is not None), default=None)
        self._known = Known.of(self._learned)

    def _is_news(self, item_id: UUID, digest: str, state: str) -> bool:
        known = self._learned.get(item_id)
        if state != ItemState.PUBLISHED.value:
            return known is not None
        return known is None or known.digest != digest


INDEX = Index()
"""The index of this process."""
