"""Locks that end with the process that holds them, however it ends: advisory locks of the database connection."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection


def take(space: str, name: UUID) -> bool:
    """Take a lock without waiting; False where somebody else holds it.

    Args:
        space: what is locked (``lake``), so that ids of different things never meet.
        name: the id of the thing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_key(space, name)])
        (is_taken,) = cursor.fetchone() or (False,)
    return bool(is_taken)


def give_back(space: str, name: UUID) -> None:
    """Give a lock back; a broken connection has lost it already."""
    if connection.connection is None or connection.connection.closed or connection.needs_rollback:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_key(space, name)])


@contextmanager
def held(space: str, name: UUID) -> Iterator[None]:
    """Wait for a lock and hold it for a while, so that the same thing is done by one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_key(space, name)])
    try:
        yield
    finally:
        give_back(space, name)


def is_held(space: str, name: UUID) -> bool:
    """Whether another connection holds a lock: the sign of life of its process."""
    if not take(space, name):
        return True
    give_back(space, name)
    return False


def _key(space: str, name: UUID) -> int:
    return int.from_bytes(hashlib.sha256(space.encode() + name.bytes).digest()[:8], "big", signed=True)
