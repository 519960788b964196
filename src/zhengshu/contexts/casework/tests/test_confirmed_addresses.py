"""Nothing goes to an address before its owner typed in the code that was sent there."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.casework.application.messages import confirm_address as confirming
from zhengshu.contexts.casework.application.messages.choose_channels import choose_channels
from zhengshu.contexts.casework.application.messages.confirm_address import (
    CodeExpired,
    CodesTooMany,
    CodeWrong,
    NothingToConfirm,
    confirm_address,
    deliver_code,
    send_code,
)
from zhengshu.contexts.casework.domain.message_rules import Channel
from zhengshu.contexts.casework.models import AddressCode, Delivery, MessageChoice
from zhengshu.contexts.casework.tests import licences
from zhengshu.contexts.casework.tests.mail_server import Box
from zhengshu.contexts.casework.tests.messaging import ADDRESS, NUMBER, asked_for_supplement
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DIGITS = re.compile(r"\b(\d{6})\b")


def chooses(actor: Actor, *, email: str = ADDRESS, phone: str = "", by_sms: bool = False) -> None:
    choose_channels(by_email=True, by_sms=by_sms, email=email, phone=phone, actor=actor, at=NOW)


def asks(actor: Actor, channel: Channel = Channel.EMAIL, *, at: datetime = NOW) -> None:
    send_code(channel=channel, actor=actor, at=at)
    deliver_code(code_id=AddressCode.objects.exclude(sealed_code=None).get(channel=channel.value).pk, at=at)


def code_in(box: Box) -> str:
    found = DIGITS.search(str(box.mails[-1].get_content()))
    assert found is not None
    return found[1]


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


@pytest.fixture
def sends(place: licences.Office, box: Box) -> Callable[[], str]:
    """Return a way to have a code sent to the citizen, which returns the code."""

    def send() -> str:
        chooses(place.citizen)
        asks(place.citizen)
        return code_in(box)

    return send


class TestUnconfirmed:
    def test_gets_nothing_but_the_code(
        self, place: licences.Office, box: Box, sends: Callable[[], str]
    ) -> None:
        sends()

        asked_for_supplement(place)

        assert not Delivery.objects.exists()
        (mail,) = box.mails
        assert mail["To"] == ADDRESS
        assert place.citizen.name not in mail.get_content()

    def test_gets_messages_once_it_is_confirmed(
        self, place: licences.Office, box: Box, sends: Callable[[], str]
    ) -> None:
        code = sends()

        confirm_address(channel=Channel.EMAIL, code=f" {code[:3]} {code[3:]} ", actor=place.citizen, at=NOW)
        asked_for_supplement(place)

        assert Delivery.objects.filter(channel="email").exists()
        event = apps.get_model("trust", "AuditEvent").objects.get(
            name="casework.address.confirmed.v1", actor_id=place.citizen.id
        )
        assert ADDRESS not in str(vars(event))

    def test_another_address_is_to_be_confirmed_again(
        self, place: licences.Office, box: Box, sends: Callable[[], str]
    ) -> None:
        code = sends()
        confirm_address(channel=Channel.EMAIL, code=code, actor=place.citizen, at=NOW)

        chooses(place.citizen, email="other@example.cn")
        asked_for_supplement(place)

        assert not Delivery.objects.exists()

    def test_the_same_address_stays_confirmed(self, place: licences.Office, sends: Callable[[], str]) -> None:
        confirm_address(channel=Channel.EMAIL, code=sends(), actor=place.citizen, at=NOW)

        chooses(place.citizen)

        assert MessageChoice.objects.get().takes(Channel.EMAIL)

    def test_by_sms_too(self, place: licences.Office, sms: Path) -> None:
        choose_channels(by_email=False, by_sms=True, email="", phone=NUMBER, actor=place.citizen, at=NOW)
        asks(place.citizen, Channel.SMS)
        (file,) = sms.iterdir()
        found = DIGITS.search(json.loads(file.read_text(encoding="utf-8"))["text"])
        assert found is not None

        confirm_address(channel=Channel.SMS, code=found[1], actor=place.citizen, at=NOW)

        assert MessageChoice.objects.get().takes(Channel.SMS)


class TestCode:
    def test_wrong_ones_are_counted_and_the_right_one_then_counts_no_more(
        self, place: licences.Office, sends: Callable[[], str]
    ) -> None:
        code = sends()

        for _ in range(confirming.MOST_TRIES - 1):
            with pytest.raises(CodeWrong):
                confirm_address(channel=Channel.EMAIL, code=other_than(code), actor=place.citizen, at=NOW)
        with pytest.raises(CodeExpired):
            confirm_address(channel=Channel.EMAIL, code=other_than(code), actor=place.citizen, at=NOW)

        with pytest.raises(CodeExpired):
            confirm_address(channel=Channel.EMAIL, code=code, actor=place.citizen, at=NOW)

    def test_grows_old(self, place: licences.Office, sends: Callable[[], str]) -> None:
        code = sends()

        with pytest.raises(CodeExpired):
            confirm_address(
                channel=Channel.EMAIL, code=code, actor=place.citizen, at=NOW + confirming.LIFETIME
            )

    def test_is_replaced_by_a_new_one(
        self, place: licences.Office, box: Box, sends: Callable[[], str]
    ) -> None:
        first = sends()
        later = NOW + timedelta(minutes=2)
        asks(place.citizen, at=later)

        if first != code_in(box):
            with pytest.raises(CodeWrong):
                confirm_address(channel=Channel.EMAIL, code=first, actor=place.citizen, at=later)
        confirm_address(channel=Channel.EMAIL, code=code_in(box), actor=place.citizen, at=later)

    def test_of_an_address_that_was_changed_confirms_nothing(
        self, place: licences.Office, sends: Callable[[], str]
    ) -> None:
        code = sends()
        chooses(place.citizen, email="victim@example.cn")

        with pytest.raises(CodeExpired):
            confirm_address(channel=Channel.EMAIL, code=code, actor=place.citizen, at=NOW)

    def test_of_another_person_confirms_nothing(
        self, place: licences.Office, sends: Callable[[], str]
    ) -> None:
        code = sends()
        chooses(place.other_citizen)

        with pytest.raises(CodeExpired):
            confirm_address(channel=Channel.EMAIL, code=code, actor=place.other_citizen, at=NOW)

    def test_are_not_sent_in_a_flood(self, place: licences.Office, box: Box) -> None:
        chooses(place.citizen)
        asks(place.citizen)
        with pytest.raises(CodesTooMany):
            asks(place.citizen, at=NOW + timedelta(seconds=30))

        for number in range(1, confirming.MOST_A_DAY):
            chooses(place.citizen, email=f"victim{number}@example.cn")
            asks(place.citizen, at=NOW + timedelta(minutes=2 * number))

        with pytest.raises(CodesTooMany):
            asks(place.citizen, at=NOW + timedelta(hours=23))
        asks(place.citizen, at=NOW + timedelta(hours=25))
        assert len(box.mails) == confirming.MOST_A_DAY + 1

    def test_is_sealed_and_sent_once(
        self, place: licences.Office, box: Box, sends: Callable[[], str]
    ) -> None:
        code = sends()
        row = AddressCode.objects.get()

        deliver_code(code_id=row.pk, at=NOW)

        assert code.encode() not in bytes(row.sealed_code or b"")
        assert len(box.mails) == 1

    def test_is_not_sent_for_nothing(self, place: licences.Office) -> None:
        with pytest.raises(NothingToConfirm):
            send_code(channel=Channel.EMAIL, actor=place.citizen, at=NOW)


class TestPages:
    def test_lead_from_the_choice_to_the_code_and_back(self, place: licences.Office, box: Box) -> None:
        client = Client()
        client.force_login(trust.account_of(place.citizen))
        channels, confirm = reverse("messages:channels"), reverse("messages:confirm", args=["email"])

        chosen = client.post(channels, {"by_email": "on", "email": ADDRESS})
        assert chosen.headers["Location"] == confirm
        assert "待确认" in client.get(channels).content.decode()
        deliver_code(code_id=AddressCode.objects.get().pk, at=timezone.now())
        page = client.get(confirm).content.decode()
        wrong = client.post(confirm, {"code": other_than(code_in(box))})
        right = client.post(confirm, {"code": code_in(box)}, follow=True)

        assert 'autocomplete="one-time-code"' in page
        assert ADDRESS not in page
        assert wrong.status_code == 422
        assert "还可以再试4次" in wrong.content.decode()
        assert wrong.content.decode().count("ui-error-summary") == 1
        assert "已确认" in right.content.decode()

    @pytest.mark.parametrize("channel", ["site", "fax"])
    def test_know_no_other_channel(self, place: licences.Office, channel: str) -> None:
        client = Client()
        client.force_login(trust.account_of(place.citizen))

        assert client.get(reverse("messages:confirm", args=[channel])).status_code == 404
        assert client.post(reverse("messages:code", args=[channel])).status_code == 404
