"""Rectifications are opened a day at a time, so that nobody finds out who rated by when."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.tests.licences import Office
from zhengshu.contexts.services.application import rating_queries as queries
from zhengshu.contexts.services.application.give_rating import rate_case
from zhengshu.contexts.services.application.open_rectifications import open_rectifications
from zhengshu.contexts.services.events import RatingGiven
from zhengshu.contexts.services.models import Rating
from zhengshu.contexts.services.tests.rating_cast import BAD, draft, invited, office
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.kernel.identity import CaseId

pytestmark = pytest.mark.django_db


class TestMoment:
    """What follows a bad rating tells its day: who stood in the queue at that minute stays unknown."""

    def rated_at(self, place: Office, *moments: datetime) -> None:
        for at in moments:
            rate_case(invitation_id=invited(place), draft=draft(BAD), actor=place.citizen, at=at)

    def test_nothing_is_opened_before_the_next_morning(self) -> None:
        place = office()
        self.rated_at(place, AT)
        midnight = AT.replace(hour=16)

        opened = [
            open_rectifications(at=at)
            for at in (
                AT,
                midnight,
                midnight + timedelta(hours=6, minutes=59),
                *[midnight + timedelta(hours=7)] * 2,
            )
        ]

        assert opened == [0, 0, 0, 1, 0]
        assert [one.is_mending for one in queries.given(actor=place.citizen)] == [True]

    def test_cases_of_one_day_have_one_moment_and_the_limits_of_that_day(self) -> None:
        place = office()
        self.rated_at(place, AT, AT + timedelta(minutes=1), AT + timedelta(hours=9))

        open_rectifications(at=AT + timedelta(days=1))

        rows = Rating.objects.filter(cell__department_id=place.id)
        cases = [
            casework.case(case_id=CaseId(row.rectification_id), actor=place.head, at=AT)
            for row in rows
            if row.rectification_id
        ]
        told = {
            moment
            for case in cases
            for moment in (
                case.opened_at,
                *(step.at for step in case.timeline),
                *(t.opened_at for t in case.open_tasks),
            )
        }
        assert told == {datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)}
        due = {clock.due_at for case in cases for clock in case.clocks if clock.clock == "contact"}
        assert due == {datetime(2026, 3, 3, 15, 59, 59, tzinfo=UTC)}

    def test_numbers_and_ids_come_in_an_order_drawn_by_lot(self, monkeypatch: pytest.MonkeyPatch) -> None:
        place = office()
        self.rated_at(place, *(AT + timedelta(minutes=minute) for minute in range(4)))

        class Lot:
            def shuffle(self, drawn: list[UUID]) -> None:
                places = dict(Rating.objects.values_list("pk", "place"))
                drawn.sort(key=lambda key: {1: 3, 2: 1, 3: 4, 4: 2}[places[key]])

        monkeypatch.setattr("secrets.SystemRandom", Lot)

        open_rectifications(at=AT + timedelta(days=1))

        rows = Rating.objects.filter(cell__department_id=place.id).order_by("place")
        numbers = [row.rectification_number for row in rows]
        ids = [row.rectification_id for row in rows]
        assert [sorted(numbers).index(number) + 1 for number in numbers] == [3, 1, 4, 2]
        assert [sorted(ids, key=str).index(key) + 1 for key in ids] == [3, 1, 4, 2]

    def test_the_event_of_a_rating_is_the_desks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        place = office()
        seen: list[RatingGiven] = []
        monkeypatch.setattr("zhengshu.contexts.services.application.give_rating.publish", seen.append)

        self.rated_at(place, AT)

        assert [one.department_id for one in seen] == [place.authority]
