"""The meanings of all items in the memory of a process, brought up to date as items change."""

import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db.models import BigIntegerField, Count, Func, Sum, TextField
from django.db.models.functions import Cast, Concat

from zhengshu.contexts.services.application import meaning
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Learned:
    digest: str
    rows: meaning.Vectors
    words: frozenset[str]


@dataclass(slots=True)
class _Snapshot:
    """Rows of meanings, the items that they belong to, and how many names have each word."""

    ids: list[UUID] = field(default_factory=list)
    matrix: meaning.Vectors = field(default_factory=lambda: np.zeros((0, meaning.WIDTH), dtype=np.float32))
    owners: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    common: Counter[str] = field(default_factory=Counter)


class Index:
    """What is known of the meaning of all items that are offered."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._learned: dict[UUID, _Learned] = {}
        self._newest: datetime | None = None
        self._seen: tuple[datetime | None, Mapping[str, object]] | None = None
        self._asked_at = -SECONDS
        self._snapshot = _Snapshot()

    def close_to(self, vector: meaning.Vectors, *, most: int) -> Mapping[UUID, float]:
        """Return the items closest in meaning to a question, with how close they are (1: the same)."""
        known = self._current()
        if not known.ids:
            return {}
        best = np.full(len(known.ids), -1.0, dtype=np.float32)
        np.maximum.at(best, known.owners, known.matrix @ vector)
        count = min(most, len(known.ids))
        top = np.argpartition(-best, count - 1)[:count]
        return {known.ids[place]: float(best[place]) for place in top}

    def rarity(self, asked: Sequence[str]) -> Mapping[str, float]:
        """Return how much each word tells: the logarithm of how rare it is among the names of items."""
        known = self._current()
        return {word: math.log(1 + (1 + len(known.ids)) / (1 + known.common[word])) for word in asked}

    def forget(self) -> None:
        """Begin anew, as a fresh process does."""
        with self._lock:
            self._learned, self._newest, self._seen, self._asked_at = {}, None, None, -SECONDS
            self._snapshot = _Snapshot()

    def _current(self) -> _Snapshot:
        with self._lock:
            now = time.monotonic()
            if now - self._asked_at >= SECONDS:
                self._asked_at = now
                self._refresh()
            return self._snapshot

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
                self._learned[item_id] = _Learned(digest=digest, rows=rows_of, words=frozenset(words(name)))
            else:
                self._learned.pop(item_id, None)
        self._newest = max((at for _id, _digest, _state, at in faces if at is not None), default=None)
        self._snapshot = _snapshot_of(self._learned)

    def _is_news(self, item_id: UUID, digest: str, state: str) -> bool:
        known = self._learned.get(item_id)
        if state != ItemState.PUBLISHED.value:
            return known is not None
        return known is None or known.digest != digest


def _snapshot_of(learned: Mapping[UUID, _Learned]) -> _Snapshot:
    each = list(learned.values())
    if not each:
        return _Snapshot()
    return _Snapshot(
        ids=list(learned),
        matrix=np.concatenate([one.rows for one in each]),
        owners=np.repeat(np.arange(len(each)), [len(one.rows) for one in each]),
        common=Counter(word for one in each for word in one.words),
    )


INDEX = Index()
"""The index of this process."""
