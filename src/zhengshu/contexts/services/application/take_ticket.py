"""Taking a number at a kiosk."""

import secrets
from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from zhengshu.contexts.services.application.invite_rating import CODE_LENGTH, LETTERS
from zhengshu.contexts.services.application.keep_kiosk import KioskRecord
from zhengshu.contexts.services.application.keep_window_groups import WindowGroupNotFound
from zhengshu.contexts.services.application.offered import taken_in
from zhengshu.contexts.services.application.ticket_records import TicketRecord, ticket_of
from zhengshu.contexts.services.models import Ticket, WindowGroup
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.errors import Kind, Refused

MOST_A_MINUTE: Final = 20
"""A kiosk that gives more numbers in a minute is played with."""


class TooManyTickets(Refused):
    """Numbers are taken faster at the kiosk than people can come; wait a minute."""

    code: ClassVar[str] = "services.too-many-tickets"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = "Too many numbers were taken here. Wait a minute and try again."


class NotForThisNumber(Refused):
    """The group gives no numbers for the item."""

    code: ClassVar[str] = "services.not-for-this-number"
    message: ClassVar[str] = "These windows do not handle that matter. Choose another one."


@transaction
def take_ticket(
    *, group_id: UUID, item_code: str = "", once: UUID, kiosk: KioskRecord, at: datetime
) -> TicketRecord:
    """Give the next number of a group of the kiosk's hall; what is sent twice gives the same number.

    Raises:
        WindowGroupNotFound: the kiosk's hall has no such group that gives numbers.
        NotForThisNumber: the group does not handle the item.
        TooManyTickets: the kiosk gave too many just now.
    """
    groups = WindowGroup.objects.open().filter(department_id=kiosk.department_id)
    group = groups.select_for_update(no_key=True).filter(pk=group_id).first()
    if group is None:
        raise WindowGroupNotFound
    before = Ticket.objects.select_related("group").filter(once=once, kiosk_id=kiosk.id).first()
    if before is not None:
        return ticket_of(before)
    if (
        Ticket.objects.filter(kiosk_id=kiosk.id, taken_at__gt=at - timedelta(minutes=1)).count()
        >= MOST_A_MINUTE
    ):
        raise TooManyTickets
    row = _row(group, item_code, at=at)
    row.once, row.kiosk_id = once, kiosk.id
    row.save(force_insert=True)
    return ticket_of(row)


def _row(group: WindowGroup, item_code: str, *, at: datetime) -> Ticket:
    item = next(iter(taken_in(codes=[item_code])), None) if item_code else None
    if item_code and (item is None or item_code not in group.items):
        raise NotForThisNumber
    on = timezone.localdate(at)
    last = Ticket.objects.filter(group=group, on=on).aggregate(last=Max("number"))["last"]
    row = Ticket(group=group, on=on, number=(last or 0) + 1, taken_at=at)
    row.code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    if item is not None:
        row.item_code, row.case_type = item.code, item.case_type
        row.item_name, row.item_name_en = item.name, item.name_en
    return row
