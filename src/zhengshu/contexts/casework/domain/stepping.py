"""The engine: moves tokens through a flow, one step at a time, and keeps nothing but where they stand.

Pure: a step takes the state, the data and what happened, and returns the next state. What was done before is in the
timeline, not in the state, so that step 10,000 costs what step 10 does. Conditions and scripts are of our own language
(`expressions`), from which no path leads to the machine.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.flow_graph import Flow, NodeKind, TriggerKind
from zhengshu.contexts.casework.domain.running import Awaited, Part, RunningState, Stepped, Token, TokenGone
from zhengshu.contexts.casework.domain.token_game import Decide, TokenGame, no_decisions


@dataclass(frozen=True, slots=True)
class TokenEngine:
    """Runs one version of one flow; safe to share between threads, for it holds no case."""

    flow: Flow
    decide: Decide = no_decisions

    def start(self, *, data: Mapping[str, Value]) -> Stepped:
        """Return where a fresh case with these data stands."""
        run = TokenGame(self.flow, self.decide, dict(data))
        run.begin(scope="")
        return run.finished()

    def complete(self, *, state: RunningState, data: Mapping[str, Value], token: str) -> Stepped:
        """Return what follows when a user task is done; its outcome is in the data under the task's code."""
        run = TokenGame.resumed(self.flow, self.decide, state=state, data=data)
        standing = run.tokens.get(token)
        if (
            standing is None
            or self.flow.nodes[standing.node].kind != NodeKind.USER_TASK
            or standing.is_waiting
        ):
            raise TokenGone
        run.done(standing)
        return run.finished()

    def happen(self, *, state: RunningState, data: Mapping[str, Value], token: str, event: str) -> Stepped:
        """Return what follows when an event happens for which the case waits."""
        if not any(one.token == token and one.event == event for one in self.awaited(state)):
            raise TokenGone
        run = TokenGame.resumed(self.flow, self.decide, state=state, data=data)
        run.happen(run.tokens[token], self.flow.nodes[event])
        return run.finished()

    def awaited(self, state: RunningState) -> tuple[Awaited, ...]:
        """Return the events for which a case waits."""
        return tuple(_awaited(self.flow, state.tokens))


def _awaited(flow: Flow, tokens: tuple[Token, ...]) -> Iterator[Awaited]:
    several = {token.id for token in tokens if token.part == Part.SEVERAL}
    for token in tokens:
        node = flow.nodes.get(token.node)
        if node is None or token.part == Part.JOIN:
            continue
        events = list(flow.boundaries(node.id)) if token.scope not in several else []
        if node.kind in {NodeKind.CATCH, NodeKind.RECEIVE} and token.part == Part.PLACE:
            events.append(node)
        if node.kind == NodeKind.EVENT_BASED:
            events += [flow.nodes[arrow.target] for arrow in flow.leaving(node.id)]
        for event in events:
            trigger = event.trigger
            if trigger is not None and trigger.kind != TriggerKind.ERROR and event.id not in token.fired:
                yield Awaited(token=token.id, event=event.id, kind=trigger.kind, name=trigger.name)
