"""Group commit: a call is answered only after its record is on disk.

While one batch is being written the next one gathers. The database judges a batch in the same transaction:
nonces, quotas and revocations count for all workers and machines together. A batch whose outcome is unknown,
because the connection broke, is written again; the database keeps what it already has.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import asyncpg
import msgspec
import structlog

from zhengshu.contexts.exchange.domain.refusals import RecordNotWritten
from zhengshu.contexts.exchange.gateway.calls import Entry
from zhengshu.contexts.exchange.gateway.database import LOST, Connection

log = structlog.get_logger(__name__)

MOST_IN_A_BATCH = 256
COMMIT = "SELECT call_id, outcome FROM gateway.commit_calls($1, $2::text::json, $3, $4)"
FORGET = "SELECT gateway.forget_nonces(20000)"
SECONDS_BETWEEN_SWEEPS = 10.0
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class _Waiting:
    entry: Entry
    outcome: asyncio.Future[str]
    since: float = field(default_factory=time.monotonic)


class Recorder:
    """Writes the records of one worker.

    Args:
        connect: opens a connection.
        gateway: the name of the worker in the records.
        zone: the time zone whose midnight begins a day of quota.
        patience: seconds after which a record that cannot be written makes its call fail.
    """

    def __init__(
        self, *, connect: Callable[[], Awaitable[Connection]], gateway: str, zone: str, patience: float
    ) -> None:
        """Keep the arguments; `run` does the work."""
        self._connect, self._gateway, self._zone, self._patience = connect, gateway, zone, patience
        self._queue: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._connection: Connection | None = None

    async def record(self, entry: Entry) -> str:
        """Return the verdict on a call once its record is on disk: `ok` or the code of the refusal.

        Raises:
            RecordNotWritten: the record could not be written in time.
        """
        waiting = _Waiting(entry, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._wake.set()
        return await waiting.outcome

    async def run(self) -> None:
        """Write batch after batch until cancelled."""
        while True:
            await self._wake.wait()
            batch, self._queue = self._queue[:MOST_IN_A_BATCH], self._queue[MOST_IN_A_BATCH:]
            if not self._queue:
                self._wake.clear()
            try:
                await self._settle(batch)
            except Exception as fault:  # noqa: BLE001 - whatever happened, the next batch must be written
                log.warning("gateway.record_failed", fault=repr(fault)[:300], calls=len(batch))
                await self._drop_connection()
                _fail(batch)

    async def sweep(self) -> None:
        """Forget old nonces from time to time until cancelled."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_SWEEPS)
            try:
                connection = await self._connect()
                try:
                    await connection.execute(FORGET)
                finally:
                    await connection.close()
            except LOST as fault:
                log.warning("gateway.sweep_failed", fault=type(fault).__name__)

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        is_again = False
        while True:
            try:
                outcomes = await self._write(batch, is_again=is_again)
            except LOST as fault:
                log.warning("gateway.record_delayed", fault=type(fault).__name__, calls=len(batch))
                await self._drop_connection()
                if time.monotonic() - batch[0].since > self._patience:
                    return _fail(batch)
                is_again = True
                await asyncio.sleep(0.05)
            except asyncpg.UniqueViolationError:
                is_again = True  # the first try was still being committed when the second began
            except asyncpg.PostgresError as fault:
                log.warning("gateway.record_refused", fault=type(fault).__name__, calls=len(batch))
                return await self._settle_singly(batch)
            else:
                return _answer(batch, outcomes)

    async def _settle_singly(self, batch: Sequence[_Waiting]) -> None:
        """Write a refused batch call by call, so that one poisoned record fails alone."""
        if len(batch) == 1:
            return _fail(batch)
        for waiting in batch:
            await self._settle([waiting])
        return None

    async def _write(self, batch: Sequence[_Waiting], *, is_again: bool) -> dict[object, str]:
        if self._connection is None:
            self._connection = await self._connect()
        calls = _encode([waiting.entry for waiting in batch]).decode()
        rows = await self._connection.fetch(
            COMMIT, self._gateway, calls, self._zone, is_again, timeout=self._patience
        )
        return {row[0]: row[1] for row in rows}

    async def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()


def _answer(batch: Sequence[_Waiting], outcomes: dict[object, str]) -> None:
    for waiting in batch:
        verdict = outcomes.get(waiting.entry.id)
        if waiting.outcome.done():
            continue
        if verdict is None:
            waiting.outcome.set_exception(RecordNotWritten())
        else:
            waiting.outcome.set_result(verdict)


def _fail(batch: Sequence[_Waiting]) -> None:
    for waiting in batch:
        if not waiting.outcome.done():
            waiting.outcome.set_exception(RecordNotWritten())
