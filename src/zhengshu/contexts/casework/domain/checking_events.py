"""Checks the events of a flow, and what is done several times: does everything that is waited for ever come?"""

from collections.abc import Iterator

from zhengshu.contexts.casework.domain.definitions import EACH, Definition
from zhengshu.contexts.casework.domain.faults import DEFINITION, FLOW, Fault
from zhengshu.contexts.casework.domain.flow_graph import Flow, Node, NodeKind, TriggerKind
from zhengshu.contexts.casework.domain.language import check_expression

HOSTS = frozenset({NodeKind.USER_TASK, NodeKind.RECEIVE, NodeKind.SUB_PROCESS})
"""Elements at whose boundary an event may lie."""
AFTER_CHOICE = frozenset({NodeKind.CATCH, NodeKind.RECEIVE})
REPEATABLE = frozenset({NodeKind.USER_TASK, NodeKind.SUB_PROCESS})
"""Elements that may be done several times."""
EVENTS = frozenset({NodeKind.CATCH, NodeKind.BOUNDARY, NodeKind.RECEIVE})


def check_events(flow: Flow, definition: Definition) -> Iterator[Fault]:
    """Yield the faults of events, of their rules in `type.yaml`, and of elements that are done several times."""
    for node in flow.nodes.values():
        yield from _check_event(flow, node, definition)
        if node.several is not None:
            yield from _check_several(node, definition)
        elif _lane_party(flow, node, definition) == EACH:
            yield _fault(node, "each-without-several")
    yield from _check_rules(flow, definition)


def _fault(node: Node, code: str, **details: object) -> Fault:
    return Fault(file=FLOW, element=node.id, code=code, line=node.line, details=details)


def _check_event(flow: Flow, node: Node, definition: Definition) -> Iterator[Fault]:
    if node.kind in EVENTS and node.trigger is None:
        yield _fault(node, "trigger-missing")
    if node.kind == NodeKind.BOUNDARY:
        yield from _check_host(flow, node)
    if node.kind == NodeKind.EVENT_BASED:
        for arrow in flow.leaving(node.id):
            target = flow.nodes.get(arrow.target)
            if target is not None and target.kind not in AFTER_CHOICE:
                yield _fault(node, "event-expected", target=arrow.target)
    trigger = node.trigger
    if trigger is None or node.kind in {NodeKind.END, NodeKind.THROW}:
        return
    if trigger.kind == TriggerKind.TIMER and node.id not in definition.timers:
        yield _fault(node, "timer-without-rule", event=node.id)
    if trigger.kind == TriggerKind.MESSAGE and trigger.name not in definition.incoming:
        yield _fault(node, "message-without-sender", message=trigger.name or "-")
    if trigger.kind == TriggerKind.SIGNAL and not trigger.name:
        yield _fault(node, "trigger-missing")


def _check_host(flow: Flow, node: Node) -> Iterator[Fault]:
    host = flow.nodes.get(node.attached_to)
    is_error = node.trigger is not None and node.trigger.kind == TriggerKind.ERROR
    hosts = frozenset({NodeKind.SUB_PROCESS}) if is_error else HOSTS
    if host is None or host.kind not in hosts:
        yield _fault(node, "host-unfit")


def _check_several(node: Node, definition: Definition) -> Iterator[Fault]:
    several = node.several
    if several is None or node.kind not in REPEATABLE:
        yield _fault(node, "several-unfit")
        return
    if not several.over:
        yield _fault(node, "several-of-nothing")
        return
    yield from check_expression(several.over, definition, file=FLOW, element=node.id, line=node.line)
    if several.until:
        yield from check_expression(several.until, definition, file=FLOW, element=node.id, line=node.line)


def _check_rules(flow: Flow, definition: Definition) -> Iterator[Fault]:
    triggers = [(node.id, node.trigger) for node in flow.nodes.values() if node.trigger is not None]
    timers = [event for event, trigger in triggers if trigger.kind == TriggerKind.TIMER]
    messages = [trigger.name for _, trigger in triggers if trigger.kind == TriggerKind.MESSAGE]
    for group, kind, wanted, known in (
        ("timers", "timer event", definition.timers, timers),
        ("incoming", "message", definition.incoming, messages),
    ):
        for name in wanted:
            if name not in known:
                details = {"kind": kind, "name": name, "known": ", ".join(known) or "-"}
                yield Fault(
                    file=DEFINITION, element=f"{group}.{name}", code="unknown-reference", details=details
                )


def _lane_party(flow: Flow, node: Node, definition: Definition) -> str:
    if node.kind != NodeKind.USER_TASK:
        return ""
    lane = definition.lanes.get(flow.lane_of(node.id))
    parent = flow.nodes.get(node.parent)
    return "" if lane is None or (parent is not None and parent.several is not None) else lane.party
