"""The running clocks of a case under its lock."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from zhengshu.contexts.casework.domain import clocks as rules
from zhengshu.contexts.casework.domain.clocks import Course, Granted, Times
from zhengshu.contexts.casework.domain.definitions import ClockRule, Definition
from zhengshu.contexts.casework.domain.records import StepKind
from zhengshu.contexts.casework.domain.watching import promised_times, steps_of
from zhengshu.contexts.casework.events import ClockPaused, ClockResumed
from zhengshu.contexts.casework.models import Case, Clock, ClockExtension, ClockPause
from zhengshu.foundation.calendars import work_calendar
from zhengshu.foundation.statements import Insertion
from zhengshu.kernel.clocks import Pause
from zhengshu.kernel.limits import LimitUnit, TimeLimit

if TYPE_CHECKING:
    from zhengshu.contexts.casework.application.working import WorkingCase


_STARTED = Insertion(Clock)


class RunningClock:
    """One clock with what happened to it."""

    def __init__(self, row: Clock, *, pauses: list[ClockPause], extensions: list[ClockExtension]) -> None:
        """Keep the clock's rows."""
        self.row = row
        self.pauses = pauses
        self.extensions = extensions
        self.fresh_parts: list[ClockPause | ClockExtension] = []
        """Pauses and extensions that are new or were ended."""
        self.is_fresh = False
        self.is_changed = False

    @classmethod
    def of(cls, row: Clock) -> "RunningClock":
        """Return a stored clock with what happened to it; prefetch both where there are many."""
        return cls(row, pauses=list(row.pauses.all()), extensions=list(row.extensions.all()))

    @property
    def open_pause(self) -> ClockPause | None:
        """The pause in which it stands still."""
        return next((pause for pause in self.pauses if pause.active_to is None), None)

    @property
    def times(self) -> Times:
        """When its light changes: by what was promised, where that is before what the law allows."""
        statutory = Times(due_at=self.row.due_at, yellow_at=self.row.yellow_at)
        promised = Times(due_at=self.row.promised_due_at, yellow_at=self.row.promised_yellow_at)
        return rules.nearest([promised, statutory])

    @property
    def course(self) -> Course:
        """What has happened to it, for the rules."""
        row = self.row
        limit = TimeLimit(
            code=row.code, value=row.value, unit=LimitUnit(row.unit), basis=row.basis, warn=row.warn
        )
        return Course(
            limit=limit,
            started_at=row.started_at,
            extensions=tuple(
                Granted(value=more.value, unit=LimitUnit(more.unit), basis=more.basis)
                for more in self.extensions
            ),
            pauses=tuple(
                Pause(since=pause.active_from, to=pause.active_to, ground=pause.ground)
                for pause in self.pauses
            ),
        )


class Clockwork:
    """The running clocks of one case; those that have stopped stay in the database."""

    def __init__(self, clocks: dict[str, RunningClock]) -> None:
        """Keep the running clocks by their code."""
        self.clocks = clocks
        self.stopped: list[RunningClock] = []
        """Those that the step stopped."""
        self.counts_from: datetime | None = None
        """From when clocks that the step starts count; None: from the step."""

    @classmethod
    def of(cls, case: Case) -> "Clockwork":
        """Load the running clocks of a case, in three queries."""
        return cls({row.code: RunningClock.of(row) for row in Clock.objects.running_in(case.pk)})

    def start_with(self, case: "WorkingCase", *, task: str, at: datetime) -> None:
        """Start the clocks that start with the opening of a task, unless they run."""
        for code, rule in case.type.definition.clocks.items():
            if rule.starts_with == task and code not in self.clocks:
                self._start(case, code, rule, at=at)

    def stop_with(self, case: "WorkingCase", *, task: str, outcome: str, at: datetime) -> None:
        """Stop the clocks that stop with an outcome of a task."""
        for code, rule in case.type.definition.clocks.items():
            outcomes = rule.stops_with.get(task)
            if code in self.clocks and outcomes is not None and (not outcomes or outcome in outcomes):
                self._stop(case, code, at=at)

    def look_back(self, definition: Definition, *, task: str, outcome: str, at: datetime) -> None:
        """Let what begins now count from when a clock began whose silence has this outcome, if its type says so.

        Where the clock stood still meanwhile, nothing was due before it went on.
        """
        for code, clock in self.clocks.items():
            rule = definition.clocks[code].silence
            if rule is None or (rule.task, rule.outcome, rule.counts_from) != (task, outcome, "start"):
                continue
            if clock.row.silence_at is not None and clock.row.silence_at < at:
                ended = (pause.active_to for pause in clock.pauses if pause.active_to is not None)
                self.counts_from = max((clock.row.started_at, *ended))

    def stop_all(self, case: "WorkingCase", *, at: datetime) -> None:
        """Stop every clock; the case has ended."""
        for code in list(self.clocks):
            self._stop(case, code, at=at)

    def follow_pauses(self, case: "WorkingCase", *, at: datetime) -> None:
        """Pause the clocks whose pausing task is open now, and resume those whose is not."""
        waiting = {task.code for task in case.tasks if task.state == "open"}
        for code, clock in self.clocks.items():
            for ground, rule in case.type.definition.clocks[code].pauses.items():
                pause = clock.open_pause
                if rule.while_task and rule.while_task in waiting and pause is None:
                    self.pause(case, code=code, ground=ground, at=at)
                if rule.while_task and rule.while_task not in waiting and pause and pause.ground == ground:
                    self.resume(case, code=code, at=at)

    def pause(
        self,
        case: "WorkingCase",
        *,
        code: str,
        ground: str,
        expected_at: datetime | None = None,
        at: datetime,
    ) -> None:
        """Let a clock stand still on a ground that its type declares."""
        clock = self.clocks[code]
        basis = case.type.definition.clocks[code].pauses[ground].basis
        pause = ClockPause(
            clock=clock.row, ground=ground, basis=basis, active_from=at, expected_at=expected_at
        )
        clock.pauses.append(pause)
        clock.fresh_parts.append(pause)
        clock.is_changed = True
        details = {"until": expected_at.isoformat()} if expected_at else {}
        case.note(StepKind.CLOCK_PAUSED, at=at, clock=code, outcome=ground, basis=basis, details=details)
        case.announce(ClockPaused, at=at, clock=code, ground=ground, basis=basis, expected_at=expected_at)

    def resume(self, case: "WorkingCase", *, code: str, at: datetime) -> None:
        """Let a clock go on."""
        clock = self.clocks[code]
        pause = clock.open_pause
        if pause is None:
            return
        pause.active_to = max(at, pause.active_from)
        if pause not in clock.fresh_parts:
            clock.fresh_parts.append(pause)
        clock.is_changed = True
        case.note(StepKind.CLOCK_RESUMED, at=at, clock=code, outcome=pause.ground)
        case.announce(ClockResumed, at=at, clock=code, ground=pause.ground)

    def times(self) -> dict[str, Times]:
        """Return the ends of the running clocks."""
        return {code: clock.times for code, clock in self.clocks.items()}

    def time(self, *, definition: Definition, zone: tzinfo, at: datetime) -> None:
        """Compute the ends of the clocks to which something happened."""
        changed = [clock for clock in self.clocks.values() if clock.is_changed]
        if not changed:
            return
        calendar = work_calendar()
        for clock in changed:
            times = rules.times_of(clock.course, calendar=calendar, zone=zone, at=at)
            clock.row.due_at, clock.row.yellow_at = times.due_at, times.yellow_at
            clock.row.is_estimate = times.is_estimate
            promised = promised_times(
                clock.course, value=clock.row.promised_value, calendar=calendar, zone=zone, at=at
            )
            clock.row.promised_due_at, clock.row.promised_yellow_at = promised.due_at, promised.yellow_at
            clock.row.silence_at = times.due_at if definition.clocks[clock.row.code].silence else None
            steps = steps_of(definition.escalation, times=clock.times, calendar=calendar, zone=zone)
            left = steps[clock.row.escalated :]
            clock.row.escalate_at = left[0].moment if left else None

    def store(self) -> None:
        """Write the clocks to which something happened."""
        for clock in self._touched():
            if clock.is_fresh:
                _STARTED.run(clock.row)
            else:
                clock.row.save()
            for part in clock.fresh_parts:
                part.save()

    def _touched(self) -> Iterator[RunningClock]:
        yield from self.stopped
        yield from (clock for clock in self.clocks.values() if clock.is_changed)

    def _start(self, case: "WorkingCase", code: str, rule: ClockRule, *, at: datetime) -> None:
        limit = rules.limit_of(clock=code, rule=rule, data=case.row.data)
        case.note(StepKind.CLOCK_STARTED, at=at, clock=code, basis=limit.basis)
        row = Clock(
            case=case.row,
            code=code,
            step=case.row.steps,
            value=limit.value,
            unit=limit.unit.value,
            warn=limit.warning,
            basis=limit.basis,
            started_at=self.counts_from or at,
            promised_value=min(rule.promised.value, limit.value) if rule.promised else None,
        )
        clock = self.clocks[code] = RunningClock(row, pauses=[], extensions=[])
        clock.is_fresh = clock.is_changed = True

    def _stop(self, case: "WorkingCase", code: str, *, at: datetime) -> None:
        if self.clocks[code].open_pause is not None:
            self.resume(case, code=code, at=at)
        clock = self.clocks.pop(code)
        clock.row.stopped_at = at
        self.stopped.append(clock)
        case.note(StepKind.CLOCK_STOPPED, at=at, clock=code)
