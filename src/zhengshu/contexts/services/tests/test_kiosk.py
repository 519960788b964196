"""A kiosk: registered at the machine, short sessions, nothing left for the next person, no use of a copy."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.services import api
from zhengshu.contexts.services.application.keep_kiosk import KIOSK_IDLE
from zhengshu.contexts.services.interfaces.kiosk_middleware import COOKIE, SEEN
from zhengshu.contexts.services.models import Application, Kiosk
from zhengshu.contexts.services.tests.intake_kit import Hall
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db
ITEM = "insured-certificate"
ADDRESS = "10.1.2.3"
NAMED = {"name": "3号自助终端", "place": "一楼大厅"}


@pytest.fixture
def machine(place: Hall) -> Client:
    client = Client(REMOTE_ADDR=ADDRESS)
    client.force_login(trust.account_of(place.clerk))
    answer = client.post(reverse("kiosk:register"), NAMED)
    assert answer.status_code == 302
    return client


def signs_in(machine: Client, actor: Actor) -> None:
    machine.force_login(trust.account_of(actor))


def is_signed_in(machine: Client) -> bool:
    return machine.get(reverse("apply:list")).status_code == 200


class TestRegistering:
    def test_signs_the_official_out_and_starts_as_a_kiosk(self, machine: Client) -> None:
        page = machine.get(reverse("kiosk:start"))

        assert not is_signed_in(machine)
        assert "3号自助终端 · 一楼大厅" in page.content.decode()
        assert machine.cookies[COOKIE]["httponly"]
        assert machine.cookies[COOKIE]["samesite"] == "Strict"

    def test_is_for_those_who_keep_kiosks(self, place: Hall) -> None:
        for actor in (place.citizen, place.officer):
            client = Client()
            client.force_login(trust.account_of(actor))
            assert client.post(reverse("kiosk:register"), NAMED).status_code == 403
        assert not Kiosk.objects.exists()

    def test_the_server_keeps_no_secret(self, machine: Client) -> None:
        secret = machine.cookies[COOKIE].value.partition(".")[2]

        assert secret.encode() not in bytes(Kiosk.objects.get().secret_digest)

    def test_is_ended_by_its_own_department_only(self, machine: Client, place: Hall) -> None:
        row = Kiosk.objects.get()
        stranger = Client()
        stranger.force_login(trust.account_of(trust.actor(*place.head.roles, department_id=place.authority)))
        head = Client()
        head.force_login(trust.account_of(place.head))

        assert stranger.post(reverse("kiosk:remove", args=[row.id])).status_code == 404
        assert head.post(reverse("kiosk:remove", args=[row.id])).status_code == 302
        assert "data-kiosk" not in machine.get(reverse("kiosk:start")).content.decode()


class TestAtTheMachine:
    def test_what_is_sent_came_by_the_kiosk_and_finishing_signs_out(
        self, machine: Client, place: Hall
    ) -> None:
        signs_in(machine, place.citizen)
        begun = machine.post(reverse("apply:start", args=[ITEM]))
        found = re.search(r"/apply/drafts/([0-9a-f-]{36})/", begun.headers["Location"])
        assert found is not None

        receipt = machine.post(reverse("apply:send", args=[found[1]]), follow=True)
        finished = machine.post(reverse("kiosk:end"))

        assert Application.objects.get().channel == api.Channel.OTHER.value
        assert "打印回执" in receipt.content.decode()
        assert receipt.headers["Cache-Control"] == "no-store"
        assert finished.headers["Clear-Site-Data"] == '"cache", "storage"'
        assert not is_signed_in(machine)
        assert place.citizen.name not in machine.get(reverse("kiosk:start")).content.decode()

    def test_the_server_ends_what_was_left_alone(self, machine: Client, place: Hall) -> None:
        signs_in(machine, place.citizen)
        assert is_signed_in(machine)
        session = machine.session
        session[SEEN] = (timezone.now() - KIOSK_IDLE - timedelta(seconds=1)).timestamp()
        session.save()

        answer = machine.get(reverse("apply:mine"))

        assert answer.headers["Location"] == reverse("kiosk:start")
        assert not is_signed_in(machine)

    def test_what_a_page_asks_by_itself_is_no_sign_of_anybody(self, machine: Client, place: Hall) -> None:
        signs_in(machine, place.citizen)
        assert is_signed_in(machine)
        before = machine.session[SEEN]

        machine.get(reverse("messages:live"), headers={"Zhengshu-Live": "1"})

        assert machine.session[SEEN] == before

    def test_the_next_person_reads_in_his_own_way(self, machine: Client, place: Hall) -> None:
        signs_in(machine, place.citizen)
        machine.cookies["reading"] = "large"
        machine.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

        machine.post(reverse("kiosk:end"))

        assert machine.cookies["reading"].value == ""
        assert machine.cookies[settings.LANGUAGE_COOKIE_NAME].value == ""

    def test_leads_nowhere_else(self, machine: Client) -> None:
        for path in ("/", "/catalog/", "/docs/errors", "/trust/log/"):
            assert machine.get(path).headers["Location"] == reverse("kiosk:start"), path

    def test_a_number_leads_to_ones_own_and_to_nobody_elses(self, machine: Client, place: Hall) -> None:
        other = Client()
        other.force_login(trust.account_of(place.other))
        begun = other.post(reverse("apply:start", args=[ITEM])).headers["Location"]
        find = reverse("kiosk:find")

        assert machine.get(find, {"number": "SB1"}).headers["Location"].startswith(reverse("account_login"))
        signs_in(machine, place.citizen)
        assert machine.get(find, {"number": f"https://x.test{begun}"}, follow=True).status_code == 404
        own = machine.post(reverse("apply:start", args=[ITEM])).headers["Location"]
        assert machine.get(find, {"number": own}, follow=True).status_code == 200
        assert machine.get(find, {"number": "SB-none"}).headers["Location"] == reverse("kiosk:start")


class TestAbuse:
    def test_a_copied_cookie_is_nothing_at_another_address(self, machine: Client) -> None:
        thief = Client(REMOTE_ADDR="10.9.9.9")
        thief.cookies[COOKIE] = machine.cookies[COOKIE].value

        page = thief.get(reverse("kiosk:start"))

        assert "data-kiosk" not in page.content.decode()
        assert page.cookies[COOKIE].value == ""

    def test_a_forged_cookie_is_nothing(self, machine: Client) -> None:
        key, _dot, secret = machine.cookies[COOKIE].value.partition(".")
        for forged in (f"{key}.", f"{key}.{secret[:-1]}x", f".{secret}", "x", "§", key):
            client = Client(REMOTE_ADDR=ADDRESS)
            client.cookies[COOKIE] = forged
            assert "data-kiosk" not in client.get(reverse("kiosk:start")).content.decode(), forged

    def test_a_session_carried_away_from_the_machine_ends(self, machine: Client, place: Hall) -> None:
        signs_in(machine, place.citizen)
        assert is_signed_in(machine)
        thief = Client(REMOTE_ADDR="10.9.9.9")
        thief.cookies[settings.SESSION_COOKIE_NAME] = machine.cookies[settings.SESSION_COOKIE_NAME].value

        assert thief.get(reverse("apply:mine")).headers["Location"] == reverse("kiosk:start")
        assert not is_signed_in(machine)

    def test_elsewhere_a_link_signs_nobody_out(self, place: Hall) -> None:
        client = Client()
        client.force_login(trust.account_of(place.citizen))

        client.get(reverse("kiosk:end"))

        assert is_signed_in(client)
