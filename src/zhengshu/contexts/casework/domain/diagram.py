"""The flow as a graph: what a BPMN file says, read without an engine, for the checker and for the picture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"

MOST_BYTES = 2 * 1024 * 1024
"""The largest flow that is read; the largest published models of the standard are a tenth of it."""


class NodeKind(StrEnum):
    """The elements that the engine runs."""

    START = "startEvent"
    END = "endEvent"
    USER_TASK = "userTask"
    SCRIPT = "scriptTask"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"


SILENT = frozenset(
    {
        "laneSet",
        "sequenceFlow",
        "documentation",
        "extensionElements",
        "textAnnotation",
        "association",
        "group",
    }
)
"""Elements of a process that carry no behaviour of their own."""

SILENT_INSIDE = frozenset({"incoming", "outgoing", "documentation", "extensionElements", "script"})
"""Parts of an element that do not change what it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One element of the flow."""

    id: str
    name: str
    kind: NodeKind
    line: int
    default: str = ""
    script: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """One sequence flow."""

    id: str
    name: str
    source: str
    target: str
    condition: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One lane: its id is the lane's code in `type.yaml`."""

    id: str
    name: str
    nodes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Box:
    """Where a shape lies in the picture."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """An element that the engine does not run."""

    tag: str
    id: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A whole diagram."""

    process_id: str
    nodes: Mapping[str, Node]
    arrows: tuple[Arrow, ...]
    lanes: tuple[Lane, ...]
    foreign: tuple[Foreign, ...] = ()
    boxes: Mapping[str, Box] = field(default_factory=dict)
    paths: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)

    def leaving(self, node: str) -> tuple[Arrow, ...]:
        """Return the arrows that leave a node, in the file's order."""
        return tuple(arrow for arrow in self.arrows if arrow.source == node)

    def lane_of(self, node: str) -> str:
        """Return the code of the lane in which a node lies, or an empty text."""
        return next((lane.id for lane in self.lanes if node in lane.nodes), "")

    def of_kind(self, kind: NodeKind) -> tuple[Node, ...]:
        """Return the nodes of one kind, in the file's order."""
        return tuple(node for node in self.nodes.values() if node.kind == kind)

    def reachable(self, starts: Iterable[str], *, backwards: bool = False) -> frozenset[str]:
        """Return the nodes that can be reached from some, or from which those can be reached."""
        steps: dict[str, list[str]] = {}
        for arrow in self.arrows:
            source, target = (arrow.target, arrow.source) if backwards else (arrow.source, arrow.target)
            steps.setdefault(source, []).append(target)
        seen: set[str] = set()
        waiting = list(starts)
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting.extend(steps.get(node, ()))
        return frozenset(seen)


@lru_cache(maxsize=256)
def read_flow(text: str) -> Flow:
    """Return the graph in a BPMN 2.0 file with one process.

    External entities and network addresses in the file are not followed.

    Raises:
        ValueError: not XML, too large, or not exactly one process.
    """
    if len(text.encode()) > MOST_BYTES:
        message = f"larger than {MOST_BYTES} bytes"
        raise ValueError(message)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as fault:
        raise ValueError(str(fault)) from fault
    processes = root.findall(f"{{{BPMN}}}process")
    if len(processes) != 1:
        message = f"exactly one bpmn:process is expected, {len(processes)} found"
        raise ValueError(message)
    return _flow(root, processes[0])


def _flow(root: etree._Element, process: etree._Element) -> Flow:
    elements = list(process.iterchildren("*"))
    kinds = {kind.value for kind in NodeKind}
    nodes = [_node(element) for element in elements if _tag(element) in kinds]
    return Flow(
        process_id=process.get("id", ""),
        nodes={node.id: node for node in nodes},
        arrows=tuple(_arrow(element) for element in elements if _tag(element) == "sequenceFlow"),
        lanes=tuple(_lane(element) for element in process.iter(f"{{{BPMN}}}lane")),
        foreign=tuple(_foreign(elements, kinds)),
        boxes=_boxes(root),
        paths=_paths(root),
    )


def _tag(element: etree._Element) -> str:
    name = etree.QName(element)
    return name.localname if name.namespace == BPMN else str(element.tag)


def _line(element: etree._Element) -> int:
    line = str(element.sourceline)
    return int(line) if line.isdecimal() else 0


def _node(element: etree._Element) -> Node:
    return Node(
        id=element.get("id", ""),
        name=element.get("name", ""),
        kind=NodeKind(_tag(element)),
        line=_line(element),
        default=element.get("default", ""),
        script=(element.findtext(f"{{{BPMN}}}script") or "").strip(),
    )


def _arrow(element: etree._Element) -> Arrow:
    return Arrow(
        id=element.get("id", ""),
        name=element.get("name", ""),
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        condition=(element.findtext(f"{{{BPMN}}}conditionExpression") or "").strip(),
        line=_line(element),
    )


def _lane(element: etree._Element) -> Lane:
    references = (reference.text or "" for reference in element.findall(f"{{{BPMN}}}flowNodeRef"))
    return Lane(id=element.get("id", ""), name=element.get("name", ""), nodes=frozenset(references))


def _foreign(elements: Iterable[etree._Element], kinds: set[str]) -> Iterable[Foreign]:
    for element in elements:
        tag = _tag(element)
        if tag not in kinds | SILENT:
            yield Foreign(tag=tag, id=element.get("id", ""), line=_line(element))
        elif tag in kinds:
            for part in element.iterchildren("*"):
                if _tag(part) not in SILENT_INSIDE:
                    yield Foreign(tag=f"{tag}/{_tag(part)}", id=element.get("id", ""), line=_line(part))


def _boxes(root: etree._Element) -> dict[str, Box]:
    found = {}
    for shape in root.iter(f"{{{BPMNDI}}}BPMNShape"):
        bounds = shape.find(f"{{{DC}}}Bounds")
        if bounds is not None:
            sides = [float(bounds.get(side, "0")) for side in ("x", "y", "width", "height")]
            found[shape.get("bpmnElement", "")] = Box(*sides)
    return found


def _paths(root: etree._Element) -> dict[str, tuple[tuple[float, float], ...]]:
    return {
        edge.get("bpmnElement", ""): tuple(
            (float(point.get("x", "0")), float(point.get("y", "0")))
            for point in edge.findall(f"{{{DI}}}waypoint")
        )
        for edge in root.iter(f"{{{BPMNDI}}}BPMNEdge")
    }
