"""Letting a visit at a window be rated: one code for one called number, or for one application taken in."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from zhengshu.contexts.services.application.invite_rating import (
    CODE_LENGTH,
    LETTERS,
    MOST_WINDOW,
    policy_in_force,
)
from zhengshu.contexts.services.domain.queueing import TicketState
from zhengshu.contexts.services.domain.vocabulary import ItemState
from zhengshu.contexts.services.models import Application, RatingInvitation, ServiceItem, Ticket
from zhengshu.contexts.services.models.applications import ApplicationQuerySet
from zhengshu.contexts.services.models.queueing import TicketQuerySet
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused

SERVED_STATES = (TicketState.SERVING, TicketState.SERVED)


class VisitUnfit(Refused):
    """A visit is about an item of the clerk's own department, at a window that has a name."""

    code = "services.visit-unfit"
    message = "Choose an item of your own department and name the window."


class VisitNotFound(Refused):
    """A code is given for a number that the clerk served today, or for an application that he took in today."""

    code = "services.visit-not-found"
    kind = Kind.NOT_FOUND
    message = "You served no such number and took in no such application today."


class VisitOfOneself(Refused):
    """Nobody rates himself: what the clerk asked for himself, or for an enterprise of his, he cannot let be rated."""

    code = "services.visit-of-oneself"
    kind = Kind.FORBIDDEN
    message = (
        "This was your own matter, or that of an enterprise for which you act. You cannot let it be rated."
    )


class NotAtWindow(Refused):
    """Only window clerks give visit codes."""

    code = "services.not-at-window"
    kind = Kind.FORBIDDEN
    message = "Only window clerks give codes to rate a visit."


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRecord:
    """A visit that a clerk may let be rated.

    Attributes:
        id: of the ticket, else of the application.
        label: the number that was called, else that of the application.
        item_code: empty where a number was taken for any matter.
        window: empty where no number was called.
        code: with which it is rated, once it was made.
    """

    id: UUID
    label: str
    item_code: str
    item_name: str
    item_name_en: str
    window: str
    code: str


def visits_today(*, actor: Actor, at: datetime) -> Sequence[VisitRecord]:
    """Return the visits of a clerk's day, the latest first; what was taken in for a number belongs to that."""
    tickets = _served(actor, at=at).order_by("-called_at")
    applications = _taken_in(actor, at=at).filter(ticket_id=None).select_related("item")
    found = [
        *((row.pk, row.label, row.item_code, row.item_name, row.item_name_en, row.window) for row in tickets),
        *(
            (row.pk, row.number, row.item.code, row.item.name, row.item.name_en, "")
            for row in applications.order_by("-submitted_at")
        ),
    ]
    codes = dict(
        RatingInvitation.objects.filter(visit_id__in=[one[0] for one in found]).values_list(
            "visit_id", "code"
        )
    )
    return tuple(
        VisitRecord(
            id=key,
            label=label,
            item_code=item,
            item_name=name,
            item_name_en=english,
            window=window,
            code=codes.get(key) or "",
        )
        for key, label, item, name, english, window in found
    )


@transaction
def open_visit(*, visit_id: UUID, item_code: str = "", window: str = "", actor: Actor, at: datetime) -> str:
    """Return the code with which a visit is rated, once; asked for again, it is the same code.

    The number or the application says for what and where somebody came; `item_code` and `window` are for what it
    leaves open. Who made the code is kept, for those who look after ratings.

    Raises:
        NotAtWindow: the actor is no window clerk.
        VisitNotFound: the actor served no such number and took in no such application that day.
        VisitOfOneself: what was asked for is a matter of the actor's own.
        VisitUnfit: the item is another department's, or the window has no name.
    """
    visit = next((one for one in visits_today(actor=actor, at=at) if one.id == visit_id), None)
    if visit is None or actor.department_id is None:
        raise VisitNotFound
    if is_own_matter(visit_id, account_id=actor.id):
        raise VisitOfOneself
    items = ServiceItem.objects.visible_to(actor).filter(department_id=actor.department_id)
    item = items.filter(code=visit.item_code or item_code, state=ItemState.PUBLISHED).first()
    window = visit.window or " ".join(window.split())
    if item is None or not 0 < len(window) <= MOST_WINDOW:
        raise VisitUnfit
    row, _is_new = RatingInvitation.objects.get_or_create(
        visit_id=visit_id,
        defaults={
            "code": "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)),
            "item_code": item.code,
            "item_name": item.name,
            "department_id": actor.department_id,
            "department_name": trust.department(department_id=actor.department_id).name,
            "window": window,
            "made_by": actor.id,
            "opened_at": at,
            "expires_at": at + timedelta(days=policy_in_force().open_days),
        },
    )
    return row.code or ""


def is_own_matter(visit_id: UUID, *, account_id: UUID) -> bool:
    """Whether a clerk's own person, or an enterprise for which he acts, asked for what a visit brought."""
    rows = Application.objects.filter(Q(pk=visit_id) | Q(ticket_id=visit_id))
    return any(
        account_id in trust.related_accounts(account_ids=[applicant], enterprise_id=enterprise)
        for applicant, enterprise in rows.values_list("applicant_id", "enterprise_id")
    )


def _served(actor: Actor, *, at: datetime) -> TicketQuerySet:
    if not actor.has(Role.WINDOW_CLERK):
        raise NotAtWindow
    rows = Ticket.objects.visible_to(actor).select_related("group")
    return rows.filter(clerk_id=actor.id, on=timezone.localdate(at), state__in=SERVED_STATES)


def _taken_in(actor: Actor, *, at: datetime) -> ApplicationQuerySet:
    day = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Application.objects.visible_to(actor).filter(opened_by=actor.id, opened_in=actor.department_id)
    return rows.filter(submitted_at__gte=day, submitted_at__lt=day + timedelta(days=1))
