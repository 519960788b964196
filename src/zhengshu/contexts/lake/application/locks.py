"""One collection of a resource at a time, and a sign of life of the process that does it.

The lock belongs to the database connection: it ends with the process, however the process ends.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from zhengshu.contexts.lake.domain.batches import CollectionRunning


def _key(resource_id: UUID) -> int:
    return int.from_bytes(hashlib.sha256(b"lake" + resource_id.bytes).digest()[:8], "big", signed=True)


@contextmanager
def collecting(resource_id: UUID) -> Iterator[None]:
    """Hold the lock of a resource.

    Raises:
        CollectionRunning: somebody else holds it.
    """
    if not _take(resource_id):
        raise CollectionRunning
    try:
        yield
    finally:
        _give_back(resource_id)


def is_alive(resource_id: UUID) -> bool:
    """Whether another process is collecting the resource."""
    if not _take(resource_id):
        return True
    _give_back(resource_id)
    return False


def _take(resource_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_key(resource_id)])
        (is_taken,) = cursor.fetchone() or (False,)
    return bool(is_taken)


def _give_back(resource_id: UUID) -> None:
    if connection.connection is None or connection.connection.closed or connection.needs_rollback:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_key(resource_id)])
