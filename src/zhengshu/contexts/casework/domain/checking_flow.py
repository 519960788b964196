"""Checks the diagram of a case type: can every case come to an end, and does everybody know what to do?"""

from collections import Counter
from collections.abc import Iterator, Mapping

from zhengshu.contexts.casework.domain import expressions
from zhengshu.contexts.casework.domain.checking_events import check_events
from zhengshu.contexts.casework.domain.definitions import Definition
from zhengshu.contexts.casework.domain.expressions import OutsideTheLanguage
from zhengshu.contexts.casework.domain.faults import DEFINITION, FLOW, Fault
from zhengshu.contexts.casework.domain.flow_graph import WAITING, Arrow, Flow, Node, NodeKind
from zhengshu.contexts.casework.domain.language import check_expression, check_script

LONGEST_ID, LONGEST_NAME = 63, 100
"""Letters of an element's id, and of the name of a message or signal; cases keep both."""
GATEWAYS = frozenset({NodeKind.EXCLUSIVE, NodeKind.PARALLEL, NodeKind.INCLUSIVE, NodeKind.EVENT_BASED})
DECIDING = frozenset({NodeKind.EXCLUSIVE, NodeKind.INCLUSIVE})


def check_flow(flow: Flow, definition: Definition, reads: Mapping[str, frozenset[str]]) -> Iterator[Fault]:
    """Yield the faults of a diagram, with the definition that goes with it.

    Args:
        flow: the diagram.
        definition: its `type.yaml`.
        reads: task that asks a decision → the names that this reads.
    """
    for foreign in flow.foreign:
        yield _fault(foreign.id, "element-unsupported", line=foreign.line, tag=foreign.tag)
    yield from _check_ids(flow)
    drawn = flow.nodes.keys() | {foreign.id for foreign in flow.foreign}
    for arrow in flow.arrows:
        if arrow.source not in drawn or arrow.target not in drawn:
            yield _fault(arrow.id, "arrow-loose", line=arrow.line)
    yield from _check_paths(flow)
    for node in flow.nodes.values():
        yield from _check_leaving(flow, node, definition)
        if node.kind == NodeKind.SCRIPT:
            yield from check_script(node.script, definition, file=FLOW, element=node.id, line=node.line)
        if flow.boxes and node.id not in flow.boxes:
            yield _fault(node.id, "shape-missing", line=node.line)
    yield from _check_lanes(flow, definition)
    yield from _check_tasks(flow, definition)
    yield from _check_outcomes(flow, definition, reads)
    yield from check_events(flow, definition)


def _fault(element: str, code: str, *, line: int = 0, **details: object) -> Fault:
    return Fault(file=FLOW, element=element, code=code, line=line, details=details)


def _check_ids(flow: Flow) -> Iterator[Fault]:
    ids = Counter([*flow.nodes, *(arrow.id for arrow in flow.arrows)])
    for name, count in ids.items():
        if not name:
            yield _fault("", "id-missing")
        elif count > 1:
            yield _fault(name, "id-twice")
    for node in flow.nodes.values():
        named = node.trigger.name if node.trigger is not None else ""
        if len(node.id) > LONGEST_ID or len(named) > LONGEST_NAME:
            yield _fault(node.id, "name-too-long", line=node.line, id=LONGEST_ID, name=LONGEST_NAME)


def _check_paths(flow: Flow) -> Iterator[Fault]:
    forward = flow.reachable(node.id for node in flow.starts())
    for scope in ("", *(node.id for node in flow.of_kind(NodeKind.SUB_PROCESS))):
        starts, ends = flow.starts(scope), flow.ends(scope)
        if len(starts) != 1:
            yield _fault(scope or flow.process_id, "start-count", count=len(starts))
        if not ends:
            yield _fault(scope or flow.process_id, "no-end")
        backward = _leading_to(flow, {node.id for node in ends})
        for node in flow.nodes.values():
            if node.parent == scope and ends and node.id not in backward:
                yield _fault(node.id, "dead-end", line=node.line)
    for node in flow.nodes.values():
        if flow.starts() and node.id not in forward:
            yield _fault(node.id, "unreachable", line=node.line)
    yield from _check_loops(flow)


def _leading_to(flow: Flow, ends: set[str]) -> set[str]:
    """Return the nodes from which arrows and boundaries lead to one of some ends."""
    steps = [(arrow.source, arrow.target) for arrow in flow.arrows]
    steps += [(node.attached_to, node.id) for node in flow.nodes.values() if node.attached_to]
    found = set(ends)
    while more := {source for source, target in steps if target in found and source not in found}:
        found |= more
    return found


def _check_loops(flow: Flow) -> Iterator[Fault]:
    """Find elements from which a path leads back to them without a user task."""
    busy = WAITING | {NodeKind.SUB_PROCESS}
    idle = {node.id for node in flow.nodes.values() if node.kind not in busy}
    steps = {node: [arrow.target for arrow in flow.leaving(node) if arrow.target in idle] for node in idle}
    for node in sorted(idle):
        seen: set[str] = set()
        waiting = list(steps[node])
        while waiting:
            step = waiting.pop()
            if step not in seen:
                seen.add(step)
                waiting.extend(steps[step])
        if node in seen and flow.nodes[node].kind in GATEWAYS:
            yield _fault(node, "loop-without-task", line=flow.nodes[node].line)


def _check_leaving(flow: Flow, node: Node, definition: Definition) -> Iterator[Fault]:
    leaving = flow.leaving(node.id)
    if len(leaving) > 1 and node.kind not in GATEWAYS:
        yield _fault(node.id, "several-arrows", line=node.line)
    decides = node.kind in DECIDING and len(leaving) > 1
    if decides and node.default not in {arrow.id for arrow in leaving}:
        yield _fault(node.id, "default-missing", line=node.line)
    for arrow in leaving:
        yield from _check_arrow(arrow, node, definition, decides=decides)


def _check_arrow(arrow: Arrow, node: Node, definition: Definition, *, decides: bool) -> Iterator[Fault]:
    is_default = arrow.id == node.default
    if arrow.condition and not decides:
        yield _fault(arrow.id, "condition-without-gateway", line=arrow.line)
    elif arrow.condition and is_default:
        yield _fault(arrow.id, "default-with-condition", line=arrow.line)
    elif decides and not is_default and not arrow.condition:
        yield _fault(arrow.id, "condition-missing", line=arrow.line)
    if arrow.condition:
        yield from check_expression(arrow.condition, definition, file=FLOW, element=arrow.id, line=arrow.line)


def _check_lanes(flow: Flow, definition: Definition) -> Iterator[Fault]:
    for lane in flow.lanes:
        if lane.id not in definition.lanes:
            yield _fault(lane.id, "lane-without-rule")
    for code in sorted(definition.lanes.keys() - {lane.id for lane in flow.lanes}):
        known = ", ".join(lane.id for lane in flow.lanes) or "-"
        details = {"kind": "lane", "name": code, "known": known}
        yield Fault(file=DEFINITION, element=f"lanes.{code}", code="unknown-reference", details=details)
    for node in flow.of_kind(NodeKind.USER_TASK):
        lanes = [lane.id for lane in flow.lanes if node.id in lane.nodes]
        if len(lanes) > 1:
            yield _fault(node.id, "lane-twice", line=node.line)
        elif not flow.lane_of(node.id):
            yield _fault(node.id, "lane-missing", line=node.line)


def _check_tasks(flow: Flow, definition: Definition) -> Iterator[Fault]:
    drawn = {node.id: node for node in flow.of_kind(NodeKind.USER_TASK)}
    for code, node in drawn.items():
        if code not in definition.tasks:
            yield _fault(code, "task-without-rule", line=node.line)
    for code in definition.tasks:
        if code not in drawn:
            details = {"kind": "user task", "name": code, "known": ", ".join(drawn) or "-"}
            yield Fault(file=DEFINITION, element=f"tasks.{code}", code="unknown-reference", details=details)


def _check_outcomes(
    flow: Flow, definition: Definition, reads: Mapping[str, frozenset[str]]
) -> Iterator[Fault]:
    """Of a task's outcomes only one may be left to the default arrow; the others are asked for by name."""
    for node in flow.of_kind(NodeKind.USER_TASK):
        task = definition.tasks.get(node.id)
        if task is None or node.several is not None or len(task.outcomes) < 2:  # noqa: PLR2004 - one outcome needs no decision
            continue
        asked = _asked_after(flow, node.id)
        left = [outcome for outcome in task.outcomes if outcome not in asked]
        if len(left) > 1 and not any(node.id in names for names in reads.values()):
            yield _fault(
                node.id, "outcome-without-flow", line=node.line, task=node.id, outcomes=", ".join(left)
            )


def _asked_after(flow: Flow, task: str) -> frozenset[str]:
    """Return the outcomes of a task for which the conditions before the next user task ask."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [task]
    while waiting:
        node = waiting.pop()
        for arrow in flow.leaving(node):
            found |= _compared(arrow.condition, task)
            target = flow.nodes.get(arrow.target)
            if target is not None and target.kind not in WAITING and target.id not in seen:
                seen.add(target.id)
                waiting.append(target.id)
    return frozenset(found)


def _compared(condition: str, name: str) -> frozenset[str]:
    if not condition:
        return frozenset()
    try:
        return expressions.compared_texts(condition).get(name, frozenset())
    except OutsideTheLanguage:
        return frozenset()
