"""The port to whatever engine runs a flow, and the state that a case keeps between two steps."""

from collections.abc import Mapping
from typing import ClassVar, Protocol

import msgspec

from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.kernel.errors import Kind, Refused


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """One place where a case stands: a task that waits for somebody, or a branch that waits for its sisters.

    Attributes:
        id: names the token for as long as it stands there; a task's row in the database carries it.
        node: the element of the flow.
        origin: the element from which it came; a join needs to know on which side it was entered.
        is_waiting: whether it waits for other branches rather than for a person.
        is_merged: whether another token of the same join now speaks for it.
    """

    id: str
    node: str
    origin: str = ""
    is_waiting: bool = False
    is_merged: bool = False


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
    """

    state: RunningState
    data: Mapping[str, Value]
    opened: tuple[Token, ...]
    ended: str = ""
    passed: tuple[str, ...] = ()


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
