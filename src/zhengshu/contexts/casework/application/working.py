"""A case under its lock: loaded in a fixed number of queries, changed in memory, stored with its announcements."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import ClassVar
from uuid import UUID

import msgspec
from django.utils.timezone import get_default_timezone

from zhengshu.contexts.casework.application.clockwork import Clockwork
from zhengshu.contexts.casework.application.indexing import index_case
from zhengshu.contexts.casework.application.naming import LoadedType, loaded
from zhengshu.contexts.casework.application.parties import PartyNotNamed, join_parties, store_parties
from zhengshu.contexts.casework.application.storing import changing, store_step
from zhengshu.contexts.casework.application.waiting import keep_waits
from zhengshu.contexts.casework.domain import clocks as rules
from zhengshu.contexts.casework.domain.completing import Holder, TaskFacts, barred
from zhengshu.contexts.casework.domain.definitions import APPLICANT, EACH, LaneRule
from zhengshu.contexts.casework.domain.doing import AVOIDANCE, DECLARED
from zhengshu.contexts.casework.domain.records import BEHALF, OPEN, StepKind, TaskKind
from zhengshu.contexts.casework.domain.running import RunningState, Stepped, Token
from zhengshu.contexts.casework.events import CaseClosed, CaseEvent, SignalThrown, TaskOpened
from zhengshu.contexts.casework.models import Case, Task, TimelineEntry
from zhengshu.contexts.casework.models.cases import parties_of
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.statements import Insertion
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId, DepartmentId, TaskId
from zhengshu.kernel.mandates import OnBehalf

NOTHING: Mapping[str, str] = MappingProxyType({})

_OPENED = Insertion(Case)


class CaseNotFound(Refused):
    """There is no such case that the actor may see."""

    code: ClassVar[str] = "casework.case-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such case, or you may not see it."


class CaseClosedAlready(Refused):
    """The case has ended; nothing can be done in it any more."""

    code: ClassVar[str] = "casework.case-closed-already"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The case %(number)s has ended. Nothing can be changed in it any more."


class WorkingCase:
    """One case, what it waits for and its running clocks, between lock and commit.

    Attributes:
        row: the case, locked.
        type: the version that it runs.
        parties: part → department.
        tasks: its open tasks.
        clocks: its running clocks.
        entries: what this step adds to its timeline.
    """

    def __init__(
        self,
        row: Case,
        *,
        parties: Mapping[str, DepartmentId],
        tasks: list[Task],
        clocks: Clockwork,
        actor: Actor,
    ) -> None:
        """Keep what was loaded; use `lock` or, for a fresh case, `fresh`."""
        self.row = row
        self.type: LoadedType = loaded(row.version_id)
        self.parties = parties
        self.tasks = tasks
        for task in tasks:
            task.case = row
        self.clocks = clocks
        self.actor = actor
        self.acting_for: Actor | None = None
        """The absent person whose deputy the actor is in this step."""
        self.fresh_tasks: list[Task] = []
        self.entries: list[TimelineEntry] = []
        self._before = {task.pk: changing(task) for task in tasks}
        self._events: list[CaseEvent] = []

    @classmethod
    def lock(cls, *, case_id: CaseId, actor: Actor) -> "WorkingCase":
        """Load a case that the actor may see and keep others from stepping it until the transaction ends.

        Raises:
            CaseNotFound: there is none, or the actor may not see it.
        """
        row = Case.objects.locked_for(actor, case_id=case_id)
        if row is None:
            raise CaseNotFound
        return cls(
            row,
            parties=parties_of(row.pk),
            tasks=Task.objects.open_in(row.pk),
            clocks=Clockwork.of(row),
            actor=actor,
        )

    @classmethod
    def seen(cls, row: Case, *, actor: Actor) -> "WorkingCase":
        """Return a case that is only looked at: for what somebody may do in it."""
        return cls(row, parties=parties_of(row.pk), tasks=[], clocks=Clockwork({}), actor=actor)

    @property
    def state(self) -> RunningState:
        """Where the flow stands."""
        return msgspec.convert(self.row.running, RunningState)

    def check_open(self) -> None:
        """Refuse to go on with a case that has ended.

        Raises:
            CaseClosedAlready: it has.
        """
        if self.row.state != OPEN:
            raise CaseClosedAlready(number=self.row.number)

    def open_task(self, code: str | TaskId) -> Task | None:
        """Return the open task of a code, or that of an id; of several instances the actor's own first."""
        found = [task for task in self.tasks if code in {task.code, task.pk}]
        own = (task for task in found if task.holder.admits(self.actor))
        return next(own, found[0] if found else None)

    def facts(self, task: Task) -> TaskFacts:
        """Return what decisions about a task need to know."""
        done: dict[str, dict[str, list[str]]] = self.row.done
        return TaskFacts(
            code=task.code,
            holder=task.holder,
            opened_case=self.row.opened_by,
            related=self._related,
            avoiding=frozenset(UUID(who) for who in done.get(AVOIDANCE, {}).get(DECLARED, [])),
            did={
                task: frozenset(UUID(who) for people in by.values() for who in people)
                for task, by in done.items()
                if task != AVOIDANCE
            },
            outcomes_before=frozenset((task, outcome) for task, by in done.items() for outcome in by),
            names=self.type.outcome_names(task.code, clock=task.clock_code),
        )

    @cached_property
    def on_behalf(self) -> OnBehalf | None:
        """Under which delegation the actor acts for the enterprise that asks; None where he does not."""
        return self.actor.on_behalf(self.row.enterprise_id, matter=self.row.type_code)

    @cached_property
    def _related(self) -> frozenset[UUID]:
        """The accounts of the applicant's person, and of the delegates of the enterprise that asks."""
        if self.row.applicant_id is None:
            return frozenset()
        return trust.related_accounts(
            account_ids=[self.row.applicant_id], enterprise_id=self.row.enterprise_id
        )

    def remember(self, *, task: str, outcome: str) -> None:
        """Note who ended a task, for whom and how; bounded by tasks, outcomes and people, not by steps."""
        people: list[str] = self.row.done.setdefault(task, {}).setdefault(outcome, [])
        for one in (self.actor, self.acting_for):
            if one is not None and str(one.id) not in people:
                people.append(str(one.id))

    def is_in_lane(self, lane: str) -> bool:
        """Whether the actor works in a lane of this case."""
        rule = self.type.definition.lanes[lane]
        if self.actor.is_platform:
            return True
        return self.holder_of(rule).admits(self.actor)

    def holder_of(self, lane: LaneRule, *, item: str = "") -> Holder:
        """Return whose to-dos the tasks of a lane are in this case; nobody's while its party is not named.

        A task that is done for each of several departments names the department as its item.
        """
        roles = frozenset(role.value for role in lane.roles)
        if lane.party == EACH and item:
            return Holder(roles=roles, department_id=DepartmentId(UUID(item)))
        if lane.party == APPLICANT:
            return Holder(
                roles=roles,
                person_id=self.row.applicant_id,
                enterprise_id=self.row.enterprise_id,
                matter=self.row.type_code,
            )
        return Holder(roles=roles, department_id=self.parties.get(lane.party))

    def advance(self, stepped: Stepped, *, at: datetime) -> None:
        """Take over what a step of the flow led to: data, opened and vanished tasks, the end."""
        self.row.running = msgspec.to_builtins(stepped.state)
        self.row.data = dict(stepped.data)
        standing = {token.id for token in stepped.state.tokens}
        for task in self.tasks:
            mark = task.about or task.token
            if mark and mark not in standing and task.state == Task.State.OPEN:
                self._cancel(task, at=at)
        for hit in stepped.hits:
            rules = ", ".join(str(number) for number in hit.rules)
            self.note(StepKind.DECIDED, at=at, outcome=hit.decision, details={"rules": rules})
        for token in stepped.opened:
            self._open(token, at=at)
        for signal in stepped.thrown:
            self.announce(SignalThrown, at=at, signal=signal)
        self.clocks.follow_pauses(self, at=at)
        if stepped.ended:
            self.close(end=stepped.ended, at=at)

    def close(self, *, end: str, at: datetime, reason: str = "") -> None:
        """End the case: no open tasks, no running clocks."""
        for task in self.tasks:
            if task.state == Task.State.OPEN:
                self._cancel(task, at=at)
        self.clocks.stop_all(self, at=at)
        self.row.state, self.row.closed_at = end, at
        self.row.running = msgspec.to_builtins(RunningState())
        self.note(StepKind.CLOSED, at=at, outcome=end, reason=reason)
        self.announce(CaseClosed, at=at, end=end)

    def add_task(self, task: Task, *, at: datetime) -> None:
        """Add a fresh task and tell of it."""
        self.tasks.append(task)
        self.fresh_tasks.append(task)
        self.note(StepKind.TASK_OPENED, at=at, task=task.code, clock=task.clock_code)
        self.announce(
            TaskOpened,
            at=at,
            task_id=TaskId(task.pk),
            task=task.code,
            for_department_id=DepartmentId(task.department_id) if task.department_id else None,
            for_person_id=task.person_id,
        )

    def fresh_task(self, *, kind: TaskKind, code: str, lane: LaneRule, at: datetime, item: str = "") -> Task:
        """Return a task for the people of a lane, not stored yet."""
        roles = [role.value for role in lane.roles]
        holder = self.holder_of(lane, item=item)
        if holder.department_id is None and holder.person_id is None:
            raise PartyNotNamed(party=lane.party)
        return Task(
            case=self.row,
            kind=kind.value,
            code=code,
            department_id=holder.department_id,
            person_id=holder.person_id,
            enterprise_id=holder.enterprise_id,
            roles=roles,
            opened_at=at,
        )

    def give_tasks(self, *, party: str, department_id: DepartmentId, at: datetime) -> None:
        """Give the open to-dos of a part to the department that takes it; what its people asked each other ends."""
        lanes, former = self.type.definition.lanes, self.parties.get(party)
        given = [
            task
            for task in self.tasks
            if (task.kind, task.state, task.department_id) == (TaskKind.FLOW, Task.State.OPEN, former)
            and lanes[self.type.flow.lane_of(task.code)].party == party
        ]
        for task in given:
            task.department_id = department_id
            task.claimed_by, task.claimed_by_name, task.claimed_at = None, "", None
            task.waits_for, task.is_objected = "", False
        asked = {task.token for task in given}
        for task in self.tasks:
            if task.kind == TaskKind.COUNTERSIGN and task.about in asked and task.state == Task.State.OPEN:
                self._cancel(task, at=at)

    def note(
        self, kind: StepKind, *, at: datetime, details: Mapping[str, str] = NOTHING, **columns: str
    ) -> None:
        """Add an entry to the timeline; `details` are what its sentence names besides."""
        self.row.steps += 1
        acting = {"for": self.acting_for.name} if self.acting_for else {}
        if self.on_behalf:
            acting[BEHALF] = self.row.enterprise_name
        self.entries.append(
            TimelineEntry(
                case=self.row,
                number=self.row.steps,
                kind=kind.value,
                at=at,
                actor_id=self.actor.id,
                actor_name=self.actor.name,
                department_id=self.actor.department_id,
                details={**acting, **details},
                **columns,
            )
        )

    def announce(self, event: type[CaseEvent], *, at: datetime, **details: object) -> None:
        """Queue an event; it is published with the case."""
        self._events.append(
            event(
                at=at,
                actor=self.actor,
                subject=Subject(kind="case", id=str(self.row.pk), label=self.row.number),
                department_id=self.actor.department_id,
                on_behalf=self.on_behalf,
                case_id=CaseId(self.row.pk),
                case_type=self.row.type_code,
                about_kind=self.row.subject_kind,
                about_id=self.row.subject_id,
                case_due_at=None,  # known when the step is over: `store`
                **details,
            )
        )

    def store(self, *, at: datetime) -> None:
        """Write everything in a fixed number of statements, then publish."""
        self.time(at=at)
        is_fresh = self.row._state.adding  # noqa: SLF001 - Django documents it
        if is_fresh:
            self._store_fresh()
        join_parties(self)
        store_step(
            self.row,
            is_fresh=is_fresh,
            opened=self.fresh_tasks,
            changed=[task for task in self.tasks if self._is_changed(task)],
            entries=self.entries,
        )
        self.clocks.store()
        keep_waits(self, at=at)
        publish(*(replace(event, case_due_at=self.row.due_at) for event in self._events))

    def _is_changed(self, task: Task) -> bool:
        before = self._before.get(task.pk)
        return before is not None and before != changing(task)

    def _store_fresh(self) -> None:
        _OPENED.run(self.row)
        store_parties(self.row, self.parties)
        index_case(self.row, self.type, parties=self.parties.values())

    def _open(self, token: Token, *, at: datetime) -> None:
        definition = self.type.definition
        lane = definition.lanes[self.type.flow.lane_of(token.node)]
        task = self.fresh_task(kind=TaskKind.FLOW, code=token.node, lane=lane, at=at, item=token.item)
        task.token = token.id
        task.barred = sorted(barred(self.facts(task), rule=definition.tasks[token.node]))
        self.add_task(task, at=at)
        self.clocks.start_with(self, task=token.node, at=at)

    def _cancel(self, task: Task, *, at: datetime) -> None:
        task.state = Task.State.CANCELLED
        self.note(StepKind.TASK_CANCELLED, at=at, task=task.code, clock=task.clock_code)

    def time(self, *, at: datetime) -> None:
        """Give each open task the nearest end of the clocks that cover it, and the case that of all."""
        self.clocks.time(definition=self.type.definition, zone=get_default_timezone(), at=at)
        times = self.clocks.times()
        nearest = rules.nearest(list(times.values()))
        self.row.due_at, self.row.yellow_at = nearest.due_at, nearest.yellow_at
        covers = self.type.definition.clocks
        for task in self.tasks:
            mine = [
                time
                for clock, time in times.items()
                if task.code in covers[clock].covers or task.clock_code == clock
            ]
            end = rules.nearest(mine)
            task.due_at, task.yellow_at = end.due_at, end.yellow_at
