"""The flow as a graph: elements, arrows, lanes, and where they lie in the picture."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class NodeKind(StrEnum):
    """The elements that the engine runs, by their BPMN names."""

    START = "startEvent"
    END = "endEvent"
    USER_TASK = "userTask"
    SCRIPT = "scriptTask"
    DECISION = "businessRuleTask"
    RECEIVE = "receiveTask"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"
    INCLUSIVE = "inclusiveGateway"
    EVENT_BASED = "eventBasedGateway"
    CATCH = "intermediateCatchEvent"
    THROW = "intermediateThrowEvent"
    BOUNDARY = "boundaryEvent"
    SUB_PROCESS = "subProcess"


WAITING = frozenset({NodeKind.USER_TASK, NodeKind.RECEIVE, NodeKind.EVENT_BASED, NodeKind.CATCH})
"""Elements at which a case stands still until somebody or something comes."""


class TriggerKind(StrEnum):
    """What an event waits for or throws."""

    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    ERROR = "error"
    TERMINATE = "terminate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What an event is about.

    Attributes:
        kind: timer, message, signal, error or terminate.
        name: of the message, signal or error; empty for the others, whose rule is in `type.yaml`.
    """

    kind: TriggerKind
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """That an element is done several times: at once, or one after the other.

    Attributes:
        over: the datum that lists for whom, or an expression that says how often.
        is_sequential: whether one waits for the one before.
        until: a condition that ends it before all are done.
    """

    over: str
    is_sequential: bool = False
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One element of the flow.

    Attributes:
        parent: the sub-process in which it lies, or empty.
        default: the arrow that a gateway takes when no condition holds.
        decision: the decision that a business rule task asks.
        result: the name under which its result is stored; empty: the names of the decision's outputs.
        trigger: what an event waits for or throws.
        attached_to: the element at whose boundary an event lies.
        is_interrupting: whether a boundary event ends that element.
        several: whether it is done several times.
    """

    id: str
    name: str
    kind: NodeKind
    line: int
    parent: str = ""
    default: str = ""
    script: str = ""
    decision: str = ""
    result: str = ""
    trigger: Trigger | None = None
    attached_to: str = ""
    is_interrupting: bool = True
    several: Several | None = None


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

    def entering(self, node: str) -> tuple[Arrow, ...]:
        """Return the arrows that enter a node, in the file's order."""
        return tuple(arrow for arrow in self.arrows if arrow.target == node)

    def boundaries(self, node: str) -> tuple[Node, ...]:
        """Return the events at the boundary of a node."""
        return tuple(one for one in self.nodes.values() if one.attached_to == node)

    def starts(self, parent: str = "") -> tuple[Node, ...]:
        """Return the start events of the process, or of a sub-process."""
        return tuple(node for node in self.of_kind(NodeKind.START) if node.parent == parent)

    def ends(self, parent: str = "") -> tuple[Node, ...]:
        """Return the end events of the process, or of a sub-process."""
        return tuple(node for node in self.of_kind(NodeKind.END) if node.parent == parent)

    def lane_of(self, node: str) -> str:
        """Return the code of the lane in which a node lies, itself or with its sub-process, or an empty text."""
        while node:
            lane = next((lane.id for lane in self.lanes if node in lane.nodes), "")
            if lane:
                return lane
            node = self.nodes[node].parent if node in self.nodes else ""
        return ""

    def of_kind(self, kind: NodeKind) -> tuple[Node, ...]:
        """Return the nodes of one kind, in the file's order."""
        return tuple(node for node in self.nodes.values() if node.kind == kind)

    def steps(self) -> Mapping[str, tuple[str, ...]]:
        """Return where one may get from each node: along arrows, into and out of sub-processes, over boundaries."""
        found: dict[str, list[str]] = {}
        for arrow in self.arrows:
            found.setdefault(arrow.source, []).append(arrow.target)
        for node in self.nodes.values():
            if node.attached_to:
                found.setdefault(node.attached_to, []).append(node.id)
            if node.parent and node.kind == NodeKind.START:
                found.setdefault(node.parent, []).append(node.id)
        return {node: tuple(targets) for node, targets in found.items()}

    def in_course(self) -> tuple[Node, ...]:
        """Return the nodes as a case comes by them: the nearest to the start first, in the file's order else."""
        steps = self.steps()
        found = {start.id: None for start in self.starts()}
        waiting = list(found)
        for here in waiting:
            fresh = [one for one in steps.get(here, ()) if one not in found]
            found |= dict.fromkeys(fresh)
            waiting += dict.fromkeys(fresh)
        return tuple(self.nodes[one] for one in {**found, **dict.fromkeys(self.nodes)} if one in self.nodes)

    def is_sure_before(self, task: str, node: str, *, places: Iterable[str] = ()) -> bool:
        """Whether a task is surely done before a case comes to a node: no way leads there without ending it.

        The case begins at the start, or stands at some places.
        """
        steps, aborted = self.steps(), {event.id for event in self.boundaries(task)}
        seen: set[str] = set()
        waiting = [*places] or [start.id for start in self.starts()]
        while waiting:
            here = waiting.pop()
            if here in seen:
                continue
            seen.add(here)
            waiting += [one for one in steps.get(here, ()) if here != task or one in aborted]
        return node not in seen

    def reachable(self, starts: Iterable[str], *, backwards: bool = False) -> frozenset[str]:
        """Return the nodes that can be reached from some, or from which those can be reached."""
        steps: dict[str, list[str]] = {}
        for source, targets in self.steps().items():
            for target in targets:
                one, other = (target, source) if backwards else (source, target)
                steps.setdefault(one, []).append(other)
        seen: set[str] = set()
        waiting = list(starts)
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting.extend(steps.get(node, ()))
        return frozenset(seen)
