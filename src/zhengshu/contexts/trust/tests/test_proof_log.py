"""The proof log from what happened to what is published: no gap, no double, no rewritten tile, whatever fails."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from zhengshu.contexts.trust.application.publish_log import (
    EntryMissing,
    LogAheadOfDatabase,
    Publisher,
    log_folder,
    missing_entries,
    published,
)
from zhengshu.contexts.trust.application.sequence_log import log_size, sequence_log
from zhengshu.contexts.trust.events import PolicyChanged
from zhengshu.contexts.trust.interfaces.sequencer import LOCK, Sequencer
from zhengshu.contexts.trust.models import AuditEvent, LogEntry, LogQueueItem
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.tlog import merkle, notes
from zhengshu.foundation.tlog.entries import is_committed, read_entry
from zhengshu.foundation.tlog.keys import log_vkeys
from zhengshu.foundation.tlog.merkle import check_consistency, consistency_proof, leaf_hash
from zhengshu.foundation.tlog.store import LogFolder, TileRewritten
from zhengshu.foundation.tlog.tiles import ENTRIES, Tile, TileReader, tiles_of, unbundle
from zhengshu.kernel.actors import Actor

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> LogFolder:
    settings.PROOF_LOG_FOLDER = tmp_path / "log"
    return log_folder()


@pytest.fixture(autouse=True)
def _empty_log(db: None) -> None:
    """Begin with nothing logged, within the test's transaction: gateways leave committed calls behind."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM trust_log_queue")
        cursor.execute("ALTER TABLE trust_log_entry DISABLE TRIGGER ALL")
        cursor.execute("DELETE FROM trust_log_entry")
        cursor.execute("ALTER TABLE trust_log_entry ENABLE ALWAYS TRIGGER trust_guard_log_rows")
        cursor.execute("ALTER TABLE trust_log_entry ENABLE ALWAYS TRIGGER trust_guard_log_table")


def happened(count: int = 1) -> None:
    for number in range(count):
        publish(
            PolicyChanged(
                at=AT,
                actor=Actor.platform("test"),
                subject=Subject(kind="policy", id=str(number), label="policy"),
                before={"password_days": "90"},
                after={"password_days": "60"},
            )
        )


def whole_round() -> int:
    sequence_log()
    publisher = Publisher()
    publisher.publish()
    return publisher.size


def entries(folder: LogFolder, size: int) -> list[bytes]:
    """Read the log as a stranger does, each entry checked against its leaf and the leaves against the root."""
    found: list[bytes] = []
    for tile in tiles_of(size):
        if tile.level == ENTRIES:
            found += unbundle(folder.read(tile), width=tile.width)
    reader = TileReader(size, folder.read)
    assert [reader(0, index) for index in range(size)] == [leaf_hash(entry) for entry in found]
    return found


class TestSequencing:
    def test_what_is_proven_gets_a_place_in_the_order_in_which_it_happened(self, folder: LogFolder) -> None:
        happened(3)

        assert whole_round() == 3

        said = [read_entry(entry) for entry in entries(folder, 3)]
        assert {one["kind"] for one in said} == {"trust.policy.changed.v1"}
        assert {one["at"] for one in said} == {"2026-03-02T09:30:00.000Z"}
        sources = LogEntry.objects.values_list("source", flat=True)
        assert list(sources) == sorted(AuditEvent.objects.order_by("-pk").values_list("pk", flat=True)[:3])
        assert not LogQueueItem.objects.exists()

    def test_an_entry_says_nothing_of_what_was_changed_but_commits_to_it(self) -> None:
        from zhengshu.contexts.trust.application.log_sources import sealed_act

        happened()
        whole_round()
        row, act = LogEntry.objects.get(), AuditEvent.objects.latest("pk")

        entry, salt = bytes(row.entry), bytes(row.salt or b"")
        assert b"password" not in entry
        assert is_committed(entry, sealed=sealed_act(act), salt=salt)
        act.data = {"before": {}, "after": {"password_days": "30"}}
        assert not is_committed(entry, sealed=sealed_act(act), salt=salt)

    def test_a_rolled_back_transaction_leaves_nothing_to_log(self) -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            happened()
            raise RuntimeError

        assert sequence_log() == 0

    def test_many_are_taken_in_parts(self) -> None:
        happened(5)

        assert [sequence_log(most=2) for _ in range(4)] == [2, 2, 1, 0]
        assert list(LogEntry.objects.values_list("index", flat=True)) == [0, 1, 2, 3, 4]

    def test_costs_the_same_number_of_queries_for_few_and_for_many(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for count in (2, 60):
            happened(count)
            with django_assert_num_queries(7):
                sequence_log()


class TestPublishing:
    def test_each_checkpoint_continues_the_one_before(self, folder: LogFolder) -> None:
        sizes, roots = [], []
        for count in (1, 255, 44, 300):
            happened(count)
            sizes.append(whole_round())
            checkpoint = published()
            assert checkpoint is not None
            roots.append(checkpoint.root)

        reader = TileReader(sizes[-1], folder.read)
        assert len(entries(folder, sizes[-1])) == 600
        assert merkle.root(sizes[-1], hashes=reader) == roots[-1]
        for old, root in zip(sizes, roots, strict=True):
            proof = consistency_proof(old, sizes[-1], hashes=reader)
            check_consistency(old=old, new=sizes[-1], proof=proof, old_root=root, new_root=roots[-1])

    def test_the_checkpoint_is_signed_by_both_keys(self, folder: LogFolder, settings: Settings) -> None:
        happened()
        whole_round()

        for vkey in log_vkeys(settings.PROOF_LOG_ORIGIN):
            text, _ = notes.opened(folder.checkpoint(), verifiers=[notes.verifier(vkey)])
            assert text.split("\n")[1] == "1"

    @pytest.mark.parametrize("fails", ["tiles", "checkpoint"])
    def test_a_crash_between_any_two_steps_is_made_good(
        self, folder: LogFolder, fails: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        happened(300)
        whole_round()
        happened(300)
        sequence_log()
        method = {"tiles": "_put", "checkpoint": "publish"}[fails]
        with monkeypatch.context() as patch:
            patch.setattr(LogFolder, method, _disk_full)
            with pytest.raises(OSError, match="full"):
                Publisher().publish()
        before = published()
        assert before is not None
        assert before.size == 300

        happened(5)

        assert whole_round() == 605
        assert len(entries(folder, 605)) == 605

    def test_a_published_tile_is_never_rewritten(self, folder: LogFolder) -> None:
        happened(3)
        whole_round()
        (folder.folder / Tile(0, 0, 5).path).write_bytes(b"something else")
        happened(2)

        with pytest.raises(TileRewritten):
            whole_round()

        last = published()
        assert last is not None
        assert last.size == 3

    def test_a_database_that_was_restored_from_an_old_copy_publishes_nothing(self, folder: LogFolder) -> None:
        happened(3)
        whole_round()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE trust_log_entry DISABLE TRIGGER ALL")
            cursor.execute("DELETE FROM trust_log_entry WHERE index = 2")
            cursor.execute("ALTER TABLE trust_log_entry ENABLE TRIGGER ALL")

        with pytest.raises(LogAheadOfDatabase):
            Publisher()

    def test_an_entry_that_was_removed_is_not_closed_over(self, folder: LogFolder) -> None:
        happened(3)
        whole_round()
        happened(3)
        sequence_log()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE trust_log_entry DISABLE TRIGGER ALL")
            cursor.execute("DELETE FROM trust_log_entry WHERE index = 4")
            cursor.execute("ALTER TABLE trust_log_entry ENABLE TRIGGER ALL")

        with pytest.raises(EntryMissing, match="one is missing"):
            Publisher().publish()

        last = published()
        assert last is not None
        assert last.size == 3
        assert missing_entries() == 1

    def test_a_clock_that_goes_back_changes_no_order(self, folder: LogFolder) -> None:
        for hours in (2, 1, 3):
            publish(
                PolicyChanged(
                    at=AT.replace(hour=AT.hour + hours),
                    actor=Actor.platform("test"),
                    subject=Subject(kind="policy", id=str(hours), label="policy"),
                    before={},
                    after={},
                )
            )

        assert whole_round() == 3
        logged = [str(read_entry(entry)["at"])[11:13] for entry in entries(folder, 3)]
        assert logged == ["11", "10", "12"]

    def test_a_checkpoint_that_somebody_else_signed_stops_the_log(self, folder: LogFolder) -> None:
        happened(3)
        whole_round()
        folder.publish(folder.checkpoint().replace("\n3\n", "\n2\n"))

        with pytest.raises(notes.NoteWrong):
            Publisher()


class TestGuards:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE trust_log_entry SET entry = 'x'",
            "UPDATE trust_log_entry SET salt = 'x'",
            "UPDATE trust_log_entry SET salt = NULL, source = 0",
            "DELETE FROM trust_log_entry",
            "TRUNCATE trust_log_entry",
        ],
    )
    def test_nobody_changes_an_entry(self, statement: str) -> None:
        happened()
        sequence_log()

        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_a_salt_may_be_deleted_and_the_log_still_verifies(self, folder: LogFolder) -> None:
        happened(2)
        whole_round()

        LogEntry.objects.filter(index=0).update(salt=None)

        assert len(entries(folder, 2)) == 2
        assert whole_round() == 2


class TestSequencer:
    @pytest.fixture(autouse=True)
    def _free_lock(self) -> Iterator[None]:
        """Give the lock back, which belongs to the connection and not to the test's transaction."""
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")

    def test_a_round_does_everything(self) -> None:
        happened(2)

        assert Sequencer().round() is False

        assert published() is not None
        assert log_size() == 2

    def test_a_second_one_stands_by(self, foreign: "psycopg.Connection") -> None:
        foreign.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        happened()

        assert Sequencer().round() is False

        assert LogQueueItem.objects.count() == 1

    def test_goes_on_after_a_full_disk(self, monkeypatch: pytest.MonkeyPatch) -> None:
        happened(2)
        waits: list[float] = []

        def wait(seconds: float) -> None:
            waits.append(seconds)
            patch.undo()
            if len(waits) == 2:
                raise KeyboardInterrupt

        patch = pytest.MonkeyPatch()
        patch.setattr(LogFolder, "publish", _disk_full)
        with pytest.raises(KeyboardInterrupt):
            Sequencer(wait=wait).run()

        last = published()
        assert last is not None
        assert last.size == 2
        assert "witnesses" not in {one.name for one in threading.enumerate()}


@pytest.fixture
def foreign() -> Iterator["psycopg.Connection"]:
    """A connection of another process."""
    settings = connection.settings_dict
    parameters = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
    }
    with psycopg.connect(
        **{name: value for name, value in parameters.items() if value}, autocommit=True
    ) as one:
        yield one


def _disk_full(*_arguments: object) -> None:
    raise OSError(28, "No space left on device: full")
