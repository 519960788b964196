"""A call becomes one parameterised SELECT: names come from the grant only, values only as parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhengshu.contexts.exchange.domain.refusals import ResourceNotReady
from zhengshu.contexts.exchange.domain.requests_scope import Condition, Operator
from zhengshu.contexts.exchange.domain.terms import Terms
from zhengshu.contexts.exchange.domain.values import ColumnType, Value, read_value

Parameter = Value | list[Value]

_COMPARISONS: Mapping[Operator, str] = {
    Operator.EQUALS: "{column} = ${place}",
    Operator.ONE_OF: "{column} = ANY (${place})",
    Operator.AT_LEAST: "{column} >= ${place}",
    Operator.AT_MOST: "{column} <= ${place}",
    Operator.STARTS_WITH: "{column} LIKE ${place}",
}


_SQL_TYPES: Mapping[ColumnType, str] = {
    ColumnType.TEXT: "text",
    ColumnType.INTEGER: "bigint",
    ColumnType.DECIMAL: "numeric",
    ColumnType.DATE: "date",
    ColumnType.DATETIME: "timestamptz",
    ColumnType.BOOLEAN: "boolean",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A SELECT that shows some columns of the rows of one key, and nothing that the row filter excludes.

    Attributes:
        sql: takes the values of the keys, then page size and offset, then `filter_values`.
        many_sql: the same for many values of a single key at once: takes their array in place of the value, and
            adds the place of the value, from 1, as the last column; empty where rows are found by several keys.
        columns: the shown columns in order.
        filter_values: the values of the row filter.
    """

    sql: str
    many_sql: str
    columns: tuple[str, ...]
    filter_values: tuple[Parameter, ...]


def select(
    terms: Terms, *, keys: Sequence[str], columns: Sequence[str], types: Mapping[str, ColumnType]
) -> Statement:
    """Return the statement of a call that the terms allow.

    Rows come in the order of keys and shown columns, so that pages follow each other whatever the plan.

    Raises:
        ResourceNotReady: the published table lacks a column of the grant.
    """
    if missing := {*keys, *columns, *(condition.column for condition in terms.conditions)} - types.keys():
        raise ResourceNotReady(missing=", ".join(sorted(missing)))
    found_by = [f"{_quoted(column)} = ${place}" for place, column in enumerate(keys, start=1)]
    where: list[str] = []
    limit, offset = len(keys) + 1, len(keys) + 2
    values: list[Parameter] = []
    for place, condition in enumerate(terms.conditions, start=offset + 1):
        text, value = _condition(condition, place=place, column_type=types[condition.column])
        where.append(text)
        values.append(value)
    order = ", ".join(str(place) for place in range(1, len(columns) + 1))
    shown = f"SELECT {', '.join(map(_quoted, columns))} FROM serving.{_quoted(terms.view_name)} WHERE "  # noqa: S608 - see _quoted
    page = f" ORDER BY {order} LIMIT ${limit} OFFSET ${offset}"
    many_sql = ""
    if len(keys) == 1:
        one = " AND ".join([f"{_quoted(keys[0])} = asked.value", *where])
        many_sql = (
            f"SELECT found.*, asked.place FROM unnest($1::{_SQL_TYPES[types[keys[0]]]}[]) "  # noqa: S608 - see _quoted
            f"WITH ORDINALITY AS asked(value, place) CROSS JOIN LATERAL ({shown}{one}{page}) AS found "
            f"ORDER BY asked.place, {order}"
        )
    return Statement(
        sql=shown + " AND ".join([*found_by, *where]) + page,
        many_sql=many_sql,
        columns=tuple(columns),
        filter_values=tuple(values),
    )


def _condition(condition: Condition, *, place: int, column_type: ColumnType) -> tuple[str, Parameter]:
    column = _quoted(condition.column)
    if condition.operator is Operator.STARTS_WITH:
        escaped = condition.values[0].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return _COMPARISONS[condition.operator].format(column=f"{column}::text", place=place), f"{escaped}%"
    read = [read_value(value, column_type=column_type, column=condition.column) for value in condition.values]
    text = _COMPARISONS[condition.operator].format(column=column, place=place)
    return text, read if condition.operator is Operator.ONE_OF else read[0]


def _quoted(name: str) -> str:
    """Return a name as an SQL identifier; `Terms` has checked that it is nothing but a name."""
    return f'"{name}"'
