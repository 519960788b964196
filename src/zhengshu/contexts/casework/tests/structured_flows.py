"""Random flows with a shape, as BPMN, and a slow reference that knows what they mean without any token."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from hypothesis import strategies as st

from zhengshu.contexts.casework.tests.flows import HEAD, TAIL

AGAIN, LEFT = "again", "left"


class Block:
    """A part of a flow with one way in and one way out."""

    def draw(self, page: "Page", source: str) -> str:
        """Draw the block behind an element; return its last element."""
        raise NotImplementedError

    def begin(self) -> "Standing":
        """Return how the block stands when it was just entered."""
        raise NotImplementedError


class Standing:
    """How a block stands: which tasks are open, and what happens when one is done."""

    def open(self) -> list[str]:
        raise NotImplementedError

    def is_over(self) -> bool:
        return not self.open()

    def complete(self, task: str, outcome: str) -> None:
        raise NotImplementedError


@dataclass
class Page:
    """The elements drawn so far."""

    parts: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    decisions: dict[str, str] = field(default_factory=dict)
    """Texts of `.dmn` files by their codes."""

    def node(self, kind: str, *, inside: str = "", name: str = "", **attributes: str) -> str:
        name = name or f"{kind[0]}{next(self.numbers)}"
        more = "".join(f' {key}="{value}"' for key, value in attributes.items())
        self.parts.append(f'<bpmn:{kind} id="{name}"{more}>{inside}</bpmn:{kind}>')
        return name

    def arrow(self, source: str, target: str, *, condition: str = "", name: str = "") -> str:
        name = name or f"f{next(self.numbers)}"
        inside = f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
        self.parts.append(
            f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inside}</bpmn:sequenceFlow>'
        )
        return name


@dataclass
class Work(Block):
    """One task, done several times at once or one after the other where `times` is more than one."""

    name: str
    times: int = 1
    is_sequential: bool = False

    def draw(self, page: Page, source: str) -> str:
        loop = (
            f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(self.is_sequential).lower()}">'
            f"<bpmn:loopCardinality>{self.times}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
        )
        page.tasks.append(self.name)
        page.node("userTask", name=self.name, inside=loop if self.times != 1 else "")
        page.arrow(source, self.name)
        return self.name

    def begin(self) -> "Working":
        return Working(self, self.times)


@dataclass
class Working(Standing):
    work: Work
    left: int

    def open(self) -> list[str]:
        return [self.work.name] * (min(1, self.left) if self.work.is_sequential else self.left)

    def complete(self, task: str, outcome: str) -> None:
        self.left -= 1


@dataclass
class Row(Block):
    """Blocks one after the other."""

    blocks: Sequence[Block]

    def draw(self, page: Page, source: str) -> str:
        for block in self.blocks:
            source = block.draw(page, source)
        return source

    def begin(self) -> "Walking":
        return Walking(list(self.blocks))


class Walking(Standing):
    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.now: Standing | None = None
        self._go_on()

    def _go_on(self) -> None:
        while (self.now is None or self.now.is_over()) and self.blocks:
            self.now = self.blocks.pop(0).begin()

    def open(self) -> list[str]:
        return self.now.open() if self.now else []

    def complete(self, task: str, outcome: str) -> None:
        assert self.now
        self.now.complete(task, outcome)
        self._go_on()


@dataclass
class Fork(Block):
    """Blocks at once."""

    blocks: Sequence[Block]

    def draw(self, page: Page, source: str) -> str:
        fork, join = page.node("parallelGateway"), page.node("parallelGateway")
        page.arrow(source, fork)
        for block in self.blocks:
            page.arrow(block.draw(page, fork), join)
        return join

    def begin(self) -> "Forked":
        return Forked([block.begin() for block in self.blocks])


@dataclass
class Forked(Standing):
    branches: list[Standing]

    def open(self) -> list[str]:
        return [task for branch in self.branches for task in branch.open()]

    def complete(self, task: str, outcome: str) -> None:
        next(branch for branch in self.branches if task in branch.open()).complete(task, outcome)


@dataclass
class Choice(Block):
    """After a task, one block or another by its outcome."""

    asked: Work
    left: Block
    right: Block

    def draw(self, page: Page, source: str) -> str:
        self.asked.draw(page, source)
        gate, merge = f"g{next(page.numbers)}", page.node("exclusiveGateway")
        page.node("exclusiveGateway", name=gate, default=f"{gate}_else")
        page.arrow(self.asked.name, gate)
        first, second = page.node("scriptTask"), page.node("scriptTask")
        page.arrow(gate, first, condition=f'{self.asked.name} == "{LEFT}"')
        page.arrow(gate, second, name=f"{gate}_else")
        page.arrow(self.left.draw(page, first), merge)
        page.arrow(self.right.draw(page, second), merge)
        return merge

    def begin(self) -> "Choosing":
        return Choosing(self)


class Choosing(Standing):
    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self.after: Standing | None = None

    def open(self) -> list[str]:
        return self.after.open() if self.after else [self.choice.asked.name]

    def complete(self, task: str, outcome: str) -> None:
        if self.after:
            self.after.complete(task, outcome)
        else:
            self.after = (self.choice.left if outcome == LEFT else self.choice.right).begin()


@dataclass
class Loop(Block):
    """A block and then a task, until the task says that it is enough."""

    body: Block
    asked: Work

    def draw(self, page: Page, source: str) -> str:
        enter, gate = page.node("exclusiveGateway"), f"g{next(page.numbers)}"
        page.arrow(source, enter)
        last = self.body.draw(page, enter)
        self.asked.draw(page, last)
        page.node("exclusiveGateway", name=gate, default=f"{gate}_else")
        page.arrow(self.asked.name, gate)
        page.arrow(gate, enter, condition=f'{self.asked.name} == "{AGAIN}"')
        after = page.node("scriptTask")
        page.arrow(gate, after, name=f"{gate}_else")
        return after

    def begin(self) -> "Looping":
        return Looping(self)


class Looping(Standing):
    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.body: Standing = loop.body.begin()
        self.is_done = False

    def open(self) -> list[str]:
        if self.is_done:
            return []
        return self.body.open() or [self.loop.asked.name]

    def complete(self, task: str, outcome: str) -> None:
        if self.body.open():
            self.body.complete(task, outcome)
        elif outcome == AGAIN:
            self.body = self.loop.body.begin()
        else:
            self.is_done = True


@dataclass
class Inner(Block):
    """A block within a sub-process."""

    block: Block

    def draw(self, page: Page, source: str) -> str:
        inside = Page(numbers=page.numbers)
        start = inside.node("startEvent")
        end = inside.node("endEvent")
        inside.arrow(self.block.draw(inside, start), end)
        page.tasks += inside.tasks
        name = page.node("subProcess", inside="".join(inside.parts))
        page.arrow(source, name)
        return name

    def begin(self) -> Standing:
        return self.block.begin()


def drawn(block: Block) -> tuple[str, list[str]]:
    """Return a flow of one block as BPMN, and its tasks."""
    page = Page()
    page.node("startEvent", name="start")
    page.node("endEvent", name="end")
    page.arrow(block.draw(page, "start"), "end")
    return HEAD + "".join(page.parts) + TAIL, page.tasks


def blocks(*, sub_processes: bool = True, several: bool = True) -> st.SearchStrategy[Block]:
    """Return random blocks; each task has a name of its own."""
    names = count(1)
    work = st.builds(
        lambda times, is_sequential: Work(f"task{next(names)}", times, is_sequential),
        st.sampled_from([1, 1, 1, 2, 3] if several else [1]),
        st.booleans(),
    )
    single = st.builds(lambda: Work(f"task{next(names)}"))

    def larger(smaller: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        some = st.lists(smaller, min_size=2, max_size=3)
        kinds = [
            st.builds(Row, some),
            st.builds(Fork, some),
            st.builds(Choice, single, smaller, smaller),
            st.builds(Loop, smaller, single),
        ]
        return st.one_of(*kinds, *([st.builds(Inner, smaller)] if sub_processes else []))

    return st.recursive(work, larger, max_leaves=7)
