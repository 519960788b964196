"""The language of cross-field rules: comparisons of a row's fields, and nothing else.

A whitelist of syntax, not a blacklist: names of columns, texts, numbers, ``and or not``, comparisons, ``in``, plus,
minus, times and the named functions. Every part has a type that is known before any row is read: a column is a text,
``number(x)`` and ``day(x)`` read it. Where a field is empty or unreadable, the answer is neither yes nor no, and the
rule does not ask that row: ``and or not`` follow SQL there, so that an engine written in SQL agrees.

It differs from the language of flows, which has no empty values, no days and no decimals, and which need not mean the
same on a cluster.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from zhengshu.contexts.quality.domain.faults import Reason
from zhengshu.contexts.quality.domain.values import day_of, number_of

MOST_LETTERS = 600
MOST_DEPTH = 25
MOST_PLACES = 200
"""The largest place in a text, and the largest factor."""


class Type(StrEnum):
    """What a part of an expression is."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    TRUTH = "truth"


@dataclass(frozen=True, slots=True)
class Column:
    """A field of the row, as a text; nothing where it is empty."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, a number or a day that is written in the rule."""

    type: Type
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language over its arguments; `places` are whole numbers written in the rule."""

    name: str
    arguments: "tuple[Expression, ...]" = ()
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """Plus, minus or times."""

    sign: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison of two parts of the same type."""

    sign: str
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Among:
    """Whether a text is one of several."""

    part: "Expression"
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """`and` or `or` of several."""

    word: str
    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Negated:
    """`not`."""

    part: "Expression"


Expression = Column | Literal | Call | Sum | Compared | Among | Joined | Negated


@dataclass(frozen=True, slots=True)
class Function:
    """A function: the types that it takes, how many places follow, and what it yields."""

    takes: tuple[Type, ...]
    places: int
    yields: Type


FUNCTIONS: Mapping[str, Function] = {
    "number": Function((Type.TEXT,), 0, Type.NUMBER),
    "day": Function((Type.TEXT,), 0, Type.DAY),
    "length": Function((Type.TEXT,), 0, Type.NUMBER),
    "part": Function((Type.TEXT,), 2, Type.TEXT),
    "contains": Function((Type.TEXT, Type.TEXT), 0, Type.TRUTH),
    "begins": Function((Type.TEXT, Type.TEXT), 0, Type.TRUTH),
    "ends": Function((Type.TEXT, Type.TEXT), 0, Type.TRUTH),
    "is_empty": Function((Type.TEXT,), 0, Type.TRUTH),
    "years": Function((Type.DAY, Type.DAY), 0, Type.NUMBER),
    "today": Function((), 0, Type.DAY),
}
"""The only calls of the language. ``part(x, 7, 14)`` is what stands at the places 7 to 14, counted from 1;
``years(a, b)`` how many calendar years `b` is after `a`, by the numbers of the years alone."""

_SIGNS: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "=",
    ast.NotEq: "<>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_SUMS: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}


TYPE_WORDS: Mapping[Type, Reason] = {
    Type.TEXT: Reason(message="a text"),
    Type.NUMBER: Reason(message="a number"),
    Type.DAY: Reason(message="a day"),
    Type.TRUTH: Reason(message="an answer of yes or no"),
}


class OutsideTheLanguage(ValueError):
    """An expression uses what the language of rules does not have; the reason says what."""

    def __init__(self, message: str, **details: object) -> None:
        """Keep the reason, to be told in the reader's language."""
        self.reason = Reason(message=message, details=details)
        super().__init__(self.reason.text())


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Return the checked tree of a rule's expression, which answers yes or no.

    Raises:
        OutsideTheLanguage: it uses anything that is not of the language, or types do not fit.
    """
    if len(text) > MOST_LETTERS:
        raise OutsideTheLanguage(
            "longer than %(most)s characters; make several rules of it", most=MOST_LETTERS
        )
    try:
        # a rule may run over several lines
        tree = ast.parse(" ".join(text.split("\n")).strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        raise OutsideTheLanguage(
            "it is not an expression; look for a missing quotation mark or bracket"
        ) from fault
    expression = _read(tree, depth=0)
    if type_of(expression) is not Type.TRUTH:
        raise OutsideTheLanguage("it does not answer yes or no; compare it to something")
    return expression


def type_of(expression: Expression) -> Type:
    """Return what an expression yields."""
    match expression:
        case Column():
            return Type.TEXT
        case Literal(type=kind):
            return kind
        case Call(name=name):
            return FUNCTIONS[name].yields
        case Sum():
            return Type.NUMBER
        case _:
            return Type.TRUTH


def columns_of(expression: Expression) -> tuple[str, ...]:
    """Return the columns that an expression reads, in the order of their first use."""
    if isinstance(expression, Column):
        return (expression.name,)
    found = [columns_of(part) for part in _parts(expression)]
    return tuple(dict.fromkeys(name for names in found for name in names))


def calls_of(expression: Expression) -> frozenset[str]:
    """Return the functions that an expression calls."""
    own = {expression.name} if isinstance(expression, Call) else set[str]()
    return frozenset(own.union(*(calls_of(part) for part in _parts(expression))))


def _parts(expression: Expression) -> "tuple[Expression, ...]":
    match expression:
        case Call(arguments=parts) | Joined(parts=parts):
            return parts
        case Sum(left=left, right=right) | Compared(left=left, right=right):
            return left, right
        case Among(part=part) | Negated(part=part):
            return (part,)
        case _:
            return ()


def _read(node: ast.expr, *, depth: int) -> Expression:  # noqa: PLR0911 - one line for each node of the language
    if depth > MOST_DEPTH:
        raise OutsideTheLanguage("it is nested too deeply")
    match node:
        case ast.Name(id=name) if name.isascii() and not name.startswith("_"):
            return Column(name)
        case ast.Constant() | ast.UnaryOp(op=ast.USub(), operand=ast.Constant()):
            return _literal(node)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Negated(_truth(_read(operand, depth=depth + 1)))
        case ast.BoolOp(op=op, values=values):
            parts = tuple(_truth(_read(value, depth=depth + 1)) for value in values)
            return Joined("and" if isinstance(op, ast.And) else "or", parts)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SUMS:
            return _sum(_SUMS[type(op)], _read(left, depth=depth + 1), _read(right, depth=depth + 1))
        case ast.Compare():
            return _comparison(node, depth=depth)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            return _call(name, arguments, depth=depth)
    raise OutsideTheLanguage("it has no %(what)s", what=_WORDS.get(type(node), type(node).__name__))


_WORDS: Mapping[type[ast.expr], Reason] = {
    ast.Attribute: Reason(message="attribute access"),
    ast.Call: Reason(message="functions but %(names)s", details={"names": ", ".join(FUNCTIONS)}),
    ast.Subscript: Reason(message="indexing; write part(x, 1, 6)"),
    ast.Lambda: Reason(message="functions of your own"),
    ast.JoinedStr: Reason(message="formatted texts"),
    ast.NamedExpr: Reason(message="assignments"),
    ast.IfExp: Reason(message="if … else; write (not a) or b"),
    ast.ListComp: Reason(message="loops"),
    ast.GeneratorExp: Reason(message="loops"),
    ast.BinOp: Reason(message="arithmetic but plus, minus and times"),
    ast.Constant: Reason(message="values but texts and numbers"),
    ast.Name: Reason(message="names but those of columns, in ASCII and without an underscore before them"),
}


def _literal(node: ast.expr) -> Literal:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return Literal(Type.TEXT, node.value)
    text = ast.unparse(node)
    if number_of(text) is None:
        raise OutsideTheLanguage(
            "%(text)s is no text and no number of at most 20 digits and 8 places", text=text
        )
    return Literal(Type.NUMBER, text)


def _truth(part: Expression) -> Expression:
    if type_of(part) is not Type.TRUTH:
        raise OutsideTheLanguage(
            "and, or, not join answers of yes and no; compare the part to something first"
        )
    return part


def _sum(sign: str, left: Expression, right: Expression) -> Sum:
    if type_of(left) is not Type.NUMBER or type_of(right) is not Type.NUMBER:
        raise OutsideTheLanguage("“%(sign)s” works on numbers; write number(x) for a column", sign=sign)
    if sign == "*" and not any(_is_factor(part) for part in (left, right)):
        raise OutsideTheLanguage("“*” takes a whole number up to %(most)s on one side", most=MOST_PLACES)
    return Sum(sign, left, right)


def _is_factor(part: Expression) -> bool:
    if not isinstance(part, Literal):
        return False
    number = Decimal(part.text)
    return number == number.to_integral_value() and abs(number) <= MOST_PLACES


def _comparison(node: ast.Compare, *, depth: int) -> Expression:
    if len(node.ops) > 1:
        raise OutsideTheLanguage("it compares two parts at a time; write a <= b and b <= c")
    left, op, right = _read(node.left, depth=depth + 1), node.ops[0], node.comparators[0]
    if isinstance(op, ast.In | ast.NotIn):
        among = Among(_of_type(left, Type.TEXT, "in"), _texts(right))
        return Negated(among) if isinstance(op, ast.NotIn) else among
    if type(op) not in _SIGNS:
        raise OutsideTheLanguage("it compares by == != < <= > >= in only")
    other, sign = _read(right, depth=depth + 1), _SIGNS[type(op)]
    if type_of(left) is not type_of(other) or type_of(left) is Type.TRUTH:
        raise OutsideTheLanguage(
            "%(left)s is compared to %(right)s; write number(x) or day(x)",
            left=TYPE_WORDS[type_of(left)],
            right=TYPE_WORDS[type_of(other)],
        )
    if type_of(left) is Type.TEXT and sign not in {"=", "<>"}:
        raise OutsideTheLanguage("texts have no order; write number(x) or day(x)")
    return Compared(sign, left, other)


def _texts(node: ast.expr) -> tuple[str, ...]:
    if not isinstance(node, ast.Tuple | ast.List) or not node.elts:
        raise OutsideTheLanguage("“in” needs a list of texts in brackets")
    texts = [element.value for element in node.elts if isinstance(element, ast.Constant)]
    if len(texts) < len(node.elts) or not all(isinstance(text, str) for text in texts):
        raise OutsideTheLanguage("“in” needs texts in quotation marks")
    return tuple(str(text) for text in texts)


def _call(name: str, arguments: list[ast.expr], *, depth: int) -> Call | Literal:
    function = FUNCTIONS[name]
    count = len(function.takes)
    if len(arguments) != count + function.places:
        raise OutsideTheLanguage(
            "%(name)s takes %(count)s arguments", name=name, count=count + function.places
        )
    parts = tuple(
        _of_type(_read(argument, depth=depth + 1), kind, name)
        for argument, kind in zip(arguments, function.takes, strict=False)
    )
    if name == "day" and isinstance(parts[0], Literal):
        if day_of(parts[0].text) is None:
            raise OutsideTheLanguage("“%(text)s” is not a day; write 2024-03-05", text=parts[0].text)
        return Literal(Type.DAY, parts[0].text)
    if name == "is_empty" and not isinstance(parts[0], Column):
        raise OutsideTheLanguage("is_empty asks a column")
    places = tuple(_place(argument) for argument in arguments[count:])
    if list(places) != sorted(places):
        raise OutsideTheLanguage("the places of a part run from small to large")
    return Call(name, parts, places)


def _place(node: ast.expr) -> int:
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and 1 <= node.value <= MOST_PLACES:
        return node.value
    raise OutsideTheLanguage("places are whole numbers from 1 to %(most)s", most=MOST_PLACES)


def _of_type(part: Expression, kind: Type, where: str) -> Expression:
    if type_of(part) is not kind:
        raise OutsideTheLanguage(
            "“%(where)s” takes %(wanted)s, not %(given)s",
            where=where,
            wanted=TYPE_WORDS[kind],
            given=TYPE_WORDS[type_of(part)],
        )
    return part
