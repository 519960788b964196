"""SQL that is written once, bound and planned by the server; for the few statements that every command pays for.

Django builds a statement anew each time, writes the values into its text, and the server plans that text anew. A page
can afford that. A step of a case runs a dozen statements, and building and planning them were two thirds of its cost
(`make bench ONLY=flow-steps`). What a statement here says, some test compares with what the query set says.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import AutoField, Field, Model
from psycopg import Error

M = TypeVar("M", bound=Model)
Row = tuple[Any, ...]

_Cursor: Any = ServerBindingCursor
"""The stubs are of another driver."""


class Statement:
    """One text of SQL, prepared once a connection; `%s` stands for a value."""

    def __init__(self, sql: str) -> None:
        """Keep the text."""
        self.sql = sql

    def run(self, *values: object) -> None:
        """Run it for its effect."""
        _executed(self.sql, values)

    def rows(self, *values: object) -> list[Row]:
        """Run it and return its rows."""
        found: list[Row] = _executed(self.sql, values).fetchall()
        return found


class Selection(Generic[M]):
    """Rows of one model by a condition that is written once."""

    def __init__(self, model: type[M], rest: str) -> None:
        """Keep the model and what follows its table: condition, order, lock."""
        self.model = model
        self.rest = rest

    def rows(self, *values: object) -> list[M]:
        """Return the rows as Django would have loaded them."""
        names, converters = self._names, self._converters
        loaded = []
        for row in self._statement.rows(*values):
            columns = list(row)
            for place, convert in converters:
                columns[place] = convert(columns[place])
            loaded.append(self.model.from_db(connection.alias, names, columns))
        return loaded

    @cached_property
    def _fields(self) -> tuple["Field[Any, Any]", ...]:
        return tuple(self.model._meta.concrete_fields)  # noqa: SLF001 - Django documents it

    @cached_property
    def _names(self) -> list[str]:
        return [field.attname for field in self._fields]

    @cached_property
    def _statement(self) -> Statement:
        """Columns are named, so that a plan outlives a column that an upgrade adds."""
        table = self.model._meta.db_table  # noqa: SLF001
        columns = ", ".join(f"{table}.{field.column}" for field in self._fields)
        return Statement(f"SELECT {columns} FROM {table} {self.rest}")  # noqa: S608 - our own names

    @cached_property
    def _converters(self) -> list[tuple[int, Callable[[object], object]]]:
        return [
            (place, _converter(field))
            for place, field in enumerate(self._fields)
            if field.get_db_converters(connection)
        ]


class Insertion(Generic[M]):
    """New rows of one model, written as `save` and `bulk_create` write them; no signals are sent."""

    def __init__(self, model: type[M], ending: str = "") -> None:
        """Keep the model and what ends the statement, for instance what a conflict leads to."""
        self.model = model
        self.ending = ending
        self._statements: dict[int, Statement] = {}

    def run(self, *rows: M) -> None:
        """Write the rows in one statement."""
        if not rows:
            return
        self._statement(len(rows)).run(
            *(
                field.get_db_prep_save(field.pre_save(row, add=True), connection)
                for row in rows
                for field in self._fields
            )
        )
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - Django documents it

    @cached_property
    def _fields(self) -> tuple["Field[Any, Any]", ...]:
        """Numbers that the database gives are left out."""
        fields = self.model._meta.concrete_fields  # noqa: SLF001
        return tuple(field for field in fields if not isinstance(field, AutoField))

    def _statement(self, count: int) -> Statement:
        if count not in self._statements:
            table = self.model._meta.db_table  # noqa: SLF001
            columns = ", ".join(str(field.column) for field in self._fields)
            row = f"({', '.join(['%s'] * len(self._fields))})"
            rows = ", ".join([row] * count)
            sql = f"INSERT INTO {table} ({columns}) VALUES {rows} {self.ending}"  # noqa: S608 - our own names
            self._statements[count] = Statement(sql)
        return self._statements[count]


def record_of(model: type[Model], names: tuple[str, ...]) -> str:
    """Return the columns of a model as `jsonb_to_recordset` wants them: ``id uuid, state varchar(16)``."""
    fields = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001
    return ", ".join(f"{fields[name].column} {fields[name].db_type(connection)}" for name in names)


def _converter(field: "Field[Any, Any]") -> Callable[[object], object]:
    convert = field.get_db_converters(connection)
    column = field.get_col(field.model._meta.db_table)  # noqa: SLF001

    def converted(value: object) -> object:
        for one in convert:
            value = one(value, column, connection)
        return value

    return converted


def _executed(sql: str, values: Sequence[object]) -> Any:  # noqa: ANN401 - the driver's cursor, or Django's about it
    """Run a statement bound on the server and return its cursor.

    Django's own wrapper costs as much as the driver; it is left out unless somebody watches queries.
    """
    here: Any = connections[DEFAULT_DB_ALIAS]
    here.validate_thread_sharing()
    here.close_if_health_check_failed()
    here.ensure_connection()
    if here.queries_logged or here.execute_wrappers:
        cursor = here._prepare_cursor(_Cursor(here.connection))  # noqa: SLF001
        cursor.execute(sql, values)
        return cursor
    here.validate_no_broken_transaction()
    try:
        return _Cursor(here.connection).execute(sql, values)
    except Error:
        with here.wrap_database_errors:
            raise
