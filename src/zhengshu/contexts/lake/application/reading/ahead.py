"""Reading ahead: the next chunk is made while the last one is worked on."""

from collections.abc import Iterator
from contextlib import closing
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Generic, TypeVar

T = TypeVar("T")

_DEPTH = 2
_WAIT_SECONDS = 0.1


class _Done:
    """Marks the end of the rows, with the fault that ended them."""

    def __init__(self, fault: BaseException | None = None) -> None:
        self.fault = fault


class _Maker(Generic[T]):
    """Runs an iterator in a thread of its own until it ends or nobody wants more."""

    def __init__(self, items: Iterator[T]) -> None:
        self._items = items
        self.made: Queue[T | _Done] = Queue(_DEPTH)
        self.is_over = Event()
        self.thread = Thread(target=self._run, name="lake.ahead", daemon=True)

    def _run(self) -> None:
        fault: BaseException | None = None
        try:
            for item in self._items:
                if not self._put(item):
                    break
        except BaseException as caught:  # noqa: BLE001 - raised again where the rows are wanted
            fault = caught
        finally:
            close = getattr(self._items, "close", None)
            if close is not None:
                close()
        self._put(_Done(fault))

    def _put(self, item: T | _Done) -> bool:
        while not self.is_over.is_set():
            try:
                self.made.put(item, timeout=_WAIT_SECONDS)
            except Full:
                continue
            return True
        return False

    def close(self) -> None:
        """Let the thread end, whatever it has left."""
        self.is_over.set()
        try:
            while True:
                self.made.get_nowait()
        except Empty:
            self.thread.join()


def ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield the items of an iterator that is run in a thread, at most two ahead; its faults are raised here.

    The iterator must not use the database: connections belong to threads.
    """
    maker = _Maker(items)
    maker.thread.start()
    with closing(maker):
        while True:
            item = maker.made.get()
            if not isinstance(item, _Done):
                yield item
            elif item.fault is not None:
                raise item.fault
            else:
                return
