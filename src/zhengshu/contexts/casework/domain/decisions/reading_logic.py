"""Reads the logic of one decision: its table or expression, with everything that is not supported by its name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from zhengshu.contexts.casework.domain.decisions import syntax
from zhengshu.contexts.casework.domain.decisions.documents import (
    Element,
    child,
    children,
    identity,
    line,
    tag,
    text_in,
)
from zhengshu.contexts.casework.domain.decisions.functions import BUILTINS, MISSING
from zhengshu.contexts.casework.domain.decisions.model import (
    Aggregation,
    Entries,
    Expression,
    Flaw,
    HitPolicy,
    Input,
    Invocation,
    Items,
    Logic,
    Output,
    Rule,
    Table,
)
from zhengshu.contexts.casework.domain.decisions.parsing import parse, parse_tests
from zhengshu.contexts.casework.domain.decisions.refusals import OutsideFeel
from zhengshu.contexts.casework.domain.decisions.scanning import Names
from zhengshu.contexts.casework.domain.decisions.syntax import Node, UnaryTests, calls_in, names_in
from zhengshu.contexts.casework.domain.decisions.types import BASE, plain_type
from zhengshu.contexts.casework.domain.decisions.types import MISSING as MISSING_TYPES

LOGIC = (
    "decisionTable", "literalExpression", "context", "invocation", "list", "relation", "functionDefinition",
    "conditional", "filter", "for", "some", "every",
)  # fmt: skip
"""Everything that the standard has as the logic of a decision."""
MOST_RULES = 2000
_KNOWN = frozenset(BUILTINS) | MISSING
T = TypeVar("T", bound=Node)
P = TypeVar("P")
R = TypeVar("R")


class Unread(Exception):
    """An element cannot be read; its flaw was noted."""


@dataclass(slots=True)
class LogicReader:
    """Reads logic where some names are known.

    Attributes:
        data: names of values.
        functions: names of knowledge models, with the names of their parameters.
        members: names of components of contexts, anywhere in the file.
        types: names of the types that the file defines.
        flaws: what was found so far.
    """

    data: frozenset[str]
    functions: Mapping[str, tuple[str, ...]]
    members: frozenset[str]
    types: frozenset[str]
    flaws: list[Flaw] = field(default_factory=list)

    def logic(self, element: Element) -> Logic:
        """Return what an element decides.

        Raises:
            Unread: it is not supported, or not sound.
        """
        match tag(element):
            case "decisionTable":
                return self._table(element)
            case "literalExpression":
                return Expression(node=self._literal(element), type=self._type(element))
            case "context":
                return self._context(element)
            case "invocation":
                return self._invocation(element)
            case "list":
                return Items(parts=self._all(self.logic, children(element, *LOGIC)))
            case "relation":
                return self._relation(element)
        raise self._flaw(element, "decision-element-unsupported", tag=tag(element))

    def within(self, names: frozenset[str]) -> "LogicReader":
        """Return a reader that knows more names."""
        return LogicReader(self.data | names, self.functions, self.members, self.types, self.flaws)

    def _flaw(self, element: Element, code: str, **details: object) -> Unread:
        self.flaws.append(Flaw(element=identity(element), code=code, line=line(element), details=details))
        return Unread()

    def _all(self, work: Callable[[P], R], elements: Iterable[P]) -> tuple[R, ...]:
        """Read several elements, so that the flaws of all are noted before the first one ends it."""
        found: list[R] = []
        is_whole = True
        for element in elements:
            try:
                found.append(work(element))
            except Unread:
                is_whole = False
        if not is_whole:
            raise Unread
        return tuple(found)

    def _type(self, element: Element, default: str = "") -> str:
        name = plain_type(element.get("typeRef", "") or default)
        if name in MISSING_TYPES or (name not in BASE and name not in self.types):
            raise self._flaw(element, "decision-type-unknown", type=name)
        return name

    def _literal(self, element: Element) -> Node:
        if child(element, "importedValues") is not None:
            raise self._flaw(element, "decision-element-unsupported", tag="importedValues")
        text = text_in(element)
        if not text:
            raise self._flaw(element, "decision-expression-missing")
        return self._parsed(element, text, parse)

    def _parsed(self, element: Element, text: str, work: Callable[[str, Names], T]) -> T:
        language = element.get("expressionLanguage", "")
        if language and "feel" not in language.lower():
            raise self._flaw(element, "decision-language-unfit", language=language)
        try:
            node = work(text, Names(self.data | frozenset(self.functions) | _KNOWN, self.members))
        except OutsideFeel as refusal:
            raise self._flaw(element, "decision-expression-unfit", what=refusal.text()) from refusal
        for name in sorted(names_in(node) - self.data - self.members - self.functions.keys()):
            raise self._flaw(element, "decision-name-unknown", name=name)
        for call in calls_in(node):
            if call.name not in self.functions and call.name not in BUILTINS:
                raise self._flaw(element, "decision-function-unknown", name=call.name)
        return node

    def tests(self, element: Element | None) -> UnaryTests | None:
        """Return the tests that an element has, if any.

        Raises:
            Unread: they are not of our part of FEEL.
        """
        text = text_in(element)
        return self._parsed(element, text, parse_tests) if text and element is not None else None

    def _table(self, element: Element) -> Table:
        rows = list(children(element, "rule"))
        if len(rows) > MOST_RULES:
            raise self._flaw(element, "decision-too-many-rules", most=MOST_RULES)
        policy, aggregation = self._policy(element)
        inputs = self._all(self._input, children(element, "input"))
        outputs = self._all(self._output, children(element, "output"))
        if not outputs:
            raise self._flaw(element, "decision-without-output")
        rules = self._all(
            lambda row: self._rule(row[1], row[0], inputs=len(inputs), outputs=len(outputs)),
            enumerate(rows, 1),
        )
        if aggregation not in {Aggregation.NONE, Aggregation.COUNT} and len(outputs) > 1:
            raise self._flaw(element, "decision-aggregation-unfit", outputs=len(outputs))
        if policy in {HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER} and not any(one.values for one in outputs):
            raise self._flaw(element, "decision-without-priority", policy=policy.value)
        return Table(
            id=identity(element),
            policy=policy,
            aggregation=aggregation,
            inputs=inputs,
            outputs=outputs,
            rules=rules,
            line=line(element),
        )

    def _policy(self, element: Element) -> tuple[HitPolicy, Aggregation]:
        name = element.get("hitPolicy", "UNIQUE").replace("_", " ")
        if name not in set(HitPolicy):
            raise self._flaw(element, "decision-policy-unknown", policy=name)
        how = element.get("aggregation", "")
        if how not in set(Aggregation):
            raise self._flaw(element, "decision-policy-unknown", policy=f"{name} {how}")
        policy = HitPolicy(name)
        return policy, Aggregation(how) if policy == HitPolicy.COLLECT else Aggregation.NONE

    def _input(self, element: Element) -> Input:
        expression = child(element, "inputExpression")
        if expression is None:
            raise self._flaw(element, "decision-expression-missing")
        return Input(
            id=identity(element),
            label=" ".join(element.get("label", "").split()),
            expression=self._literal(expression),
            text=text_in(expression),
            type=self._type(expression),
            values=self.tests(child(element, "inputValues")),
        )

    def _output(self, element: Element) -> Output:
        default = child(element, "defaultOutputEntry")
        return Output(
            id=identity(element),
            name=element.get("name", ""),
            type=self._type(element),
            values=self.tests(child(element, "outputValues")),
            default=self._literal(default) if default is not None and text_in(default) else None,
        )

    def _rule(self, row: Element, number: int, *, inputs: int, outputs: int) -> Rule:
        tests = list(children(row, "inputEntry"))
        results = list(children(row, "outputEntry"))
        if len(tests) != inputs or len(results) != outputs:
            raise self._flaw(row, "decision-cells", rule=number, inputs=inputs, outputs=outputs)
        return Rule(
            id=identity(row),
            number=number,
            tests=self._all(lambda one: self.tests(one) or UnaryTests((), is_any=True), tests),
            results=self._all(
                lambda one: self._literal(one) if text_in(one) else syntax.Literal(None), results
            ),
            line=line(row),
        )

    def _context(self, element: Element) -> Entries:
        names: list[str] = []
        types: list[str] = []
        parts: list[Logic] = []
        result: Logic | None = None
        reader = self
        for entry in children(element, "contextEntry"):
            variable, inner = child(entry, "variable"), child(entry, *LOGIC)
            if inner is None:
                raise self._flaw(entry, "decision-expression-missing")
            if variable is None:
                result = reader.logic(inner)
                continue
            part = reader.logic(inner)
            name = variable_name(variable)
            names.append(name)
            types.append(self._type(variable))
            parts.append(part)
            reader = reader.within(frozenset({name}))
        return Entries(names=tuple(names), types=tuple(types), parts=tuple(parts), result=result)

    def _invocation(self, element: Element) -> Invocation:
        called = child(element, "literalExpression")
        function = text_in(called)
        if function not in self.functions:
            raise self._flaw(element, "decision-function-unknown", name=function)
        names: list[str] = []
        parts: list[Logic] = []
        for binding in children(element, "binding"):
            parameter, inner = child(binding, "parameter"), child(binding, *LOGIC)
            if parameter is None or inner is None:
                raise self._flaw(binding, "decision-expression-missing")
            names.append(variable_name(parameter))
            parts.append(self.logic(inner))
        return Invocation(function=function, names=tuple(names), parts=tuple(parts))

    def _relation(self, element: Element) -> Items:
        names = tuple(variable_name(one) for one in children(element, "column"))
        rows: list[Logic] = []
        for row in children(element, "row"):
            parts = self._all(self.logic, children(row, *LOGIC))
            if len(parts) != len(names):
                raise self._flaw(row, "decision-cells", rule=len(rows) + 1, inputs=0, outputs=len(names))
            rows.append(Entries(names=names, types=("",) * len(names), parts=parts))
        return Items(parts=tuple(rows))


def variable_name(element: Element) -> str:
    """Return the name that an element gives to a value, with single blanks."""
    return " ".join(element.get("name", "").split())
