"""Lets the tasks of a flow ask the decisions of a case type, with the case's data, and stores what they say in them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from zhengshu.contexts.casework.domain.decisions import syntax
from zhengshu.contexts.casework.domain.decisions.deciding import Session
from zhengshu.contexts.casework.domain.decisions.model import (
    GIVES_ALL,
    Aggregation,
    Decision,
    Entries,
    Expression,
    Invocation,
    Items,
    Logic,
    Model,
    Table,
    tables_in,
)
from zhengshu.contexts.casework.domain.decisions.reading import read_model
from zhengshu.contexts.casework.domain.decisions.refusals import NotDecidable
from zhengshu.contexts.casework.domain.decisions.syntax import Node as Part
from zhengshu.contexts.casework.domain.decisions.types import of_case, to_case
from zhengshu.contexts.casework.domain.decisions.values import Feel, written
from zhengshu.contexts.casework.domain.definitions import Datum, Definition
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.flow_graph import Flow, Node, NodeKind
from zhengshu.contexts.casework.domain.running import Decided, Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a decision stands: the code of its file, the file, the decision."""

    code: str
    model: Model
    decision: Decision


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of a case type: the models of its files by their code."""

    models: Mapping[str, Model]

    def find(self, name: str) -> Place | None:
        """Return the decision that a task names: by its id, or by its file's code if the file has one main decision."""
        for code, model in self.models.items():
            if name in model.decisions:
                return Place(code=code, model=model, decision=model.decisions[name])
        own = self.models.get(name)
        tops = own.tops() if own is not None else ()
        if own is None or len(tops) != 1:
            return None
        return Place(code=name, model=own, decision=tops[0])

    def names(self) -> tuple[str, ...]:
        """Return the ids of all decisions."""
        return tuple(sorted(one for model in self.models.values() for one in model.decisions))

    def asked(self, flow: Flow) -> Iterator[tuple[Node, Place]]:
        """Yield the tasks of a flow that ask a decision which is there."""
        for node in flow.of_kind(NodeKind.DECISION):
            place = self.find(node.decision)
            if place is not None:
                yield node, place

    def idle(self, flow: Flow) -> Iterator[tuple[str, Decision]]:
        """Yield the decisions for which nothing asks, with the codes of their files."""
        asked = {
            (place.code, one)
            for _, place in self.asked(flow)
            for one in place.model.required(place.decision.id)
        }
        for code, model in self.models.items():
            for decision in model.decisions.values():
                if (code, decision.id) not in asked:
                    yield code, decision

    def tables(self, flow: Flow) -> Mapping[str, int]:
        """Return what has tables that may be asked for, with how many rules: their names stand in the timeline."""
        found: dict[str, int] = {}
        for _, place in self.asked(flow):
            for one in place.model.required(place.decision.id):
                part = place.model.decisions.get(one) or place.model.knowledge.get(one)
                rules = [len(table.rules) for table in tables_in(part.logic)] if part is not None else []
                if rules:
                    found[one] = max(rules)
        return found

    def reads_by_task(self, flow: Flow) -> Mapping[str, frozenset[str]]:
        """Return for each task that asks a decision the names that this reads from outside of its file."""
        return {node.id: names_read(place) for node, place in self.asked(flow)}

    def reads(self, flow: Flow) -> frozenset[str]:
        """Return the names that the decisions of a flow read from outside of their files."""
        return frozenset(name for names in self.reads_by_task(flow).values() for name in names)

    def gives(self, flow: Flow) -> Mapping[str, tuple[Node, Place]]:
        """Return the names under which the results of decisions are stored, with whose they are."""
        found: dict[str, tuple[Node, Place]] = {}
        for node, place in self.asked(flow):
            for name in targets(node, place.decision):
                found.setdefault(name, (node, place))
        return found

    def decider(self, definition: Definition) -> Callable[[Node, Mapping[str, Value]], Decided]:
        """Return what takes the decision that a task asks for, with a case's data."""

        def decide(node: Node, data: Mapping[str, Value]) -> Decided:
            place = self.find(node.decision)
            if place is None:
                raise NotDecidable(what=f"there is no decision {node.decision}")
            return _decided(node, place, data, definition)

        return decide


def read_decisions(sources: Mapping[str, str], names: frozenset[str]) -> Decisions:
    """Return the decisions in the texts of `.dmn` files, by the files' codes.

    Raises:
        ValueError: one of them is no DMN.
    """
    return Decisions({code: read_model(text, names) for code, text in sources.items()})


def names_read(place: Place) -> frozenset[str]:
    """Return the names that a decision reads, itself or by what it requires, and that its file does not decide."""
    model, found = place.model, set[str]()
    for one in model.required(place.decision.id):
        if one in model.inputs:
            found.add(model.inputs[one].name)
        elif one in model.decisions:
            found |= _free(model.decisions[one].logic)
            found -= {model.decisions[other].name for other in model.decisions[one].needs.decisions}
    return frozenset(found)


def _free(logic: Logic | None) -> set[str]:
    match logic:
        case Table():
            return {name for part in _nodes(logic) for name in syntax.names_in(part)}
        case Expression(node=node):
            return set(syntax.names_in(node))
        case Entries(names=names, parts=parts, result=result):
            return {name for part in (*parts, result) for name in _free(part)} - set(names)
        case Items(parts=parts) | Invocation(parts=parts):
            return {name for part in parts for name in _free(part)}
    return set()


def _nodes(table: Table) -> Iterator[Part]:
    for one in table.inputs:
        yield one.expression
    for output in table.outputs:
        if output.default is not None:
            yield output.default
    for rule in table.rules:
        yield from (*rule.tests, *rule.results)


def targets(node: Node, decision: Decision) -> tuple[str, ...]:
    """Return the names under which the result of a decision is stored: one for a value, several by their names."""
    logic = decision.logic
    if isinstance(logic, Table) and not logic.is_single:
        return tuple(output.name for output in logic.outputs)
    if isinstance(logic, Entries) and logic.result is None:
        return logic.names
    own = logic.outputs[0].name if isinstance(logic, Table) else ""
    return (node.result or own or decision.name,)


def is_several(decision: Decision) -> bool:
    """Whether a decision gives several values by their names."""
    logic = decision.logic
    return (isinstance(logic, Table) and not logic.is_single) or (
        isinstance(logic, Entries) and logic.result is None
    )


def gives_list(decision: Decision) -> bool:
    """Whether a decision gives a list, so that nothing is an empty one."""
    logic = decision.logic
    return isinstance(logic, Table) and logic.policy in GIVES_ALL and logic.aggregation == Aggregation.NONE


def _decided(node: Node, place: Place, data: Mapping[str, Value], definition: Definition) -> Decided:
    types = {one.name: one.type for one in place.model.inputs.values()} | dict(_typed(place.model))
    session = Session(
        place.model, {name: of_case(value, types.get(name, "")) for name, value in data.items()}
    )
    result = session.decide(place.decision.id)
    names = targets(node, place.decision)
    if is_several(place.decision):
        values = result if isinstance(result, Mapping) else {}
    else:
        values = {names[0]: () if result is None and gives_list(place.decision) else result}
    return Decided(
        changes=dict(_stored(names, values, definition.data, place.decision)),
        hits=tuple(Hit(node=node.id, decision=hit.decision, rules=hit.rules) for hit in session.hits),
    )


def _typed(model: Model) -> Iterable[tuple[str, str]]:
    """Yield the types of names that tables ask about without declaring them as inputs."""
    for decision in model.decisions.values():
        for table in tables_in(decision.logic):
            for one in table.inputs:
                if isinstance(one.expression, syntax.Name) and one.type:
                    yield one.expression.name, one.type


def _stored(
    names: tuple[str, ...], values: Mapping[str, Feel], data: Mapping[str, Datum], decision: Decision
) -> Iterator[tuple[str, Value]]:
    for name in names:
        found = to_case(values.get(name))
        if found is None or name not in data or not data[name].admits(found):
            raise NotDecidable(
                what=f"“{decision.label}” gives {written(values.get(name))} for “{name}”, which the case type does "
                "not allow"
            )
        yield name, found
