"""The proof log's keys change while it goes on: old receipts hold, everybody follows, stolen keys lead nowhere."""

import subprocess
import sys
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from zhengshu.client.proofs import NoteWrong, verify_receipt
from zhengshu.contexts.trust.application import log_keys
from zhengshu.contexts.trust.application.gather_cosignatures import gather_cosignatures
from zhengshu.contexts.trust.application.keep_witnesses import add_witness
from zhengshu.contexts.trust.application.log_keys import (
    LogKeysNotFollowed,
    LogKeysUnderWay,
    NoLogKeysToRetire,
    announce_log_keys,
    current_vkeys,
    retire_log_keys,
    vkeys_at,
)
from zhengshu.contexts.trust.application.publish_log import Publisher, log_folder, published
from zhengshu.contexts.trust.domain.duties import NotYourDuty
from zhengshu.contexts.trust.interfaces.receipts import explained
from zhengshu.contexts.trust.models import AuditEvent, LogEntry, LogKey, Witness
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.test_witnesses import logged, witnessing
from zhengshu.foundation.tlog import notes
from zhengshu.foundation.tlog.handover import opened_handover
from zhengshu.foundation.tlog.keys import log_signers, log_vkeys
from zhengshu.foundation.tlog.monitor import Monitor, Wrong
from zhengshu.foundation.tlog.notes import Checkpoint, split, verifier
from zhengshu.foundation.tlog.receipts import receipt_of
from zhengshu.foundation.tlog.store import LogFolder
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import StepUpDue

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ADMIN = Actor(
    id=factories.PLATFORM.id, name="security", roles=frozenset({Role.SECURITY_ADMIN}), is_assured=True
)

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


@pytest.fixture
def first(settings: Settings) -> tuple[str, ...]:
    return log_vkeys(settings.PROOF_LOG_ORIGIN)


def announced() -> LogKey:
    announce_log_keys(actor=ADMIN, at=AT)
    logged(1)
    logged(1)
    return LogKey.objects.latest("version")


def retired() -> None:
    retire_log_keys(actor=ADMIN, at=AT)
    logged(1)


def signed_by(vkeys: tuple[str, ...] | list[str]) -> list[bool]:
    """Say for each key whether the published checkpoint has its right signature."""
    found = []
    for vkey in vkeys:
        try:
            notes.opened(log_folder().checkpoint(), verifiers=[verifier(vkey)])
        except NoteWrong:
            found.append(False)
        else:
            found.append(True)
    return found


def receipt(index: int) -> str:
    entry = LogEntry.objects.get(index=index)
    found = receipt_of(index=index, entry=bytes(entry.entry), salt=b"", folder=log_folder())
    assert found is not None
    return found.text


class TestHandover:
    def test_is_announced_under_the_old_keys_before_the_new_ones_sign(self, first: tuple[str, ...]) -> None:
        logged(3)
        new = announce_log_keys(actor=ADMIN, at=AT)
        assert signed_by(new.vkeys) == [False, False]
        logged(1)
        announcing = log_folder().checkpoint()
        assert signed_by(first) == [True, True]
        assert signed_by(new.vkeys) == [False, False]

        logged(1)

        new.refresh_from_db()
        handover = opened_handover(log_folder().handover(2), verifiers=[verifier(first[0])])
        assert signed_by([*first, *new.vkeys]) == [True] * 4
        assert (list(handover.vkeys), new.signs_from) == (new.vkeys, handover.size + 1)
        assert split(announcing)[0] in log_folder().handover(2)

    def test_lets_old_receipts_verify_under_old_keys_and_new_ones_under_new(
        self, first: tuple[str, ...]
    ) -> None:
        logged(3)
        old = receipt(1)
        new = announced()
        retired()
        fresh = receipt(LogEntry.objects.count() - 1)

        assert signed_by([*first, *new.vkeys]) == [False, False, True, True]
        assert explained(old).is_right
        assert explained(fresh).is_right
        assert verify_receipt(old, vkeys=first).index == 1
        with pytest.raises(NoteWrong):
            verify_receipt(fresh, vkeys=first)
        with pytest.raises(NoteWrong):
            verify_receipt(old, vkeys=new.vkeys)
        followed = verify_receipt(fresh, vkeys=first[:1], handovers=[log_folder().handover(2)])
        assert followed.size == Checkpoint.of_text(split(log_folder().checkpoint())[0]).size

    def test_may_be_done_again_and_again(self, first: tuple[str, ...]) -> None:
        logged(1)
        for version in (2, 3, 4):
            assert announced().version == version
            retired()

        handovers = [log_folder().handover(version) for version in (2, 3, 4)]
        found = verify_receipt(receipt(0), vkeys=first[1:], handovers=handovers)
        assert found.index == 0
        with pytest.raises(NoteWrong):
            verify_receipt(receipt(0), vkeys=first, handovers=handovers[1:])

    def test_goes_on_with_a_fresh_sequencer(self, first: tuple[str, ...]) -> None:
        logged(2)
        announce_log_keys(actor=ADMIN, at=AT)
        for _ in range(3):
            logged(1)
            assert Publisher().size == LogEntry.objects.count()

        assert published() is not None
        assert signed_by(current_vkeys()) == [True] * 4

    @pytest.mark.parametrize("method", ["publish", "publish_handover"])
    def test_is_made_good_wherever_the_sequencer_is_killed(
        self, first: tuple[str, ...], method: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        logged(2)
        announce_log_keys(actor=ADMIN, at=AT)
        logged(1)
        with monkeypatch.context() as patch:
            patch.setattr(LogFolder, method, _killed)
            with pytest.raises(OSError, match="killed"):
                logged(1)
        logged(1)

        new = LogKey.objects.latest("version")
        found = verify_receipt(receipt(0), vkeys=new.vkeys)
        assert found.size == LogEntry.objects.count()
        assert new.signs_from is not None
        assert new.signs_from <= found.size
        handover = opened_handover(log_folder().handover(2), verifiers=[verifier(first[0])])
        assert list(handover.vkeys) == new.vkeys

    def test_deletes_the_private_half_of_what_signs_no_more(self) -> None:
        logged(1)
        announced()
        retired()
        announced()
        assert LogKey.objects.get(version=2).sealed is not None
        retired()

        assert LogKey.objects.get(version=2).sealed is None
        assert bytes(LogKey.objects.get(version=3).sealed or b"")

    def test_is_audited_and_proven(self) -> None:
        logged(1)
        announced()
        retired()

        names = set(
            AuditEvent.objects.filter(name__startswith="trust.log-keys").values_list("name", flat=True)
        )
        assert names == {"trust.log-keys.announced.v1", "trust.log-keys.retired.v1"}
        kinds = b"".join(bytes(one) for one in LogEntry.objects.values_list("entry", flat=True))
        assert all(name.encode() in kinds for name in names)


def _killed(*_arguments: object) -> None:
    message = "killed"
    raise OSError(message)


class TestAbuse:
    def test_a_retired_key_proves_nothing_newer(self, settings: Settings, first: tuple[str, ...]) -> None:
        logged(3)
        announced()
        retired()
        forged = receipt(0)
        text = split(forged.partition("\n\n")[2])[0]
        stolen = notes.signed(text, signers=log_signers(settings.PROOF_LOG_ORIGIN))
        forged = forged.partition("\n\n")[0] + "\n\n" + stolen

        assert verify_receipt(forged, vkeys=first).index == 0
        assert not explained(forged).is_right
        assert first[0] not in vkeys_at(Checkpoint.of_text(text).size)

    def test_a_handover_that_was_changed_leads_nowhere(self, first: tuple[str, ...]) -> None:
        logged(3)
        announced()
        handover = log_folder().handover(2)
        for changed in (handover.replace("index ", "index 1"), handover.replace("extra ", "extra A"), ""):
            with pytest.raises(ValueError, match=r"."):
                verify_receipt(receipt(0), vkeys=first, handovers=[changed])

    def test_another_entry_is_no_handover(self, first: tuple[str, ...]) -> None:
        logged(3)

        with pytest.raises(NoteWrong, match="announces no keys"):
            opened_handover(receipt(1), verifiers=[verifier(first[0])])

    def test_is_the_security_administrators(self) -> None:
        logged(1)
        for role in (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.REVIEWER):
            other = Actor(id=factories.PLATFORM.id, name="other", roles=frozenset({role}), is_assured=True)
            with pytest.raises(NotYourDuty):
                announce_log_keys(actor=other, at=AT)
            with pytest.raises(NotYourDuty):
                retire_log_keys(actor=other, at=AT)
        stale = Actor(
            id=factories.PLATFORM.id, name="stale", roles=frozenset({Role.SECURITY_ADMIN}), is_assured=False
        )
        with pytest.raises(StepUpDue):
            announce_log_keys(actor=stale, at=AT)

    def test_goes_one_after_another(self) -> None:
        logged(1)
        with pytest.raises(NoLogKeysToRetire):
            retire_log_keys(actor=ADMIN, at=AT)
        announce_log_keys(actor=ADMIN, at=AT)
        with pytest.raises(LogKeysUnderWay):
            announce_log_keys(actor=ADMIN, at=AT)
        with pytest.raises(NoLogKeysToRetire):
            retire_log_keys(actor=ADMIN, at=AT)


class TestFollowing:
    def test_witnesses_follow_by_themselves(self, settings: Settings, tmp_path: Path) -> None:
        with witnessing(tmp_path / "w", origin=settings.PROOF_LOG_ORIGIN) as (vkey, address):
            add_witness(vkey=vkey, address=address, department_id=None, actor=ADMIN, at=AT)
            logged(2)
            assert gather_cosignatures(at=AT) == 1
            announced()
            with pytest.raises(LogKeysNotFollowed, match=r"audit\.example/witness"):
                retire_log_keys(actor=ADMIN, at=AT)
            assert gather_cosignatures(at=AT) == 1
            assert Witness.objects.get().log_version == 2
            retired()

            assert gather_cosignatures(at=AT) == 1
        assert Witness.objects.get().trouble == ""

    def test_a_witness_of_another_make_keeps_cosigning_until_the_old_keys_end(
        self, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "zhengshu.contexts.trust.application.gather_cosignatures._is_followed", lambda _row, _text: False
        )
        with witnessing(tmp_path / "w", origin=settings.PROOF_LOG_ORIGIN) as (vkey, address):
            add_witness(vkey=vkey, address=address, department_id=None, actor=ADMIN, at=AT)
            logged(2)
            announced()
            assert gather_cosignatures(at=AT) == 1
            retire_log_keys(is_forced=True, actor=ADMIN, at=AT)
            logged(1)
            assert gather_cosignatures(at=AT) == 0

        assert Witness.objects.get().trouble == "refused"
        assert log_keys.witnesses_behind(2) == ("audit.example/witness",)

    @pytest.mark.parametrize("presence", ["there", "away"])
    def test_monitors_follow_also_after_they_were_away(
        self, settings: Settings, tmp_path: Path, presence: str
    ) -> None:
        is_away = presence == "away"
        key = verifier(log_vkeys(settings.PROOF_LOG_ORIGIN)[0])
        monitor = Monitor(
            fetch=lambda path: (log_folder().folder / path).read_bytes(),
            verifiers=[key], folder=tmp_path / "monitor", zone=UTC,
        )  # fmt: skip
        logged(3)
        assert monitor.walk().faults == ()
        for _ in range(2):
            announced()
            assert is_away or monitor.walk().faults == ()
            retired()
            assert is_away or monitor.walk().faults == ()

        walked = monitor.walk()

        assert walked.faults == ()
        assert walked.size == LogEntry.objects.count()

    def test_a_monitor_finds_a_handover_that_the_log_does_not_hold(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        origin = settings.PROOF_LOG_ORIGIN
        monitor = Monitor(
            fetch=lambda path: (log_folder().folder / path).read_bytes(),
            verifiers=[verifier(log_vkeys(origin)[0])], folder=tmp_path / "monitor", zone=UTC,
        )  # fmt: skip
        logged(3)
        monitor.walk()
        announced()
        handover, away = log_folder().handover(2), tmp_path / "away"
        log_folder().folder.rename(away)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE trust_log_entry DISABLE TRIGGER ALL")
            cursor.execute("DELETE FROM trust_log_entry WHERE index > 2")
        LogKey.objects.update(signs_from=0)
        LogKey.objects.filter(version=1).update(signs_to=0)
        logged(9)
        log_folder().publish_handover(2, handover)

        (fault,) = monitor.walk().faults

        assert fault.kind in {Wrong.FORKED, Wrong.UNSIGNED}
        assert "does not announce" in fault.text


class TestCommand:
    def test_verifies_with_an_old_key_and_the_handover(self, first: tuple[str, ...], tmp_path: Path) -> None:
        logged(2)
        announced()
        retired()
        files = {"receipt": receipt(0), "handover": log_folder().handover(2)}
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "zhengshu.project.cli", "verify", str(tmp_path / "receipt")]
        command += ["--key", first[0]]

        without = subprocess.run(command, capture_output=True, text=True, check=False)
        led = subprocess.run(
            [*command, "--handover", str(tmp_path / "handover")], capture_output=True, text=True, check=False
        )

        assert (without.returncode, led.returncode) == (1, 0), led.stderr

    def test_page_shows_keys_and_handovers(self, first: tuple[str, ...]) -> None:
        logged(2)
        new = announced()
        retired()
        shown = unescape(Client().get("/trust/log/").content.decode())

        assert all(key in shown for key in (*first, *new.vkeys))
        assert Client().get("/trust/log/handover/2").content.decode() == log_folder().handover(2)
        assert Client().get("/trust/log/handover/3").status_code == 404
        assert Client().get("/trust/log/keys/").status_code in {302, 403}
