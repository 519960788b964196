"""The platform and a real witness: asked, heard, missed, and told when something is wrong."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket

import httpx
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from zhengshu.contexts.trust.application.change_policy import change_policy, policy_values
from zhengshu.contexts.trust.application.gather_cosignatures import Trouble, gather_cosignatures
from zhengshu.contexts.trust.application.keep_witnesses import (
    WitnessAddressWrong,
    WitnessKeyWrong,
    WitnessKnown,
    WitnessNotFound,
    add_witness,
    retire_witness,
)
from zhengshu.contexts.trust.application.publish_log import Publisher, log_folder
from zhengshu.contexts.trust.application.sequence_log import sequence_log
from zhengshu.contexts.trust.domain.duties import NotYourDuty
from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.events import PolicyChanged
from zhengshu.contexts.trust.models import AuditEvent, LogAlarm, SecurityPolicy, Witness
from zhengshu.contexts.trust.tests import factories
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.tlog.cosignatures import cosignature_verifier, cosignatures, cosigner_vkey
from zhengshu.foundation.tlog.keys import log_vkeys
from zhengshu.foundation.tlog.notes import Checkpoint, split
from zhengshu.foundation.tlog.receipts import receipt_of
from zhengshu.kernel.actors import Actor, Role

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NAME = "audit.example/witness"
ADMIN = Actor(id=factories.PLATFORM.id, name="security", roles=frozenset({Role.SECURITY_ADMIN}))
SECONDS_TO_START = 30

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_log(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.PROOF_LOG_FOLDER = tmp_path / "log"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM trust_log_queue")
        cursor.execute("ALTER TABLE trust_log_entry DISABLE TRIGGER ALL")
        cursor.execute("DELETE FROM trust_log_entry")
        cursor.execute("ALTER TABLE trust_log_entry ENABLE ALWAYS TRIGGER trust_guard_log_rows")
        cursor.execute("ALTER TABLE trust_log_entry ENABLE ALWAYS TRIGGER trust_guard_log_table")


@contextmanager
def witnessing(folder: Path, *, name: str = NAME, origin: str) -> Iterator[tuple[str, str]]:
    """Run `zhengshu witness`; yield its key and address."""
    with closing(socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    keys = [part for vkey in log_vkeys(origin) for part in ("--log", vkey)]
    command = [sys.executable, "-m", "zhengshu.project.cli", "witness", "--name", name]
    command += ["--folder", str(folder), "--listen", f"127.0.0.1:{port}", *keys]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    address = f"http://127.0.0.1:{port}"
    try:
        yield _key(address, process), address
    finally:
        process.kill()
        process.communicate()


def _key(address: str, process: "subprocess.Popen[str]") -> str:
    for _ in range(SECONDS_TO_START * 20):
        try:
            return httpx.get(f"{address}/").text.splitlines()[0]
        except httpx.TransportError:
            assert process.poll() is None, "the witness ended"
            time.sleep(0.05)
    message = "the witness did not start"
    raise AssertionError(message)


def logged(count: int) -> None:
    for number in range(count):
        publish(
            PolicyChanged(
                at=AT,
                actor=Actor.platform("test"),
                subject=Subject(kind="policy", id=str(number), label="policy"),
                before={},
                after={},
            )
        )
    sequence_log()
    Publisher().publish()


def added(vkey: str, address: str) -> Witness:
    row = add_witness(vkey=vkey, address=address, department_id=None, actor=ADMIN, at=AT)
    logged(0)
    return row


def demand(quorum: int) -> None:
    values = policy_values()
    change_policy(
        values=type(values)(
            **{**{name: getattr(values, name) for name in values.__slots__}, "witness_quorum": quorum}
        ),
        actor=ADMIN,
        at=AT,
    )


def alarms() -> list[tuple[str, bool]]:
    return [(one.kind, one.cleared_at is None) for one in LogAlarm.objects.order_by("raised_at")]


class TestAsking:
    def test_gets_cosignatures_and_gives_receipts_by_them(self, settings: Settings, tmp_path: Path) -> None:
        with witnessing(tmp_path / "w", origin=settings.PROOF_LOG_ORIGIN) as (vkey, address):
            row = added(vkey, address)
            for count in (5, 300):
                logged(count)
                assert gather_cosignatures(at=AT) == 1

        row.refresh_from_db()
        size = Checkpoint.of_text(split(log_folder().checkpoint())[0]).size
        assert (row.size, row.trouble) == (size, "")
        receipt = receipt_of(index=3, entry=b"", salt=b"", folder=log_folder())
        assert receipt is not None
        verifier = cosignature_verifier(vkey)
        assert [one.name for one in cosignatures(receipt.proof.checkpoint, verifiers=[verifier])] == [NAME]
        assert not cosignatures(log_folder().checkpoint(), verifiers=[verifier])

    def test_goes_on_without_a_witness_and_catches_up_when_he_is_back(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        origin, folder = settings.PROOF_LOG_ORIGIN, tmp_path / "w"
        with witnessing(folder, origin=origin) as (vkey, address):
            row = added(vkey, address)
            demand(1)
            logged(5)
            gather_cosignatures(at=AT)
        assert alarms() == []

        logged(40)
        gather_cosignatures(at=AT + timedelta(days=1))

        row.refresh_from_db()
        assert row.trouble == Trouble.UNREACHABLE
        assert alarms() == [("late", True)]
        with witnessing(folder, origin=origin) as (_, back):
            Witness.objects.update(address=back)
            assert gather_cosignatures(at=AT + timedelta(days=1, minutes=1)) == 1
        assert alarms() == [("late", False)]
        assert AuditEvent.objects.filter(name="trust.log-alarm.raised.v1").count() == 1

    def test_a_clock_that_goes_back_raises_no_alarm_and_loses_no_cosignature(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        with witnessing(tmp_path / "w", origin=settings.PROOF_LOG_ORIGIN) as (vkey, address):
            row = added(vkey, address)
            demand(1)
            logged(5)
            gather_cosignatures(at=AT)
            logged(5)
            assert gather_cosignatures(at=AT - timedelta(hours=1)) == 1

        row.refresh_from_db()
        assert row.size == Checkpoint.of_text(split(log_folder().checkpoint())[0]).size
        assert alarms() == []

    def test_tells_when_its_own_log_was_rewritten(self, settings: Settings, tmp_path: Path) -> None:
        with witnessing(tmp_path / "w", origin=settings.PROOF_LOG_ORIGIN) as (vkey, address):
            added(vkey, address)
            logged(5)
            gather_cosignatures(at=AT)
            before = Checkpoint.of_text(split(log_folder().checkpoint())[0]).size
            shutil.rmtree(settings.PROOF_LOG_FOLDER)
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE trust_log_entry DISABLE TRIGGER ALL")
                cursor.execute("UPDATE trust_log_entry SET entry = entry || '\\x20' WHERE index = 0")
            logged(3)
            gather_cosignatures(at=AT + timedelta(seconds=10))

            assert Witness.objects.get().trouble == Trouble.FORKED
            assert Witness.objects.get().size == before
            assert alarms() == [("forked", True)]

    def test_tells_when_it_has_fewer_entries_than_a_witness_has_seen(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        with witnessing(tmp_path / "w", origin=settings.PROOF_LOG_ORIGIN) as (vkey, address):
            added(vkey, address)
            logged(5)
            old = log_folder().checkpoint()
            logged(5)
            gather_cosignatures(at=AT)
            log_folder().publish(old)
            gather_cosignatures(at=AT + timedelta(seconds=10))

        assert alarms() == [("rolled_back", True)]

    def test_takes_no_cosignature_by_another_key(self, settings: Settings, tmp_path: Path) -> None:
        with witnessing(tmp_path / "w", origin=settings.PROOF_LOG_ORIGIN) as (_, address):
            added(cosigner_vkey(NAME, bytes(32)), address)
            logged(2)

            assert gather_cosignatures(at=AT) == 0
            assert Witness.objects.get().trouble == Trouble.REFUSED


class TestKeeping:
    def test_is_the_security_administrators(self) -> None:
        vkey = cosigner_vkey(NAME, bytes(32))
        with pytest.raises(NotYourDuty):
            add_witness(
                vkey=vkey,
                address="http://w.example",
                department_id=None,
                actor=Actor(id=ADMIN.id, name="", roles=frozenset({Role.SYSTEM_ADMIN})),
                at=AT,
            )

    def test_refuses_what_cannot_be_asked(self) -> None:
        vkey = cosigner_vkey(NAME, bytes(32))
        for address in ("ftp://w.example", "w.example", "http://"):
            with pytest.raises(WitnessAddressWrong):
                add_witness(vkey=vkey, address=address, department_id=None, actor=ADMIN, at=AT)
        with pytest.raises(WitnessKeyWrong):
            add_witness(vkey="x+y+z", address="http://w.example", department_id=None, actor=ADMIN, at=AT)

    def test_a_name_is_used_once(self) -> None:
        row = added(cosigner_vkey(NAME, bytes(32)), "http://w.example")
        retire_witness(witness_id=row.pk, actor=ADMIN, at=AT)

        with pytest.raises(WitnessKnown):
            added(cosigner_vkey(NAME, bytes(range(32))), "http://w.example")
        with pytest.raises(WitnessNotFound):
            retire_witness(witness_id=row.pk, actor=ADMIN, at=AT)


class TestPages:
    def test_anybody_sees_who_witnesses(self, client: Client) -> None:
        added(cosigner_vkey(NAME, bytes(32)), "http://w.example")

        answer = client.get(reverse("trust:log-witnesses"))

        assert NAME in answer.content.decode()
        assert reverse("trust:witness-add") not in answer.content.decode()

    def test_nobody_yet(self, client: Client) -> None:
        assert "尚无见证方" in client.get(reverse("trust:log-witnesses")).content.decode()
        assert client.get(reverse("trust:log-witnessed")).status_code == 404

    def test_only_the_security_administrator_adds(self, client: Client) -> None:
        SecurityPolicy.objects.create(second_factor=SecondFactorRule.NONE.value)
        client.force_login(factories.account(Role.SECURITY_ADMIN))
        vkey = cosigner_vkey(NAME, bytes(32))

        answer = client.post(
            reverse("trust:witness-add"), {"vkey": vkey, "address": "http://w.example:8010/"}
        )

        assert answer.status_code == 302
        assert Witness.objects.get().address == "http://w.example:8010"
        client.force_login(factories.account(Role.REVIEWER))
        assert client.get(reverse("trust:witness-add")).status_code == 403
