"""The one program that writes the proof log."""

import threading
import time
from collections.abc import Callable

import structlog
from django.db import Error, connection
from django.utils import timezone

from zhengshu.contexts.trust.application.gather_cosignatures import gather_cosignatures
from zhengshu.contexts.trust.application.publish_log import MOST, EntryMissing, LogAheadOfDatabase, Publisher
from zhengshu.contexts.trust.application.sequence_log import sequence_log
from zhengshu.foundation.tlog.notes import NoteWrong
from zhengshu.foundation.tlog.store import TileRewritten
from zhengshu.foundation.tlog.tiles import TileWrong

log = structlog.get_logger(__name__)

LOCK = 809_6962
"""The advisory lock that only one sequencer holds."""
SECONDS_BETWEEN_ROUNDS = 1.0
SECONDS_BETWEEN_ASKS = 2.0
SECONDS_BETWEEN_TRIES = 5.0


class Gatherer(threading.Thread):
    """Asks the witnesses beside the sequencer's own work, so that no slow one holds up the log."""

    def __init__(self, *, is_at_work: Callable[[], bool]) -> None:
        """Work while the sequencer does; a killed process does not wait for it."""
        super().__init__(name="witnesses", daemon=True)
        self._is_at_work = is_at_work
        self._ended = threading.Event()

    def run(self) -> None:
        """Ask again and again until the end."""
        while not self._ended.wait(SECONDS_BETWEEN_ASKS):
            if not self._is_at_work():
                continue
            try:
                gather_cosignatures(at=timezone.now())
            except (Error, OSError, NoteWrong, TileWrong) as fault:
                log.warning("proof_log.not_witnessed", fault=f"{type(fault).__name__}: {fault}"[:500])
                connection.close()
        connection.close()

    def end(self) -> None:
        """Ask nobody any more; return when the last question is answered."""
        self._ended.set()
        self.join()


class Sequencer:
    """Gives everything that waits its place and publishes it, round after round.

    A second sequencer waits until the first one's connection has ended. Whatever fails, a round is begun anew from
    what is on disk; a log whose files and database do not belong together is left alone and told of.
    """

    def __init__(self, *, wait: Callable[[float], None] = time.sleep) -> None:
        """Stand by; nothing is read yet."""
        self._wait = wait
        self._publisher: Publisher | None = None

    def run(self) -> None:
        """Work until the process is ended."""
        gatherer = Gatherer(is_at_work=lambda: self._publisher is not None)
        gatherer.start()
        try:
            self._work()
        finally:
            gatherer.end()

    def _work(self) -> None:
        while True:
            try:
                idle = not self.round()
            except (
                Error,
                OSError,
                TileRewritten,
                TileWrong,
                NoteWrong,
                LogAheadOfDatabase,
                EntryMissing,
            ) as fault:
                log.warning("proof_log.not_published", fault=f"{type(fault).__name__}: {fault}"[:500])
                self._publisher = None
                if isinstance(fault, Error):
                    connection.close()
                self._wait(SECONDS_BETWEEN_TRIES)
            else:
                if idle:
                    self._wait(SECONDS_BETWEEN_ROUNDS)

    def round(self) -> bool:
        """Sequence and publish once; return whether there was as much as one round takes."""
        if not _is_the_one():
            self._publisher = None
            return False
        taken = sequence_log(most=MOST)
        if self._publisher is None:
            self._publisher = Publisher()
        published = self._publisher.publish()
        return taken >= MOST or published >= MOST


def _is_the_one() -> bool:
    """Whether this process holds the lock; it is taken once for a connection and held while that lives."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"
            " AND pid = pg_backend_pid()) THEN true ELSE pg_try_advisory_lock(%s) END",
            [LOCK, LOCK],
        )
        (is_held,) = cursor.fetchone() or (False,)
    return bool(is_held)
