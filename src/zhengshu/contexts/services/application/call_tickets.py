"""Calling numbers at a window: the next, one that comes back, once more, passed over, served; each once."""

from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from django.utils import timezone

from zhengshu.contexts.services.application.invite_rating import MOST_WINDOW
from zhengshu.contexts.services.application.keep_window_groups import WindowGroupNotFound
from zhengshu.contexts.services.application.ticket_records import TicketRecord, ticket_of
from zhengshu.contexts.services.domain.queueing import AT_HAND, Step, TicketState, after, read_label
from zhengshu.contexts.services.models import Ticket, WindowGroup
from zhengshu.contexts.services.models.queueing import TicketQuerySet
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused


class NotCalling(Refused):
    """Only window clerks call numbers."""

    code: ClassVar[str] = "services.not-calling"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = "Only window clerks call numbers."


class WindowUnnamed(Refused):
    """A number is called to a window that people find."""

    code: ClassVar[str] = "services.window-unnamed"
    message: ClassVar[str] = "Say which window you sit at, so that people find it."


class NobodyWaits(Refused):
    """Nobody waits for the group."""

    code: ClassVar[str] = "services.nobody-waits"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "Nobody is waiting."


class TicketNotFound(Refused):
    """There is no such number today."""

    code: ClassVar[str] = "services.ticket-not-found"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "There is no such number in your hall today."


class FinishFirst(Refused):
    """A clerk serves one after the other."""

    code: ClassVar[str] = "services.finish-first"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "Finish number %(label)s first, or pass it over."


class StepUnfit(Refused):
    """The number is elsewhere by now: another window called it, or it was served."""

    code: ClassVar[str] = "services.ticket-step-unfit"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "Number %(label)s is at another window or was served already."


@transaction
def call_next(*, group_id: UUID, window: str, actor: Actor, at: datetime) -> TicketRecord:
    """Call the number of a group that waits longest; a clerk who has one before him gets that one again.

    Clerks of one hall call one after the other, by a lock on its groups, so that no number is called twice.

    Raises:
        NotCalling: the actor is no window clerk.
        WindowUnnamed: the window has no name.
        WindowGroupNotFound: the actor's department has no such group.
        NobodyWaits: no number waits.
    """
    window, hall, today = _named(window), _locked_hall(actor), timezone.localdate(at)
    if group_id not in hall:
        raise WindowGroupNotFound
    held = _at_hand(actor, on=today)
    if held is not None:
        return ticket_of(held)
    waiting = _today(hall, on=today).filter(group_id=group_id, state=TicketState.WAITING)
    found = waiting.order_by("number").first()
    if found is None:
        raise NobodyWaits
    return _called(found, window=window, actor=actor, at=at)


@transaction
def call_number(*, number: str, window: str, actor: Actor, at: datetime) -> TicketRecord:
    """Call a number out of its turn, by what stands on the ticket or by its code: somebody who came back.

    Raises:
        NotCalling: the actor is no window clerk.
        WindowUnnamed: the window has no name.
        TicketNotFound: there is none in the actor's hall today.
        FinishFirst: the actor has another one before him.
        StepUnfit: another window has it, or it was served.
    """
    window, hall, today = _named(window), _locked_hall(actor), timezone.localdate(at)
    tickets, written = _today(hall, on=today), read_label(number)
    if written is None:
        found = tickets.filter(code=number.strip().lower()).first()
    else:
        found = tickets.filter(group__letter=written[0], number=written[1]).first()
    if found is None:
        raise TicketNotFound
    held = _at_hand(actor, on=today)
    if held is not None and held.pk != found.pk:
        raise FinishFirst(label=held.label)
    return ticket_of(found) if held is not None else _called(found, window=window, actor=actor, at=at)


@transaction
def move_ticket(*, ticket_id: UUID, step: Step, actor: Actor, at: datetime) -> TicketRecord:
    """Call a number again, pass it over, begin or end serving it; done already, nothing changes.

    Raises:
        NotCalling: the actor is no window clerk.
        TicketNotFound: the actor called no such number today.
        StepUnfit: the step is not to be done now.
    """
    _locked_hall(actor)
    rows = Ticket.objects.visible_to(actor).select_related("group")
    row = rows.filter(pk=ticket_id, clerk_id=actor.id, on=timezone.localdate(at)).first()
    if row is None:
        raise TicketNotFound
    if step != Step.RECALL and TicketState(row.state) == _LEADS_TO[step]:
        return ticket_of(row)
    _move(row, step, at=at)
    row.save()
    return ticket_of(row)


def at_window(*, actor: Actor, begun_at: datetime, at: datetime) -> UUID | None:
    """Return the ticket that a clerk has been serving since before a form was begun; None where there is none."""
    if not actor.has(Role.WINDOW_CLERK):
        return None
    held = _at_hand(actor, on=timezone.localdate(at))
    return held.pk if held and held.served_from and held.served_from <= begun_at else None


_LEADS_TO = {Step.SKIP: TicketState.SKIPPED, Step.SERVE: TicketState.SERVING, Step.END: TicketState.SERVED}


def _named(window: str) -> str:
    window = " ".join(window.split())
    if not 0 < len(window) <= MOST_WINDOW:
        raise WindowUnnamed
    return window


def _locked_hall(actor: Actor) -> Collection[UUID]:
    """Return the groups of the actor's hall, so that nobody else calls there until the transaction ends."""
    if not actor.has(Role.WINDOW_CLERK):
        raise NotCalling
    groups = WindowGroup.objects.visible_to(actor).open().order_by("pk").select_for_update(no_key=True)
    return {row.pk for row in groups}


def _today(hall: Collection[UUID], *, on: date) -> TicketQuerySet:
    return Ticket.objects.select_related("group").filter(group__in=hall, on=on)


def _at_hand(actor: Actor, *, on: date) -> Ticket | None:
    rows = Ticket.objects.visible_to(actor).select_related("group")
    return rows.filter(clerk_id=actor.id, on=on, state__in=AT_HAND).first()


def _called(row: Ticket, *, window: str, actor: Actor, at: datetime) -> TicketRecord:
    _move(row, Step.CALL, at=at)
    row.window, row.clerk_id = window, actor.id
    row.save()
    return ticket_of(row)


def _move(row: Ticket, step: Step, *, at: datetime) -> None:
    state = after(TicketState(row.state), step)
    if state is None:
        raise StepUnfit(label=row.label)
    row.state = state.value
    if step in (Step.CALL, Step.RECALL):
        row.calls, row.called_at = row.calls + 1, at
        row.first_called_at = row.first_called_at or at
    elif step == Step.SERVE:
        row.served_from = at
    elif step == Step.END:
        row.ended_at = at
