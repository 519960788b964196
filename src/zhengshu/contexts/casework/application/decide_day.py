"""Deciding that a day is, or is not, a working day here; running clocks are then counted again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.utils.timezone import get_default_timezone

from zhengshu.contexts.casework.application.commands_once import was_handled
from zhengshu.contexts.casework.domain.completing import NotYourTask, ReasonMissing
from zhengshu.contexts.casework.events import DayDecided
from zhengshu.contexts.casework.models import Clock
from zhengshu.foundation.calendars import published_calendar
from zhengshu.foundation.events import Subject
from zhengshu.foundation.models import CalendarOverride
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused

DECIDING_ROLES = frozenset({Role.SYSTEM_ADMIN})
"""Who decides days for the whole platform: whoever administers what holds for everybody."""


class DayPassed(Refused):
    """What was counted up to yesterday stays counted."""

    code: ClassVar[str] = "casework.day-passed"
    message: ClassVar[str] = "Days before today cannot be changed: limits were counted and answered by them."


class DayAsPublished(Refused):
    """The published calendar says so already."""

    code: ClassVar[str] = "casework.day-as-published"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "The published calendar says so already; nothing needs to be decided."


class DayNotDecided(Refused):
    """Nobody decided anything about the day."""

    code: ClassVar[str] = "casework.day-not-decided"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "Nothing was decided about this day; it follows the published calendar."


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedDay:
    """A day that this platform decides otherwise than the published calendar."""

    day: date
    is_working: bool
    reason: str
    basis: str
    may_change: bool


@transaction
def decide_day(
    *,
    day: date,
    is_working: bool,
    reason: str,
    basis: str,
    actor: Actor,
    at: datetime,
    idempotency_key: str = "",
) -> None:
    """Decide whether a day counts as a working day, with the reason and the notice on which it rests.

    Basis: State Council's yearly notice on holidays; local notices such as a stop of work in a typhoon.

    Raises:
        NotYourTask: the actor does not administer the platform.
        DayPassed: the day is before today.
        DayAsPublished: the published calendar says the same.
        ReasonMissing: no reason, or no notice.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    command: dict[str, object] = {"day": day, "is_working": is_working, "reason": reason, "basis": basis}
    if was_handled("decide-day", idempotency_key, command, actor=actor, at=at):
        return
    _check(day, actor=actor, at=at)
    if not reason.strip() or not basis.strip():
        raise ReasonMissing(outcome=f"{day:%Y-%m-%d}")
    if published_calendar().is_working_day(day) == is_working:
        raise DayAsPublished
    CalendarOverride.objects.update_or_create(
        day=day, defaults={"is_working": is_working, "reason": reason.strip(), "basis": basis.strip()}
    )
    _tell(day, is_working=is_working, basis=basis.strip(), actor=actor, at=at)


@transaction
def free_day(*, day: date, actor: Actor, at: datetime, idempotency_key: str = "") -> None:
    """Let a day follow the published calendar again.

    Raises:
        NotYourTask: the actor does not administer the platform.
        DayPassed: the day is before today.
        DayNotDecided: nothing was decided about it.
        KeyUsedOtherwise: the idempotency key was used for another command.
    """
    if was_handled("free-day", idempotency_key, {"day": day}, actor=actor, at=at):
        return
    _check(day, actor=actor, at=at)
    gone, _ = CalendarOverride.objects.filter(day=day).delete()
    if not gone:
        raise DayNotDecided
    _tell(day, is_working=None, basis="", actor=actor, at=at)


def decided_days(*, at: datetime) -> tuple[DecidedDay, ...]:
    """Return what was decided about days, the latest day first."""
    today = at.astimezone(get_default_timezone()).date()
    return tuple(
        DecidedDay(
            day=row.day,
            is_working=row.is_working,
            reason=row.reason,
            basis=row.basis,
            may_change=row.day >= today,
        )
        for row in CalendarOverride.objects.order_by("-day")
    )


def clocks_over(*, day: date) -> int:
    """Return how many running clocks end on a day or later, which a decision about it may move."""
    return Clock.objects.filter(stopped_at=None, due_at__date__gte=day).count()


def _check(day: date, *, actor: Actor, at: datetime) -> None:
    if not actor.has(*DECIDING_ROLES):
        raise NotYourTask
    if day < at.astimezone(get_default_timezone()).date():
        raise DayPassed


def _tell(day: date, *, is_working: bool | None, basis: str, actor: Actor, at: datetime) -> None:
    publish(
        DayDecided(
            at=at,
            actor=actor,
            subject=Subject(kind="day", id=f"{day:%Y-%m-%d}", label=f"{day:%Y-%m-%d}"),
            department_id=actor.department_id,
            day=day,
            is_working=is_working,
            basis=basis,
        )
    )
