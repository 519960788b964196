"""Reading the queue: a clerk's desk, the screen of a hall, one's own ticket, and how long people waited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from zhengshu.contexts.services.application.call_tickets import TicketNotFound
from zhengshu.contexts.services.application.keep_window_groups import WindowGroupRecord, groups_of_hall
from zhengshu.contexts.services.application.ticket_records import TicketRecord, ticket_of
from zhengshu.contexts.services.domain.queueing import AT_HAND, TicketState, foreseen_wait
from zhengshu.contexts.services.models import Application, Ticket
from zhengshu.kernel.actors import Actor

MOST_SHOWN: Final = 100
_LAST_VISITS: Final = 20
_LATELY: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a clerk sees of his hall today.

    Attributes:
        held: the number before him.
        last: the number that he served last, for its rating.
        numbers: the applications that were taken in for the number before him, or else for the last one.
        waiting: the numbers that wait, the longest first, and `waits` how many there are.
        skipped: the numbers that were passed over, the latest first.
    """

    held: TicketRecord | None
    last: TicketRecord | None
    numbers: tuple[tuple[str, UUID], ...]
    waiting: tuple[TicketRecord, ...]
    waits: int
    skipped: tuple[TicketRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWait:
    """How many wait for a group now, and for how many minutes one who comes may have to.

    Attributes:
        windows: those that called a number of it lately, by their names.
    """

    group: WindowGroupRecord
    windows: tuple[str, ...]
    waiting: int
    minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a ticket stands in its queue.

    Attributes:
        ahead: how many wait before it; 0 when it does not wait.
        minutes: for how long it may have to wait; None while nobody can know.
        is_of_today: whether its day is today; it is void afterwards.
        numbers: of the applications that were taken in for it.
    """

    ticket: TicketRecord
    ahead: int
    minutes: int | None
    is_of_today: bool
    numbers: tuple[str, ...]


def desk(*, group_id: UUID, actor: Actor, at: datetime) -> Desk:
    """Return the queue of a group as a clerk works through it."""
    seen = Ticket.objects.visible_to(actor).select_related("group").filter(on=timezone.localdate(at))
    own = seen.filter(clerk_id=actor.id)
    held = own.filter(state__in=AT_HAND).first()
    last = own.filter(state=TicketState.SERVED).order_by("-ended_at").first()
    waiting = seen.filter(group_id=group_id, state=TicketState.WAITING).order_by("number")
    skipped = seen.filter(group_id=group_id, state=TicketState.SKIPPED).order_by("-called_at")
    told = held or last
    applied = (
        Application.objects.visible_to(actor).filter(ticket_id=told.pk)
        if told
        else Application.objects.none()
    )
    return Desk(
        held=ticket_of(held) if held else None,
        last=ticket_of(last) if last else None,
        numbers=tuple(applied.order_by("submitted_at").values_list("number", "case_id")),
        waiting=tuple(map(ticket_of, waiting[:MOST_SHOWN])),
        waits=waiting.count(),
        skipped=tuple(map(ticket_of, skipped[:MOST_SHOWN])),
    )


def hall_now(*, department_id: UUID, at: datetime) -> Sequence[GroupWait]:
    """Return how many wait for each group of a hall, for everybody."""
    return tuple(_group_wait(group, at=at) for group in groups_of_hall(department_id=department_id))


def called_now(*, department_id: UUID, at: datetime) -> Sequence[TicketRecord]:
    """Return the numbers that are called and served in a hall now, the latest first; they name nobody."""
    rows = Ticket.objects.on_screen(department_id=department_id, on=timezone.localdate(at))
    return tuple(map(ticket_of, rows.select_related("group").order_by("-called_at")[:MOST_SHOWN]))


def place_of(*, code: str, at: datetime) -> Place:
    """Return where the ticket of a code stands; whoever has the code has the ticket.

    Raises:
        TicketNotFound: there is none.
    """
    row = Ticket.objects.select_related("group").filter(code=code).first()
    if row is None:
        raise TicketNotFound
    waits = row.state == TicketState.WAITING
    ahead = Ticket.objects.filter(
        group_id=row.group_id, on=row.on, number__lt=row.number, state=TicketState.WAITING
    ).count()
    applied = Application.objects.filter(ticket_id=row.pk).order_by("submitted_at")
    return Place(
        ticket=ticket_of(row),
        ahead=ahead if waits else 0,
        minutes=_minutes(row.group_id, ahead=ahead, at=at) if waits else None,
        is_of_today=row.on == timezone.localdate(at),
        numbers=tuple(applied.values_list("number", flat=True)),
    )


def ticket_behind(*, ticket_id: UUID | None) -> TicketRecord | None:
    """Return the ticket with which an application was taken in, for whoever may see that one; None without."""
    row = Ticket.objects.select_related("group").filter(pk=ticket_id).first() if ticket_id else None
    return ticket_of(row) if row else None


def _group_wait(group: WindowGroupRecord, *, at: datetime) -> GroupWait:
    waiting = Ticket.objects.filter(
        group_id=group.id, on=timezone.localdate(at), state=TicketState.WAITING
    ).count()
    return GroupWait(
        group=group,
        windows=_windows(group.id, at=at),
        waiting=waiting,
        minutes=_minutes(group.id, ahead=waiting, at=at),
    )


def _windows(group_id: UUID, *, at: datetime) -> tuple[str, ...]:
    """Return the windows that call a group now."""
    lately = Ticket.objects.filter(group_id=group_id, called_at__gt=at - _LATELY).order_by("window")
    return tuple(lately.values_list("window", flat=True).distinct())


def _minutes(group_id: UUID, *, ahead: int, at: datetime) -> int | None:
    tickets = Ticket.objects.filter(group_id=group_id)
    windows = len(_windows(group_id, at=at))
    visits = tickets.filter(state=TicketState.SERVED).order_by("-ended_at")
    served = [
        (ended - begun).total_seconds() / 60
        for begun, ended in visits.values_list("served_from", "ended_at")[:_LAST_VISITS]
        if begun and ended
    ]
    return foreseen_wait(ahead=ahead, windows=windows, served=served)
