"""Checks the decisions of a case type: each file by itself, its tables, and what the flow makes of them."""

import re
from collections.abc import Iterable, Iterator, Mapping

from zhengshu.contexts.casework.domain.decisions import syntax
from zhengshu.contexts.casework.domain.decisions.asking import (
    Decisions,
    Place,
    gives_list,
    is_several,
    names_read,
    targets,
)
from zhengshu.contexts.casework.domain.decisions.columns import DAY, TEXT, TRUTH, WHOLE, Domain
from zhengshu.contexts.casework.domain.decisions.coverage import check_table
from zhengshu.contexts.casework.domain.decisions.evaluating import Evaluation
from zhengshu.contexts.casework.domain.decisions.model import (
    Decision,
    Flaw,
    Input,
    Knowledge,
    Model,
    Table,
    tables_in,
)
from zhengshu.contexts.casework.domain.decisions.reading import read_model
from zhengshu.contexts.casework.domain.decisions.refusals import NotDecidable
from zhengshu.contexts.casework.domain.decisions.syntax import UnaryTests
from zhengshu.contexts.casework.domain.decisions.types import BASE, to_case
from zhengshu.contexts.casework.domain.decisions.types import WHOLE as WHOLE_TYPES
from zhengshu.contexts.casework.domain.decisions.values import Feel, written
from zhengshu.contexts.casework.domain.definitions import Datum, Definition
from zhengshu.contexts.casework.domain.faults import DECISION, FLOW, Fault
from zhengshu.contexts.casework.domain.flow_graph import Flow, Node, NodeKind
from zhengshu.contexts.casework.domain.language import known_names, possible_texts

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")


def check_decisions(
    sources: Mapping[str, str], *, flow: Flow, definition: Definition
) -> tuple[Decisions, tuple[Fault, ...]]:
    """Return the decisions in the texts of `.dmn` files by their code, and every fault of them and of their use."""
    faults: list[Fault] = []
    models: dict[str, Model] = {}
    for code, text in sources.items():
        try:
            models[code] = read_model(text, known_names(definition))
        except ValueError as fault:
            faults.append(
                Fault(file=f"{code}{DECISION}", element="", code="unreadable", details={"what": str(fault)})
            )
    decisions = Decisions(models)
    for code, model in models.items():
        done = _done_before(decisions, code, flow)
        faults += (_fault_of(code, flaw) for flaw in (*model.flaws, *_check_model(model, definition, done)))
    if len(models) == len(sources):
        faults += _check_use(decisions, flow, definition)
    return decisions, tuple(faults)


def _done_before(decisions: Decisions, code: str, flow: Flow) -> frozenset[str]:
    """Return the tasks that were surely done whenever a decision of a file is asked."""
    asking = [node.id for node, place in decisions.asked(flow) if place.code == code]
    return frozenset(
        task.id
        for task in flow.of_kind(NodeKind.USER_TASK)
        if all(flow.is_sure_before(task.id, node) for node in asking)
    )


def _check_model(model: Model, definition: Definition, done: frozenset[str]) -> Iterator[Flaw]:
    """Yield what is wrong with the tables of a file, where some tasks were done before."""
    parts: list[Decision | Knowledge] = [*model.decisions.values(), *model.knowledge.values()]
    for part in parts:
        if not _ID.fullmatch(part.id):
            yield Flaw(element=part.id, code="decision-id-unfit", line=part.line, details={"name": part.id})
        own = definition if isinstance(part, Decision) else None
        for table in tables_in(part.logic):
            domains = [domain_of(one, part, model, own, done) for one in table.inputs]
            yield from check_table(table, domains)
            for one, domain in zip(table.inputs, domains, strict=True):
                yield from _check_values(one, domain, table)


def _check_values(one: Input, domain: Domain, table: Table) -> Iterator[Flaw]:
    """Yield the texts that an input can be and that the table does not list."""
    if one.values is None:
        return
    left = [text for text in domain.texts if Evaluation({}).holds(one.values, text) is not True]
    if left:
        details = {"name": one.text, "values": ", ".join(left)}
        yield Flaw(element=one.id, code="decision-input-unfit", line=table.line, details=details)


def domain_of(
    one: Input,
    part: Decision | Knowledge,
    model: Model,
    definition: Definition | None,
    done: frozenset[str] = frozenset(),
) -> Domain:
    """Return what an input of a table can be: by the case's data, by what it requires, or by its declared type."""
    name = one.expression.name if isinstance(one.expression, syntax.Name) else ""
    required = {model.decisions[other].name: model.decisions[other] for other in part.needs.decisions}
    if name in required:
        return _of_results(required[name]) or _declared(one, required[name].type, model)
    if definition is not None and name in known_names(definition):
        return _of_case(name, one, definition, done)
    types = {model.inputs[other].name: model.inputs[other].type for other in part.needs.inputs}
    types |= dict(part.parameters) if isinstance(part, Knowledge) else {}
    return _declared(one, types.get(name, ""), model)


def _of_case(name: str, one: Input, definition: Definition, done: frozenset[str]) -> Domain:
    never = {""} if name in done else set[str]()
    texts = tuple(sorted(possible_texts(definition, name) - never))
    datum = definition.data.get(name)
    if datum is None:
        return Domain(kind=TEXT, texts=texts) if texts else Domain(kind=WHOLE, limits=one.values)
    kind = {"number": WHOLE, "flag": TRUTH}.get(datum.type, TEXT)
    if kind == TEXT and BASE.get(one.type) == DAY:
        return Domain(kind=DAY, limits=one.values)
    return Domain(kind=kind, texts=texts, limits=None if texts else one.values)


def _of_results(decision: Decision) -> Domain | None:
    """Return the texts that a required decision can give, where all of its results are written down."""
    if not isinstance(decision.logic, Table) or not decision.logic.is_single or gives_list(decision):
        return None
    values = list(results_of(decision.logic, 0))
    texts = [value for value in values if isinstance(value, str)]
    return (
        Domain(kind=TEXT, texts=tuple(dict.fromkeys(texts))) if texts and len(texts) == len(values) else None
    )


def results_of(table: Table, place: int) -> Iterator[Feel]:
    """Yield the results of one output that are written down; the unknown ones as a context."""
    default = table.outputs[place].default
    nodes = [rule.results[place] for rule in table.rules] + ([default] if default is not None else [])
    for node in nodes:
        try:
            yield {} if syntax.names_in(node) else Evaluation({}).value(node)
        except NotDecidable:
            yield {}


def _declared(one: Input, type_name: str, model: Model) -> Domain:
    names = [name for name in (one.type, type_name) if name]
    kinds = [name for name in names if name not in model.types]
    values = one.values
    for name in names:
        item = model.types.get(name)
        if item is not None and not item.is_list and not item.components:
            kinds.append(item.base)
            values = values or item.allowed
    kind = next((BASE[name] for name in kinds if BASE.get(name)), "")
    if kind == "number" and set(kinds) & WHOLE_TYPES:
        kind = WHOLE
    if kind not in {"number", WHOLE, DAY, TEXT, TRUTH}:
        return Domain(limits=values)
    return Domain(kind=kind, texts=_texts(values) if kind == TEXT else (), limits=values)


def _texts(values: UnaryTests | None) -> tuple[str, ...]:
    """Return the texts that values list, if they list nothing but texts."""
    if values is None or values.is_negated:
        return ()
    literals = [one.value for one in values.alternatives if isinstance(one, syntax.Literal)]
    texts = tuple(one for one in literals if isinstance(one, str))
    return texts if len(texts) == len(values.alternatives) else ()


def _fault_of(code: str, flaw: Flaw) -> Fault:
    file = f"{code}{DECISION}"
    return Fault(file=file, element=flaw.element, code=flaw.code, line=flaw.line, details=flaw.details)


def _in_flow(node: Node, code: str, **details: object) -> Fault:
    return Fault(file=FLOW, element=node.id, code=code, line=node.line, details=details)


def _check_use(decisions: Decisions, flow: Flow, definition: Definition) -> Iterator[Fault]:
    """Yield what is wrong between the tasks of the flow and the decisions."""
    known = ", ".join(decisions.names()) or "-"
    for node in flow.of_kind(NodeKind.DECISION):
        if not node.decision:
            yield _in_flow(node, "decision-unnamed")
        elif decisions.find(node.decision) is None:
            yield _in_flow(node, "decision-missing", decision=node.decision, known=known)
    for code, decision in decisions.idle(flow):
        yield Fault(
            file=f"{code}{DECISION}", element=decision.id, code="decision-not-asked", line=decision.line
        )
    for node, place in decisions.asked(flow):
        yield from _check_inputs(place, definition)
        yield from _check_targets(node, place, definition)


def _check_targets(node: Node, place: Place, definition: Definition) -> Iterator[Fault]:
    if node.result and is_several(place.decision):
        yield _in_flow(node, "decision-result-several", name=node.result)
    for number, name in enumerate(targets(node, place.decision)):
        if name in definition.data:
            yield from _check_results(place, number, name, definition.data[name])
        else:
            known = ", ".join(definition.data) or "-"
            yield _in_flow(node, "decision-result-unknown", name=name, known=known)


def _check_inputs(place: Place, definition: Definition) -> Iterator[Fault]:
    for name in sorted(names_read(place) - known_names(definition)):
        element = next((one.id for one in place.model.inputs.values() if one.name == name), place.decision.id)
        yield Fault(
            file=f"{place.code}{DECISION}",
            element=element,
            code="decision-name-unknown",
            details={"name": name},
        )


def _check_results(place: Place, number: int, name: str, datum: Datum) -> Iterator[Fault]:
    """Yield the results that are written down and do not fit the datum in which they would be stored."""
    table = place.decision.logic
    if not isinstance(table, Table):
        return
    is_list = gives_list(place.decision)
    seen: set[str] = set()
    for value in results_of(table, number):
        found = to_case(value)
        if value == {} or (is_list and isinstance(value, str) and datum.type != "number"):
            continue
        text = written(value)
        if (found is None or not datum.admits(found)) and text not in seen:
            seen.add(text)
            details = {"value": text, "name": name, "known": ", ".join(datum.values) or datum.type}
            yield Fault(
                file=f"{place.code}{DECISION}",
                element=table.outputs[number].id or place.decision.id,
                code="decision-result-unfit",
                line=table.line,
                details=details,
            )


def check_given(
    decisions: Decisions, *, flow: Flow, definition: Definition, shown: Iterable[str]
) -> Iterator[Fault]:
    """Yield the data that decisions set and that nothing reads.

    Args:
        decisions: those of the case type.
        flow: the flow that asks them.
        definition: the `type.yaml`.
        shown: texts of forms, and of messages and notices, which may name data.
    """
    read = {*_read_by(flow, definition), *decisions.reads(flow)}
    read |= set(re.findall(r"\w+", " ".join(shown)))
    for name, (node, _) in decisions.gives(flow).items():
        if name in definition.data and name not in read:
            yield _in_flow(node, "decision-datum-not-read", name=name)


def _read_by(flow: Flow, definition: Definition) -> Iterator[str]:
    """Yield the names that the flow and the limits read."""
    texts = [arrow.condition for arrow in flow.arrows]
    for node in flow.nodes.values():
        texts += [part for several in (node.several,) if several for part in (several.over, several.until)]
        texts += [line.partition("=")[2] for line in node.script.splitlines()]
    clocks = definition.clocks.values()
    rules = [*definition.timers.values(), *(clock.limits for clock in clocks)]
    texts += [text for row in rules for limit in row for text in (limit.when, limit.chosen_by)]
    texts += [clock.extension.when for clock in clocks if clock.extension]
    for text in texts:
        yield from re.findall(r"\w+", text)
