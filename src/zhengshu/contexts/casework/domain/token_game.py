"""One step of one case: tokens move through a flow until each waits for somebody or something.

How the elements of BPMN 2.0 are understood, where the standard leaves room:

- an element that is done several times interrupts as a whole: its boundary events belong to all its instances;
- an inclusive join waits as long as a token that is not at the join could still reach it;
- an event that does not interrupt happens once if it is a timer, else as often as it is told.
"""

import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec

from zhengshu.contexts.casework.domain import expressions
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.flow_graph import WAITING, Arrow, Flow, Node, NodeKind, TriggerKind
from zhengshu.contexts.casework.domain.running import (
    Decided,
    FlowStuck,
    Hit,
    Part,
    RunningState,
    Stepped,
    Token,
)
from zhengshu.kernel.errors import Refused

MOST_STEPS = 1000
"""Elements that one step may pass by itself; more is a loop without a task."""
MOST_INSTANCES = 500
"""How often an element may be done at once."""
T = TypeVar("T")
_BETWEEN = re.compile(r"[\s,，、;；]+")

Decide = Callable[[Node, Mapping[str, Value]], Decided]
"""Takes the decision that a task asks for, with the case's data."""


def no_decisions(node: Node, _data: Mapping[str, Value]) -> Decided:
    """Refuse to decide; for flows without decisions."""
    raise FlowStuck(what=f"there is no decision {node.decision}")


@dataclass(slots=True)
class TokenGame:
    """One step: tokens and data as they change, and the elements that are still to be entered."""

    flow: Flow
    decide: Decide
    data: dict[str, Value]
    tokens: dict[str, Token] = field(default_factory=dict)
    counter: int = 0
    work: deque[tuple[Arrow, str]] = field(default_factory=deque)
    opened: list[Token] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    thrown: list[str] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    ended: str = ""

    @classmethod
    def resumed(
        cls, flow: Flow, decide: Decide, *, state: RunningState, data: Mapping[str, Value]
    ) -> "TokenGame":
        """Return a step that begins where a state says."""
        run = cls(flow, decide, dict(data), counter=state.counter)
        for token in state.tokens:
            node = flow.nodes.get(token.node)
            if node is None:
                raise FlowStuck(what=f"the flow has no element {token.node}")
            is_arrival = (token.is_waiting and node.kind == NodeKind.PARALLEL) or token.is_merged
            run.tokens[token.id] = msgspec.structs.replace(token, part=Part.JOIN) if is_arrival else token
        return run

    def finished(self) -> Stepped:
        """Do what is left to do and return what came of it."""
        self._work_off()
        tokens = tuple(self.tokens.values())
        if not tokens and not self.ended:
            raise FlowStuck(what="neither a task nor an end was reached")
        if tokens and all(token.part != Part.PLACE for token in tokens):
            raise FlowStuck(what=f"{tokens[0].node} waits for a branch that will not come")
        return Stepped(
            state=RunningState(tokens=tokens, counter=self.counter),
            data=self.data,
            opened=tuple(token for token in self.opened if token.id in self.tokens),
            ended="" if tokens else self.ended,
            passed=tuple(self.passed),
            thrown=tuple(self.thrown),
            hits=tuple(self.hits),
        )

    def begin(self, *, scope: str) -> None:
        """Enter the process, or the sub-process that a token holds."""
        parent = self.tokens[scope].node if scope else ""
        starts = self.flow.starts(parent)
        if len(starts) != 1:
            raise FlowStuck(what=f"{parent or 'the process'} has {len(starts)} start events")
        self.passed.append(starts[0].id)
        self._leave(starts[0], scope)

    def done(self, token: Token) -> None:
        """Take a token away and go on behind it."""
        self._remove(token)
        holder = self.tokens.get(token.scope)
        node = self.flow.nodes[token.node]
        if holder is not None and holder.part == Part.SEVERAL and holder.node == token.node:
            self._count(node)
            self._next_of_several(holder, node)
        else:
            self._leave(node, token.scope)

    def happen(self, token: Token, event: Node) -> None:
        """Let an event happen to a token."""
        self.passed.append(event.id)
        if token.node == event.id:
            self.done(token)
            return
        if event.kind != NodeKind.BOUNDARY or event.is_interrupting:
            self._remove(token)
        elif event.trigger is not None and event.trigger.kind == TriggerKind.TIMER:
            self.tokens[token.id] = msgspec.structs.replace(token, fired=(*token.fired, event.id))
        self._leave(event, token.scope)

    def _work_off(self) -> None:
        while True:
            while self.work:
                arrow, scope = self.work.popleft()
                self._enter(self.flow.nodes[arrow.target], arrow, scope)
                if len(self.passed) > MOST_STEPS:
                    raise FlowStuck(what=f"more than {MOST_STEPS} elements without a task")
            if not self._merge_inclusive():
                return

    def _enter(self, node: Node, arrow: Arrow, scope: str) -> None:
        if scope and scope not in self.tokens:
            return  # what held this branch was interrupted in the same step
        self.passed.append(node.id)
        if node.kind in {NodeKind.PARALLEL, NodeKind.INCLUSIVE} and len(self.flow.entering(node.id)) > 1:
            self._add(node, scope, origin=arrow.id, part=Part.JOIN, is_waiting=True)
            if node.kind == NodeKind.PARALLEL:
                self._merge_parallel(node, scope)
        elif node.several is not None:
            self._open_several(node, arrow, scope)
        else:
            self._open(node, arrow.source, scope)

    def _open(self, node: Node, origin: str, scope: str, *, item: str = "") -> None:
        match node.kind:
            case NodeKind.USER_TASK:
                self.opened.append(self._add(node, scope, origin=origin, item=item))
            case kind if kind in WAITING:
                self._add(node, scope, origin=origin, item=item, is_waiting=True)
            case NodeKind.SUB_PROCESS:
                holder = self._add(node, scope, origin=origin, item=item, part=Part.HOLDER, is_waiting=True)
                self.begin(scope=holder.id)
            case NodeKind.END:
                self._end(node, scope)
            case _:
                self._act(node)
                self._leave(node, scope)

    def _act(self, node: Node) -> None:
        """Do what an element does by itself."""
        if node.kind == NodeKind.SCRIPT:
            self.data = self._guarded(lambda: expressions.execute(node.script, data=self.data))
        elif node.kind == NodeKind.DECISION:
            decided = self._guarded(lambda: self.decide(node, self.data))
            self.data = {**self.data, **decided.changes}
            self.hits.extend(decided.hits)
        elif node.trigger is not None and node.trigger.kind == TriggerKind.SIGNAL:
            self.thrown.append(node.trigger.name)

    def _leave(self, node: Node, scope: str) -> None:
        arrows = self.flow.leaving(node.id)
        if not arrows:
            raise FlowStuck(what=f"no arrow leaves {node.id}")
        if node.kind == NodeKind.EXCLUSIVE and (len(arrows) > 1 or arrows[0].condition):
            arrows = (self._chosen(node, arrows),)
        elif node.kind == NodeKind.INCLUSIVE and len(arrows) > 1:
            arrows = self._all_chosen(node, arrows)
        self.work.extend((arrow, scope) for arrow in arrows)

    def _chosen(self, node: Node, arrows: tuple[Arrow, ...]) -> Arrow:
        for arrow in arrows:
            if arrow.id != node.default and arrow.condition and self._holds(arrow.condition):
                return arrow
        return self._default(node, arrows)

    def _all_chosen(self, node: Node, arrows: tuple[Arrow, ...]) -> tuple[Arrow, ...]:
        chosen = tuple(
            arrow
            for arrow in arrows
            if arrow.id != node.default and (not arrow.condition or self._holds(arrow.condition))
        )
        return chosen or (self._default(node, arrows),)

    def _default(self, node: Node, arrows: tuple[Arrow, ...]) -> Arrow:
        default = next((arrow for arrow in arrows if arrow.id == node.default), None)
        if default is None:
            raise FlowStuck(what=f"no condition holds at {node.id}, and it has no default")
        return default

    def _merge_parallel(self, node: Node, scope: str) -> None:
        """Go on behind a join for each time that all its branches have arrived."""
        entering = self.flow.entering(node.id)
        arrived = []
        for arrow in entering:
            found = next(
                (
                    token
                    for token in self._arrived(node, scope)
                    if token.origin in {arrow.id, arrow.source} and token not in arrived
                ),
                None,
            )
            if found is None:
                return
            arrived.append(found)
        for token in arrived:
            self._remove(token)
        self._leave(node, scope)

    def _merge_inclusive(self) -> bool:
        """Go on behind one inclusive join that nothing can reach any more; return whether there was one."""
        for token in self.tokens.values():
            node = self.flow.nodes[token.node]
            if token.part != Part.JOIN or node.kind != NodeKind.INCLUSIVE:
                continue
            others = {
                one.node for one in self.tokens.values() if one.scope == token.scope and one.node != node.id
            }
            if node.id not in self.flow.reachable(others):
                for one in self._arrived(node, token.scope):
                    self._remove(one)
                self._leave(node, token.scope)
                return True
        return False

    def _arrived(self, node: Node, scope: str) -> list[Token]:
        return [
            token
            for token in self.tokens.values()
            if token.part == Part.JOIN and token.node == node.id and token.scope == scope
        ]

    def _open_several(self, node: Node, arrow: Arrow, scope: str) -> None:
        items = self._items(node)
        if not items:
            self._leave(node, scope)
            return
        several = node.several
        for name in self.data:
            if name.startswith(f"{node.id}_") and name.endswith("_count"):
                self.data = {**self.data, name: 0}
        is_sequential = several is not None and several.is_sequential
        now, later = (items[:1], items[1:]) if is_sequential else (items, ())
        holder = self._add(node, scope, origin=arrow.source, part=Part.SEVERAL, is_waiting=True, left=later)
        for item in now:
            self._open(node, arrow.source, holder.id, item=item)

    def _next_of_several(self, holder: Token, node: Node) -> None:
        until = node.several.until if node.several is not None else ""
        is_over = bool(until) and self._holds(until)
        is_any_left = any(token.scope == holder.id for token in self.tokens.values())
        if holder.left and not is_over:
            following = msgspec.structs.replace(holder, left=holder.left[1:])
            self.tokens[holder.id] = following
            self._open(node, holder.origin, holder.id, item=holder.left[0])
        elif is_over or not is_any_left:
            self._remove(holder)
            self._leave(node, holder.scope)

    def _items(self, node: Node) -> tuple[str, ...]:
        over = node.several.over if node.several is not None else ""
        value = self._guarded(lambda: expressions.evaluate(over, data=self.data))
        if isinstance(value, str):
            items = tuple(part for part in _BETWEEN.split(value.strip()) if part)
        else:
            items = tuple(str(number) for number in range(1, int(value) + 1))
        if len(items) > MOST_INSTANCES:
            raise FlowStuck(what=f"{node.id} would be done {len(items)} times; at most {MOST_INSTANCES}")
        return items

    def _count(self, node: Node) -> None:
        """Count the outcome of one instance, for the condition that ends the element early."""
        name = f"{node.id}_{self.data.get(node.id, '')}_count"
        counted = self.data.get(name)
        if isinstance(counted, int):
            self.data = {**self.data, name: counted + 1}

    def _end(self, node: Node, scope: str) -> None:
        kind = node.trigger.kind if node.trigger is not None else None
        if kind == TriggerKind.SIGNAL:
            self._act(node)
        if kind == TriggerKind.ERROR and self._caught(node, scope):
            return
        if kind in {TriggerKind.TERMINATE, TriggerKind.ERROR}:
            scope = "" if kind == TriggerKind.ERROR else scope
            for token in [one for one in self.tokens.values() if one.scope == scope]:
                self._remove(token)
            self.work = deque(one for one in self.work if one[1] != scope)
        if not scope:
            self.ended = node.id
        elif not self._is_busy(scope):
            self.done(self.tokens[scope])

    def _caught(self, node: Node, scope: str) -> bool:
        """Whether an error end is caught at the boundary of a sub-process around it."""
        name = node.trigger.name if node.trigger is not None else ""
        while scope:
            holder = self.tokens[scope]
            for event in self.flow.boundaries(holder.node):
                trigger = event.trigger
                if trigger is None or trigger.kind != TriggerKind.ERROR or trigger.name not in {"", name}:
                    continue
                above = self.tokens.get(holder.scope)
                several = above if above is not None and above.part == Part.SEVERAL else holder
                self._remove(several)
                self.passed.append(event.id)
                self._leave(event, several.scope)
                return True
            scope = holder.scope
        return False

    def _is_busy(self, scope: str) -> bool:
        return any(token.scope == scope for token in self.tokens.values()) or any(
            one[1] == scope for one in self.work
        )

    def _add(self, node: Node, scope: str, **more: object) -> Token:
        self.counter += 1
        place = {"id": f"t{self.counter}", "node": node.id, "scope": scope}
        token = msgspec.convert({**place, **more}, Token)
        self.tokens[token.id] = token
        return token

    def _remove(self, token: Token) -> None:
        """Take a token away, with all that it holds."""
        self.tokens.pop(token.id, None)
        for held in [one for one in self.tokens.values() if one.scope == token.id]:
            self._remove(held)

    def _holds(self, condition: str) -> bool:
        return bool(self._guarded(lambda: expressions.evaluate(condition, data=self.data)))

    def _guarded(self, work: Callable[[], T]) -> T:
        """Run what content says and turn its refusals into ours."""
        try:
            return work()
        except FlowStuck:
            raise
        except Refused as refusal:
            raise FlowStuck(what=refusal.text()) from refusal
