"""What asking for an extension and consenting to it have in common."""

from datetime import datetime
from typing import ClassVar

from zhengshu.contexts.casework.application.clockwork import RunningClock
from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain import clocks as rules
from zhengshu.contexts.casework.domain.definitions import ClockRule, Extension, OutcomeRule, TaskRule
from zhengshu.contexts.casework.domain.records import StepKind
from zhengshu.contexts.casework.events import ClockExtended, ExtensionDeclined
from zhengshu.contexts.casework.models import ClockExtension
from zhengshu.kernel.errors import Kind, Refused

CONSENT, DECLINE = "consent", "decline"


class ClockNotRunning(Refused):
    """The clock has not started, or has ended."""

    code: ClassVar[str] = "casework.clock-not-running"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The clock %(clock)s of this case is not running."


class ExtensionTooLate(Refused):
    """A limit that has passed cannot be extended; it was missed."""

    code: ClassVar[str] = "casework.extension-too-late"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The limit %(clock)s has passed; it can be extended only before it ends."


def ask_code(clock: str) -> str:
    """Return the code under which a case remembers who asked for more time on a clock."""
    return f"ask_{clock}"


def consent_code(clock: str) -> str:
    """Return the code of the task in which an extension of a clock is consented to."""
    return f"extend_{clock}"


def running(case: WorkingCase, clock: str) -> RunningClock:
    """Return a clock of a case that runs.

    Raises:
        ClockNotRunning: it does not.
    """
    found = case.clocks.clocks.get(clock)
    if found is None:
        raise ClockNotRunning(clock=case.type.clock_name(clock))
    return found


def available(case: WorkingCase, clock: str, *, at: datetime) -> Extension:
    """Return the extension that a running clock may still get at a moment.

    Raises:
        ClockNotRunning: it does not run.
        ExtensionNotProvided: its type provides none (any more) for such a case.
        ExtensionTooLate: the limit has passed.
    """
    found = running(case, clock)
    extension = rules.extension_of(
        clock=case.type.clock_name(clock),
        rule=case.type.definition.clocks[clock],
        data=case.row.data,
        granted=len(found.extensions),
    )
    if found.row.due_at is not None and at > found.row.due_at:
        raise ExtensionTooLate(clock=case.type.clock_name(clock))
    return extension


def extension_task(rule: ClockRule, *, clock: str) -> TaskRule:
    """Return the rule of the task in which an extension is consented to: never by whoever asked."""
    extension = rule.extension
    basis = extension.basis if extension else ""
    return TaskRule(
        outcomes={
            CONSENT: OutcomeRule(tone="primary", basis=basis),
            DECLINE: OutcomeRule(needs_reason=True, tone="danger", basis=basis),
        },
        not_after=(ask_code(clock),),
        basis=basis,
    )


def grant(case: WorkingCase, *, clock: str, extension: Extension, reason: str, at: datetime) -> None:
    """Lengthen a running clock."""
    found = running(case, clock)
    row = ClockExtension(
        clock=found.row,
        value=extension.value,
        unit=extension.unit.value,
        basis=extension.basis,
        reason=reason,
        granted_at=at,
        granted_by=case.actor.id,
    )
    found.extensions.append(row)
    found.fresh_parts.append(row)
    found.is_changed = True
    case.note(StepKind.CLOCK_EXTENDED, at=at, clock=clock, reason=reason, basis=extension.basis)
    case.announce(
        ClockExtended,
        at=at,
        clock=clock,
        value=extension.value,
        unit=extension.unit.value,
        basis=extension.basis,
    )


def decide_ask(case: WorkingCase, *, clock: str, outcome: str, reason: str, at: datetime) -> None:
    """Carry out what was decided about an asked extension; whether it was asked in time was checked then."""
    if outcome == DECLINE:
        case.announce(ExtensionDeclined, at=at, clock=clock)
        return
    found = running(case, clock)
    extension = rules.extension_of(
        clock=case.type.clock_name(clock),
        rule=case.type.definition.clocks[clock],
        data=case.row.data,
        granted=len(found.extensions),
    )
    asked = (
        case.row.timeline.filter(kind=StepKind.EXTENSION_ASKED.value, clock=clock).order_by("-number").first()
    )
    why = reason or (asked.reason if asked else "")
    grant(case, clock=clock, extension=extension, reason=why, at=at)
