"""Reads a `.dmn` file; whatever is not supported or not sound is noted with its element, and never guessed at."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from zhengshu.contexts.casework.domain.decisions.documents import (
    Element,
    child,
    children,
    identity,
    inner_text,
    line,
    read_tree,
    tag,
)
from zhengshu.contexts.casework.domain.decisions.model import (
    Decision,
    Flaw,
    InputData,
    ItemType,
    Knowledge,
    Logic,
    Model,
    Needs,
)
from zhengshu.contexts.casework.domain.decisions.reading_logic import (
    LOGIC,
    LogicReader,
    Unread,
    variable_name,
)
from zhengshu.contexts.casework.domain.decisions.types import BASE, MISSING, plain_type

T = TypeVar("T")
SILENT = frozenset(
    {
        *("description", "extensionElements", "itemDefinition", "decision", "inputData"),
        *("businessKnowledgeModel", "knowledgeSource", "textAnnotation", "association", "group"),
        *("performanceIndicator", "organizationUnit", "elementCollection", "businessContextElement"),
    }
)
"""Elements of a file that are read, or that decide nothing."""
PROPERTIES = frozenset(
    {
        *("year", "month", "day", "weekday", "years", "months", "days", "hours", "minutes", "seconds"),
        *("start", "end", "start included", "end included"),
    }
)
"""Members of values that are no contexts."""


@lru_cache(maxsize=256)
def read_model(text: str, names: frozenset[str] = frozenset()) -> Model:
    """Return what a `.dmn` file says, and its flaws.

    Args:
        text: the file.
        names: names of data that expressions may read without declaring them in the file.

    Raises:
        ValueError: not XML, too large, with a document type, or no DMN.
    """
    return _Reader(read_tree(text), names).model()


class _Reader:
    def __init__(self, root: Element, names: frozenset[str]) -> None:
        self.root = root
        self.names = names
        self.namespace = root.get("namespace", "")
        self.flaws: list[Flaw] = []
        self.inputs = {identity(one): self._input(one) for one in children(root, "inputData")}
        self.members = frozenset(self._members())
        self.type_names = frozenset(variable_name(one) for one in children(root, "itemDefinition"))
        self.decided = {identity(one): one for one in children(root, "decision")}
        self.known = {identity(one): one for one in children(root, "businessKnowledgeModel")}

    def model(self) -> Model:
        for element in self.root.iterchildren("*"):
            if tag(element) not in SILENT and not tag(element).startswith("{"):
                self._flaw(element, "decision-element-unsupported", tag=tag(element))
        self._check_ids()
        types = {item.name: item for item in self._types()}
        knowledge = {key: self._owned(key, self._knowledge, one) for key, one in self.known.items()}
        decisions = {key: self._owned(key, self._decision, one) for key, one in self.decided.items()}
        for one in self.inputs.values():
            if not self._has_type(one.type):
                details = {"type": one.type}
                self.flaws.append(
                    Flaw(element=one.id, code="decision-type-unknown", details=details, owner=one.id)
                )
        model = Model(
            name=self.root.get("name", ""),
            decisions=decisions,
            inputs=self.inputs,
            knowledge=knowledge,
            types=types,
        )
        self.flaws += circles(model)
        return Model(
            name=model.name,
            decisions=decisions,
            inputs=self.inputs,
            knowledge=knowledge,
            types=types,
            flaws=tuple(self.flaws),
        )

    def _owned(self, owner: str, work: Callable[[Element], T], element: Element) -> T:
        """Read an element and note on its flaws whose they are."""
        before = len(self.flaws)
        try:
            return work(element)
        finally:
            self.flaws[before:] = [replace(flaw, owner=owner) for flaw in self.flaws[before:]]

    def _flaw(self, element: Element, code: str, **details: object) -> None:
        self.flaws.append(Flaw(element=identity(element), code=code, line=line(element), details=details))

    def _check_ids(self) -> None:
        counted = Counter(
            identity(one) for one in children(self.root, "decision", "inputData", "businessKnowledgeModel")
        )
        for name, count in counted.items():
            if count > 1:
                self.flaws.append(Flaw(element=name, code="decision-id-twice"))

    def _members(self) -> Iterator[str]:
        yield from PROPERTIES
        for element in self.root.iter("{*}itemComponent", "{*}output", "{*}column", "{*}variable"):
            name = variable_name(element)
            if name:
                yield name

    def _input(self, element: Element) -> InputData:
        variable = child(element, "variable")
        named = variable if variable is not None else element
        return InputData(
            id=identity(element), name=variable_name(named), type=plain_type(named.get("typeRef", ""))
        )

    def _has_type(self, name: str) -> bool:
        return name in self.type_names or (name in BASE and name not in MISSING)

    def _types(self) -> Iterator[ItemType]:
        for element in children(self.root, "itemDefinition"):
            try:
                yield self._owned(variable_name(element), self._item, element)
            except Unread:
                yield ItemType(name=variable_name(element), is_unread=True)

    def _item(self, element: Element) -> ItemType:
        reader = self._reader(frozenset(), {})
        reference = child(element, "typeRef")
        base = plain_type(inner_text(reference))
        if child(element, "functionItem") is not None or not self._has_type(base):
            self._flaw(element, "decision-type-unknown", type=base or "functionItem")
            raise Unread
        allowed = child(element, "allowedValues")
        constraint = child(element, "typeConstraint")
        if constraint is not None:
            self._flaw(element, "decision-element-unsupported", tag="typeConstraint")
            raise Unread
        return ItemType(
            name=variable_name(element),
            base=base,
            is_list=element.get("isCollection", "false") == "true",
            components={variable_name(part): self._item(part) for part in children(element, "itemComponent")},
            allowed=reader.tests(allowed) if allowed is not None else None,
        )

    def _needs(self, element: Element) -> Needs:
        found: dict[str, list[str]] = {"requiredInput": [], "requiredDecision": [], "requiredKnowledge": []}
        known = {
            "requiredInput": self.inputs.keys(),
            "requiredDecision": self.decided.keys(),
            "requiredKnowledge": self.known.keys(),
        }
        for requirement in children(element, "informationRequirement", "knowledgeRequirement"):
            for part in children(requirement, *found):
                reference = part.get("href", "")
                place, _, name = reference.rpartition("#")
                if place not in {"", self.namespace} or name not in known[tag(part)]:
                    self._flaw(part, "decision-reference-unknown", name=reference)
                else:
                    found[tag(part)].append(name)
        inputs, decisions, knowledge = (tuple(names) for names in found.values())
        return Needs(inputs=inputs, decisions=decisions, knowledge=knowledge)

    def _reader(self, names: Iterable[str], functions: Mapping[str, tuple[str, ...]]) -> LogicReader:
        return LogicReader(
            frozenset(names) | self.names, functions, self.members, self.type_names, self.flaws
        )

    def _names(self, needs: Needs) -> Iterator[str]:
        for one in needs.inputs:
            yield self.inputs[one].name
        for one in needs.decisions:
            yield name_of(self.decided[one])

    def _functions(self, needs: Needs) -> dict[str, tuple[str, ...]]:
        return {name_of(self.known[one]): () for one in needs.knowledge}

    def _logic(self, element: Element, reader: LogicReader) -> Logic | None:
        inner = child(element, *LOGIC)
        if inner is None:
            self._flaw(element, "decision-without-logic")
            return None
        try:
            return reader.logic(inner)
        except Unread:
            return None

    def _decision(self, element: Element) -> Decision:
        needs = self._needs(element)
        variable = child(element, "variable")
        type_name = plain_type(variable.get("typeRef", "")) if variable is not None else ""
        if not self._has_type(type_name):
            self._flaw(element, "decision-type-unknown", type=type_name)
        reader = self._reader(self._names(needs), self._functions(needs))
        return Decision(
            id=identity(element),
            name=name_of(element),
            label=" ".join(element.get("name", "").split()),
            type=type_name,
            needs=needs,
            logic=self._logic(element, reader),
            line=line(element),
        )

    def _knowledge(self, element: Element) -> Knowledge:
        needs = self._needs(element)
        body = child(element, "encapsulatedLogic")
        if body is None or body.get("kind", "FEEL") != "FEEL":
            self._flaw(element, "decision-without-logic")
            body = element
        parameters = tuple(
            (variable_name(one), plain_type(one.get("typeRef", "")))
            for one in children(body, "formalParameter")
        )
        variable = child(element, "variable")
        type_name = plain_type(body.get("typeRef", ""))
        if not type_name and variable is not None:
            type_name = plain_type(variable.get("typeRef", ""))
        for name in (type_name, *(kind for _, kind in parameters)):
            if not self._has_type(name):
                self._flaw(element, "decision-type-unknown", type=name)
        reader = self._reader((name for name, _ in parameters), self._functions(needs))
        return Knowledge(
            id=identity(element),
            name=name_of(element),
            parameters=parameters,
            type=type_name,
            needs=needs,
            logic=self._logic(body, reader),
            line=line(element),
        )


def name_of(element: Element) -> str:
    """Return the name under which others read a decision, or call a knowledge model."""
    variable = child(element, "variable")
    return (variable_name(variable) if variable is not None else "") or variable_name(element)


def circles(model: Model) -> Iterator[Flaw]:
    """Yield the decisions and knowledge models that rest on themselves."""
    parts: dict[str, Decision | Knowledge] = {**model.decisions, **model.knowledge}
    for one, part in parts.items():
        seen: set[str] = set()
        waiting = [*part.needs.decisions, *part.needs.knowledge]
        while waiting:
            other = waiting.pop()
            if other not in seen and other in parts:
                seen.add(other)
                waiting += [*parts[other].needs.decisions, *parts[other].needs.knowledge]
        if one in seen:
            yield Flaw(element=one, code="decision-circle", line=part.line, owner=one)
