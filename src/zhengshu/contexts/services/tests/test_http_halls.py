"""Halls in the management API: their queues now, as their screens show them, and how long people waited."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from zhengshu.contexts.services.application.keep_window_groups import form_window_group
from zhengshu.contexts.services.domain.queueing import Step
from zhengshu.contexts.services.tests import hall_cast as cast
from zhengshu.contexts.services.tests import intake_kit as kit
from zhengshu.contexts.services.tests.test_pages_lists import browser

pytestmark = pytest.mark.django_db
HALLS, TIMES = "/api/services/halls", "/api/services/hall-times"


@pytest.fixture
def at() -> datetime:
    return timezone.now()


@pytest.fixture
def place(at: datetime) -> kit.Hall:
    """Return a hall in which one was served in ten minutes, and two wait."""
    found = kit.hall()
    kit.offer(found, code=cast.ITEM)
    group = form_window_group(letter="A", name="社保", items=[cast.ITEM], actor=found.clerk, at=at)
    kiosk = cast.a_kiosk(found.clerk)
    for _ in range(3):
        cast.taken(group, kiosk, item=cast.ITEM, at=at)
    first = cast.called(group, found.clerk, at=at)
    cast.moved(first, Step.SERVE, found.clerk, at=at)
    cast.moved(first, Step.END, found.clerk, at=at + timedelta(minutes=10))
    return found


class TestHalls:
    def test_tell_windows_who_waits_and_how_long(self, place: kit.Hall) -> None:
        client = browser(place.officer)

        (listed,) = client.get(HALLS).json()
        found = client.get(f"{HALLS}/{listed['department_id']}").json()

        assert (listed["department_id"], listed["groups"]) == (str(place.department), ["A"])
        assert found["groups"] == [
            {
                "letter": "A",
                "name": "社保",
                "items": [cast.ITEM],
                "windows": [cast.WINDOW],
                "waiting": 2,
                "expected_minutes": 20,
            }
        ]

    def test_are_listed_in_one_query_however_many(
        self, place: kit.Hall, at: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for letter in "BCDEFGH":
            form_window_group(letter=letter, name=letter, items=[], actor=place.clerk, at=at)
        client = browser(place.officer)

        with django_assert_max_num_queries(8):
            (listed,) = client.get(HALLS).json()

        assert listed["groups"] == list("ABCDEFGH")

    def test_one_without_numbers_is_not_found(self, place: kit.Hall) -> None:
        answer = browser(place.officer).get(f"{HALLS}/{uuid4()}")

        assert (answer.status_code, answer.json()["code"]) == (404, "services.window-group-not-found")


class TestTimes:
    def test_are_told_of_a_month_to_those_who_may_count(self, place: kit.Hall, at: datetime) -> None:
        month = f"{timezone.localdate(at):%Y-%m}"

        (own,) = browser(place.clerk).get(TIMES, {"month": month}).json()

        assert (own["letter"], own["taken"], own["served"], own["visit"]) == ("A", 3, 1, 10)
        assert browser(place.stranger).get(TIMES, {"month": month}).status_code == 403
        assert browser(place.clerk).get(TIMES, {"month": "2000-13"}).status_code == 422
        assert len(browser(kit.leader(place)).get(TIMES, {"month": month}).json()) == 1

    def test_visitors_sign_in_first(self) -> None:
        for path in (HALLS, f"{HALLS}/{uuid4()}", f"{TIMES}?month=2026-01"):
            assert Client().get(path).status_code in {401, 403}
