"""The hall: numbers taken once, called once, joined to what was taken in; seen by whom they concern."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from zhengshu.contexts.services.application import call_tickets, keep_window_groups, ticket_queries
from zhengshu.contexts.services.application.application_queries import application
from zhengshu.contexts.services.application.call_tickets import call_next, call_number
from zhengshu.contexts.services.application.keep_kiosk import KioskRecord
from zhengshu.contexts.services.application.keep_window_groups import (
    WindowGroupRecord,
    end_window_group,
    form_window_group,
)
from zhengshu.contexts.services.application.take_ticket import (
    MOST_A_MINUTE,
    NotForThisNumber,
    TooManyTickets,
    take_ticket,
)
from zhengshu.contexts.services.domain.queueing import Step, TicketState
from zhengshu.contexts.services.models import Ticket
from zhengshu.contexts.services.tests.hall_cast import (
    ITEM,
    WINDOW,
    a_kiosk,
    called,
    colleague,
    moved,
    sent,
    taken,
)
from zhengshu.contexts.services.tests.intake_kit import AT, Hall
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db


class TestGroup:
    def test_is_kept_by_clerks_and_heads_only(self, place: Hall) -> None:
        for actor in (place.citizen, place.officer, place.approver):
            with pytest.raises(keep_window_groups.NotInHall):
                form_window_group(letter="B", name="办税窗口", items=[], actor=actor, at=AT)

    def test_has_a_letter_of_its_own_until_it_ends(self, place: Hall, group: WindowGroupRecord) -> None:
        with pytest.raises(keep_window_groups.LetterTaken):
            form_window_group(letter="A", name="办税窗口", items=[], actor=place.head, at=AT)
        end_window_group(group_id=group.id, actor=place.head, at=AT)
        end_window_group(group_id=group.id, actor=place.head, at=AT)

        assert form_window_group(letter="A", name="办税窗口", items=[], actor=place.head, at=AT).letter == "A"

    @pytest.mark.parametrize(
        ("letter", "name", "items"),
        [("O", "窗口", []), ("1", "窗口", []), ("B", " ", []), ("B", "窗口", ["no"])],
    )
    def test_is_refused_with_what_it_must_be(
        self, place: Hall, letter: str, name: str, items: list[str]
    ) -> None:
        with pytest.raises(keep_window_groups.WindowGroupUnfit):
            form_window_group(letter=letter, name=name, items=items, actor=place.clerk, at=AT)

    def test_of_another_department_is_not_found(self, place: Hall, group: WindowGroupRecord) -> None:
        stranger = trust.actor(Role.WINDOW_CLERK, department_id=place.authority)

        with pytest.raises(keep_window_groups.WindowGroupNotFound):
            end_window_group(group_id=group.id, actor=stranger, at=AT)
        with pytest.raises(keep_window_groups.WindowGroupNotFound):
            called(group, stranger)


class TestTaking:
    def test_counts_from_one_each_day(self, group: WindowGroupRecord, kiosk: KioskRecord) -> None:
        assert [taken(group, kiosk).label for _ in range(2)] == ["A001", "A002"]
        assert taken(group, kiosk, at=AT + timedelta(days=1)).label == "A001"

    def test_twice_by_the_same_page_takes_one(self, group: WindowGroupRecord, kiosk: KioskRecord) -> None:
        once = uuid4()

        first, second = (
            take_ticket(group_id=group.id, item_code=ITEM, once=once, kiosk=kiosk, at=AT) for _ in range(2)
        )

        assert first == second
        assert first.item_name == ITEM

    def test_is_for_matters_of_the_group_only(self, group: WindowGroupRecord, kiosk: KioskRecord) -> None:
        with pytest.raises(NotForThisNumber):
            taken(group, kiosk, item="something-else")

    def test_is_at_kiosks_of_the_hall_only(self, place: Hall, group: WindowGroupRecord) -> None:
        elsewhere = a_kiosk(trust.actor(Role.WINDOW_CLERK, department_id=place.authority))

        with pytest.raises(keep_window_groups.WindowGroupNotFound):
            taken(group, elsewhere)

    def test_is_not_played_with(self, group: WindowGroupRecord, kiosk: KioskRecord) -> None:
        for _ in range(MOST_A_MINUTE):
            taken(group, kiosk)
        with pytest.raises(TooManyTickets):
            taken(group, kiosk)

        assert taken(group, kiosk, at=AT + timedelta(minutes=1)).label == "A021"


class TestCalling:
    def test_goes_in_order_and_one_at_a_time(
        self, place: Hall, group: WindowGroupRecord, kiosk: KioskRecord
    ) -> None:
        for _ in range(2):
            taken(group, kiosk)

        first, again = called(group, place.clerk), called(group, place.clerk)
        moved(first, Step.SERVE, place.clerk)
        moved(first, Step.END, place.clerk)

        assert first.label == again.label == "A001"
        assert again.calls == 1
        assert called(group, place.clerk).label == "A002"

    def test_says_when_nobody_waits(self, place: Hall, group: WindowGroupRecord) -> None:
        with pytest.raises(call_tickets.NobodyWaits):
            called(group, place.clerk)

    def test_needs_a_window_and_a_clerk(
        self, place: Hall, group: WindowGroupRecord, kiosk: KioskRecord
    ) -> None:
        taken(group, kiosk)
        with pytest.raises(call_tickets.WindowUnnamed):
            call_next(group_id=group.id, window=" ", actor=place.clerk, at=AT)
        for actor in (place.head, place.citizen):
            with pytest.raises(call_tickets.NotCalling):
                called(group, actor)

    def test_lets_one_who_was_passed_over_come_back(
        self, place: Hall, group: WindowGroupRecord, kiosk: KioskRecord
    ) -> None:
        ticket = taken(group, kiosk)
        moved(called(group, place.clerk), Step.RECALL, place.clerk)
        moved(ticket, Step.SKIP, place.clerk)
        other = colleague(place)

        back = call_number(number="a1", window="4号", actor=other, at=AT)

        assert (back.label, back.window, back.calls) == ("A001", "4号", 3)
        with pytest.raises(call_tickets.TicketNotFound):
            moved(ticket, Step.SERVE, place.clerk)

    def test_out_of_turn_needs_free_hands_and_a_free_number(
        self, place: Hall, group: WindowGroupRecord, kiosk: KioskRecord
    ) -> None:
        first, second = taken(group, kiosk), taken(group, kiosk)
        called(group, place.clerk)

        with pytest.raises(call_tickets.FinishFirst):
            call_number(number=second.code, window=WINDOW, actor=place.clerk, at=AT)
        with pytest.raises(call_tickets.StepUnfit):
            call_number(number=first.code, window="4号", actor=colleague(place), at=AT)
        with pytest.raises(call_tickets.TicketNotFound):
            call_number(number="A999", window="4号", actor=colleague(place), at=AT)

    def test_forgets_what_was_of_yesterday(
        self, place: Hall, group: WindowGroupRecord, kiosk: KioskRecord
    ) -> None:
        ticket = taken(group, kiosk)
        called(group, place.clerk)
        tomorrow = AT + timedelta(days=1)

        with pytest.raises(call_tickets.NobodyWaits):
            called(group, place.clerk, at=tomorrow)
        assert not ticket_queries.place_of(code=ticket.code, at=tomorrow).is_of_today

    def test_done_twice_is_done_once(self, place: Hall, group: WindowGroupRecord, kiosk: KioskRecord) -> None:
        taken(group, kiosk)
        ticket = called(group, place.clerk)
        for step in (Step.SERVE, Step.END):
            assert moved(ticket, step, place.clerk).state == moved(ticket, step, place.clerk).state

        with pytest.raises(call_tickets.StepUnfit):
            moved(ticket, Step.SKIP, place.clerk)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_clerks_and_kiosks_at_once_give_and_call_each_number_once(self, place: Hall) -> None:
        group = form_window_group(letter="A", name="综合窗口", items=[], actor=place.clerk, at=AT)
        kiosk, clerks = a_kiosk(place.clerk), [place.clerk, *(colleague(place) for _ in range(3))]

        def at_once(act: object, *args: object) -> object:
            try:
                return act(*args)  # type: ignore[operator]
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            given = list(pool.map(lambda _n: at_once(taken, group, kiosk), range(8)))
            found = list(pool.map(lambda clerk: at_once(called, group, clerk), [*clerks, *clerks]))

        assert sorted(one.label for one in given) == [f"A00{n}" for n in range(1, 9)]  # type: ignore[attr-defined]
        assert {one.label for one in found} == {f"A00{n}" for n in range(1, 5)}  # type: ignore[attr-defined]
        assert Ticket.objects.filter(state=TicketState.CALLED).count() == len(clerks)


class TestJoined:
    def test_the_application_bears_the_number_that_was_called(
        self, place: Hall, group: WindowGroupRecord, kiosk: KioskRecord
    ) -> None:
        early = sent(place, begun=AT - timedelta(minutes=1))
        ticket = taken(group, kiosk)
        moved(called(group, place.clerk), Step.SERVE, place.clerk)

        number = sent(place, begun=AT + timedelta(minutes=1))

        assert application(number=number, actor=place.clerk).ticket_id == ticket.id
        assert application(number=early, actor=place.clerk).ticket_id is None
        assert ticket_queries.place_of(code=ticket.code, at=AT).numbers == (number,)
        assert [
            one for one, _case in ticket_queries.desk(group_id=group.id, actor=place.clerk, at=AT).numbers
        ] == [number]
