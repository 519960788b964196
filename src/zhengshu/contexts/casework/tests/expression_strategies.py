"""Random expressions, each with its meaning said a second time."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from hypothesis import strategies as st

from zhengshu.contexts.casework.domain.expressions import Value

Names = Mapping[str, Value]


class Stuck(Exception):
    """The slow evaluator cannot compute an expression."""


@dataclass(frozen=True)
class Expression:
    """An expression as text, and its meaning said a second time."""

    text: str
    meaning: Callable[[Names], Value]


def _number(value: Value) -> int:
    if type(value) is not int or abs(value) > 10**15:
        raise Stuck
    return value


def _order(sign: str, left: Value, right: Value) -> bool:
    compare: Callable[[object, object], bool] = getattr(operator, {"<": "lt", ">=": "ge"}[sign])
    if isinstance(left, str) and isinstance(right, str):
        return compare([ord(letter) for letter in left], [ord(letter) for letter in right])
    return compare(_number(left), _number(right))


def _name(name: str) -> Expression:
    return Expression(name, lambda names: names[name])


def _compared(sign: str, one: Expression, other: Expression) -> Expression:
    text = f"({one.text} {sign} {other.text})"
    if sign in {"==", "!="}:
        return Expression(text, lambda names: (one.meaning(names) == other.meaning(names)) is (sign == "=="))
    return Expression(text, lambda names: _order(sign, one.meaning(names), other.meaning(names)))


def _junction(sign: str, one: Expression, other: Expression) -> Expression:
    def meaning(names: Names) -> Value:
        left = bool(one.meaning(names))
        if sign == "and":
            return left and bool(other.meaning(names))
        return left or bool(other.meaning(names))

    return Expression(f"({one.text} {sign} {other.text})", meaning)


def _sum(sign: str, one: Expression, other: Expression) -> Expression:
    def meaning(names: Names) -> Value:
        left, right = _number(one.meaning(names)), _number(other.meaning(names))
        return left + right if sign == "+" else left - right

    return Expression(f"({one.text} {sign} {other.text})", meaning)


def _constant(value: Value, _names: Names) -> Value:
    return value


def _length(name: str, names: Names) -> Value:
    return len(str(names[name]))


def _is_one(name: str, names: Names) -> Value:
    return names[name] in ["a", 7]


CONSTANTS: tuple[Value, ...] = ("a", "b", "", 0, 7, -3, 10**15, True, False)
SHAPES = st.sampled_from(["leaf", "leaf", "compared", "junction", "sum", "not", "either"])
COMPARISONS = st.sampled_from(["==", "!=", "<", ">="])
JUNCTIONS = st.sampled_from(["and", "or"])
SUMS = st.sampled_from(["+", "-"])


def draw_expression(draw: st.DrawFn, names: list[str], *, depth: int = 3) -> Expression:
    """Draw an expression that reads some names; the strategies are made once, for making one costs more than a draw."""
    shape = draw(SHAPES) if depth else "leaf"

    def inner() -> Expression:
        return draw_expression(draw, names, depth=depth - 1)

    match shape:
        case "compared":
            return _compared(draw(COMPARISONS), inner(), inner())
        case "junction":
            return _junction(draw(JUNCTIONS), inner(), inner())
        case "sum":
            return _sum(draw(SUMS), inner(), inner())
        case "not":
            denied = inner()
            return Expression(f"(not {denied.text})", lambda names: not denied.meaning(names))
        case "either":
            asked = inner()
            return Expression(
                f"(1 if {asked.text} else 'b')", lambda names: 1 if asked.meaning(names) else "b"
            )
        case _:
            return draw(st.sampled_from(_leaves(names)))


def _leaves(names: list[str]) -> list[Expression]:
    leaves = [Expression(repr(one), partial(_constant, one)) for one in CONSTANTS]
    leaves += [_name(name) for name in names]
    leaves += [Expression(f"length({name})", partial(_length, name)) for name in names]
    leaves += [Expression(f'({name} in ("a", 7))', partial(_is_one, name)) for name in names]
    return leaves
