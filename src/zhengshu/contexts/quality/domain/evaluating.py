"""What an expression answers for one row: the reference for every engine."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

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
from zhengshu.contexts.quality.domain.values import WHOLE_DIGITS, day_of, is_empty, number_of

Row = Mapping[str, str | None]
"""The fields of a row by the names of their columns."""

Value = str | Decimal | date | bool | None

_SIGNS: Mapping[str, frozenset[int]] = {
    "=": frozenset({0}),
    "<>": frozenset({-1, 1}),
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    ">": frozenset({1}),
    ">=": frozenset({0, 1}),
}
"""Comparison → the orders of left and right of which it is true."""

_LARGEST = Decimal(10) ** WHOLE_DIGITS


def answer(expression: Expression, row: Row, *, today: date) -> bool | None:
    """Return whether an expression holds for a row; None where it cannot say because a field is empty or unreadable."""
    value = _value(expression, row, today)
    return value if isinstance(value, bool) else None


def _value(expression: Expression, row: Row, today: date) -> Value:  # noqa: PLR0911 - one line for each part of the language
    match expression:
        case Column(name=name):
            return None if is_empty(row.get(name)) else row.get(name)
        case Literal(type=kind, text=text):
            return number_of(text) if kind is Type.NUMBER else day_of(text) if kind is Type.DAY else text
        case Call():
            return _called(expression, row, today)
        case Sum(sign=sign, left=left, right=right):
            return _summed(sign, _value(left, row, today), _value(right, row, today))
        case Compared(sign=sign, left=left, right=right):
            one, other = _value(left, row, today), _value(right, row, today)
            return None if one is None or other is None else _order(one, other) in _SIGNS[sign]
        case Among(part=part, texts=texts):
            value = _value(part, row, today)
            return None if value is None else value in texts
        case Negated(part=part):
            value = _value(part, row, today)
            return None if value is None else not value
        case Joined(word=word, parts=parts):
            return _joined([_value(part, row, today) for part in parts], decides=word == "or")


def _order(left: Value, right: Value) -> int:
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return (left > right) - (left < right)
    if isinstance(left, date) and isinstance(right, date):
        return (left > right) - (left < right)
    return (_text(left) > _text(right)) - (_text(left) < _text(right))


def _joined(values: Sequence[Value], *, decides: bool) -> bool | None:
    if any(value is decides for value in values):
        return decides
    return None if any(value is None for value in values) else not decides


def _summed(sign: str, left: Value, right: Value) -> Decimal | None:
    if not isinstance(left, Decimal) or not isinstance(right, Decimal):
        return None
    total = left + right if sign == "+" else left - right if sign == "-" else left * right
    return total if abs(total) < _LARGEST else None


def _called(call: Call, row: Row, today: date) -> Value:
    if call.name == "today":
        return today
    if call.name == "is_empty":
        return _value(call.arguments[0], row, today) is None
    values = [_value(argument, row, today) for argument in call.arguments]
    if any(value is None for value in values):
        return None
    return _FUNCTIONS[call.name](values, call.places)


def _text(value: Value) -> str:
    if not isinstance(value, str):
        message = "the types of an expression were checked when it was read"
        raise TypeError(message)
    return value


def _years(values: Sequence[Value], places: tuple[int, ...]) -> Value:
    del places
    first, last = values
    return Decimal(last.year - first.year) if isinstance(first, date) and isinstance(last, date) else None


_FUNCTIONS: Mapping[str, Callable[[Sequence[Value], tuple[int, ...]], Value]] = {
    "number": lambda values, _: number_of(_text(values[0])),
    "day": lambda values, _: day_of(_text(values[0])),
    "length": lambda values, _: Decimal(len(_text(values[0]))),
    "part": lambda values, places: _text(values[0])[places[0] - 1 : places[1]],
    "contains": lambda values, _: _text(values[1]) in _text(values[0]),
    "begins": lambda values, _: _text(values[0]).startswith(_text(values[1])),
    "ends": lambda values, _: _text(values[0]).endswith(_text(values[1])),
    "years": _years,
}
