"""A hall for tests: its item, group and kiosk, and what people and clerks do in it."""

from datetime import datetime
from uuid import uuid4

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application.call_tickets import call_next, move_ticket
from zhengshu.contexts.services.application.keep_kiosk import KioskRecord, kiosk_behind, register_kiosk
from zhengshu.contexts.services.application.keep_window_groups import (
    WindowGroupRecord,
)
from zhengshu.contexts.services.application.submit_application import submit_application
from zhengshu.contexts.services.application.take_ticket import (
    take_ticket,
)
from zhengshu.contexts.services.application.ticket_records import TicketRecord
from zhengshu.contexts.services.domain.queueing import Step
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.contexts.services.tests.intake_kit import AT, Hall
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor, Role

ITEM, WINDOW = "insured-certificate", "3号"


def a_kiosk(clerk: Actor) -> KioskRecord:
    cookie = register_kiosk(name="1号自助终端", place="一楼大厅", actor=clerk, at=AT)
    found = kiosk_behind(cookie, address=clerk.address)
    assert found is not None
    return found


def taken(group: WindowGroupRecord, kiosk: KioskRecord, *, item: str = "", at: datetime = AT) -> TicketRecord:
    return take_ticket(group_id=group.id, item_code=item, once=uuid4(), kiosk=kiosk, at=at)


def called(group: WindowGroupRecord, clerk: Actor, *, at: datetime = AT) -> TicketRecord:
    return call_next(group_id=group.id, window=WINDOW, actor=clerk, at=at)


def moved(ticket: TicketRecord, step: Step, clerk: Actor, *, at: datetime = AT) -> TicketRecord:
    return move_ticket(ticket_id=ticket.id, step=step, actor=clerk, at=at)


def colleague(place: Hall) -> Actor:
    return trust.actor(Role.WINDOW_CLERK, department_id=place.department)


def sent(place: Hall, *, begun: datetime) -> str:
    """Return the number of an application that the clerk takes in for the citizen."""
    draft = casework.prepare_form(
        case_type=ITEM,
        applicant=casework.Applicant(account_id=place.citizen.id),
        answers={},
        actor=place.clerk,
        at=begun,
    )
    found = submit_application(draft_id=draft, channel=Channel.WINDOW, actor=place.clerk, at=begun)
    return found.number
