"""Turns rows of cases into records in the reader's language, with the names of all departments in one query."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext

from zhengshu.contexts.casework.application.clockwork import RunningClock
from zhengshu.contexts.casework.application.countersigning import COUNTERSIGN
from zhengshu.contexts.casework.application.doing import deputyships
from zhengshu.contexts.casework.application.explaining import explain
from zhengshu.contexts.casework.application.extension import extension_task
from zhengshu.contexts.casework.application.naming import LoadedType, loaded_all
from zhengshu.contexts.casework.application.titles import title_of
from zhengshu.contexts.casework.domain import clocks as rules
from zhengshu.contexts.casework.domain.clocks import Times
from zhengshu.contexts.casework.domain.definitions import APPLICANT
from zhengshu.contexts.casework.domain.doing import Deputyship
from zhengshu.contexts.casework.domain.records import (
    BEHALF,
    OPEN,
    TEXT,
    Applicant,
    CaseRecord,
    CaseSubject,
    ClockRecord,
    ExtensionRecord,
    OutcomeRecord,
    Party,
    PauseRecord,
    Step,
    StepKind,
    TaskKind,
    TaskRecord,
)
from zhengshu.contexts.casework.models import Case, Task, TimelineEntry
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.calendars import work_calendar
from zhengshu.kernel.actors import NOBODY, Actor
from zhengshu.kernel.calendars import WorkCalendar
from zhengshu.kernel.identity import CaseId, DepartmentId, TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """Whether a reader may do a to-do, whether he claimed it, and for whom he would do it."""

    is_mine: bool = False
    is_claimed: bool = False
    for_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseParts:
    """What belongs to a case, already loaded.

    Attributes:
        parties: part → department.
        tasks: its open to-dos.
        clocks: its clocks with what happened to them.
        timeline: the entries that are told.
    """

    parties: Mapping[str, DepartmentId]
    tasks: Sequence[Task]
    clocks: Sequence[RunningClock]
    timeline: Sequence[TimelineEntry] = ()


class Teller:
    """Tells a page of cases: versions and department names are loaded once for all of them.

    The cases come with their open tasks, clocks and parties prefetched.
    """

    def __init__(
        self,
        *,
        cases: Sequence[Case],
        actor: Actor,
        at: datetime,
        shows_applicants: bool = True,
        named: Collection[UUID] | None = None,
        standing: tuple[Deputyship, ...] | None = None,
    ) -> None:
        """Keep what all records of the page share.

        `shows_applicants` is false where the cases were found by other rules than those of who may see them;
        `named` are the departments that are named, where they are known to be few; `standing` is given where it is
        known already for whom the reader stands in.
        """
        self.named = named
        if standing is not None:
            self.standing = standing
        self.shows_applicants = shows_applicants
        self.cases = cases
        self.actor = actor
        self.at = at
        self.types = loaded_all(case.version_id for case in cases)

    @cached_property
    def departments(self) -> dict[UUID, str]:
        """The names of the departments; every active one is few enough to be read at once."""
        if self.named is not None:
            return dict(trust.department_names(ids=self.named))
        return {key: record.name for key, record in trust.departments().items()}

    @cached_property
    def standing(self) -> tuple[Deputyship, ...]:
        """For whom the reader stands in; asked for only where a colleague's open to-do is shown."""
        return deputyships(actor=self.actor, at=self.at)

    @cached_property
    def calendar(self) -> WorkCalendar:
        """The working days."""
        return work_calendar()

    def whole(self, row: Case) -> CaseRecord:
        """Return everything about a case."""
        return self._record(row, _loaded(row, timeline=list(row.timeline.all())), is_explained=True)

    def stepped(self, row: Case, parts: CaseParts) -> CaseRecord:
        """Return a case with the parts that a step left, its clocks not explained."""
        return self._record(row, parts)

    def brief(self, row: Case) -> CaseRecord:
        """Return a case without its timeline and without explanations."""
        return self._record(row, _loaded(row))

    def listed(self, row: Case) -> CaseRecord:
        """Return a case as lists show it: without clocks and data, which need not be loaded."""
        return self._record(row, _loaded(row, has_clocks=False))

    def task(self, case: Case, row: Task) -> TaskRecord:
        """Return a to-do of a case."""
        kind = self.types[case.version_id]
        times = Times(due_at=row.due_at, yellow_at=row.yellow_at)
        is_open = row.state == Task.State.OPEN
        held = self._held(case, row) if is_open else _Held()
        return TaskRecord(
            id=TaskId(row.pk),
            case_id=CaseId(case.pk),
            case_number=case.number,
            case_type=case.type_code,
            type_name=kind.text("name"),
            task=row.code,
            task_name=kind.task_name(row.code, clock=row.clock_code),
            hint=_hint(kind, row),
            kind=TaskKind(row.kind),
            outcomes=_outcomes(kind, row),
            subject=_subject(kind, case),
            light=rules.light_of(times, is_running=is_open, at=self.at),
            due_at=row.due_at,
            opened_at=row.opened_at,
            department_id=DepartmentId(row.department_id) if row.department_id else None,
            department_name=self._whose(kind, row),
            person_id=row.person_id,
            is_mine=held.is_mine,
            is_claimed_by_me=held.is_claimed,
            claimed_by_name=row.claimed_by_name,
            handed_by_name=row.handed_by_name,
            for_name=held.for_name,
            waits_for=row.waits_for,
            clock=row.clock_code,
            form=kind.definition.tasks[row.code].form if row.kind == TaskKind.FLOW else "",
        )

    def clock(self, case: Case, told: RunningClock, *, is_explained: bool = False) -> ClockRecord:
        """Return a clock of a case; explained day by day if asked."""
        kind = self.types[case.version_id]
        row, pauses, extensions, course = told.row, told.pauses, told.extensions, told.course
        whole = course.whole_limit
        lawful = Times(due_at=row.due_at, yellow_at=row.yellow_at)
        open_pause, times = told.open_pause, told.times
        rule = kind.definition.clocks[row.code]
        grounds = {
            pause.ground: f"{kind.text(f'clocks.{row.code}.pauses.{pause.ground}')} ({pause.basis})"
            for pause in pauses
        }
        return ClockRecord(
            id=row.pk,
            clock=row.code,
            name=kind.text(f"clocks.{row.code}.name"),
            value=whole.value,
            unit=whole.unit.value,
            basis=whole.basis,
            started_at=row.started_at,
            stopped_at=row.stopped_at,
            is_paused=open_pause is not None,
            pause_ground=kind.text(f"clocks.{row.code}.pauses.{open_pause.ground}") if open_pause else "",
            due_at=row.due_at,
            is_estimate=row.is_estimate,
            light=rules.light_of(times, is_running=row.stopped_at is None, at=self.at),
            may_be_extended=rules.may_be_extended(
                rule=rule, data=case.data, granted=len(extensions), times=lawful, at=self.at
            )
            and row.stopped_at is None,
            extensions=tuple(
                ExtensionRecord(
                    value=more.value,
                    unit=more.unit,
                    basis=more.basis,
                    reason=more.reason,
                    granted_at=more.granted_at,
                )
                for more in extensions
            ),
            explanation=explain(
                course, calendar=self.calendar, zone=get_default_timezone(), at=self.at, names=grounds
            )
            if is_explained
            else (),
            promised_value=row.promised_value,
            promised_due_at=row.promised_due_at,
            pauses=tuple(
                PauseRecord(
                    code=pause.ground,
                    ground=kind.text(f"clocks.{row.code}.pauses.{pause.ground}"),
                    basis=pause.basis,
                    since=pause.active_from,
                    to=pause.active_to,
                    expected_at=pause.expected_at,
                )
                for pause in pauses
            ),
        )

    def _record(self, row: Case, parts: CaseParts, *, is_explained: bool = False) -> CaseRecord:
        kind = self.types[row.version_id]
        times = Times(due_at=row.due_at, yellow_at=row.yellow_at)
        return CaseRecord(
            id=CaseId(row.pk),
            number=row.number,
            type=row.type_code,
            type_name=kind.text("name"),
            state=row.state,
            state_name=kind.state_name(row.state),
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            opened_by=row.opened_by,
            department_id=DepartmentId(row.department_id) if row.department_id else None,
            subject=_subject(kind, row),
            light=rules.light_of(times, is_running=row.state == OPEN, at=self.at),
            due_at=row.due_at,
            parties=tuple(self._party(kind, *part) for part in parts.parties.items()),
            open_tasks=tuple(self.task(row, task) for task in parts.tasks),
            applicant=_applicant(kind, row) if self.shows_applicants else None,
            clocks=tuple(self.clock(row, clock, is_explained=is_explained) for clock in parts.clocks),
            timeline=self._timeline(row, parts.timeline),
            data={} if "data" in row.get_deferred_fields() else dict(row.data),
        )

    def _party(self, kind: LoadedType, name: str, department: DepartmentId) -> Party:
        return Party(
            name=name,
            department_id=department,
            title=kind.party_name(name),
            department_name=self.departments.get(department, ""),
        )

    def _timeline(self, row: Case, told: Sequence[TimelineEntry]) -> tuple[Step, ...]:
        """Tell each entry in the words of the edition under which the case ran then."""
        is_applicant = self.actor.department_id is None and not self.actor.is_platform
        entries = [entry for entry in told if not (is_applicant and entry.is_internal)]
        left = [UUID(entry.details["version"]) for entry in entries if entry.kind == StepKind.MIGRATED]
        then = iter([*(loaded_all(left)[key] for key in left), self.types[row.version_id]])
        kind = next(then)
        steps = []
        for entry in entries:
            kind = next(then) if entry.kind == StepKind.MIGRATED else kind
            steps.append(self._step(kind, entry, is_plain=is_applicant))
        return tuple(steps)

    def _step(self, kind: LoadedType, entry: TimelineEntry, *, is_plain: bool) -> Step:
        return Step(
            number=entry.number,
            kind=StepKind(entry.kind),
            at=entry.at,
            title=title_of(kind, entry, is_plain=is_plain),
            actor_name=gettext("The platform") if entry.actor_id == NOBODY else entry.actor_name,
            department_id=DepartmentId(entry.department_id) if entry.department_id else None,
            department_name=self.departments.get(entry.department_id, "") if entry.department_id else "",
            for_name=str(entry.details.get("for", "")),
            behalf_of=str(entry.details.get(BEHALF, "")),
            task=entry.task,
            clock=entry.clock,
            outcome=entry.outcome,
            reason=entry.reason or str(entry.details.get(TEXT, "")),
            basis=entry.basis,
            is_internal=entry.is_internal,
        )

    def _whose(self, kind: LoadedType, row: Task) -> str:
        if row.department_id is None:
            return kind.text(f"parties.{APPLICANT}")
        return self.departments.get(row.department_id, "")

    def _held(self, case: Case, row: Task) -> "_Held":
        """Return whether and for whom the reader may do an open task."""
        is_claimed = row.claimed_by == self.actor.id
        if self.actor.id in row.barred:
            return _Held(is_claimed=is_claimed)
        if row.holder.admits(self.actor) and row.claimed_by in {None, self.actor.id}:
            return _Held(is_mine=True, is_claimed=is_claimed)
        if row.department_id is None or row.department_id != self.actor.department_id:
            return _Held()
        for one in self.standing:
            if one.covers(case.type_code) and one.may_do(
                row.holder, claimed_by=row.claimed_by, barred=row.barred
            ):
                return _Held(is_mine=True, for_name=one.absent.name)
        return _Held()


def _loaded(row: Case, *, has_clocks: bool = True, timeline: Sequence[TimelineEntry] = ()) -> CaseParts:
    clocks = row.clocks.all() if has_clocks else ()
    return CaseParts(
        parties={part.name: DepartmentId(part.department_id) for part in row.parties.all()},
        tasks=list(row.tasks.all()),
        clocks=[RunningClock.of(clock) for clock in clocks],
        timeline=timeline,
    )


def _subject(kind: LoadedType, case: Case) -> CaseSubject:
    """Return what a case is about; where that is called by the type, in the reader's language."""
    title = kind.text("name") if kind.is_called(case.subject_title) else case.subject_title
    return CaseSubject(kind=case.subject_kind, id=case.subject_id, title=title, path=case.subject_path)


def _applicant(kind: LoadedType, case: Case) -> Applicant | None:
    if case.applicant_id is None:
        return None
    return Applicant(
        account_id=case.applicant_id,
        enterprise_id=case.enterprise_id,
        name=case.applicant_name,
        enterprise_name=case.enterprise_name,
        title=kind.text(f"parties.{APPLICANT}"),
    )


def _hint(kind: LoadedType, row: Task) -> str:
    if row.kind == TaskKind.COUNTERSIGN:
        return gettext(
            "%(name)s asks whether you agree. Your answer does not change the course of the case."
        ) % {"name": row.handed_by_name}
    if row.clock_code:
        return gettext("Check the reason given; consent lengthens the limit by what the law allows at most.")
    return kind.text(f"tasks.{row.code}.hint")


def _outcomes(kind: LoadedType, row: Task) -> tuple[OutcomeRecord, ...]:
    clock = row.clock_code
    if row.kind == TaskKind.COUNTERSIGN:
        outcomes = COUNTERSIGN.outcomes
    elif clock:
        outcomes = extension_task(kind.definition.clocks[clock], clock=clock).outcomes
    else:
        outcomes = kind.definition.tasks[row.code].outcomes
    return tuple(
        OutcomeRecord(
            code=code,
            name=kind.outcome_name(row.code, code, clock=clock),
            needs_reason=rule.needs_reason,
            needs_basis=rule.needs_basis,
            tone=rule.tone,
            basis=rule.basis,
            without_form=rule.without_form,
            once=rule.once,
        )
        for code, rule in outcomes.items()
    )
