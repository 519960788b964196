"""Pages of the hall: kiosk, desk, screen, one's own number, times."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.services.application.application_queries import application
from zhengshu.contexts.services.application.hall_times import hall_times
from zhengshu.contexts.services.application.keep_kiosk import KioskRecord
from zhengshu.contexts.services.application.keep_window_groups import (
    WindowGroupRecord,
)
from zhengshu.contexts.services.application.take_ticket import (
    MOST_A_MINUTE,
)
from zhengshu.contexts.services.domain.queueing import Step, TicketState
from zhengshu.contexts.services.models import Ticket
from zhengshu.contexts.services.tests import intake_kit
from zhengshu.contexts.services.tests.hall_cast import (
    ITEM,
    WINDOW,
    called,
    moved,
    sent,
    taken,
)
from zhengshu.contexts.services.tests.intake_kit import AT, Hall
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db


class TestPages:
    @pytest.fixture
    def clerk(self, place: Hall) -> Client:
        client = Client()
        client.force_login(trust.account_of(place.clerk))
        return client

    def test_number_is_taken_at_the_kiosk_and_followed_by_its_code(
        self, place: Hall, group: WindowGroupRecord
    ) -> None:
        machine = Client(REMOTE_ADDR="10.1.2.3")
        machine.force_login(trust.account_of(place.clerk))
        machine.post(reverse("kiosk:register"), {"name": "1号", "place": "大厅"})

        page = machine.get(reverse("kiosk:number"))
        sent = {"once": str(page.context["once"]), "choice": f"{group.id}:{ITEM}"}
        ways = {machine.post(reverse("kiosk:number"), sent)["Location"] for _ in range(2)}

        assert len(ways) == 1
        shown = machine.get(ways.pop())
        assert "A001" in shown.content.decode()
        assert Client().get(reverse("hall:ticket", args=["abcdefghjkmn"])).status_code == 404
        assert machine.post(reverse("kiosk:number"), {"choice": "x"}).status_code == 200

    def test_number_is_taken_at_kiosks_only(self, group: WindowGroupRecord) -> None:
        assert Client().post(reverse("kiosk:number"), {"choice": f"{group.id}:"}).status_code == 302
        assert not Ticket.objects.exists()

    def test_screen_shows_numbers_and_nobody(
        self, place: Hall, group: WindowGroupRecord, kiosk: KioskRecord
    ) -> None:
        now = timezone.now()
        for _ in range(2):
            taken(group, kiosk, at=now)
        called(group, place.clerk, at=now)

        page = Client().get(reverse("hall:screen", args=[place.department])).content.decode()

        assert "A001" in page
        assert WINDOW in page
        assert "A002" not in page
        assert 'http-equiv="refresh"' in page
        assert Client().get(reverse("hall:screen", args=[uuid4()])).status_code == 404

    def test_desk_leads_through_a_visit(
        self, clerk: Client, place: Hall, group: WindowGroupRecord, kiosk: KioskRecord
    ) -> None:
        ticket = taken(group, kiosk, item=ITEM, at=timezone.now())
        desk = f"{reverse('hall:desk', args=[group.id])}?window=3%E5%8F%B7"
        way = clerk.get(reverse("hall:sit"), {"group": str(group.id), "window": WINDOW})["Location"]
        assert way == desk

        assert clerk.post(reverse("hall:call", args=[group.id]), {"window": WINDOW})["Location"] == desk
        move = reverse("hall:move", args=[group.id, ticket.id])
        for step in ("recall", "serve"):
            clerk.post(move, {"window": WINDOW, "step": step})
        page = clerk.get(desk).content.decode()
        assert "A001" in page
        assert reverse("apply:start", args=[ITEM]) in page
        clerk.post(move, {"window": WINDOW, "step": "end"})

        assert Ticket.objects.get().state == TicketState.SERVED
        assert f"?visit={ticket.id}" in clerk.get(desk).content.decode()

    def test_scanned_number_of_an_application_opens_its_case(
        self, clerk: Client, place: Hall, group: WindowGroupRecord
    ) -> None:
        number = sent(place, begun=timezone.now())
        case = application(number=number, actor=place.clerk).case_id

        found = clerk.post(reverse("hall:find", args=[group.id]), {"number": number, "window": WINDOW})

        assert found["Location"] == reverse("casework:case-detail", args=[case])

    def test_desk_is_nobody_elses(self, place: Hall, group: WindowGroupRecord) -> None:
        for actor, status in ((place.officer, 403), (place.citizen, 403)):
            client = Client()
            client.force_login(trust.account_of(actor))
            assert client.get(reverse("hall:desk", args=[group.id])).status_code == status
        stranger = Client()
        other = trust.actor(Role.WINDOW_CLERK, department_id=place.authority)
        stranger.force_login(trust.account_of(other))
        assert stranger.get(reverse("hall:desk", args=[group.id])).status_code == 404

    def test_times_are_counted_for_whom_they_concern(
        self, place: Hall, group: WindowGroupRecord, kiosk: KioskRecord
    ) -> None:
        for _ in range(2):
            taken(group, kiosk, at=AT)
        minute = timedelta(minutes=1)
        first = called(group, place.clerk, at=AT + 10 * minute)
        moved(first, Step.SERVE, place.clerk, at=AT + 12 * minute)
        moved(first, Step.END, place.clerk, at=AT + 20 * minute)
        moved(called(group, place.clerk, at=AT + 30 * minute), Step.SKIP, place.clerk, at=AT + 31 * minute)

        for actor in (place.head, intake_kit.leader(place)):
            times = hall_times(month=AT.date(), actor=actor)[0]
            assert (times.taken, times.served, times.skipped) == (2, 1, 1)
            assert (times.wait, times.longest, times.visit) == (20, 30, 8)
        assert not hall_times(month=AT.date(), actor=place.stranger)
        assert not hall_times(month=AT.date() + timedelta(days=31), actor=place.head)

    def test_times_show_any_month(self, clerk: Client) -> None:
        for month in ("2026-03", "9999-12", "0001-01", "x"):
            assert clerk.get(reverse("hall:times"), {"month": month}).status_code == 200

    def test_scanned_code_of_a_ticket_calls_it(
        self, clerk: Client, group: WindowGroupRecord, kiosk: KioskRecord
    ) -> None:
        ticket = taken(group, kiosk, at=timezone.now())
        scanned = f"https://city.example{reverse('hall:ticket', args=[ticket.code])}"

        clerk.post(reverse("hall:find", args=[group.id]), {"number": scanned, "window": WINDOW})

        assert Ticket.objects.get().state == TicketState.CALLED

    def test_queue_costs_the_same_however_long_it_is(
        self, clerk: Client, place: Hall, group: WindowGroupRecord, kiosk: KioskRecord
    ) -> None:
        pages = (reverse("hall:desk", args=[group.id]), reverse("hall:screen", args=[place.department]))

        def cost() -> list[int]:
            counted = []
            for page in pages:
                with CaptureQueriesContext(connection) as captured:
                    assert clerk.get(page).status_code == 200
                counted.append(len(captured))
            return counted

        now = timezone.now()
        taken(group, kiosk, at=now)
        few = cost()
        for _ in range(MOST_A_MINUTE - 1):
            taken(group, kiosk, at=now)

        assert cost() == few
