"""Work that goes on beside other work, on a connection of its own; it stops when the other fails."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from zhengshu.contexts.quality.application.engine.sessions import Session
from zhengshu.contexts.quality.application.engine.watching import Watch

Found = TypeVar("Found")


@contextmanager
def beside(
    session: Session, work: Callable[[Session, Watch], Found] | None
) -> Iterator[Future[Found] | None]:
    """Begin some work, or none; what it returns or raises is told by the future.

    Args:
        session: the session whose database it may use.
        work: called in another thread, with a session of its own and a watch that tells it to stop.
    """
    if work is None:
        yield None
        return
    is_stopped = threading.Event()
    own = session.duplicate()
    with ThreadPoolExecutor(max_workers=1) as thread:
        running = thread.submit(work, own, Watch(told=lambda _done, _total: not is_stopped.is_set(), total=0))
        running.add_done_callback(lambda _: own.engine.close())
        try:
            yield running
        except BaseException:
            is_stopped.set()
            raise
