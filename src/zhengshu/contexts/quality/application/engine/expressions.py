"""Expressions of the language of rules as SQL of DuckDB."""

from collections.abc import Mapping
from datetime import date

from zhengshu.contexts.quality.application.engine.values import (
    NUMBER_TYPE,
    Field,
    day_of,
    number_of,
    quoted,
)
from zhengshu.contexts.quality.domain import values
from zhengshu.contexts.quality.domain.language import (
    Among,
    Call,
    Column,
    Compared,
    Expression,
    Joined,
    Literal,
    Negated,
    Sum,
    Type,
)

Fields = Mapping[str, Field]


def sql_of(expression: Expression, fields: Fields, *, today: date) -> str:  # noqa: PLR0911 - one line for each part of the language
    """Return an expression as SQL."""
    match expression:
        case Column(name=name):
            return fields[name].text
        case Literal():
            return _literal(expression)
        case Call():
            return _call(expression, fields, today)
        case Sum(sign=sign, left=left, right=right):
            one, other = (sql_of(part, fields, today=today) for part in (left, right))
            return f"TRY_CAST(({one}) {sign} ({other}) AS {NUMBER_TYPE})"
        case Compared(sign=sign, left=left, right=right):
            one, other = (sql_of(part, fields, today=today) for part in (left, right))
            return f"(({one}) {sign} ({other}))"
        case Among(part=part, texts=texts):
            return f"(({sql_of(part, fields, today=today)}) IN ({', '.join(map(quoted, texts))}))"
        case Negated(part=part):
            return f"(NOT {sql_of(part, fields, today=today)})"
        case Joined(word=word, parts=parts):
            return "(" + f" {word.upper()} ".join(sql_of(part, fields, today=today) for part in parts) + ")"


def day_literal(day: date) -> str:
    """Return a day as a literal."""
    return f"DATE '{day.isoformat()}'"


def _literal(literal: Literal) -> str:
    if literal.type is Type.NUMBER:
        is_whole = literal.text.lstrip("-").isdecimal() and len(literal.text) <= 4  # noqa: PLR2004 - a factor, so that products keep within 38 digits
        return f"CAST({literal.text} AS {'DECIMAL(4, 0)' if is_whole else NUMBER_TYPE})"
    day = values.day_of(literal.text) if literal.type is Type.DAY else None
    return quoted(literal.text) if day is None else day_literal(day)


def _call(call: Call, fields: Fields, today: date) -> str:
    column = call.arguments[0] if call.arguments else None
    if isinstance(column, Column):
        field = fields[column.name]
        typed = {"number": field.number, "day": field.day, "is_empty": f"({field.name} IS NULL)"}
        if call.name in typed:
            return typed[call.name]
    parts = [sql_of(part, fields, today=today) for part in call.arguments]
    match call.name:
        case "today":
            return day_literal(today)
        case "number":
            return number_of(parts[0])
        case "day":
            return day_of(parts[0])
        case "part":
            first, last = call.places
            return f"substring({parts[0]}, {first}, {last - first + 1})"
        case _:
            return _TEMPLATES[call.name].format(*parts)


_TEMPLATES: Mapping[str, str] = {
    "length": f"CAST(length({{0}}) AS {NUMBER_TYPE})",
    "contains": "contains({0}, {1})",
    "begins": "starts_with({0}, {1})",
    "ends": "ends_with({0}, {1})",
    "is_empty": "({0} IS NULL)",
    "years": f"CAST(year({{1}}) - year({{0}}) AS {NUMBER_TYPE})",
}
