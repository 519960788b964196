"""SpiffWorkflow as the engine: the only module that imports it.

Three things differ from the library's own way, each for a reason:

- **Expressions** go to `domain.expressions`. The library's default environment is Python's `eval` with all
  builtins, so that a gateway could open files; ours has no way out.
- **The flow is parsed once per version and process**, not stored with each case.
- **The state is the frontier**: tokens, not the tree of all that was ever done. A step therefore costs the same
  after ten steps and after ten thousand. A finished join forgets the branches that it merged; the library keeps
  them and, in a loop, would let the second round pass a join too early.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.mixins import EndEventMixin
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from zhengshu.contexts.casework.domain import expressions
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.running import FlowStuck, RunningState, Stepped, Token, TokenGone
from zhengshu.kernel.errors import Refused

MOST_STEPS = 1000
"""Elements that one completed task may pass by itself; more is a loop without a task."""


class FlowUnreadable(ValueError):
    """The library cannot read a flow; the checker says which element it does not know."""


class _SafeEnvironment:
    """Evaluates over the case's data with our language; the library's own data of tasks stays empty."""

    def __init__(self, data: Mapping[str, Value]) -> None:
        self.values: dict[str, Value] = dict(data)
        self.refusal: Refused | None = None

    def evaluate(self, expression: str, _context: object, _external: object = None) -> Value:
        with self._keeping():
            return expressions.evaluate(expression, data=self.values)

    def execute(self, script: str, _context: object, _external: object = None) -> bool:
        with self._keeping():
            self.values = expressions.execute(script, data=self.values)
        return True

    def call_service(self, _context: object, **_parameters: object) -> None:
        message = "flows call no services"
        raise PermissionError(message)

    @contextmanager
    def _keeping(self) -> Iterator[None]:
        """Keep our refusal, for the library's own error loses what it says."""
        try:
            yield
        except Refused as refusal:
            self.refusal = refusal
            raise


class SpiffEngine:
    """Runs one version of one flow; safe to share between threads, for it holds no case."""

    def __init__(self, *, flow: str) -> None:
        self._spec = _specification(flow)

    def start(self, *, data: Mapping[str, Value]) -> Stepped:
        """Return where a fresh case with these data stands."""
        return _Run(self._spec, data).advance()

    def complete(self, *, state: RunningState, data: Mapping[str, Value], token: str) -> Stepped:
        """Return what follows when a user task is done; its outcome is in the data under the task's code."""
        run = _Run(self._spec, data, state=state)
        return run.finish(token)


class _Run:
    """One step of one case: the library's tree is built from the tokens, moved on, and read back as tokens."""

    def __init__(
        self, specification: object, data: Mapping[str, Value], *, state: RunningState | None = None
    ) -> None:
        self.environment = _SafeEnvironment(data)
        scripts = PythonScriptEngine(environment=self.environment)
        self.workflow = BpmnWorkflow(specification, script_engine=scripts, deserializing=state is not None)
        self.counter = 0
        self.ended = ""
        self.passed: list[str] = []
        self.tokens_of: dict[str, str] = {}
        if state is not None:
            self._restore(state)

    def _restore(self, state: RunningState) -> None:
        self.counter = state.counter
        root = Task(self.workflow, self.workflow.spec.start, state=TaskState.COMPLETED)
        self.workflow.task_tree = root
        for token in state.tokens:
            origin = Task(self.workflow, self._element(token.origin), root, state=TaskState.COMPLETED)
            task = Task(self.workflow, self._element(token.node), origin, state=_state_of(token))
            self.tokens_of[str(task.id)] = token.id
            if not token.is_merged:
                task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)  # noqa: SLF001 - as its own restore

    def finish(self, token: str) -> Stepped:
        for task in self.workflow.get_tasks(state=TaskState.READY):
            if self.tokens_of.get(str(task.id)) == token:
                self._guarded(task.run)
                return self.advance()
        raise TokenGone

    def advance(self) -> Stepped:
        self._guarded(lambda: self.workflow.do_engine_steps(did_complete_task=self._note))
        tokens = tuple(self._token(task) for task in self._frontier())
        if not tokens and not self.ended:
            raise FlowStuck(what="neither a task nor an end was reached")
        if tokens and not any(not token.is_waiting for token in tokens):
            raise FlowStuck(what=f"{tokens[0].node} waits for a branch that will not come")
        known = set(self.tokens_of.values())
        opened = tuple(token for token in tokens if not token.is_waiting and token.id not in known)
        return Stepped(
            state=RunningState(tokens=tokens, counter=self.counter),
            data=self.environment.values,
            opened=opened,
            ended="" if tokens else self.ended,
            passed=tuple(self.passed),
        )

    def _frontier(self) -> list[Task]:
        """Return the tasks that wait for people or branches, and the branches that a waiting join has merged."""
        joins = {
            task.task_spec.name
            for task in self.workflow.get_tasks(state=TaskState.WAITING)
            if isinstance(task.task_spec, UnstructuredJoin) and task.task_spec.bpmn_id
        }
        return [
            task
            for task in self.workflow.get_tasks(
                state=TaskState.READY | TaskState.WAITING | TaskState.CANCELLED
            )
            if (task.state == TaskState.READY and task.task_spec.manual) or task.task_spec.name in joins
        ]

    def _token(self, task: Task) -> Token:
        known = self.tokens_of.get(str(task.id))
        if known is None:
            self.counter += 1
        return Token(
            id=known or f"t{self.counter}",
            node=task.task_spec.name,
            origin=task.parent.task_spec.name,
            is_waiting=task.state != TaskState.READY,
            is_merged=task.state == TaskState.CANCELLED,
        )

    def _element(self, name: str) -> object:
        element = self.workflow.spec.task_specs.get(name)
        if element is None:
            raise FlowStuck(what=f"the flow has no element {name}")
        return element

    def _note(self, task: Task) -> None:
        self.passed.append(task.task_spec.name)
        if len(self.passed) > MOST_STEPS:
            raise FlowStuck(what=f"more than {MOST_STEPS} elements without a task")
        if isinstance(task.task_spec, EndEventMixin):
            self.ended = task.task_spec.name

    def _guarded(self, step: Callable[[], object]) -> None:
        """Run a step and turn the library's faults into ours."""
        try:
            step()
        except SpiffWorkflowException as fault:
            refusal = self.environment.refusal
            raise FlowStuck(what=refusal.text() if refusal else str(fault)) from fault


def _state_of(token: Token) -> int:
    if token.is_merged:
        return int(TaskState.CANCELLED)
    return int(TaskState.WAITING if token.is_waiting else TaskState.READY)


@lru_cache(maxsize=512)
def engine(*, flow: str) -> SpiffEngine:
    """Return the engine of a flow's text; parsed once per process, for versions never change."""
    return SpiffEngine(flow=flow)


def _specification(flow: str) -> object:
    parser = BpmnParser()
    settings = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    parser.add_bpmn_xml(etree.fromstring(flow.encode(), settings))
    try:
        (process,) = parser.get_process_ids()
        return parser.get_spec(process)
    except (SpiffWorkflowException, ValidationException, ValueError, KeyError, AttributeError) as fault:
        raise FlowUnreadable(str(fault)) from fault
