"""The port to whatever engine runs a flow, and the state that a case keeps between two steps."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Protocol

import msgspec

from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.flow_graph import TriggerKind
from zhengshu.kernel.errors import Kind, Refused


class Part(StrEnum):
    """What a token is besides a place."""

    PLACE = ""
    JOIN = "join"
    """A branch that arrived at a join."""
    HOLDER = "holder"
    """A sub-process, whose own tokens it holds."""
    SEVERAL = "several"
    """An element that is done several times, each time by a token that it holds."""


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """One place where a case stands: a task that waits for somebody, or a branch that waits for its sisters.

    Attributes:
        id: names the token for as long as it stands there; a task's row in the database carries it.
        node: the element of the flow.
        origin: the element from which it came; a join needs to know on which side it was entered.
        is_waiting: whether it waits for something else than a person: branches, an event, what it holds.
        is_merged: whether another token of the same join now speaks for it; states of former versions have such.
        part: what it is, where it is more than a place: one of `Part`.
        scope: the token that holds it: of a sub-process, or of an element that is done several times.
        item: for whom an element that is done several times is done here.
        left: for whom it is still to be done, one after the other.
        fired: events at its boundary that happened and did not end it.
    """

    id: str
    node: str
    origin: str = ""
    is_waiting: bool = False
    is_merged: bool = False
    part: Part = Part.PLACE
    scope: str = ""
    item: str = ""
    left: tuple[str, ...] = ()
    fired: tuple[str, ...] = ()


class Awaited(msgspec.Struct, frozen=True, kw_only=True):
    """Something that would move a case on: an event and the token that it would find.

    Attributes:
        token: where the case stands.
        event: the event of the flow that would happen.
        kind: timer, message or signal.
        name: of the message or signal.
    """

    token: str
    event: str
    kind: TriggerKind
    name: str


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision table said.

    Attributes:
        node: the element that asked.
        decision: the table.
        rules: the numbers of the rules that count, from 1; none where the table's default was taken.
    """

    node: str
    decision: str
    rules: tuple[int, ...]


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What a task that asks a decision leads to.

    Attributes:
        changes: what is to be stored in the case's data.
        hits: the rules of the tables that were asked, those of required decisions first.
    """

    changes: Mapping[str, Value]
    hits: tuple[Hit, ...] = ()


class RunningState(msgspec.Struct, frozen=True, kw_only=True):
    """The case's own part of a run: where it stands. Its past is in the timeline, its flow in the version."""

    tokens: tuple[Token, ...] = ()
    counter: int = 0

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do."""
        return not self.tokens


class Stepped(msgspec.Struct, frozen=True, kw_only=True):
    """What a step led to.

    Attributes:
        state: where the case stands now.
        data: its data afterwards (scripts may have changed it).
        opened: tokens of user tasks that were opened by the step.
        ended: the last end event that was reached when the case is finished, else empty.
        passed: the elements that were passed, for the picture.
        thrown: the signals that were thrown.
        hits: what decision tables said.
    """

    state: RunningState
    data: Mapping[str, Value]
    opened: tuple[Token, ...]
    ended: str = ""
    passed: tuple[str, ...] = ()
    thrown: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()


class TokenGone(Refused):
    """The flow no longer stands at this task."""

    code: ClassVar[str] = "casework.token-gone"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The case no longer stands at this task. Reload the page."


class FlowStuck(Refused):
    """The flow led to no end and no task; its case type must be corrected."""

    code: ClassVar[str] = "casework.flow-stuck"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "The flow cannot go on from here: %(what)s. Tell the data authority; the case type is wrong."
    )


class FlowEngine(Protocol):
    """Runs one version of one flow; holds no state of any case."""

    def start(self, *, data: Mapping[str, Value]) -> Stepped:
        """Return where a fresh case with these data stands."""

    def complete(self, *, state: RunningState, data: Mapping[str, Value], token: str) -> Stepped:
        """Return what follows when a user task is done; its outcome is in the data under the task's code.

        Raises:
            TokenGone: the state has no such open task.
            FlowStuck: no arrow may be taken.
        """

    def happen(self, *, state: RunningState, data: Mapping[str, Value], token: str, event: str) -> Stepped:
        """Return what follows when an event happens for which the case waits.

        Raises:
            TokenGone: the case does not wait for it at that token.
            FlowStuck: as for `complete`.
        """

    def awaited(self, state: RunningState) -> tuple[Awaited, ...]:
        """Return the events for which a case waits."""
