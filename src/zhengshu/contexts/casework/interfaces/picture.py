"""A flow as numbers for an SVG picture, and as a list of steps for those who cannot see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.domain.diagram import Arrow, Box, Lane, Node, NodeKind
from zhengshu.contexts.casework.domain.records import CaseRecord, StepKind

MARGIN = 12
LETTERS_PER_LINE = 6
"""Chinese letters that fit into a task's box; Latin ones are half as wide."""
LINE_HEIGHT = 19
LANE_HEAD = 30
BOXES = frozenset(
    {NodeKind.USER_TASK, NodeKind.SCRIPT, NodeKind.DECISION, NodeKind.RECEIVE, NodeKind.SUB_PROCESS}
)
CIRCLES = frozenset({NodeKind.START, NodeKind.END, NodeKind.CATCH, NodeKind.THROW, NodeKind.BOUNDARY})
"""How elements are drawn; all others are gateways."""
LETTERS_PER_LANE = 7
LANE_LINE = 15


class Mark(StrEnum):
    """Where a step stands."""

    DONE = "done"
    OPEN = "open"
    AHEAD = "ahead"
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of text in the picture."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One element of the picture; `shape` says how the template draws it."""

    shape: str
    mark: Mark
    box: Box
    points: str = ""
    radius: float = 0
    middle_x: float = 0
    middle_y: float = 0
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One arrow of the picture."""

    points: str
    label: Line | None
    mark: Mark = Mark.AHEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A whole flow."""

    view: str
    lanes: tuple[Shape, ...]
    shapes: tuple[Shape, ...]
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One task of the flow in words."""

    name: str
    who: str
    mark: Mark
    times: int


def steps_of(kind: LoadedType, case: CaseRecord) -> tuple[StepRow, ...]:
    """Return the user tasks of a flow as a case comes by them, each with where the case stands."""
    marks = _marks(kind, case)
    done = [step.task for step in case.timeline if step.kind == StepKind.TASK_COMPLETED]
    names = {party.name: party.department_name or party.title for party in case.parties}
    rows = []
    for node in kind.flow.in_course():
        if node.kind != NodeKind.USER_TASK:
            continue
        party = kind.definition.lanes[kind.flow.lane_of(node.id)].party
        rows.append(
            StepRow(
                name=kind.task_name(node.id),
                who=names.get(party) or kind.text(f"parties.{party}"),
                mark=marks.get(node.id, Mark.AHEAD),
                times=done.count(node.id),
            )
        )
    return tuple(rows)


def picture_of(kind: LoadedType, case: CaseRecord) -> Picture | None:
    """Return the flow as a picture with where a case stands, or None for a flow without a diagram."""
    return drawn(kind, marks=_marks(kind, case))


def drawn(kind: LoadedType, *, marks: Mapping[str, Mark]) -> Picture | None:
    """Return the flow as a picture with marks on some elements, or None for a flow without a diagram."""
    flow = kind.flow
    if not flow.boxes:
        return None
    names = {node.id: _name(kind, node) for node in flow.nodes.values()}
    drawn = {*flow.nodes, *(lane.id for lane in flow.lanes)}
    boxes = [box for name, box in flow.boxes.items() if name in drawn]
    left, top = min(box.x for box in boxes) - MARGIN, min(box.y for box in boxes) - MARGIN
    right = max(box.x + box.width for box in boxes) + MARGIN
    bottom = max(box.y + box.height for box in boxes) + MARGIN
    return Picture(
        view=f"{left:g} {top:g} {right - left:g} {bottom - top:g}",
        lanes=tuple(
            replace(_lane(kind, lane, flow.boxes[lane.id]), mark=marks.get(lane.id, Mark.AHEAD))
            for lane in flow.lanes
            if lane.id in flow.boxes
        ),
        shapes=tuple(
            _shape(node, flow.boxes[node.id], names[node.id], marks.get(node.id, Mark.AHEAD))
            for node in flow.nodes.values()
            if node.id in flow.boxes
        ),
        paths=tuple(
            replace(_path(kind, arrow), mark=marks.get(arrow.id, Mark.AHEAD))
            for arrow in flow.arrows
            if arrow.id in flow.paths
        ),
    )


def _marks(kind: LoadedType, case: CaseRecord) -> dict[str, Mark]:
    """Return the marks of the elements that were reached; a flow calls its start as it likes."""
    done = {step.task for step in case.timeline if step.kind == StepKind.TASK_COMPLETED}
    marks = dict.fromkeys(done, Mark.DONE)
    told = {
        step.outcome for step in case.timeline if step.kind in {StepKind.DECIDED, StepKind.EVENT_HAPPENED}
    }
    passed = [node.id for node in kind.flow.nodes.values() if node.id in told or node.decision in told - {""}]
    marks |= dict.fromkeys(passed, Mark.DONE)
    marks |= {node.id: Mark.DONE for node in kind.flow.starts()} | {case.state: Mark.DONE}
    marks |= {task.task: Mark.OPEN for task in case.open_tasks}
    return marks


def _name(kind: LoadedType, node: Node) -> str:
    match node.kind:
        case NodeKind.USER_TASK:
            return kind.task_name(node.id)
        case NodeKind.END:
            return kind.state_name(node.id)
        case NodeKind.START:
            return ""
        case NodeKind.DECISION:
            key = f"decisions.{node.decision}.name"
            named = kind.text(key)
            return node.name if named == key else named
        case _:
            return node.name


def _shape(node: Node, box: Box, name: str, mark: Mark) -> Shape:
    middle_x, middle_y = box.x + box.width / 2, box.y + box.height / 2
    if node.kind in BOXES:
        lines = _centered(wrapped(name), middle_x, middle_y)
        return Shape(shape="task", mark=mark, box=box, lines=lines)
    below = _centered(wrapped(name), middle_x, box.y + box.height + LINE_HEIGHT)
    if node.kind in CIRCLES:
        return Shape(
            shape="end" if node.kind == NodeKind.END else "start",
            mark=mark,
            box=box,
            radius=box.width / 2,
            middle_x=middle_x,
            middle_y=middle_y,
            lines=below,
        )
    corners = [
        (middle_x, box.y),
        (box.x + box.width, middle_y),
        (middle_x, box.y + box.height),
        (box.x, middle_y),
    ]
    sign = "+" if node.kind == NodeKind.PARALLEL else "×"
    lines = (Line(x=middle_x, y=middle_y, text=sign), *below)
    return Shape(shape="gateway", mark=mark, box=box, points=_points(corners), lines=lines)


def _lane(kind: LoadedType, lane: Lane, box: Box) -> Shape:
    names = wrapped(kind.text(f"lanes.{lane.id}"), letters=LETTERS_PER_LANE)
    x, y = box.x + LANE_HEAD / 2, box.y + box.height / 2
    first = x - (len(names) - 1) * LANE_LINE / 2
    lines = tuple(Line(x=first + number * LANE_LINE, y=y, text=name) for number, name in enumerate(names))
    return Shape(shape="lane", mark=Mark.AHEAD, box=box, lines=lines)


def _path(kind: LoadedType, arrow: Arrow) -> Path:
    points = kind.flow.paths[arrow.id]
    label = None
    text = _answer(kind, arrow)
    if text and len(points) > 1:
        (x, y), (_, next_y) = points[:2]
        label = Line(x=x + 6, y=y + 14 if next_y > y else y - 10, text=text)
    return Path(points=_points(points), label=label)


def _answer(kind: LoadedType, arrow: Arrow) -> str:
    """Return the words on an arrow: the outcome that it stands for, in the reader's language."""
    node = kind.flow.nodes[arrow.source]
    asked = [_asked(kind, other) for other in kind.flow.leaving(node.id)]
    found = [pair for pair in asked if pair is not None]
    if arrow.id != node.default:
        mine = _asked(kind, arrow)
        return kind.outcome_name(*mine) if mine else ""
    tasks = {task for task, _ in found}
    if len(tasks) != 1:
        return ""
    (task,) = tasks
    left = [outcome for outcome in kind.definition.tasks[task].outcomes if (task, outcome) not in found]
    return kind.outcome_name(task, left[0]) if len(left) == 1 else ""


def _asked(kind: LoadedType, arrow: Arrow) -> tuple[str, str] | None:
    """Return the outcome for which an arrow asks alone, of the task right before the arrow's gateway."""
    before = {other.source for other in kind.flow.arrows if other.target == arrow.source}
    for task, rule in kind.definition.tasks.items():
        if task not in before:
            continue
        for outcome in rule.outcomes:
            if arrow.condition == f'{task} == "{outcome}"':
                return task, outcome
    return None


def wrapped(text: str, *, letters: int = LETTERS_PER_LINE) -> list[str]:
    """Break a name into lines that fit a box; Chinese breaks anywhere, Latin at spaces."""
    lines: list[str] = []
    for word in _words(text):
        joined = f"{lines[-1]}{word}" if lines else word
        if lines and _width(joined.strip()) <= letters:
            lines[-1] = joined
        else:
            lines.append(word.lstrip())
    return [line.strip() for line in lines if line.strip()]


def _words(text: str) -> Iterable[str]:
    word = ""
    for letter in text:
        if ord(letter) >= 0x2E80:  # noqa: PLR2004 - where Chinese writing begins in Unicode
            yield word
            yield letter
            word = ""
        elif letter.isspace():
            yield word
            word = " "
        else:
            word += letter
    yield word


def _width(text: str) -> float:
    return sum(1 if ord(letter) >= 0x2E80 else 0.55 for letter in text)  # noqa: PLR2004 - as `_words`


def _centered(lines: list[str], x: float, y: float) -> tuple[Line, ...]:
    first = y - (len(lines) - 1) * LINE_HEIGHT / 2
    return tuple(Line(x=x, y=first + number * LINE_HEIGHT, text=text) for number, text in enumerate(lines))


def _points(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
