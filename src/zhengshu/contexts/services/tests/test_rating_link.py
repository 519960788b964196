"""The link by which a case is rated without signing in: once, in time, by nobody who guesses."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.api import use_afterwords
from zhengshu.contexts.casework.tests import licences
from zhengshu.contexts.casework.tests.licences import Office
from zhengshu.contexts.casework.tests.messaging import outside, rating_paths, wants
from zhengshu.contexts.services.application.invite_rating import invite_after_case
from zhengshu.contexts.services.application.rating_link import link_code
from zhengshu.contexts.services.interfaces.afterwords import RatingLinks
from zhengshu.contexts.services.models import Rater, Rating, RatingInvitation
from zhengshu.contexts.services.tests.intake_kit import closed_event
from zhengshu.contexts.services.tests.rating_cast import NAME, invited, office
from zhengshu.contexts.trust.tests.factories import account_of
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db
GOOD = {"level": "1"}


def link(key: UUID) -> str:
    """Return the link of an invitation that is still open."""
    RatingInvitation.objects.filter(pk=key).update(expires_at=timezone.now() + timedelta(days=30))
    return reverse("services:rate-link", args=[link_code(key)])


def browser(actor: Actor | None = None) -> Client:
    client = Client()
    if actor is not None:
        client.force_login(account_of(actor))
    return client


class TestLink:
    def test_is_rated_without_signing_in_and_names_nobody(self) -> None:
        place = office()
        address = link(invited(place))

        page = browser().get(address)
        answer = browser().post(address, GOOD, follow=True)

        text = page.content.decode()
        assert "食品摊点登记" in text
        assert NAME not in text
        assert "XK202603020001" not in text
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert "评价已收到" in answer.content.decode()
        assert Rating.objects.get().channel == "sms"
        assert Rater.objects.get().person_id == place.citizen.id

    def test_counts_once_by_whichever_way(self) -> None:
        place = office()
        key = invited(place)
        address = link(key)
        browser().post(address, GOOD)

        again = browser().post(address, {"level": "5"}, follow=True).content.decode()
        browser(place.citizen).post(reverse("services:rate", args=[key]), {"level": "5"})

        assert "评价已收到" in again
        assert "食品摊点登记" not in again
        assert list(Rating.objects.values_list("level", flat=True)) == ["1"]

    def test_looking_does_not_use_it(self) -> None:
        address = link(invited(office()))

        for _ in range(3):
            browser().get(address)

        assert not Rating.objects.exists()

    def test_runs_out_with_the_invitation(self) -> None:
        key = invited(office())
        address = link(key)
        RatingInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        text = browser().get(address).content.decode()
        browser().post(address, GOOD)

        assert "食品摊点登记" not in text
        assert not Rating.objects.exists()

    def test_is_not_guessed(self) -> None:
        place = office()
        first, second = link_code(invited(place)), link_code(invited(place))
        swapped = first[:22] + second[22:]
        flipped = first[:-1] + ("A" if first[-1] != "A" else "B")

        for code in (swapped, flipped, first[:-2], first + "A", "x" * 43, "知", "A", first.lower()):
            answer = browser().post(reverse("services:rate-link", args=[code]), GOOD)
            assert answer.status_code == 404, code
        assert not Rating.objects.exists()

    def test_is_nothing_for_whoever_is_signed_in_as_another(self) -> None:
        place = office()
        address = link(invited(place))

        for actor in (place.other_citizen, place.clerk):
            assert browser(actor).get(address).status_code == 404
            assert browser(actor).post(address, GOOD).status_code == 404
        assert browser(place.citizen).get(address).status_code == 200


def link_in(case: casework.CaseRecord, place: Office) -> str:
    """Return the link in the e-mail that tells of the end of a case; empty where there is none."""
    found = re.search(r"/services/rate/by/[\w-]+/", outside(case, place.citizen, code="granted"))
    return found[0] if found else ""


class TestMessages:
    def test_of_the_end_of_a_case_hold_the_link_and_others_do_not(self) -> None:
        use_afterwords(RatingLinks())
        place = office()
        wants(place.citizen, by_sms=True)
        case = licences.applied(place)
        row = RatingInvitation.objects.get(pk=invited(place))
        RatingInvitation.objects.filter(pk=row.pk).update(
            case_id=case.id, expires_at=timezone.now() + timedelta(days=1)
        )

        ended, other = (outside(case, place.citizen, code=code) for code in ("granted", "supplement"))

        found = re.search(r"/services/rate/by/[\w-]+/", ended)
        assert found is not None
        assert browser().get(found[0]).status_code == 200
        assert "/services/rate/" not in other
        assert rating_paths(place.citizen) == {found[0], ""}
        assert rating_paths(place.other_citizen) == set()

    def test_hold_the_link_also_where_they_are_faster_than_the_event(self) -> None:
        use_afterwords(RatingLinks())
        place = office()
        wants(place.citizen)
        now = timezone.now()
        case = licences.accepted(place, at=now)
        running = link_in(case, place)
        ended = casework.complete_task(
            case_id=case.id, task="decide", outcome="grant", actor=place.approver, at=now
        )
        assert not RatingInvitation.objects.exists()

        first = link_in(ended, place)
        RatingInvitation.objects.all().delete()
        invite_after_case(closed_event(ended, actor=place.approver, at=now))
        second = link_in(ended, place)

        assert running == ""
        assert first == second != ""
        assert browser().get(first).status_code == 200
        assert RatingInvitation.objects.count() == 1
