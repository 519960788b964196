"""The parts of an expression of FEEL, after parsing."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TypeAlias

from zhengshu.contexts.casework.domain.decisions.values import Feel

MOST_LETTERS = 5000
"""The longest expression."""
MOST_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that is written down."""

    value: Feel


@dataclass(frozen=True, slots=True)
class Name:
    """A name that is looked up."""

    name: str


@dataclass(frozen=True, slots=True)
class This:
    """``?``: the value that a test is about."""


@dataclass(frozen=True, slots=True)
class Path:
    """A component of a context, or a property of a date."""

    of: "Node"
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Elements of a list: one by its number, or those that fulfil a condition."""

    of: "Node"
    condition: "Node"


@dataclass(frozen=True, slots=True)
class Negate:
    """A minus before a number."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two operands with ``+ - * / **`` between them."""

    op: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Compare:
    """Two operands with a comparison between them."""

    op: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Logic:
    """Conditions of which all, or one, must hold."""

    is_all: bool
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """``if … then … else …``."""

    condition: "Node"
    yes: "Node"
    no: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a function, by position or by names."""

    name: str
    arguments: tuple["Node", ...]
    names: tuple[str, ...] = ()
    """The parameters' names, where they are given."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list that is written down."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class ContextOf:
    """A context that is written down; later entries may use earlier ones."""

    keys: tuple[str, ...]
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """``[a..b]`` and its like; an end that is missing is open to that side."""

    low: "Node | None"
    high: "Node | None"
    is_low_in: bool
    is_high_in: bool


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """What a cell of a table asks: alternatives, all of them excluded with ``not(…)``, or nothing with ``-``."""

    alternatives: tuple["Node", ...]
    is_negated: bool = False
    is_any: bool = False


@dataclass(frozen=True, slots=True)
class Unequal:
    """A test that the value is not equal to another."""

    value: "Node"


@dataclass(frozen=True, slots=True)
class Member:
    """``value in tests``."""

    value: "Node"
    tests: UnaryTests


@dataclass(frozen=True, slots=True)
class Loop:
    """``for``, ``some`` or ``every``: a body for each element of one or several lists."""

    kind: str
    names: tuple[str, ...]
    lists: tuple["Node", ...]
    ends: tuple["Node | None", ...]
    """The last number, where a loop counts from one to another."""
    body: "Node"


Node: TypeAlias = (
    Literal | Name | This | Path | Filter | Negate | Arithmetic | Compare | Logic | Choice | Call | ListOf
    | ContextOf | Interval | UnaryTests | Unequal | Member | Loop
)  # fmt: skip


def parts_of(node: Node) -> Iterator[Node]:
    """Yield the nodes of which a node consists."""
    for one in fields(node):
        value = getattr(node, one.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Node):
                yield part


def names_in(node: Node) -> frozenset[str]:
    """Return the names that an expression reads from outside."""
    match node:
        case Name(name=name):
            return frozenset({name})
        case Loop(names=names):
            return _inside(node) - frozenset({*names, "partial"})
        case ContextOf(keys=keys):
            return _inside(node) - frozenset(keys)
        case Filter(of=of, condition=condition):
            return names_in(of) | (names_in(condition) - {"item"})
    return _inside(node)


def _inside(node: Node) -> frozenset[str]:
    return frozenset(name for part in parts_of(node) for name in names_in(part))


def calls_in(node: Node) -> Iterator[Call]:
    """Yield the calls in an expression."""
    if isinstance(node, Call):
        yield node
    for part in parts_of(node):
        yield from calls_in(part)


def asks_itself(node: Node) -> bool:
    """Whether a test names the value that it is about by ``?``."""
    return isinstance(node, This) or any(asks_itself(part) for part in parts_of(node))
