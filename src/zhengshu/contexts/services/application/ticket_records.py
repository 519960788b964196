"""What others learn of tickets: frozen records that name nobody."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.services.domain.queueing import TicketState
from zhengshu.contexts.services.models import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRecord:
    """A ticket.

    Attributes:
        label: its number as it is printed and called.
        item_name: for what it was taken; empty for any matter.
        case_type: what the clerk opens for it; empty for any matter.
        window: where it was called last.
        calls: how often it was called.
    """

    id: UUID
    label: str
    code: str
    group_id: UUID
    group_name: str
    department_id: UUID
    department_name: str
    item_code: str
    item_name: str
    item_name_en: str
    case_type: str
    state: TicketState
    window: str
    calls: int
    taken_at: datetime
    called_at: datetime | None
    served_from: datetime | None
    ended_at: datetime | None


def ticket_of(row: Ticket) -> TicketRecord:
    """Return the record of a row whose group was loaded with it."""
    return TicketRecord(
        id=row.pk,
        label=row.label,
        code=row.code,
        group_id=row.group_id,
        group_name=row.group.name,
        department_id=row.group.department_id,
        department_name=row.group.department_name,
        item_code=row.item_code,
        item_name=row.item_name,
        item_name_en=row.item_name_en,
        case_type=row.case_type,
        state=TicketState(row.state),
        window=row.window,
        calls=row.calls,
        taken_at=row.taken_at,
        called_at=row.called_at,
        served_from=row.served_from,
        ended_at=row.ended_at,
    )
