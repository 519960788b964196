"""One collection of a resource at a time, and a sign of life of the process that does it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from zhengshu.contexts.lake.domain.batches import CollectionRunning
from zhengshu.foundation import locks

SPACE = "lake"


@contextmanager
def collecting(resource_id: UUID) -> Iterator[None]:
    """Hold the lock of a resource.

    Raises:
        CollectionRunning: somebody else holds it.
    """
    if not locks.take(SPACE, resource_id):
        raise CollectionRunning
    try:
        yield
    finally:
        locks.give_back(SPACE, resource_id)


def is_alive(resource_id: UUID) -> bool:
    """Whether another process is collecting the resource."""
    return locks.is_held(SPACE, resource_id)
