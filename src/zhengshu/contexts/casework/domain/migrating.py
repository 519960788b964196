"""May a running case go on under another edition of its type, and where does it then stand?

A case moves only if nothing of it would be lost or left hanging: every place where it stands, every running clock and
every party must exist in the other edition, and every value must fit there. What was renamed is said by a `Renaming`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import msgspec
import yaml

from zhengshu.contexts.casework.domain.completing import DataNotDeclared, checked_data
from zhengshu.contexts.casework.domain.definitions import EACH, Definition
from zhengshu.contexts.casework.domain.diagram import Flow, NodeKind
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.running import Part, RunningState, Token


class Renaming(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What has another name in the other edition, and what a case gets or loses there.

    Attributes:
        tasks: element of the flow → its name in the other edition.
        clocks: clock → its name in the other edition.
        data: values for data that the other edition has and a case may lack.
        drops: data that the other edition has no more and that may be forgotten.
    """

    tasks: dict[str, str] = {}
    clocks: dict[str, str] = {}
    data: dict[str, Value] = {}
    drops: tuple[str, ...] = ()


NO_RENAMING = Renaming()


class MoveVerdict(StrEnum):
    """What becomes of a case."""

    AS_IS = "as_is"
    RENAMED = "renamed"
    """Something of it has another name in the other edition."""
    CANNOT = "cannot"


OBSTACLES: Mapping[str, str] = MappingProxyType(
    {
        "place-gone": "It stands at “%(name)s”, which edition %(to)s does not have. If it was renamed, say so in the "
        "mapping file under “tasks:”.",
        "place-otherwise": "It stands at “%(name)s”, which is another kind of element in edition %(to)s.",
        "task-without-rule": "Edition %(to)s does not say who does “%(name)s”.",
        "join-otherwise": "Several branches are open, and edition %(to)s lets them meet otherwise at “%(name)s”.",
        "clock-gone": "It has the clock “%(name)s”, which edition %(to)s does not have. If it was renamed, say so in "
        "the mapping file under “clocks:”.",
        "ground-gone": "The clock stands still on the ground “%(name)s”, which edition %(to)s does not know.",
        "party-missing": "Edition %(to)s needs the party “%(name)s”, which the case does not have.",
        "datum-missing": "Edition %(to)s needs the datum “%(name)s”. Give it in the mapping file under “data:”.",
        "datum-unfit": "The case's “%(name)s” is “%(value)s”, which edition %(to)s does not allow.",
        "outcome-missing": "A decision of edition %(to)s asks how “%(name)s” ended, and the case will not have done "
        "that task when it comes to it.",
        "datum-lost": "Edition %(to)s does not have the datum “%(name)s”. If it may be forgotten, say so in the "
        "mapping file under “drops:”.",
    }
)
"""Code → sentence; message ids of the translation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One reason why a case cannot move."""

    code: str
    name: str
    value: Value = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of a running case matters for a move.

    Attributes:
        state: where its flow stands.
        data: its data, with the last outcome of each task under the task's code.
        clocks: each of its clocks, ended ones too → the ground on which it stands still, or an empty text.
        parties: the parts that somebody has in it, the applicant's too.
        done: who ended which task how: task → outcome → people.
    """

    state: RunningState
    data: Mapping[str, Value]
    clocks: Mapping[str, str]
    parties: frozenset[str]
    done: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One side of a move."""

    number: int
    definition: Definition
    flow: Flow
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Task that asks a decision → the names that this reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a case would be under the other edition; as it is if it cannot move."""

    verdict: MoveVerdict
    state: RunningState
    data: Mapping[str, Value]
    done: Mapping[str, object]
    obstacles: tuple[Obstacle, ...] = ()


def read_renaming(text: str) -> Renaming:
    """Return the mapping in the text of a YAML file.

    Raises:
        ValueError: it is not YAML, or not of this form; the message says where.
    """
    try:
        renaming = msgspec.convert(yaml.safe_load(text) or {}, Renaming)
    except (yaml.YAMLError, msgspec.ValidationError) as fault:
        raise ValueError(str(fault)) from fault
    for group, names in (("tasks", renaming.tasks), ("clocks", renaming.clocks)):
        for name in names.values():
            if name in names or list(names.values()).count(name) > 1:
                message = f"{group}: “{name}” is both an old and a new name, or the new name of two"
                raise ValueError(message)
    return renaming


def move(case: Standing, *, old: Edition, new: Edition, renaming: Renaming = NO_RENAMING) -> Moved:
    """Return what becomes of a case that goes on under another edition."""
    data = dict(_moved_data(case.data, new=new.definition, renaming=renaming))
    obstacles = (
        *_obstacles_of_places(case, old=old.flow, new=new, names=renaming.tasks),
        *_obstacles_of_decisions(case, data, new=new, names=renaming.tasks),
        *_obstacles_of_clocks(case.clocks, new=new.definition, names=renaming.clocks),
        *(
            Obstacle(code="party-missing", name=party)
            for party in new.definition.parties
            if party not in case.parties and party not in new.definition.named_later
        ),
        *_obstacles_of_data(case.data, data, old=old.definition, new=new.definition, renaming=renaming),
    )
    if obstacles:
        return Moved(
            verdict=MoveVerdict.CANNOT, state=case.state, data=case.data, done=case.done, obstacles=obstacles
        )
    state = msgspec.structs.replace(
        case.state, tokens=tuple(_moved_token(token, renaming.tasks) for token in case.state.tokens)
    )
    standing = {token.node for token in case.state.tokens}
    is_renamed = bool(standing & renaming.tasks.keys() or case.clocks.keys() & renaming.clocks.keys())
    return Moved(
        verdict=MoveVerdict.RENAMED if is_renamed else MoveVerdict.AS_IS,
        state=state,
        data=data,
        done={renaming.tasks.get(task, task): people for task, people in case.done.items()},
    )


def _moved_token(token: Token, names: Mapping[str, str]) -> Token:
    node, origin = names.get(token.node, token.node), names.get(token.origin, token.origin)
    return msgspec.structs.replace(token, node=node, origin=origin)


def _moved_data(
    data: Mapping[str, Value], *, new: Definition, renaming: Renaming
) -> Iterator[tuple[str, Value]]:
    """Yield the data of the other edition: its own defaults, what the mapping gives, and what the case has."""
    yield from new.initial_data().items()
    yield from renaming.data.items()
    for name, value in data.items():
        renamed = renaming.tasks.get(name, name)
        if renamed in new.data or renamed in new.tasks:
            yield renamed, value


def _obstacles_of_places(
    case: Standing, *, old: Flow, new: Edition, names: Mapping[str, str]
) -> Iterator[Obstacle]:
    for name in sorted({token.node for token in case.state.tokens}):
        target = new.flow.nodes.get(names.get(name, name))
        if target is None:
            yield Obstacle(code="place-gone", name=name)
        elif target.kind != old.nodes[name].kind:
            yield Obstacle(code="place-otherwise", name=name)
        elif target.kind == NodeKind.USER_TASK:
            yield from _obstacles_of_task(case, target.id, new=new)
    if len(case.state.tokens) > 1:
        yield from _obstacles_of_joins(case.state, old=old, new=new.flow, names=names)


def _obstacles_of_task(case: Standing, task: str, *, new: Edition) -> Iterator[Obstacle]:
    lane = new.definition.lanes.get(new.flow.lane_of(task))
    if task not in new.definition.tasks or lane is None:
        yield Obstacle(code="task-without-rule", name=task)
    elif lane.party not in {*case.parties, EACH} and (
        lane.party not in new.definition.parties or lane.party in new.definition.named_later
    ):
        yield Obstacle(code="party-missing", name=lane.party)


def _obstacles_of_joins(
    state: RunningState, *, old: Flow, new: Flow, names: Mapping[str, str]
) -> Iterator[Obstacle]:
    """Open branches must meet where they would have met; otherwise one would wait for ever, or pass alone."""
    standing = {token.node for token in state.tokens}
    before = {
        names.get(join, join): frozenset(names.get(source, source) for source in sources)
        for join, sources in _joins(old, standing)
    }
    after = dict(_joins(new, {names.get(node, node) for node in standing}))
    changed = {join for join in before.keys() | after.keys() if before.get(join) != after.get(join)}
    changed |= {
        names.get(token.node, token.node) for token in state.tokens if not _arrives(token, new, names)
    }
    for join in sorted(changed):
        yield Obstacle(code="join-otherwise", name=join)


def _obstacles_of_decisions(
    case: Standing, data: Mapping[str, Value], *, new: Edition, names: Mapping[str, str]
) -> Iterator[Obstacle]:
    """A decision that asks how a task ended must find an outcome, as the checker took for granted."""
    standing = {names.get(token.node, token.node) for token in case.state.tokens} & new.flow.nodes.keys()
    ahead = new.flow.reachable(standing)
    asked = {(node, name) for node, read in new.reads.items() if node in ahead for name in read}
    for task in sorted({name for _, name in asked if name in new.definition.tasks and not data.get(name)}):
        nodes = [node for node, name in asked if name == task]
        if not all(new.flow.is_sure_before(task, node, places=standing) for node in nodes):
            yield Obstacle(code="outcome-missing", name=task)


def _arrives(token: Token, flow: Flow, names: Mapping[str, str]) -> bool:
    """Whether a branch that waits at a join is known there by the arrow, or the element, from which it came."""
    if token.part != Part.JOIN:
        return True
    entering = flow.entering(names.get(token.node, token.node))
    return names.get(token.origin, token.origin) in {end for one in entering for end in (one.id, one.source)}


def _joins(flow: Flow, standing: Iterable[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the joins that can be reached, each with the elements from which branches come."""
    for node in sorted(flow.reachable(standing)):
        sources = frozenset(arrow.source for arrow in flow.arrows if arrow.target == node)
        if node in flow.nodes and flow.nodes[node].kind != NodeKind.EXCLUSIVE and len(sources) > 1:
            yield node, sources


def _obstacles_of_clocks(
    clocks: Mapping[str, str], *, new: Definition, names: Mapping[str, str]
) -> Iterator[Obstacle]:
    for clock, ground in clocks.items():
        rule = new.clocks.get(names.get(clock, clock))
        if rule is None:
            yield Obstacle(code="clock-gone", name=clock)
        elif ground and ground not in rule.pauses:
            yield Obstacle(code="ground-gone", name=ground)


def _obstacles_of_data(
    data: Mapping[str, Value],
    moved: Mapping[str, Value],
    *,
    old: Definition,
    new: Definition,
    renaming: Renaming,
) -> Iterator[Obstacle]:
    for name in new.data:
        if name not in moved:
            yield Obstacle(code="datum-missing", name=name)
        elif not _fits(new, name, moved[name]):
            yield Obstacle(code="datum-unfit", name=name, value=moved[name])
    for name in old.data.keys() & data.keys():
        if name not in new.data and name not in renaming.drops:
            yield Obstacle(code="datum-lost", name=name)


def _fits(definition: Definition, name: str, value: Value) -> bool:
    try:
        checked_data(definition, {name: value})
    except DataNotDeclared:
        return False
    return True
