"""What a BPMN file says, read into a graph for the engine, the checker and the picture."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from math import isfinite

from lxml import etree

from zhengshu.contexts.casework.domain.flow_graph import (
    Arrow,
    Box,
    Flow,
    Foreign,
    Lane,
    Node,
    NodeKind,
    Several,
    Trigger,
    TriggerKind,
)

__all__ = ["Arrow", "Box", "Flow", "Foreign", "Lane", "Node", "NodeKind", "read_flow"]

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"

MOST_BYTES = 2 * 1024 * 1024
"""The largest flow that is read; the largest published models of the standard are a tenth of it."""


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

TRIGGERS = {
    "timerEventDefinition": TriggerKind.TIMER,
    "messageEventDefinition": TriggerKind.MESSAGE,
    "signalEventDefinition": TriggerKind.SIGNAL,
    "errorEventDefinition": TriggerKind.ERROR,
    "terminateEventDefinition": TriggerKind.TERMINATE,
}
_LOOP = "multiInstanceLoopCharacteristics"
SILENT_INSIDE = frozenset(
    {
        *("incoming", "outgoing", "documentation", "extensionElements", "script", "ioSpecification"),
        *("dataInputAssociation", "dataOutputAssociation", "property", _LOOP, *TRIGGERS),
        *("dataInput", "dataOutput", "inputSet", "outputSet"),
    }
)
"""Parts of an element that do not change what it does, or that are read."""
SILENT_DATA = frozenset(
    {"dataObject", "dataObjectReference", "dataStoreReference", "ioSpecification", "property"}
)
"""Notes about data; what a case holds is said in `type.yaml`."""
ALLOWED = {
    NodeKind.START: frozenset[TriggerKind](),
    NodeKind.END: frozenset({TriggerKind.TERMINATE, TriggerKind.ERROR, TriggerKind.SIGNAL}),
    NodeKind.CATCH: frozenset({TriggerKind.TIMER, TriggerKind.MESSAGE, TriggerKind.SIGNAL}),
    NodeKind.THROW: frozenset({TriggerKind.SIGNAL}),
    NodeKind.BOUNDARY: frozenset(
        {TriggerKind.TIMER, TriggerKind.MESSAGE, TriggerKind.SIGNAL, TriggerKind.ERROR}
    ),
}
"""Which triggers each event may have."""
KINDS = {
    **{kind.value: kind for kind in NodeKind},
    "task": NodeKind.USER_TASK,
    "manualTask": NodeKind.USER_TASK,
}
"""Tag → what the engine runs it as; a task of no kind, or by hand, is somebody's to do too."""
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
DEEPEST = 5
"""Sub-processes within each other."""


@lru_cache(maxsize=256)
def read_flow(text: str) -> Flow:
    """Return the graph of the process in a BPMN 2.0 file; processes of other pools are named as foreign.

    External entities and network addresses in the file are not followed.

    Raises:
        ValueError: not XML, too large, or without a process.
    """
    if len(text.encode()) > MOST_BYTES:
        message = f"larger than {MOST_BYTES} bytes"
        raise ValueError(message)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as fault:
        raise ValueError(str(fault)) from fault
    return _flow(root, *_processes(root))


def _processes(root: etree._Element) -> tuple[etree._Element, list[etree._Element]]:
    """Return the process that is run, and the others that do something: those of other pools.

    Raises:
        ValueError: there is none at all.
    """
    processes = root.findall(f"{{{BPMN}}}process")
    if not processes:
        message = "a bpmn:process is expected, none found"
        raise ValueError(message)
    busy = [one for one in processes if any(_tag(part) == NodeKind.START for part in one.iterchildren("*"))]
    run = next((one for one in busy if one.get("isExecutable") == "true"), (busy or processes)[0])
    others = [
        one
        for one in processes
        if one is not run and any(_tag(part) not in SILENT for part in one.iterchildren("*"))
    ]
    return run, others


def _flow(root: etree._Element, process: etree._Element, others: list[etree._Element]) -> Flow:
    names = {
        element.get("id", ""): element.get("name", "") or element.get("id", "")
        for tag in ("message", "signal", "error")
        for element in root.findall(f"{{{BPMN}}}{tag}")
    }
    nodes, arrows, foreign = _contents(process, parent="", names=names, depth=0)
    return Flow(
        process_id=process.get("id", ""),
        nodes={node.id: node for node in nodes},
        arrows=tuple(arrows),
        lanes=tuple(_lane(element) for element in process.iter(f"{{{BPMN}}}lane")),
        foreign=(
            *foreign,
            *(Foreign(tag="process", id=one.get("id", ""), line=_line(one)) for one in others),
        ),
        boxes=_boxes(root),
        paths=_paths(root),
    )


def _contents(
    process: etree._Element, *, parent: str, names: dict[str, str], depth: int
) -> tuple[list[Node], list[Arrow], list[Foreign]]:
    """Return the nodes, arrows and unknown elements of a process and of the sub-processes in it."""
    elements = list(process.iterchildren("*"))
    nodes = [replace(_node(one, names), parent=parent) for one in elements if _tag(one) in KINDS]
    arrows = [_arrow(one) for one in elements if _tag(one) == "sequenceFlow"]
    foreign = list(_foreign(elements, silent=SILENT_INSIDE if depth else SILENT_DATA))
    for element in elements:
        if _tag(element) != NodeKind.SUB_PROCESS:
            continue
        if depth >= DEEPEST or element.get("triggeredByEvent") == "true":
            foreign.append(
                Foreign(tag="subProcess (event or too deep)", id=element.get("id", ""), line=_line(element))
            )
            continue
        inner = _contents(element, parent=element.get("id", ""), names=names, depth=depth + 1)
        nodes += inner[0]
        arrows += inner[1]
        foreign += inner[2]
    return nodes, arrows, foreign


def _tag(element: etree._Element) -> str:
    name = etree.QName(element)
    return name.localname if name.namespace == BPMN else str(element.tag)


def _line(element: etree._Element) -> int:
    line = str(element.sourceline)
    return int(line) if line.isdecimal() else 0


def _node(element: etree._Element, names: dict[str, str]) -> Node:
    return Node(
        id=element.get("id", ""),
        name=element.get("name", ""),
        kind=KINDS[_tag(element)],
        line=_line(element),
        default=element.get("default", ""),
        script=(element.findtext(f"{{{BPMN}}}script") or "").strip(),
        decision=_decision(element),
        result=_result(element),
        trigger=_trigger(element, names),
        attached_to=element.get("attachedToRef", ""),
        is_interrupting=element.get("cancelActivity", "true") == "true",
        several=_several(element),
    )


def _decision(element: etree._Element) -> str:
    called = element.find(f"{{{BPMN}}}extensionElements/{{{ZEEBE}}}calledDecision")
    zeebe = called.get("decisionId", "") if called is not None else ""
    return element.get(f"{{{CAMUNDA}}}decisionRef", "") or zeebe.removeprefix("=").strip('"')


def _result(element: etree._Element) -> str:
    called = element.find(f"{{{BPMN}}}extensionElements/{{{ZEEBE}}}calledDecision")
    zeebe = called.get("resultVariable", "") if called is not None else ""
    return element.get(f"{{{CAMUNDA}}}resultVariable", "") or zeebe


def _trigger(element: etree._Element, names: dict[str, str]) -> Trigger | None:
    if element.get("messageRef"):
        return Trigger(kind=TriggerKind.MESSAGE, name=names.get(element.get("messageRef", ""), ""))
    for part in element.iterchildren("*"):
        kind = TRIGGERS.get(_tag(part))
        if kind is not None:
            reference = part.get(f"{kind.value}Ref", "")
            return Trigger(kind=kind, name=names.get(reference, reference))
    return None


def _several(element: etree._Element) -> Several | None:
    loop = element.find(f"{{{BPMN}}}{_LOOP}")
    if loop is None:
        return None
    over = (
        loop.get(f"{{{CAMUNDA}}}collection", "")
        or (loop.findtext(f"{{{BPMN}}}loopDataInputRef") or "").strip()
        or (loop.findtext(f"{{{BPMN}}}loopCardinality") or "").strip()
    )
    return Several(
        over=over,
        is_sequential=loop.get("isSequential", "false") == "true",
        until=(loop.findtext(f"{{{BPMN}}}completionCondition") or "").strip(),
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


def _foreign(elements: Iterable[etree._Element], *, silent: frozenset[str]) -> Iterator[Foreign]:
    for element in elements:
        tag, name, line = _tag(element), _id_or_around(element), _line(element)
        if tag not in KINDS:
            if tag not in SILENT | SILENT_DATA | silent:
                yield Foreign(tag=tag, id=name, line=line)
            continue
        parts = [_tag(part) for part in element.iterchildren("*")]
        triggers = [TRIGGERS[part] for part in parts if part in TRIGGERS]
        allowed = ALLOWED.get(KINDS[tag], frozenset())
        for trigger in triggers:
            if trigger not in allowed or len(triggers) > 1:
                yield Foreign(tag=f"{tag}/{trigger.value}EventDefinition", id=name, line=line)
        for part in parts if tag != NodeKind.SUB_PROCESS else ():
            if part not in SILENT_INSIDE:
                yield Foreign(tag=f"{tag}/{part}", id=name, line=line)


def _id_or_around(element: etree._Element) -> str:
    """Return an element's id, or that of the nearest element around it that has one."""
    around = (element, *element.iterancestors())
    return next((one.get("id", "") for one in around if one.get("id")), "")


def _boxes(root: etree._Element) -> dict[str, Box]:
    found = {}
    for shape in root.iter(f"{{{BPMNDI}}}BPMNShape"):
        bounds = shape.find(f"{{{DC}}}Bounds")
        if bounds is not None:
            x, y, width, height = (_length(bounds, side) for side in ("x", "y", "width", "height"))
            if x is not None and y is not None and width is not None and height is not None:
                found[shape.get("bpmnElement", "")] = Box(x, y, width, height)
    return found


def _paths(root: etree._Element) -> dict[str, tuple[tuple[float, float], ...]]:
    found = {}
    for edge in root.iter(f"{{{BPMNDI}}}BPMNEdge"):
        points = [(_length(one, "x"), _length(one, "y")) for one in edge.findall(f"{{{DI}}}waypoint")]
        found[edge.get("bpmnElement", "")] = tuple(
            (x, y) for x, y in points if x is not None and y is not None
        )
    return found


def _length(element: etree._Element, side: str) -> float | None:
    """Return a measure of the picture; none where what stands there is no number that can be drawn."""
    try:
        length = float(element.get(side, "0"))
    except ValueError:
        return None
    return length if isfinite(length) else None
