"""The language of conditions and scripts in a flow: comparisons of a case's data, and nothing else.

A whitelist of syntax, not a blacklist: names, texts, whole numbers, ``and or not``, comparisons, ``in``, plus and
minus, ``a if b else c`` and the named functions. There is no attribute, index, call of anything else, f-string,
comprehension or assignment inside an expression, so no path leads from a flow's file to the machine.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import ClassVar

from zhengshu.kernel.errors import Kind, Refused

Value = str | int | bool
"""What a case's data holds."""

Data = Mapping[str, Value]

MOST_LETTERS = 500
"""The longest expression; longer ones belong into a decision table."""

MOST_DEPTH = 25

LARGEST_NUMBER = 10**15

FUNCTIONS: Mapping[str, Callable[[Value], Value]] = {
    "length": lambda value: len(str(value)),
    "is_empty": lambda value: str(value).strip() == "",
}
"""The only calls of the language, each with one argument."""

_COMPARISONS: Mapping[type[ast.cmpop], Callable[[Value, Value], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: lambda left, right: _ordered(left, right) < 0,
    ast.LtE: lambda left, right: _ordered(left, right) <= 0,
    ast.Gt: lambda left, right: _ordered(left, right) > 0,
    ast.GtE: lambda left, right: _ordered(left, right) >= 0,
}
_SUMS: Mapping[type[ast.operator], Callable[[int, int], int]] = {ast.Add: operator.add, ast.Sub: operator.sub}


class OutsideTheLanguage(Refused):
    """An expression uses what the language of flows does not have; rewrite it, or use a decision table."""

    code: ClassVar[str] = "casework.outside-the-language"
    kind: ClassVar[Kind] = Kind.INVALID
    message: ClassVar[str] = (
        "“%(text)s” is outside of the language of flows: %(what)s. Use names of the case's data, texts, whole "
        "numbers, comparisons, and, or, not, in."
    )


class NotComputable(Refused):
    """An expression of the language met values that it cannot work with, for instance a text less than a number."""

    code: ClassVar[str] = "casework.not-computable"
    kind: ClassVar[Kind] = Kind.INVALID
    message: ClassVar[str] = "“%(text)s” cannot be computed: %(what)s."


def evaluate(text: str, *, data: Data) -> Value:
    """Return the value of an expression over a case's data.

    Raises:
        OutsideTheLanguage: the expression is not of the language.
        NotComputable: a name that the data lacks, or values that do not fit the operation.
    """
    try:
        return _value(parse(text), data)
    except (_Stuck, TypeError) as fault:
        raise NotComputable(text=text, what=str(fault)) from fault


def execute(script: str, *, data: Data) -> dict[str, Value]:
    """Return the data after a script: lines of the form ``name = expression``, for declared names only.

    Raises:
        OutsideTheLanguage: a line is no such assignment, or sets a name that the data does not have.
        NotComputable: as for `evaluate`.
    """
    result = dict(data)
    for name, expression in assignments(script):
        if name not in data:
            raise OutsideTheLanguage(text=script.strip(), what=f"{name} is not a declared name")
        result[name] = evaluate(expression, data=result)
    return result


@lru_cache(maxsize=4096)
def parse(text: str) -> ast.expr:
    """Return the checked syntax tree of an expression.

    Raises:
        OutsideTheLanguage: it uses anything that is not whitelisted.
    """
    if len(text) > MOST_LETTERS:
        raise OutsideTheLanguage(text=text[:60] + "…", what=f"longer than {MOST_LETTERS} letters")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        raise OutsideTheLanguage(text=text, what="not an expression") from fault
    _check(tree, text, depth=0)
    return tree


def names(text: str) -> frozenset[str]:
    """Return the names of data that an expression reads."""
    called = {node.func for node in ast.walk(parse(text)) if isinstance(node, ast.Call)}
    return frozenset(
        node.id for node in ast.walk(parse(text)) if isinstance(node, ast.Name) and node not in called
    )


def compared_texts(text: str) -> Mapping[str, frozenset[str]]:
    """Return, for each name that an expression compares by ``==``, ``!=`` or ``in``, the texts it is compared to."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(parse(text)):
        if not isinstance(node, ast.Compare):
            continue
        parts = [node.left, *node.comparators]
        texts = {
            leaf.value
            for part in parts
            for leaf in ast.walk(part)
            if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
        }
        for part in parts:
            if isinstance(part, ast.Name):
                found.setdefault(part.id, set()).update(texts)
    return {name: frozenset(texts) for name, texts in found.items()}


def assignments(script: str) -> tuple[tuple[str, str], ...]:
    """Return the names and expressions of a script's lines.

    Raises:
        OutsideTheLanguage: a line is not ``name = expression``.
    """
    lines = (line.strip() for line in script.splitlines())
    return tuple(_assignment(line) for line in lines if line and not line.startswith("#"))


def _assignment(line: str) -> tuple[str, str]:
    name, equals, expression = (part.strip() for part in line.partition("="))
    if not equals or not name.isidentifier() or name.startswith("_") or expression.startswith("="):
        raise OutsideTheLanguage(text=line, what="a line of a script must read name = expression")
    parse(expression)
    return name, expression


def _check(node: ast.expr, text: str, *, depth: int) -> None:
    if depth > MOST_DEPTH:
        raise OutsideTheLanguage(text=text, what="nested too deeply")
    for part in _parts(node, text):
        _check(part, text, depth=depth + 1)


def _parts(node: ast.expr, text: str) -> list[ast.expr]:  # noqa: PLR0911 - one line for each node of the language
    """Return what a whitelisted node consists of; everything else is refused here."""
    match node:
        case ast.Constant(value=bool() | str()) | ast.Name():
            if isinstance(node, ast.Name) and node.id.startswith("_"):
                raise OutsideTheLanguage(text=text, what="names do not begin with an underscore")
            return []
        case ast.Constant(value=int(number)) if abs(number) <= LARGEST_NUMBER:
            return []
        case ast.BoolOp(values=values):
            return values
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            return [operand]
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            return [left, right]
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return [test, body, orelse]
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            return _compared(left, ops, comparators, text)
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            return [argument]
    raise OutsideTheLanguage(text=text, what=f"it has no {_WORDS.get(type(node), type(node).__name__)}")


def _compared(left: ast.expr, ops: list[ast.cmpop], comparators: list[ast.expr], text: str) -> list[ast.expr]:
    parts = [left]
    for op, part in zip(ops, comparators, strict=True):
        if isinstance(op, ast.In | ast.NotIn):
            if not isinstance(part, ast.Tuple | ast.List) or not part.elts:
                raise OutsideTheLanguage(text=text, what="“in” needs a list of values in brackets")
            parts.extend(part.elts)
        elif type(op) in _COMPARISONS:
            parts.append(part)
        else:
            raise OutsideTheLanguage(text=text, what="it compares by == != < <= > >= in only")
    return parts


_WORDS: Mapping[type[ast.expr], str] = {
    ast.Attribute: "attribute access",
    ast.Call: "calls but " + ", ".join(FUNCTIONS) + " with one argument",
    ast.Subscript: "indexing",
    ast.Lambda: "functions",
    ast.JoinedStr: "formatted texts",
    ast.NamedExpr: "assignments",
    ast.ListComp: "loops",
    ast.GeneratorExp: "loops",
    ast.BinOp: "arithmetic but plus and minus",
    ast.Constant: "values but texts, whole numbers, True and False",
}


class _Stuck(Exception):
    """A value does not fit its operation."""


def _value(node: ast.expr, data: Data) -> Value:  # noqa: PLR0911 - as `_parts`
    match node:
        case ast.Constant(value=bool() | str() | int() as constant):
            return constant
        case ast.Name(id=name):
            return _named(name, data)
        case ast.BoolOp(op=op, values=values):
            is_all = isinstance(op, ast.And)
            return (all if is_all else any)(bool(_value(part, data)) for part in values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, data)
        case ast.UnaryOp(operand=operand):
            return -_number(_value(operand, data))
        case ast.BinOp(left=left, op=op, right=right):
            return _SUMS[type(op)](_number(_value(left, data)), _number(_value(right, data)))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return _value(body if _value(test, data) else orelse, data)
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return FUNCTIONS[name](_value(argument, data))
        case ast.Compare():
            return _holds(node, data)
    raise _Stuck(type(node).__name__)


def _holds(node: ast.Compare, data: Data) -> bool:
    left = _value(node.left, data)
    for op, part in zip(node.ops, node.comparators, strict=True):
        if isinstance(part, ast.Tuple | ast.List):
            is_in = left in [_value(element, data) for element in part.elts]
            if is_in is isinstance(op, ast.NotIn):
                return False
            continue
        right = _value(part, data)
        if not _COMPARISONS[type(op)](left, right):
            return False
        left = right
    return True


def _named(name: str, data: Data) -> Value:
    if name not in data:
        message = f"the case has no data called {name}"
        raise _Stuck(message)
    return data[name]


def _number(value: Value) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        message = f"{value!r} is not a number"
        raise _Stuck(message)
    if abs(value) > LARGEST_NUMBER:
        message = "a number is too large"
        raise _Stuck(message)
    return value


def _ordered(left: Value, right: Value) -> int:
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    return (_number(left) > _number(right)) - (_number(left) < _number(right))
