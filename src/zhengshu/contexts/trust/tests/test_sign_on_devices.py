"""Kiosks: let in by a code, refused, guessed at."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.trust.application.sign_on.devices import Poll, poll_device
from zhengshu.contexts.trust.application.sign_on.keep_parties import PartyValues, add_party
from zhengshu.contexts.trust.models import Account, AuditEvent, DeviceRequest
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT, PLATFORM
from zhengshu.contexts.trust.tests.relying import opened, post, registered
from zhengshu.contexts.trust.tests.signing import sign_in

pytestmark = pytest.mark.django_db

DEVICE = reverse("sign_on:device")
GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@pytest.fixture
def kiosk() -> str:
    values = PartyValues(name="政务大厅自助机", scopes=("profile",))
    return add_party(values=values, is_kiosk=True, actor=PLATFORM, at=AT).client_id


@pytest.fixture
def person(official: Account) -> Client:
    client = Client()
    sign_in(client, official.username)
    return client


def start(kiosk: str, **more: str) -> dict[str, str]:
    told: dict[str, str] = post(Client(), "sign_on:device-code", client_id=kiosk, **more).json()
    return told


def poll(kiosk: str, codes: dict[str, str]) -> dict[str, str]:
    DeviceRequest.objects.update(polled_at=None)
    told: dict[str, str] = post(
        Client(), "sign_on:token", client_id=kiosk, grant_type=GRANT, device_code=codes["device_code"]
    ).json()
    return told


class TestKiosks:
    def test_waits_until_the_person_lets_it_in_and_gets_its_tokens_once(
        self, kiosk: str, person: Client, official: Account
    ) -> None:
        codes = start(kiosk)
        waiting = poll(kiosk, codes)
        page = person.post(DEVICE, {"code": codes["user_code"].lower()}).content.decode()
        done = person.post(DEVICE, {"code": codes["user_code"], "answer": "yes"})
        tokens = poll(kiosk, codes)

        assert waiting == {"error": "authorization_pending"}
        assert "政务大厅自助机" in page
        assert done.status_code == 200
        assert opened(tokens["id_token"], audience=kiosk)["amr"] == ["pwd"]
        assert poll(kiosk, codes) == {"error": "invalid_grant"}
        answered = AuditEvent.objects.filter(name="trust.device.answered.v1", actor_id=official.pk)
        assert answered.count() == 1

    def test_a_refusal_is_final(self, kiosk: str, person: Client) -> None:
        codes = start(kiosk)

        person.post(DEVICE, {"code": codes["user_code"], "answer": "no"})

        assert poll(kiosk, codes) == {"error": "access_denied"}
        assert person.post(DEVICE, {"code": codes["user_code"], "answer": "yes"}).status_code == 422

    def test_opening_the_address_of_the_picture_lets_nothing_in(self, kiosk: str, person: Client) -> None:
        codes = start(kiosk)

        person.get(DEVICE, {"code": codes["user_code"], "answer": "yes"})

        assert poll(kiosk, codes) == {"error": "authorization_pending"}

    def test_the_picture_is_drawn_for_kiosks_that_can_only_show_one(self, kiosk: str) -> None:
        codes = start(kiosk)

        response = Client().get(reverse("sign_on:device-qr", args=[codes["user_code"]]))

        assert response.headers["Content-Type"] == "image/svg+xml"
        assert b"<path" in response.content

    def test_a_kiosk_that_asks_too_often_is_slowed_down(self, kiosk: str) -> None:
        codes, at = start(kiosk), timezone.now()
        again = {"client_id": kiosk, "device_code": codes["device_code"]}

        assert poll_device(**again, at=at) is Poll.PENDING
        assert poll_device(**again, at=at + timedelta(seconds=4)) is Poll.SLOW_DOWN
        assert poll_device(**again, at=at + timedelta(seconds=10)) is Poll.PENDING
        assert poll_device(**again, at=at + timedelta(minutes=6)) is Poll.EXPIRED

    def test_a_kiosk_ends_with_the_session_that_let_it_in(self, kiosk: str, person: Client) -> None:
        codes = start(kiosk)
        person.post(DEVICE, {"code": codes["user_code"], "answer": "yes"})
        token = poll(kiosk, codes)["access_token"]

        person.post("/accounts/logout/")

        told = Client().get(reverse("sign_on:userinfo"), headers={"Authorization": f"Bearer {token}"})
        assert told.status_code == 401


class TestGuessers:
    def test_guessing_is_locked_and_the_right_code_does_not_help_then(
        self, kiosk: str, person: Client
    ) -> None:
        codes = start(kiosk)

        wrong = [person.post(DEVICE, {"code": f"BCDF-GHJ{letter}"}).status_code for letter in "KLMNP"]
        right = person.post(DEVICE, {"code": codes["user_code"], "answer": "yes"})

        assert wrong == [422] * 5
        assert right.status_code == 429
        assert poll(kiosk, codes) == {"error": "authorization_pending"}

    def test_a_device_code_of_another_kiosk_is_worth_nothing(self, kiosk: str, person: Client) -> None:
        other = add_party(values=PartyValues(name="另一台"), is_kiosk=True, actor=PLATFORM, at=AT).client_id
        codes = start(kiosk)
        person.post(DEVICE, {"code": codes["user_code"], "answer": "yes"})

        assert poll(other, codes) == {"error": "invalid_grant"}

    def test_a_site_cannot_pose_as_a_kiosk(self) -> None:
        site = registered()

        assert post(Client(), "sign_on:device-code", client_id=site.client_id).status_code == 401

    def test_a_kiosk_asks_for_no_more_than_it_may(self, kiosk: str) -> None:
        assert start(kiosk, scope="openid enterprise") == {"error": "invalid_scope"}

    def test_whoever_is_not_signed_in_signs_in_first(self) -> None:
        assert "/accounts/login/" in Client().get(DEVICE).headers["Location"]


class TestPages:
    def test_the_administrator_registers_changes_renews_and_closes(self) -> None:
        from zhengshu.contexts.trust.application.change_policy import change_policy
        from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
        from zhengshu.contexts.trust.domain.policies import PolicyValues
        from zhengshu.kernel.actors import Role

        change_policy(values=PolicyValues(second_factor=SecondFactorRule.NONE), actor=PLATFORM, at=AT)
        admin = Client()
        admin.force_login(factories.account(Role.SECURITY_ADMIN))
        entered = {
            "sort": "site",
            "name": "省厅门户",
            "redirect_uris": "https://a.example/cb\nhttps://b.example/cb",
            "scopes": ["profile"],
            "least_level": "1",
        }

        bad = admin.post(reverse("sign_on:party-add"), {**entered, "redirect_uris": "http://a.example/cb"})
        shown = admin.post(reverse("sign_on:party-add"), entered)
        listed = admin.get(reverse("sign_on:party-list")).content.decode()
        client_id = shown.context["issued"].client_id
        detail = reverse("sign_on:party-detail", args=[client_id])
        admin.post(reverse("sign_on:party-change", args=[client_id]), {**entered, "name": "省厅新门户"})
        renewed = admin.post(reverse("sign_on:party-secret", args=[client_id]))
        kept = admin.get(detail).content.decode()
        admin.post(reverse("sign_on:party-close", args=[client_id]))

        assert "http://a.example/cb" in bad.content.decode()
        assert shown.headers["Cache-Control"].startswith("max-age=0")
        assert "省厅门户" in listed
        assert "省厅新门户" in kept
        assert renewed.context["issued"].secret not in kept
        assert shown.context["issued"].secret != renewed.context["issued"].secret
        names = AuditEvent.objects.filter(subject_id=client_id).order_by("id").values_list("name", flat=True)
        assert [name.split(".")[2] for name in names] == ["added", "changed", "secret-renewed", "closed"]

    def test_nobody_else_opens_them(self, person: Client) -> None:
        assert person.get(reverse("sign_on:party-list")).status_code == 403


class TestSigningOut:
    def test_a_party_asks_and_the_person_presses(self, official: Account) -> None:
        party = registered(logout_uris=("https://rp.example/bye",))
        sign_in(party.browser, official.username)
        token = party.redeem(party.code()).json()
        asked = {
            "id_token_hint": token["id_token"],
            "post_logout_redirect_uri": "https://rp.example/bye",
            "state": "x",
        }

        page = party.browser.get(reverse("sign_on:end-session"), asked)
        pressed = party.browser.post(reverse("sign_on:end-session"), {**asked, "answer": "yes"})

        assert page.status_code == 200
        assert pressed.headers["Location"] == "https://rp.example/bye?state=x"
        assert party.userinfo(token["access_token"]).status_code == 401

    @pytest.mark.parametrize(
        "place", ["https://rp.example/bye/more", "https://evil.example/", "//evil.example"]
    )
    def test_nobody_is_led_elsewhere(self, official: Account, place: str) -> None:
        party = registered(logout_uris=("https://rp.example/bye",))
        sign_in(party.browser, official.username)
        asked = {"client_id": party.client_id, "post_logout_redirect_uri": place, "answer": "yes"}

        assert party.browser.post(reverse("sign_on:end-session"), asked).headers["Location"] == "/"

    def test_another_site_cannot_press_for_the_person(self, official: Account) -> None:
        visitor = Client(enforce_csrf_checks=True)
        visitor.force_login(official)

        assert visitor.post(reverse("sign_on:end-session"), {"answer": "yes"}).status_code == 403
