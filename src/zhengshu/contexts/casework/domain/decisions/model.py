"""What a `.dmn` file says: decisions, what they require, their tables, and what we could not read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from zhengshu.contexts.casework.domain.decisions.syntax import Node, UnaryTests


class HitPolicy(StrEnum):
    """Which of the rules that apply counts."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"


GIVES_ALL = frozenset({HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT})
"""Policies under which several rules count."""


class Aggregation(StrEnum):
    """What becomes of the results of a table that collects them."""

    NONE = ""
    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """Something in a file that cannot be read or is not sound: the element, a code, and what the sentence names.

    Attributes:
        owner: the decision, knowledge model, input or type in which the element lies; empty for the whole file.
    """

    element: str
    code: str
    line: int = 0
    details: Mapping[str, object] = field(default_factory=dict)
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One column of conditions.

    Attributes:
        expression: what is asked about.
        text: the expression as it is written.
        type: the name of its type, or empty.
        values: the values that it may take, where they are declared.
    """

    id: str
    label: str
    expression: Node
    text: str
    type: str
    values: UnaryTests | None = None

    @property
    def title(self) -> str:
        """Its heading."""
        return self.label or self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One column of results.

    Attributes:
        values: the values that it may take; their order is their priority.
        default: what it is when no rule applies.
    """

    id: str
    name: str
    type: str
    values: UnaryTests | None = None
    default: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: a test for each input, a result for each output."""

    id: str
    number: int
    tests: tuple[UnaryTests, ...]
    results: tuple[Node, ...]
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A decision table."""

    id: str
    policy: HitPolicy
    aggregation: Aggregation
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    line: int = 0

    @property
    def is_single(self) -> bool:
        """Whether it gives one value, not several by their names."""
        return len(self.outputs) == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A decision that is one expression."""

    node: Node
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """A decision in named steps; the last one without a name is its result."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    parts: tuple["Logic", ...]
    result: "Logic | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list of which each element is decided by itself."""

    parts: tuple["Logic", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A call of a knowledge model, with a decision for each of its parameters."""

    function: str
    names: tuple[str, ...]
    parts: tuple["Logic", ...]


Logic: TypeAlias = Table | Expression | Entries | Items | Invocation


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData:
    """Something that is given to decisions."""

    id: str
    name: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """What a decision or knowledge model requires: ids."""

    inputs: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision of a file; without logic where that could not be read."""

    id: str
    name: str
    label: str
    type: str
    needs: Needs
    logic: Logic | None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """A knowledge model: a function that decisions call."""

    id: str
    name: str
    parameters: tuple[tuple[str, str], ...]
    type: str
    needs: Needs
    logic: Logic | None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemType:
    """A type that the file defines: another type, a list of it, or components by their names."""

    name: str
    base: str = ""
    is_list: bool = False
    components: Mapping[str, "ItemType"] = field(default_factory=dict)
    allowed: UnaryTests | None = None
    is_unread: bool = False
    """Whether it could not be read; nothing is of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A whole file; its parts by their ids, types by their names."""

    name: str
    decisions: Mapping[str, Decision]
    inputs: Mapping[str, InputData]
    knowledge: Mapping[str, Knowledge]
    types: Mapping[str, ItemType]
    flaws: tuple[Flaw, ...] = ()

    def tops(self) -> tuple[Decision, ...]:
        """Return the decisions that no other one requires."""
        required = {one for decision in self.decisions.values() for one in decision.needs.decisions}
        return tuple(one for one in self.decisions.values() if one.id not in required)

    def required(self, decision: str) -> tuple[str, ...]:
        """Return the ids of all that a decision rests on, itself included, each after what it rests on."""
        found: dict[str, None] = {}
        self._require(decision, found, ())
        return tuple(found)

    def flaws_of(self, decision: str) -> tuple[Flaw, ...]:
        """Return the flaws of all that a decision rests on, with the types of its values."""
        owners = {*self.required(decision)}
        waiting = [kind for one in owners for kind in self._types_of(one)]
        while waiting:
            name = waiting.pop()
            if name in self.types and name not in owners:
                owners.add(name)
                item = self.types[name]
                waiting += [item.base, *(part.base for part in item.components.values())]
        return tuple(flaw for flaw in self.flaws if flaw.owner in owners)

    def _types_of(self, one: str) -> tuple[str, ...]:
        if one in self.inputs:
            return (self.inputs[one].type,)
        if one in self.knowledge:
            part = self.knowledge[one]
            return (part.type, *(kind for _, kind in part.parameters))
        return (self.decisions[one].type,) if one in self.decisions else ()

    def _require(self, one: str, found: dict[str, None], above: tuple[str, ...]) -> None:
        part = self.decisions.get(one) or self.knowledge.get(one)
        if one in found or one in above:
            return
        if part is not None:
            needs = part.needs
            for other in (*needs.inputs, *needs.decisions, *needs.knowledge):
                self._require(other, found, (*above, one))
        found[one] = None


def tables_in(logic: Logic | None) -> Iterator[Table]:
    """Yield the tables of a decision."""
    match logic:
        case Table():
            yield logic
        case Entries(parts=parts, result=result):
            for part in (*parts, result):
                yield from tables_in(part)
        case Items(parts=parts) | Invocation(parts=parts):
            for part in parts:
                yield from tables_in(part)
