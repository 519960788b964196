"""Stamps by which pages learn that they changed: cheap, conditional, and telling nothing to strangers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application.messages.stamps import stamps
from zhengshu.contexts.casework.tests import licences
from zhengshu.contexts.casework.tests.messaging import deliver_events
from zhengshu.contexts.trust.tests import factories as trust

pytestmark = pytest.mark.django_db

LIVE = "/messages/live/"
SEEN = "trust_seen_at"


@pytest.fixture
def place() -> licences.Office:
    return licences.office()


class TestStamps:
    def test_change_when_what_they_stand_for_does(self, place: licences.Office) -> None:
        case = licences.applied(place, at=timezone.now())

        def look() -> dict[str, str]:
            return stamps(parts=["bell", "desk"], case_id=case.id, actor=place.clerk)

        first = look()
        deliver_events()
        told = look()
        api.claim_task(case_id=case.id, task="accept", actor=place.colleague, at=timezone.now())
        claimed = look()
        api.complete_task(
            case_id=case.id, task="accept", outcome="accept", actor=place.colleague, at=timezone.now()
        )
        done = look()

        assert first["bell"] != told["bell"]
        assert (first["desk"], first["case"]) == (told["desk"], told["case"])
        assert told["desk"] != claimed["desk"] != done["desk"]
        assert told["case"] != claimed["case"] != done["case"]

    def test_are_one_query(self, place: licences.Office) -> None:
        case = licences.applied(place, at=timezone.now())

        with CaptureQueriesContext(connection) as queries:
            stamps(parts=["bell", "desk"], case_id=case.id, actor=place.clerk)

        assert len(queries) == 1

    def test_tell_nothing_of_cases_that_one_may_not_see(self, place: licences.Office) -> None:
        case = licences.applied(place, at=timezone.now())

        assert "case" not in stamps(parts=[], case_id=case.id, actor=place.stranger)


class TestLive:
    def test_answers_empty_while_nothing_changed(self, place: licences.Office) -> None:
        case = licences.applied(place, at=timezone.now())
        client = Client(headers={"Zhengshu-Live": "1"})
        client.force_login(trust.account_of(place.clerk))
        asked = {"part": ["bell", "desk"], "case": str(case.id)}

        first = client.get(LIVE, asked)
        same = client.get(LIVE, asked, headers={"If-None-Match": first["ETag"]})
        api.complete_task(
            case_id=case.id, task="accept", outcome="accept", actor=place.colleague, at=timezone.now()
        )
        changed = client.get(LIVE, asked, headers={"If-None-Match": first["ETag"]})

        assert set(first.json()["parts"]) == {"bell", "desk", "case"}
        assert (same.status_code, same.content) == (304, b"")
        assert changed.status_code == 200
        assert changed["ETag"] != first["ETag"]

    def test_does_not_keep_a_session_alive(self, place: licences.Office) -> None:
        client = Client()
        client.force_login(trust.account_of(place.clerk))
        client.get("/messages/")
        session = client.session
        before = (timezone.now() - timedelta(minutes=5)).timestamp()
        session[SEEN] = before
        session.save()

        client.get(LIVE, {"part": "bell"}, headers={"Zhengshu-Live": "1"})
        assert client.session[SEEN] == before
        client.get("/messages/")
        assert client.session[SEEN] > before

    def test_is_for_the_signed_in(self) -> None:
        assert Client().get(LIVE).status_code in {302, 401, 403}

    @pytest.mark.parametrize("case", ["", "x", "00000000-0000-0000-0000-000000000007"])
    def test_takes_any_nonsense(self, place: licences.Office, case: str) -> None:
        client = Client()
        client.force_login(trust.account_of(place.clerk))

        assert client.get(LIVE, {"case": case, "part": ["x"] * 99}).json() == {"parts": {}}
