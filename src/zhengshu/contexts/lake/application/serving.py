"""The serving tables: plain PostgreSQL tables behind one view a resource, swapped in one transaction."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from django.db import InternalError, OperationalError, connection, transaction
from psycopg import sql
from pyarrow import csv

from zhengshu.contexts.lake.application.encrypting import Encryption, compared_by, stored_names
from zhengshu.contexts.lake.domain.columns import Column, ColumnType
from zhengshu.foundation.crypto.data_keys import served_note
from zhengshu.kernel.errors import Kind, Refused

SCHEMA = "serving"
_LOCK_WAIT = "3s"

_TYPES: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "text",
    ColumnType.INTEGER: "bigint",
    ColumnType.DECIMAL: "numeric",
    ColumnType.DATE: "date",
    ColumnType.DATETIME: "timestamptz",
    ColumnType.BOOLEAN: "boolean",
}


class ReadersInTheWay(Refused):
    """Long readings of the serving table keep it from being swapped."""

    code = "lake.readers-in-the-way"
    kind = Kind.UNAVAILABLE
    message = (
        "The table is being read so long that it could not be swapped. Nothing was changed; collect it again."
    )


@dataclass(frozen=True, slots=True)
class Staged:
    """A filled table that nobody reads yet."""

    table: str
    rows: int


def stage(
    *,
    table: str,
    columns: Sequence[Column],
    batches: Iterable[pa.RecordBatch],
    with_indexes: bool,
    encryption: Encryption | None = None,
) -> Staged:
    """Create a table and fill it by COPY, encrypted where it must be; index its key columns."""
    name = sql.Identifier(SCHEMA, table)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))
        cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(name, _definitions(columns)))
    rows = _copy(table, batches if encryption is None else encryption.batches(batches))
    with connection.cursor() as cursor:
        if with_indexes:
            for key in compared_by(columns, [column.column for column in columns if column.is_key]):
                cursor.execute(sql.SQL("CREATE INDEX ON {} ({})").format(name, sql.Identifier(key)))
        cursor.execute(sql.SQL("ANALYZE {}").format(name))
    return Staged(table, rows)


def swap(*, view: str, table: str, columns: Sequence[Column]) -> None:
    """Let the view read another table, in the open transaction.

    Readers see the former table until the transaction ends and the new one afterwards. The view's lock waits for
    readings that are under way, but not for ever: new readings would queue behind.

    Raises:
        ReadersInTheWay: a reading under way takes too long.
    """
    names = _listed(stored_names(columns))
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(_LOCK_WAIT)))
            cursor.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(sql.Identifier(SCHEMA, view)))
            cursor.execute(
                sql.SQL("CREATE VIEW {} AS SELECT {} FROM {}").format(
                    sql.Identifier(SCHEMA, view), names, sql.Identifier(SCHEMA, table)
                )
            )
            for column in columns:
                if column.encrypted_grade:
                    note = served_note(_TYPES[column.kind], column.encrypted_grade)
                    cursor.execute(
                        sql.SQL("COMMENT ON COLUMN {} IS {}").format(
                            sql.Identifier(SCHEMA, view, column.column), sql.Literal(note)
                        )
                    )
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except OperationalError as fault:
        raise ReadersInTheWay from fault


def merge(*, into: str, staged: Staged, columns: Sequence[Column], keys: Sequence[str]) -> int:
    """Add staged rows to a table that is being served, in the open transaction; rows with a staged key go first.

    Returns:
        How many rows the table has then.
    """
    former, new = sql.Identifier(SCHEMA, into), sql.Identifier(SCHEMA, staged.table)
    names = _listed(stored_names(columns))
    with connection.cursor() as cursor:
        if keys:
            same = sql.SQL(" AND ").join(
                sql.SQL("former.{0} = new.{0}").format(sql.Identifier(key))
                for key in compared_by(columns, keys)
            )
            cursor.execute(
                sql.SQL("DELETE FROM {} AS former USING {} AS new WHERE {}").format(former, new, same)
            )
        cursor.execute(sql.SQL("INSERT INTO {0} ({1}) SELECT {1} FROM {2}").format(former, names, new))
        cursor.execute(sql.SQL("DROP TABLE {}").format(new))
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(former))
        (rows,) = cursor.fetchone() or (0,)
    return int(rows)


def carry_over(*, source: str, staged: Staged, columns: Sequence[str], keys: Sequence[str]) -> int:
    """Take the former rows over into a staged table of another shape; those with a staged key stay behind.

    Returns:
        How many rows the staged table has then.
    """
    former, new = sql.Identifier(SCHEMA, source), sql.Identifier(SCHEMA, staged.table)
    names = _listed(columns)
    shared = [key for key in keys if key in columns]
    unmatched: sql.Composable = sql.SQL("true")
    if shared:
        same = sql.SQL(" AND ").join(
            sql.SQL("new.{0} = former.{0}").format(sql.Identifier(key)) for key in shared
        )
        unmatched = sql.SQL("NOT EXISTS (SELECT FROM {} AS new WHERE {})").format(new, same)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("INSERT INTO {0} ({1}) SELECT {1} FROM {2} AS former WHERE {3}").format(
                new, names, former, unmatched
            )
        )
        return staged.rows + int(cursor.rowcount)


def drop(table: str) -> bool:
    """Drop a table that nobody reads any more; False where a reader or a view still holds it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(_LOCK_WAIT)))
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(SCHEMA, table)))
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except (OperationalError, InternalError):  # a reader's lock; a view that depends on it
        return False
    return True


def tables() -> tuple[str, ...]:
    """Return the names of all tables of the serving schema."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename", [SCHEMA])
        return tuple(str(name) for (name,) in cursor.fetchall())


def first_rows(*, view: str, columns: Sequence[str], most: int) -> tuple[tuple[object, ...], ...]:
    """Return some rows of a view, as they come."""
    names = sql.SQL(", ").join(sql.Identifier(column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT {} FROM {} LIMIT {}").format(
                names, sql.Identifier(SCHEMA, view), sql.Literal(most)
            )
        )
        return tuple(tuple(row) for row in cursor.fetchall())


def _definitions(columns: Sequence[Column]) -> sql.Composed:
    kinds = {column.column: _TYPES[column.kind] for column in columns if not column.encrypted_grade}
    parts = [
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kinds.get(name, "bytea")))
        for name in stored_names(columns)
    ]
    return sql.SQL(", ").join(parts)


def _listed(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


def _copy(table: str, batches: Iterable[pa.RecordBatch]) -> int:
    options = csv.WriteOptions(include_header=False)
    rows = 0
    with connection.cursor() as cursor:
        for batch in batches:
            names = sql.SQL(", ").join(sql.Identifier(name) for name in batch.schema.names)
            statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
                sql.Identifier(SCHEMA, table), names
            )
            buffer = io.BytesIO()
            csv.write_csv(batch, buffer, options)
            with cursor.copy(statement) as copy:
                copy.write(buffer.getbuffer())
            rows += batch.num_rows
    return rows
