"""What differs between two versions of a case type: in the flow, in its rules, names, forms and tables."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from zhengshu.contexts.casework.domain.checking import TypeFiles
from zhengshu.contexts.casework.domain.diagram import Flow, Node, read_flow
from zhengshu.contexts.casework.domain.faults import DECISION, DEFINITION, FLOW, FORM
from zhengshu.kernel.plain_yaml import read_yaml

_PLACES = ("DMNDI", "DMNEdge", "DMNShape", "DMNDiagram", "extensionElements")
"""Where things are drawn in a decision's file; moving them changes no decision."""


class Change(StrEnum):
    """What happened to something."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference.

    Attributes:
        change: what happened.
        file: in which file.
        place: the path in it, from the whole to the part.
        before: what was said, where something was.
        after: what is said now.
    """

    change: Change
    file: str
    place: tuple[str, ...]
    before: str = ""
    after: str = ""

    @property
    def element(self) -> str:
        """The element of the flow that differs, or an empty text."""
        return self.place[0] if self.file == FLOW and self.place else ""


def differences(*, before: TypeFiles, after: TypeFiles) -> tuple[Difference, ...]:
    """Return the differences of two versions, the flow's first; where something is drawn does not count."""
    found = [*_compared(FLOW, _flow_leaves(before.flow), _flow_leaves(after.flow))]
    found += _compared(DEFINITION, _yaml_leaves(before.definition), _yaml_leaves(after.definition))
    for language in sorted({*before.texts, *after.texts}):
        old, new = (_yaml_leaves(files.texts.get(language, "")) for files in (before, after))
        found += _compared(f"texts/{language}.yaml", old, new)
    for code in sorted({*before.forms, *after.forms}):
        old, new = (_form_leaves(files.forms.get(code, "")) for files in (before, after))
        found += _compared(f"{code}{FORM}", old, new)
    for code in sorted({*before.decisions, *after.decisions}):
        old, new = (_table_leaves(files.decisions.get(code, "")) for files in (before, after))
        found += _compared(f"{code}{DECISION}", old, new)
    return tuple(found)


def changed_elements(*, before: Flow, after: Flow) -> Mapping[str, Change]:
    """Return the elements of two flows that differ, by id."""
    old, new = _elements(before), _elements(after)
    marks = dict.fromkeys(old.keys() - new.keys(), Change.REMOVED)
    marks |= dict.fromkeys(new.keys() - old.keys(), Change.ADDED)
    return marks | {name: Change.CHANGED for name in old.keys() & new.keys() if old[name] != new[name]}


Leaves = dict[tuple[str, ...], str]


def _compared(file: str, old: Leaves, new: Leaves) -> Iterator[Difference]:
    for place in [*new, *(place for place in old if place not in new)]:
        if place not in old:
            yield Difference(change=Change.ADDED, file=file, place=place, after=new[place])
        elif place not in new:
            yield Difference(change=Change.REMOVED, file=file, place=place, before=old[place])
        elif old[place] != new[place]:
            yield Difference(
                change=Change.CHANGED, file=file, place=place, before=old[place], after=new[place]
            )


def _elements(flow: Flow) -> dict[str, tuple[str, ...]]:
    nodes = {
        node.id: (node.kind.value, node.name, _does(node), flow.lane_of(node.id), node.default)
        for node in flow.nodes.values()
    }
    arrows = {arrow.id: (arrow.name, arrow.source, arrow.target, arrow.condition) for arrow in flow.arrows}
    return {**nodes, **arrows, **{lane.id: (lane.name,) for lane in flow.lanes}}


def _does(node: Node) -> str:
    """Return what an element does by itself: its script, or the decision that it asks and where it stores it."""
    return node.script or " → ".join(part for part in (node.decision, node.result) if part)


def _flow_leaves(text: str) -> Leaves:
    try:
        flow = read_flow(text)
    except ValueError:
        return {(): text}
    return {(name,): " · ".join(part for part in parts if part) for name, parts in _elements(flow).items()}


def _yaml_leaves(text: str) -> Leaves:
    try:
        return dict(_leaves(read_yaml(text)))
    except ValueError:
        return {(): text}


def _form_leaves(text: str) -> Leaves:
    try:
        return dict(_leaves(json.loads(text or "null")))
    except (ValueError, RecursionError):
        return {(): text}


def _leaves(tree: object, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the values of a tree; parts of a list are named by their key where they have one, else by number."""
    if isinstance(tree, dict):
        for key, part in tree.items():
            yield from _leaves(part, (*place, str(key)))
    elif isinstance(tree, list):
        for number, part in enumerate(tree, start=1):
            yield from _leaves(part, (*place, _name_of(part) or str(number)))
    elif tree is not None:
        yield place, str(tree)


def _name_of(part: object) -> str:
    if not isinstance(part, dict):
        return ""
    name = part.get("key") or part.get("id")
    return name if isinstance(name, str) else ""


def _table_leaves(text: str) -> Leaves:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(text.encode(), parser) if text else None
    except etree.XMLSyntaxError:
        return {(): text}
    return {} if root is None else dict(_xml_leaves(root, ()))


def _xml_leaves(element: etree._Element, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if etree.QName(element).localname in _PLACES:
        return
    here = (*place, element.get("id", "")) if element.get("id") else place
    words = (element.get("name"), element.get("label"), element.get("hitPolicy"), element.text)
    text = " · ".join(word.strip() for word in words if word and word.strip())
    if text:
        yield (*here, etree.QName(element).localname), text
    for part in element.iterchildren("*"):
        yield from _xml_leaves(part, here)
