"""Rows of the serving tables, read by prepared statements.

A serving view may be exchanged at any moment. A statement that was prepared for the former table is prepared
anew, and a view that is just being replaced is looked up again, so that a reader never sees an error or half.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import asyncpg

from zhengshu.contexts.exchange.domain.refusals import AnswerTooSlow, GatewayNotFresh, ResourceNotReady
from zhengshu.contexts.exchange.domain.statements import Parameter, Statement, select
from zhengshu.contexts.exchange.domain.terms import Terms
from zhengshu.contexts.exchange.domain.values import ColumnType, Value, read_value
from zhengshu.contexts.exchange.gateway.database import LOST, Pool, Row, fetch
from zhengshu.contexts.exchange.gateway.encrypted import Decrypter, Read, Shape
from zhengshu.contexts.exchange.gateway.flights import Flights
from zhengshu.foundation.crypto.data_keys import ROW, read_note

TRIES = 4
MOST_STATEMENTS = 900
_COLUMNS = """
    SELECT attname, format_type(atttypid, NULL) AS type, col_description(attrelid, attnum) AS note
    FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
"""
_TYPES: Final[Mapping[str, ColumnType]] = {
    "text": ColumnType.TEXT,
    "character varying": ColumnType.TEXT,
    "smallint": ColumnType.INTEGER,
    "integer": ColumnType.INTEGER,
    "bigint": ColumnType.INTEGER,
    "numeric": ColumnType.DECIMAL,
    "date": ColumnType.DATE,
    "timestamp with time zone": ColumnType.DATETIME,
    "boolean": ColumnType.BOOLEAN,
}
_SWAPPED = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.OutdatedSchemaCacheError,
    asyncpg.DataError,
    asyncpg.DatatypeMismatchError,
    asyncpg.UndefinedFunctionError,
    asyncpg.InternalServerError,
    asyncpg.FeatureNotSupportedError,
    asyncpg.ObjectNotInPrerequisiteStateError,
)
"""What a statement meets whose view was exchanged since it was prepared."""


class Rows:
    """Reads rows as the terms of a grant allow."""

    def __init__(self, pool: Pool) -> None:
        """Read through a pool."""
        self._pool = pool
        self._flights = Flights(pool)
        self._shapes: dict[str, Shape] = {}
        self._decrypter = Decrypter(pool)
        self._statements: dict[tuple[object, ...], Statement] = {}

    def forget(self) -> None:
        """Forget what was prepared for grants that may have changed."""
        self._shapes.clear()
        self._statements.clear()

    async def read(
        self,
        terms: Terms,
        *,
        keys: Mapping[str, str],
        columns: Sequence[str],
        limit: int,
        offset: int = 0,
    ) -> Sequence[Row | Read]:
        """Return rows whose key columns hold the keys, with the columns in the given order.

        Raises:
            ValueUnreadable: a key is not of its column's type.
            ResourceNotReady: the table is not published or lacks a granted column.
            AnswerTooSlow: the query was given up.
            GatewayNotFresh: the database does not answer.
        """
        for turn in range(TRIES):
            try:
                shape = await self._shape_of(terms.view_name)
                if shape.grades:
                    return await self._read_encrypted(
                        terms, shape, keys=keys, columns=columns, page=(limit, offset)
                    )
                types = shape.types
                statement = self._statement(terms, tuple(keys), tuple(columns), types)
                values: list[Parameter] = [
                    read_value(text, column_type=types[column], column=column)
                    for column, text in keys.items()
                ]
                if statement.many_sql:
                    return await self._flights.read(statement, values[0], limit=limit, offset=offset)
                return await fetch(
                    self._pool, statement.sql, *values, limit, offset, *statement.filter_values
                )
            except asyncpg.QueryCanceledError as fault:
                raise AnswerTooSlow from fault
            except _SWAPPED:
                self.forget()
                await asyncio.sleep(0.01 * turn)
            except ResourceNotReady:
                self.forget()
                if turn == TRIES - 1:
                    raise
                await asyncio.sleep(0.01 * turn)
            except LOST as fault:
                if turn == TRIES - 1:
                    raise GatewayNotFresh from fault
                await asyncio.sleep(0.02 * turn)
        raise ResourceNotReady

    def _statement(
        self,
        terms: Terms,
        keys: tuple[str, ...],
        columns: tuple[str, ...],
        types: Mapping[str, ColumnType],
    ) -> Statement:
        form = (terms.id, keys, columns)
        statement = self._statements.get(form)
        if statement is None:
            if len(self._statements) >= MOST_STATEMENTS:
                self._statements.clear()
            statement = self._statements[form] = select(terms, keys=keys, columns=columns, types=types)
        return statement

    async def types_of(self, view: str) -> Mapping[str, ColumnType]:
        """Return the types of a view's columns.

        Raises:
            ResourceNotReady: there is no such view.
        """
        return (await self._shape_of(view)).types

    async def _shape_of(self, view: str) -> Shape:
        shape = self._shapes.get(view)
        if shape is None:
            found = await fetch(self._pool, _COLUMNS, f'serving."{view}"')
            types = {row["attname"]: _TYPES[row["type"]] for row in found if row["type"] in _TYPES}
            notes = {row["attname"]: note for row in found if (note := read_note(row["note"])) is not None}
            types |= {column: ColumnType(kind) for column, (kind, _) in notes.items()}
            if not types:
                raise ResourceNotReady
            shape = Shape(types=types, grades={column: grade for column, (_, grade) in notes.items()})
            self._shapes[view] = shape
        return shape

    async def _read_encrypted(
        self,
        terms: Terms,
        shape: Shape,
        *,
        keys: Mapping[str, str],
        columns: Sequence[str],
        page: tuple[int, int],
    ) -> Sequence[Read]:
        """Return rows of a table with encrypted columns; each call reads alone, found by blind indexes."""
        if hidden := {condition.column for condition in terms.conditions} & shape.grades.keys():
            raise ResourceNotReady(missing=", ".join(sorted(hidden)))
        found_by = dict(
            self._decrypter.lookup(
                terms, column, read_value(text, column_type=shape.types[column], column=column), shape=shape
            )
            for column, text in keys.items()
        )
        types = {**dict.fromkeys((ROW, *found_by), ColumnType.TEXT), **shape.types}
        statement = self._statement(terms, tuple(found_by), (*columns, ROW), types)
        rows = await fetch(self._pool, statement.sql, *found_by.values(), *page, *statement.filter_values)
        return await self._decrypter.rows(terms, rows, columns=columns, shape=shape)


def value_of(row: Row | Read, place: int) -> Value | None:
    """Return one value of a row."""
    value: Value | None = row[place]
    return value
