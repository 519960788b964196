"""Reads of one statement that arrive while one is under way go together in the next query.

Alone, a read goes at once. Under load a query answers many calls of the same shape, which spares the database and
this program most of the cost of a query. A read that fails in company goes again alone, so that nobody suffers
from the key of another.
"""

import asyncio
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from zhengshu.contexts.exchange.domain.statements import Parameter, Statement
from zhengshu.contexts.exchange.gateway.database import Pool, Row, fetch

MOST_TOGETHER = 64


@dataclass(slots=True)
class _Line:
    """Who waits for the next flight of one statement, page size and offset."""

    statement: Statement
    page: tuple[int, int]
    waiting: list[tuple[Parameter, "asyncio.Future[Sequence[Row] | None]"]] = field(default_factory=list)


class Flights:
    """Reads rows by one key, together with others that ask in the same way."""

    def __init__(self, pool: Pool) -> None:
        """Read through a pool."""
        self._pool = pool
        self._lines: dict[Hashable, _Line] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    async def read(self, statement: Statement, value: Parameter, *, limit: int, offset: int) -> Sequence[Row]:
        """Return the rows of one value; raises what the database raises."""
        form = (id(statement), limit, offset)
        line = self._lines.get(form)
        if line is None:
            self._lines[form] = _Line(statement, (limit, offset))
            try:
                return await self._alone(statement, value, limit=limit, offset=offset)
            finally:
                self._depart(form)
        future: asyncio.Future[Sequence[Row] | None] = asyncio.get_running_loop().create_future()
        line.waiting.append((value, future))
        rows = await future
        return await self._alone(statement, value, limit=limit, offset=offset) if rows is None else rows

    async def _alone(
        self, statement: Statement, value: Parameter, *, limit: int, offset: int
    ) -> Sequence[Row]:
        return await fetch(self._pool, statement.sql, value, limit, offset, *statement.filter_values)

    def _depart(self, form: Hashable) -> None:
        line = self._lines[form]
        if not line.waiting:
            del self._lines[form]
            return
        passengers, line.waiting = line.waiting[:MOST_TOGETHER], line.waiting[MOST_TOGETHER:]
        task = asyncio.get_running_loop().create_task(self._fly(form, line, passengers))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _fly(
        self,
        form: Hashable,
        line: _Line,
        passengers: Sequence[tuple[Parameter, "asyncio.Future[Sequence[Row] | None]"]],
    ) -> None:
        found: list[list[Row]] = [[] for _ in passengers]
        is_lost = False
        try:
            values = [value for value, _ in passengers]
            rows = await fetch(
                self._pool, line.statement.many_sql, values, *line.page, *line.statement.filter_values
            )
            for row in rows:
                found[row[-1] - 1].append(row)
        except Exception:  # noqa: BLE001 - whatever it was, each goes again alone and meets its own fault
            is_lost = True
        finally:
            for place, (_, future) in enumerate(passengers):
                if not future.done():
                    future.set_result(None if is_lost else found[place])
            self._depart(form)
