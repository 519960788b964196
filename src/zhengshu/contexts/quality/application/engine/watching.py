"""How far an assessment is, and whether it is to go on: asked in the caller's thread, however long queries run."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from zhengshu.kernel.errors import Kind, Refused

Told = Callable[[int, int], bool]
"""Told how many row visits are done and how many there are; returns whether to go on."""

_ASKED_EVERY_SECONDS = 0.25


class AssessmentCancelled(Refused):
    """Somebody stopped the assessment; there is no result of a part of the rows."""

    code = "quality.assessment-cancelled"
    kind = Kind.CONFLICT
    message = "The assessment was stopped. There is no result; parts that are finished are not checked again."


class RoomExhausted(Refused):
    """Memory or disk did not suffice; parts that were finished are kept."""

    code = "quality.room-exhausted"
    kind = Kind.UNAVAILABLE
    message = "The assessment ran out of memory or disk. There is no result; make room and start it again."


@dataclass(slots=True)
class Watch:
    """Counts what is done.

    Attributes:
        told: whom it tells.
        total: how many row visits there are: each row once for the row rules, and once for each table rule.
        done: how many are done.
    """

    told: Told
    total: int
    done: int = 0
    started: float = field(default_factory=time.monotonic)

    def add(self, rows: int) -> None:
        """Tell that more rows are done.

        Raises:
            AssessmentCancelled: the answer was to stop.
        """
        self.done += rows
        if not self.told(self.done, self.total):
            raise AssessmentCancelled

    def table_of(self, engine: duckdb.DuckDBPyConnection, query: str, *, rows: int) -> pa.Table:
        """Run a long query in a thread beside, and ask whether to go on meanwhile; return its answer.

        Args:
            engine: the connection; nothing else may use it meanwhile.
            query: the query.
            rows: how many row visits it stands for.

        Raises:
            AssessmentCancelled: the answer was to stop.
        """
        with ThreadPoolExecutor(max_workers=1) as beside:
            running = beside.submit(lambda: engine.sql(query).to_arrow_table())
            while not wait([running], timeout=_ASKED_EVERY_SECONDS).done:
                share = max(0.0, engine.query_progress()) / 100
                if not self.told(self.done + int(rows * share), self.total):
                    engine.interrupt()
                    wait([running])
                    raise AssessmentCancelled
        found: pa.Table = running.result()
        return found


def seconds_left(*, done: int, total: int, seconds: float) -> float | None:
    """Return how long the rest will take if it goes on as it went; None before anything is done."""
    return seconds / done * (total - done) if done > 0 else None
