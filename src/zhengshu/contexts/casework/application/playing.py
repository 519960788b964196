"""A case in memory: the real engine and the real rules, with made-up people and days, and nothing stored."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec
from django.utils.timezone import get_default_timezone

from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.domain import clocks as rules
from zhengshu.contexts.casework.domain.clocks import Course
from zhengshu.contexts.casework.domain.completing import (
    Holder,
    TaskFacts,
    TaskNotOpen,
    check_outcome,
    check_person,
    opening_data,
)
from zhengshu.contexts.casework.domain.definitions import APPLICANT
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.casework.domain.running import Awaited, Hit, Stepped, Token
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.clocks import Pause
from zhengshu.kernel.identity import DepartmentId

PEOPLE = ("A", "B", "C")
"""Made-up people; each holds every role, so that avoidance and four eyes can be tried."""

MOST_MOVES = 200


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a made-up person does on a day, or an event that happens then: `outcome` is empty."""

    task: str
    outcome: str
    by: str
    on: date
    data: dict[str, Value] = {}
    """What the form of the to-do says for conditions."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """All that was tried so far; it is played from the beginning each time, so that it can be taken back."""

    on: date
    by: str = PEOPLE[0]
    data: dict[str, Value] = {}
    moves: tuple[Move, ...] = ()


@dataclass(slots=True)
class PlayClock:
    """A clock of a play."""

    course: Course
    is_running: bool = True


@dataclass(slots=True)
class Play:
    """A case that runs in memory only, under the rules under which real ones run."""

    kind: LoadedType
    trial: Trial
    stepped: Stepped | None = None
    on: date = date.min
    did: dict[str, set[UUID]] = field(default_factory=dict)
    outcomes: set[tuple[str, str]] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    clocks: dict[str, PlayClock] = field(default_factory=dict)
    data: dict[str, Value] = field(default_factory=dict)
    happened: list[Move | Hit] = field(default_factory=list)
    """What people did and decisions said, in order."""

    def start(self) -> None:
        """Open the case."""
        self.on = self.trial.on
        self.data = opening_data(self.kind.definition, self.trial.data)
        self._advance(self.kind.engine.start(data=self.data))

    def move(self, move: Move) -> None:
        """Complete a task as a made-up person.

        Raises:
            TaskNotOpen: the case does not stand there; the rules of tasks refuse as they do in real cases.
        """
        awaited = next((one for one in self.awaited() if one.event == move.task), None)
        if awaited is not None:
            self._happen(awaited, move)
            return
        token = next((one for one in self.open_tokens() if one.node == move.task), None)
        if token is None or self.stepped is None:
            raise TaskNotOpen
        rule = self.kind.definition.tasks[move.task]
        facts = self._facts(move.task)
        check_person(facts, rule=rule, actor=_actor(move.by, facts.holder))
        check_outcome(facts, rule=rule, outcome=move.outcome, reason="-", basis="-")
        self.on = max(self.on, move.on)
        self.did.setdefault(move.task, set()).add(_person(move.by))
        self.outcomes.add((move.task, move.outcome))
        self.passed.add(move.task)
        self._stop_clocks(move)
        self.happened.append(move)
        data = {**self.data, **move.data, move.task: move.outcome}
        self._advance(self.kind.engine.complete(state=self.stepped.state, data=data, token=token.id))

    def open_tokens(self) -> tuple[Token, ...]:
        """Return where the case waits for people."""
        if self.stepped is None:
            return ()
        tasks = self.kind.definition.tasks
        return tuple(one for one in self.stepped.state.tokens if not one.is_waiting and one.node in tasks)

    def awaited(self) -> tuple[Awaited, ...]:
        """Return the timers and messages for which the case waits."""
        return self.kind.engine.awaited(self.stepped.state) if self.stepped else ()

    def _happen(self, awaited: Awaited, move: Move) -> None:
        if self.stepped is None:
            raise TaskNotOpen
        self.on = max(self.on, move.on)
        self.passed.add(awaited.event)
        self.happened.append(move)
        state, engine = self.stepped.state, self.kind.engine
        self._advance(engine.happen(state=state, data=self.data, token=awaited.token, event=awaited.event))

    @property
    def at(self) -> datetime:
        """Nine o'clock of the day on which the trial stands."""
        return self.moment(self.on)

    @staticmethod
    def moment(day: date) -> datetime:
        """Nine o'clock of a day."""
        return datetime.combine(day, time(9), get_default_timezone())

    def _facts(self, task: str) -> TaskFacts:
        lane = self.kind.definition.lanes[self.kind.flow.lane_of(task)]
        roles = frozenset(role.value for role in lane.roles)
        opener = _person(self.trial.by)
        holder = Holder(roles=roles, department_id=made_up_department(lane.party))
        if lane.party == APPLICANT:
            holder = Holder(roles=roles, person_id=opener)
        return TaskFacts(
            code=task,
            holder=holder,
            opened_case=opener,
            did={name: frozenset(people) for name, people in self.did.items()},
            outcomes_before=frozenset(self.outcomes),
            names=self.kind.outcome_names(task),
        )

    def _advance(self, stepped: Stepped) -> None:
        self.stepped = stepped
        self.data = dict(stepped.data)
        self.passed |= set(stepped.passed)
        self.happened.extend(stepped.hits)
        for token in stepped.opened:
            self._start_clocks(token.node)
        self._pause_clocks({token.node for token in self.open_tokens()})
        if stepped.ended:
            for clock in self.clocks.values():
                clock.is_running = False

    def _start_clocks(self, task: str) -> None:
        for code, rule in self.kind.definition.clocks.items():
            known = self.clocks.get(code)
            if rule.starts_with == task and (known is None or not known.is_running):
                limit = rules.limit_of(clock=code, rule=rule, data=self.data)
                self.clocks[code] = PlayClock(Course(limit=limit, started_at=self.at))

    def _stop_clocks(self, move: Move) -> None:
        for code, clock in self.clocks.items():
            stops = self.kind.definition.clocks[code].stops_with
            if move.task in stops and (not stops[move.task] or move.outcome in stops[move.task]):
                clock.is_running = False

    def _pause_clocks(self, open_tasks: set[str]) -> None:
        for code, clock in self.clocks.items():
            grounds = self.kind.definition.clocks[code].pauses.values()
            rests = any(ground.while_task in open_tasks for ground in grounds if ground.while_task)
            if rests != clock.course.is_paused and clock.is_running:
                clock.course = _paused(clock.course, at=self.at)


def _paused(course: Course, *, at: datetime) -> Course:
    """Return a clock's course with a pause begun, or with the open one ended."""
    if not course.is_paused:
        return replace(course, pauses=(*course.pauses, Pause(since=at)))
    *ended, last = course.pauses
    return replace(course, pauses=(*ended, replace(last, to=max(at, last.since))))


def _person(letter: str) -> UUID:
    return uuid5(NAMESPACE_OID, f"person {letter}")


def made_up_department(name: str) -> DepartmentId:
    """Return the department of a name in trials; nobody works there but made-up people."""
    return DepartmentId(uuid5(NAMESPACE_OID, f"department {name}"))


def _actor(letter: str, holder: Holder) -> Actor:
    """Return a made-up person who holds the roles of a task's holder, in the holder's department."""
    roles = frozenset(Role(role) for role in holder.roles)
    person = holder.person_id or _person(letter)
    return Actor(id=person, name=letter, department_id=holder.department_id, roles=roles)
