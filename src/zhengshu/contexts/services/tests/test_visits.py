"""Visits at a window: one code for one number or application, never for oneself, and what looks unusual of them."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework.tests.licences import Office
from zhengshu.contexts.services.application.give_rating import (
    NothingToRate,
    RatedAlready,
    RatingOwnWork,
    rate_case,
    rate_visit,
)
from zhengshu.contexts.services.application.open_rectifications import open_rectifications
from zhengshu.contexts.services.application.open_visit import (
    NotAtWindow,
    VisitNotFound,
    VisitOfOneself,
    VisitUnfit,
    open_visit,
    visits_today,
)
from zhengshu.contexts.services.application.read_rater import read_rater
from zhengshu.contexts.services.application.unusual_ratings import unusual_ratings
from zhengshu.contexts.services.models import Application, Rating, RatingInvitation, Ticket
from zhengshu.contexts.services.tests.hall_cast import ITEM as HALL_ITEM
from zhengshu.contexts.services.tests.hall_cast import sent
from zhengshu.contexts.services.tests.intake_kit import AT as HALL_AT
from zhengshu.contexts.services.tests.intake_kit import Hall
from zhengshu.contexts.services.tests.rating_cast import (
    BAD,
    GOOD,
    ITEM,
    draft,
    invited,
    office,
    served,
    visit_code,
)
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.kernel.actors import Actor, Role

pytestmark = pytest.mark.django_db


class TestCode:
    def test_is_good_once_and_needs_no_account(self) -> None:
        place = office()
        code = visit_code(place, window=" 3号 窗口 ")
        rate_visit(code=code, draft=draft(BAD), actor=Actor.anonymous(), at=AT)

        with pytest.raises(RatedAlready):
            rate_visit(code=code, draft=draft(), actor=Actor.anonymous(), at=AT)

        assert Rating.objects.get(cell__department_id=place.id).cell.window == "3号 窗口"

    def test_of_one_visit_is_one(self) -> None:
        place = office()
        ticket = served(place)

        codes = {
            open_visit(visit_id=ticket.id, item_code=ITEM, actor=place.clerk, at=AT) for _again in range(3)
        }

        assert len(codes) == 1
        assert [one.code for one in visits_today(actor=place.clerk, at=AT)] == list(codes)

    def test_is_for_numbers_that_the_clerk_served_today(self) -> None:
        place = office()
        ticket = served(place)

        with pytest.raises(NotAtWindow):
            open_visit(visit_id=ticket.id, item_code=ITEM, actor=place.head, at=AT)
        for actor, at in (
            (place.colleague, AT),
            (place.stranger, AT),
            (place.clerk, AT + timedelta(days=1)),
        ):
            with pytest.raises(VisitNotFound):
                open_visit(visit_id=ticket.id, item_code=ITEM, actor=actor, at=at)
        Ticket.objects.filter(pk=ticket.id).update(state="called")
        with pytest.raises(VisitNotFound):
            open_visit(visit_id=ticket.id, item_code=ITEM, actor=place.clerk, at=AT)

    def test_names_an_item_of_the_own_department(self) -> None:
        place = office()
        ticket = served(place)

        for item in ("", "no-such-item"):
            with pytest.raises(VisitUnfit):
                open_visit(visit_id=ticket.id, item_code=item, actor=place.clerk, at=AT)

    def test_of_an_application_has_its_item(self, place: Hall) -> None:
        number = sent(place, begun=HALL_AT)
        (visit,) = visits_today(actor=place.clerk, at=HALL_AT)

        with pytest.raises(VisitUnfit):
            open_visit(visit_id=visit.id, actor=place.clerk, at=HALL_AT)
        open_visit(visit_id=visit.id, item_code="another", window="5号", actor=place.clerk, at=HALL_AT)

        row = RatingInvitation.objects.get(visit_id=visit.id)
        assert (visit.label, row.item_code, row.window, row.made_by) == (
            number,
            HALL_ITEM,
            "5号",
            place.clerk.id,
        )

    def test_does_not_open_a_case(self) -> None:
        place = office()
        invited(place)

        with pytest.raises(NothingToRate):
            rate_visit(code="", draft=draft(), actor=Actor.anonymous(), at=AT)

    def test_is_shown_as_a_picture(self, client: Client) -> None:
        place = office()
        ticket = served(place)
        Ticket.objects.filter(pk=ticket.id).update(on=timezone.localdate())
        client.force_login(factories.account_of(place.clerk))
        path = reverse("services:visits")

        asked = client.get(path, {"visit": str(ticket.id)}).content.decode()
        shown = client.post(path, {"visit": ticket.id, "item": ITEM}).content.decode()

        assert ticket.label in asked
        code = RatingInvitation.objects.get(visit_id=ticket.id).code
        assert f"/services/visits/{code}/" in shown
        assert "<svg" in shown


class TestOneself:
    """A clerk does not rate himself, by whatever account and in whatever order."""

    def test_a_clerks_own_matter_has_no_code(self, place: Hall) -> None:
        sent(place, begun=HALL_AT)
        Application.objects.update(applicant_id=place.clerk.id)
        (visit,) = visits_today(actor=place.clerk, at=HALL_AT)

        with pytest.raises(VisitOfOneself):
            open_visit(visit_id=visit.id, window="5号", actor=place.clerk, at=HALL_AT)

        assert not RatingInvitation.objects.filter(visit_id=visit.id).exists()

    def test_nor_is_a_code_good_that_was_made_before_he_asked(self, place: Hall) -> None:
        sent(place, begun=HALL_AT)
        (visit,) = visits_today(actor=place.clerk, at=HALL_AT)
        code = open_visit(visit_id=visit.id, window="5号", actor=place.clerk, at=HALL_AT)
        Application.objects.update(applicant_id=place.clerk.id)

        with pytest.raises(RatingOwnWork):
            rate_visit(code=code, draft=draft(), actor=Actor.anonymous(), at=HALL_AT)

    def test_officials_do_not_rate_their_department(self) -> None:
        place = office()
        code, key = visit_code(place), invited(place, person=place.head)

        for actor in (place.clerk, place.colleague, place.head):
            with pytest.raises(RatingOwnWork):
                rate_visit(code=code, draft=draft(), actor=actor, at=AT)
        with pytest.raises(RatingOwnWork):
            rate_case(invitation_id=key, draft=draft(), actor=place.head, at=AT)

    def test_whoever_made_the_code_does_not_rate_as_a_citizen(self) -> None:
        place = office()
        code = visit_code(place)
        RatingInvitation.objects.filter(code=code).update(made_by=place.citizen.id)

        with pytest.raises(RatingOwnWork):
            rate_visit(code=code, draft=draft(), actor=place.citizen, at=AT)
        rate_visit(code=code, draft=draft(), actor=place.other_citizen, at=AT)

    def test_who_made_the_code_is_told_to_the_desk_alone(self, client: Client) -> None:
        place = office()
        code = visit_code(place)
        rate_visit(code=code, draft=draft(BAD), actor=Actor.anonymous(), at=AT)
        open_rectifications(at=AT + timedelta(days=1))
        row = Rating.objects.get(cell__department_id=place.id)
        name = factories.account_of(place.clerk).name

        assert read_rater(rating_id=row.id, actor=place.reviewer, at=AT).made_by == name
        client.force_login(factories.account_of(place.head))
        shown = client.get(reverse("services:bad-rating", args=[row.id])).content.decode()
        assert name not in shown
        assert name not in Client().get(reverse("services:ratings")).content.decode()


class TestUnusual:
    def burst(self, place: Office, *, number: int, apart: timedelta) -> datetime:
        at = AT
        for _one in range(number):
            code = visit_code(place)
            at += apart
            rate_visit(code=code, draft=draft(GOOD), actor=Actor.anonymous(), at=at)
        return at

    def test_is_a_run_of_ratings_by_one_clerks_codes(self) -> None:
        place = office()
        last = self.burst(place, number=5, apart=timedelta(minutes=1))

        (found,) = unusual_ratings(actor=place.reviewer, at=last)

        assert (found.clerk, found.ratings, found.last_at - found.first_at) == (
            factories.account_of(place.clerk).name,
            5,
            timedelta(minutes=4),
        )

    @pytest.mark.parametrize(("number", "apart"), [(4, 1), (6, 3)])
    def test_is_nothing_that_windows_do_every_day(self, number: int, apart: int) -> None:
        place = office()
        last = self.burst(place, number=number, apart=timedelta(minutes=apart))

        assert unusual_ratings(actor=place.reviewer, at=last) == ()

    def test_is_told_to_reviewers_of_the_desk_alone(self, client: Client) -> None:
        place = office()
        last = self.burst(place, number=5, apart=timedelta(minutes=1))
        other = factories.actor(Role.REVIEWER, department_id=factories.department().id)

        for actor in (place.clerk, place.head, place.stranger, other, Actor.anonymous()):
            assert unusual_ratings(actor=actor, at=last) == ()
        path = reverse("services:unusual-ratings")
        client.force_login(factories.account_of(place.head))
        assert client.get(path).status_code == 403
        client.force_login(factories.account_of(place.reviewer))
        assert client.get(path).status_code == 200
