"""An office whose service is rated, the people around it, and ratings as tests need them."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.tests import licences
from zhengshu.contexts.casework.tests.licences import Office
from zhengshu.contexts.services.application.call_tickets import call_next
from zhengshu.contexts.services.application.give_rating import rate_case
from zhengshu.contexts.services.application.keep_window_groups import form_window_group, window_groups
from zhengshu.contexts.services.application.open_rectifications import open_rectifications
from zhengshu.contexts.services.application.open_visit import open_visit
from zhengshu.contexts.services.application.ticket_records import TicketRecord
from zhengshu.contexts.services.domain.queueing import Step
from zhengshu.contexts.services.domain.ratings import RatingChannel, RatingDraft
from zhengshu.contexts.services.domain.vocabulary import Satisfaction
from zhengshu.contexts.services.models import Rating, RatingInvitation, ServiceItem
from zhengshu.contexts.services.tests.hall_cast import a_kiosk, moved, taken
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import new_id

ITEM, NAME = "s5-licence", "欧阳静好"
GOOD, BAD = Satisfaction.VERY_SATISFIED, Satisfaction.VERY_DISSATISFIED


def office() -> Office:
    """Return a licensing office whose case type is the item of these tests."""
    place = licences.office()
    citizen = factories.account_of(place.citizen)
    citizen.name = NAME
    citizen.save(update_fields=["name"])
    casework.load_case_types(
        folder=Path(settings.PACKS_FOLDER) / "case-types" / "rating-rectification", at=AT
    )
    ServiceItem.objects.create(
        code=ITEM, name="食品摊点登记", department_id=place.id, department_name="许可局", level="3", kind="01",
        audiences=["1"], case_kind="2", case_type="licence", state="published", origin="content", changed_at=AT,
    )  # fmt: skip
    return place


def invited(place: Office, *, window: str = "", person: Actor | None = None, item: str = ITEM) -> UUID:
    """Return an invitation to rate a case that has just ended."""
    row = RatingInvitation.objects.create(
        id=new_id(), case_id=new_id(), case_number="XK202603020001", item_code=item, item_name="食品摊点登记",
        department_id=place.id, department_name="许可局", window=window,
        person_id=(person or place.citizen).id, opened_at=AT, expires_at=AT + timedelta(days=30),
    )  # fmt: skip
    return row.id


def served(place: Office, *, clerk: Actor | None = None, window: str = "3号窗口") -> TicketRecord:
    """Return a number for any matter that a clerk called to his window and serves."""
    clerk = clerk or place.clerk
    group = next(iter(window_groups(actor=clerk)), None) or form_window_group(
        letter="A", name="综合窗口", items=[], actor=clerk, at=AT
    )
    ticket = taken(group, a_kiosk(clerk))
    call_next(group_id=group.id, window=window, actor=clerk, at=AT)
    return moved(ticket, Step.SERVE, clerk)


def visit_code(place: Office, *, window: str = "3号窗口") -> str:
    """Return the code of a visit that has just ended."""
    ticket = served(place, window=window)
    code = open_visit(visit_id=ticket.id, item_code=ITEM, actor=place.clerk, at=AT)
    moved(ticket, Step.END, place.clerk)
    return code


def draft(level: Satisfaction = GOOD, **told: str) -> RatingDraft:
    """Return what somebody says."""
    return RatingDraft(
        level=level, channel=RatingChannel.PC, words=told.get("words", ""), contact=told.get("contact", "")
    )


def rated(place: Office, level: Satisfaction = BAD, **told: str) -> Rating:
    """Return a rating that has just been given."""
    key = invited(place)
    rate_case(invitation_id=key, draft=draft(level, **told), actor=place.citizen, at=AT)
    open_rectifications(at=AT + timedelta(days=1))
    return Rating.objects.filter(cell__department_id=place.id).latest("place")
