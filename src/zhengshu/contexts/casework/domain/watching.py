"""What is due when nobody acts: to whom a slow case is escalated and when, what silence means, what was promised."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from zhengshu.contexts.casework.domain import clocks as rules
from zhengshu.contexts.casework.domain.clocks import Course, Times
from zhengshu.contexts.casework.domain.definitions import ClockRule, Definition, EscalationRule
from zhengshu.contexts.casework.domain.faults import DEFINITION, Fault
from zhengshu.kernel import clocks as kernel
from zhengshu.kernel.calendars import WorkCalendar
from zhengshu.kernel.limits import TimeLimit


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One escalation of a clock and the moment at which it is raised."""

    number: int
    rule: EscalationRule
    moment: datetime


def promised_times(
    course: Course, *, value: int | None, calendar: WorkCalendar, zone: tzinfo, at: datetime
) -> Times:
    """Return the end that was promised; none without a promise, or once the limit was lawfully extended."""
    if value is None or course.extensions:
        return Times(due_at=None, yellow_at=None)
    limit = replace(course.limit, value=value, warn=min(course.limit.warning, value))
    return rules.times_of(replace(course, limit=limit), calendar=calendar, zone=zone, at=at)


def steps_of(
    escalation: tuple[EscalationRule, ...], *, times: Times, calendar: WorkCalendar, zone: tzinfo
) -> tuple[Step, ...]:
    """Return the escalations of a clock in the order of their moments; none while it stands still."""
    if times.due_at is None:
        return ()
    due_at, yellow_at = times.due_at, times.yellow_at or times.due_at
    steps = [
        Step(number=number, rule=rule, moment=_moment(rule, due_at, yellow_at, calendar=calendar, zone=zone))
        for number, rule in enumerate(escalation)
    ]
    return tuple(sorted(steps, key=lambda step: (step.moment, step.number)))


def _moment(
    rule: EscalationRule, due_at: datetime, yellow_at: datetime, *, calendar: WorkCalendar, zone: tzinfo
) -> datetime:
    if rule.at == "yellow":
        return yellow_at
    if not rule.after:
        return due_at
    late = TimeLimit(code="late", value=rule.after, unit=rule.unit, basis="escalation")
    return kernel.due(start=due_at, limit=late, calendar=calendar, zone=zone).due_at


def check_watching(definition: Definition) -> Iterator[Fault]:
    """Yield the faults of promises, silence rules and escalations."""
    for code, clock in definition.clocks.items():
        yield from _check_promise(f"clocks.{code}.promised", clock)
        yield from _check_silence(f"clocks.{code}.silence", clock, definition)
    for number, rule in enumerate(definition.escalation):
        if bool(rule.at) == bool(rule.after) or rule.after < 0 or not rule.to:
            yield _fault(f"escalation[{number}]", "escalation-unfit")


def _check_promise(place: str, clock: ClockRule) -> Iterator[Fault]:
    promise = clock.promised
    if promise is None:
        return
    if not promise.basis.strip():
        yield _fault(f"{place}.basis", "basis-missing")
    if promise.value < 1:
        yield _fault(f"{place}.value", "value-unfit", value=promise.value)
    for limit in clock.limits:
        if promise.value > limit.value:
            yield _fault(f"{place}.value", "promise-longer", value=promise.value, limit=limit.value)


def _check_silence(place: str, clock: ClockRule, definition: Definition) -> Iterator[Fault]:
    silence = clock.silence
    if silence is None:
        return
    if not silence.basis.strip():
        yield _fault(f"{place}.basis", "basis-missing")
    task = definition.tasks.get(silence.task)
    outcome = task.outcomes.get(silence.outcome) if task else None
    stops = clock.stops_with.get(silence.task)
    if outcome is None or silence.task not in clock.covers:
        details: Mapping[str, object] = {"task": silence.task, "outcome": silence.outcome}
        yield _fault(place, "silence-unknown", **details)
    elif outcome.needs_reason or stops is None or (stops and silence.outcome not in stops):
        yield _fault(place, "silence-unfit", outcome=silence.outcome)


def _fault(element: str, code: str, **details: object) -> Fault:
    return Fault(file=DEFINITION, element=element, code=code, details=details)
