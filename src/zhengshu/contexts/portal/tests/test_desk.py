"""What lies on a desk, and what it costs however much there is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.catalog.tests.factories import draft
from zhengshu.contexts.exchange.tests import factories as exchange
from zhengshu.contexts.portal.application.see_desk import see_desk
from zhengshu.kernel.actors import Actor, Role

MOST_QUERIES = 15
"""What `bench/pages.py` allows a page."""


@pytest.mark.django_db
class TestCostOfADesk:
    @pytest.fixture
    def place(self, settings: Settings) -> exchange.City:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        return exchange.city(at=exchange.NOW)

    @pytest.fixture
    def queries(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor], int]:
        """Return how many queries somebody's first page takes in a process that has shown none before."""

        def count(actor: Actor) -> int:
            monkeypatch.setattr("zhengshu.contexts.casework.application.naming._known", {})
            client = exchange.browser(actor)
            with CaptureQueriesContext(connection) as captured:
                page = client.get("/")
            assert page.status_code == 200
            return len(captured)

        return count

    def fill(self, place: exchange.City, number: int) -> None:
        for _ in range(number):
            exchange.at_provider(place, at=exchange.NOW)
            code = catalog.draft_resource(draft=draft(), actor=place.provider, at=exchange.NOW).code
            catalog.submit_resource(code=code, actor=place.provider, at=exchange.NOW)

    def test_is_the_same_for_a_few_lines_and_for_full_cards(
        self, place: exchange.City, queries: Callable[[Actor], int]
    ) -> None:
        people = (place.provider, place.provider_head, place.officer)
        self.fill(place, 2)
        few = [queries(actor) for actor in people]

        self.fill(place, 8)
        many = [queries(actor) for actor in people]

        assert few == many
        assert max(many) <= MOST_QUERIES

    def test_counts_what_no_card_has_room_for(self, place: exchange.City) -> None:
        self.fill(place, 8)

        desk = see_desk(actor=place.provider, at=exchange.NOW)

        assert (desk.todos.total, desk.started.total, desk.asked.total) == (8, 8, 8)
        assert {len(desk.todos.rows), len(desk.started.rows), len(desk.asked.rows)} == {6}

    def test_of_a_leader_is_bounded_too(self, place: exchange.City, queries: Callable[[Actor], int]) -> None:
        self.fill(place, 8)
        leader = exchange.colleague("leader", Role.LEADER, of=place.reviewer, at=exchange.NOW)

        assert queries(leader) <= MOST_QUERIES

    def test_a_deputy_finds_the_to_dos_of_the_absent(
        self, place: exchange.City, queries: Callable[[Actor], int]
    ) -> None:
        self.fill(place, 1)
        second = exchange.colleague("deputy", Role.APPROVER, of=place.provider, at=exchange.NOW)
        casework.declare_absence(
            person_id=place.provider_head.id,
            deputy_id=second.id,
            active_from=exchange.NOW - timedelta(days=1),
            active_to=exchange.NOW + timedelta(days=3),
            case_types=(),
            actor=place.provider_head,
            at=exchange.NOW,
        )

        desk = see_desk(actor=second, at=exchange.NOW)

        assert {one.for_name for one in desk.todos.rows} == {place.provider_head.name}
        assert queries(second) <= MOST_QUERIES
