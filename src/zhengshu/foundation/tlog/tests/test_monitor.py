"""A monitor recomputes a log, goes on where it stood, and tells of everything that does not fit."""

import json
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from zhengshu.foundation.tlog import notes
from zhengshu.foundation.tlog.counts import Counts, CountsUnreadable, Key, differences
from zhengshu.foundation.tlog.entries import LogRecord, entry_of
from zhengshu.foundation.tlog.monitor import Monitor, Wrong
from zhengshu.foundation.tlog.notes import Checkpoint
from zhengshu.foundation.tlog.store import LogFolder
from zhengshu.foundation.tlog.tiles import ENTRIES, Tile, TileWriter

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = date(2026, 3, 2)
ORIGIN, SEED, GRANT = "city.example/log", bytes(range(32)), "0190-grant"
KEY = notes.verifier(notes.ed25519_vkey(ORIGIN, SEED))


def call(number: int, *, at: datetime = AT, grant: str = GRANT, verdict: str = "ok") -> bytes:
    facts: dict[str, str | int | bool | list[str] | None] = {
        "consumer": "C1", "provider": "P1", "grant": grant, "resource": "R", "operation": "records",
        "purpose": "statistics", "verdict": verdict, "fields": ["name"], "rows": 1,
    }  # fmt: skip
    return entry_of(LogRecord(kind="call", at=at, facts=facts, sealed=bytes([number % 256])), salt=bytes(16))


class Log:
    """A log in a folder that grows."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.writer = LogFolder(folder), TileWriter()

    def grow(self, entries: Sequence[bytes]) -> None:
        self.folder.write(self.writer.append(entries))
        self.publish(self.writer.size, self.writer.root())

    def publish(self, size: int, root: bytes, *, seed: bytes = SEED) -> None:
        text = Checkpoint(origin=ORIGIN, size=size, root=root).text
        self.folder.publish(notes.signed(text, signers=[notes.ed25519_signer(ORIGIN, seed)]))

    def fetch(self, path: str) -> bytes:
        return (self.folder.folder / path).read_bytes()


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "log")


@pytest.fixture
def monitor(log: Log, tmp_path: Path) -> Monitor:
    return Monitor(fetch=log.fetch, verifiers=[KEY], folder=tmp_path / "monitor", zone=UTC)


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


class TestWalk:
    @pytest.mark.parametrize("sizes", [[1], [255, 256], [256, 257], [3, 600, 601], [512]])
    def test_recomputes_what_was_added_since_the_last_run(
        self, log: Log, monitor: Monitor, sizes: list[int]
    ) -> None:
        for size in sizes:
            fresh = size - log.writer.size
            log.grow([call(number) for number in range(log.writer.size, size)])

            walked = monitor.walk()

            assert (walked.size, walked.fresh, walked.faults) == (size, fresh, ())
        assert monitor.walk().fresh == 0
        assert monitor.counts.by_key[Key(DAY, "C1", GRANT)].answered == sizes[-1]

    def test_reads_only_what_is_new(self, log: Log, monitor: Monitor) -> None:
        log.grow([call(number) for number in range(600)])
        monitor.walk()
        shutil.rmtree(log.folder.folder / "tile" / "entries" / "000.p", ignore_errors=True)
        (log.folder.folder / Tile(ENTRIES, 0).path).unlink()
        log.grow([call(600)])

        assert monitor.walk().faults == ()

    def test_tells_when_entries_were_taken_back(self, log: Log, monitor: Monitor) -> None:
        log.grow([call(number) for number in range(5)])
        root = log.writer.root()
        log.grow([call(number) for number in range(5, 9)])
        monitor.walk()
        log.publish(5, root)

        (fault,) = monitor.walk().faults

        assert fault.kind is Wrong.ROLLED_BACK
        evidence = (monitor.folder / "evidence.txt").read_text()
        assert evidence.count(ORIGIN + "\n") == 2

    def test_tells_when_the_past_was_rewritten(self, log: Log, monitor: Monitor, tmp_path: Path) -> None:
        log.grow([call(number) for number in range(5)])
        monitor.walk()
        other = Log(tmp_path / "other")
        other.grow([call(number) for number in [0, 1, 3, 2, 4, 5, 6]])
        shutil.rmtree(log.folder.folder)
        shutil.copytree(other.folder.folder, log.folder.folder)

        (fault,) = monitor.walk().faults

        assert fault.kind is Wrong.FORKED
        assert monitor.walk().faults == (fault,)

    def test_tells_of_a_checkpoint_by_another_key(self, log: Log, monitor: Monitor) -> None:
        log.grow([call(1)])
        log.publish(1, log.writer.root(), seed=bytes(32))

        assert [one.kind for one in monitor.walk().faults] == [Wrong.UNSIGNED]

    @pytest.mark.parametrize("path", ["tile/entries/000", "tile/0/000", "tile/1/000.p/2", "tile/0/002.p/8"])
    def test_tells_of_one_changed_bit_anywhere(self, log: Log, monitor: Monitor, path: str) -> None:
        log.grow([call(number) for number in range(520)])
        flip(log.folder.folder / path)

        walked = monitor.walk()

        assert walked.faults
        assert walked.fresh == 0

    def test_tells_of_a_file_that_is_not_there(self, log: Log, monitor: Monitor) -> None:
        log.grow([call(number) for number in range(300)])
        (log.folder.folder / "tile/0/000").unlink()

        assert [one.kind for one in monitor.walk().faults] == [Wrong.MISSING]

    @pytest.mark.parametrize(
        "change",
        [
            lambda entry: entry + b" ",
            lambda entry: entry.replace(b'"rows":1', b'"rows":1,"name":"x"'),
            lambda entry: entry.replace(b"2026-03-02T", b"soon-"),
            lambda _: b"not JSON",
            lambda entry: json.dumps({**json.loads(entry), "commitment": "AA=="}, sort_keys=True).encode(),
        ],
    )
    def test_tells_of_an_entry_in_another_form_and_stays_told(
        self, log: Log, monitor: Monitor, change: Callable[[bytes], bytes]
    ) -> None:
        log.grow([call(0), change(call(1)), call(2)])
        monitor.walk()
        log.grow([call(3)])

        walked = monitor.walk()

        assert [(one.kind, one.index) for one in walked.faults] == [(Wrong.ENTRY, 1)]
        assert walked.size == 4

    def test_counts_in_the_days_of_its_zone(self, log: Log, tmp_path: Path) -> None:
        from zoneinfo import ZoneInfo

        monitor = Monitor(
            fetch=log.fetch, verifiers=[KEY], folder=tmp_path / "m", zone=ZoneInfo("Asia/Shanghai")
        )
        log.grow([call(0, at=datetime(2026, 3, 2, 17, 0, tzinfo=UTC))])
        monitor.walk()

        assert list(monitor.counts.by_key) == [Key(date(2026, 3, 3), "C1", GRANT)]


def counted(*days: tuple[date, int], refused: int = 0) -> Counts:
    counts = Counts()
    for day, calls in days:
        for number in range(calls):
            counts.add(day=day, department="C1", grant=GRANT, is_answered=number >= refused)
    return counts


class TestDifferences:
    def test_are_none_where_both_sides_agree(self) -> None:
        assert differences(counted((DAY, 3)), counted((DAY, 3)), days={DAY}) == ()

    @pytest.mark.parametrize(("logged", "recorded"), [(3, 2), (2, 3), (1, 0), (0, 1)])
    def test_name_day_grant_and_both_numbers(self, logged: int, recorded: int) -> None:
        (found,) = differences(counted((DAY, logged)), counted((DAY, recorded)), days={DAY})

        assert (found.day, found.grant, found.what) == (DAY, GRANT, "answered")
        assert (found.logged, found.recorded) == (logged, recorded)

    def test_tell_answered_from_refused(self) -> None:
        found = differences(counted((DAY, 3), refused=1), counted((DAY, 3)), days={DAY})

        assert [one.what for one in found] == ["answered", "refused"]

    def test_a_call_at_midnight_evens_out(self) -> None:
        after = DAY + timedelta(days=1)
        logged, recorded = counted((DAY, 3), (after, 4)), counted((DAY, 4), (after, 3))

        assert differences(logged, recorded, days={DAY, after}) == ()
        assert differences(logged, counted((DAY, 5), (after, 3)), days={DAY, after}) != ()

    def test_a_day_that_is_not_whole_is_not_compared(self) -> None:
        assert differences(counted((DAY, 3)), Counts(), days={DAY + timedelta(days=1)}) == ()

    def test_calls_without_a_grant_are_compared_by_whoever_has_all_of_them(self) -> None:
        without = Counts()
        without.add(day=DAY, department="C1", grant="", is_answered=False)

        assert [one.what for one in differences(without, Counts(), days={DAY})] == ["refused"]
        assert [one.what for one in differences(Counts(), without, days={DAY})] == ["refused"]
        assert differences(without, Counts(), days={DAY}, grants={""}) == ()
        assert len(differences(Counts(), without, days={DAY}, grants={""})) == 1

    def test_what_the_caller_never_learned_explains_what_only_the_log_has(self) -> None:
        lines = [own_line("ok"), own_line("unknown")]

        assert differences(counted((DAY, 2)), Counts.of_lines(lines, zone=UTC), days={DAY}) == ()
        assert differences(counted((DAY, 3)), Counts.of_lines(lines, zone=UTC), days={DAY}) != ()
        assert differences(counted((DAY, 0)), Counts.of_lines(lines, zone=UTC), days={DAY}) != ()


def own_line(verdict: str) -> str:
    return json.dumps(
        {"at": AT.isoformat(), "department": "C1", "system": "s", "grant": GRANT, "verdict": verdict}
    )


class TestFiles:
    def test_counts_survive_a_file(self) -> None:
        counts = counted((DAY, 3), refused=1)

        assert Counts.of_lines(counts.lines()) == counts

    @pytest.mark.parametrize(
        "line", ["x", "{}", '{"day": "2026-13-01"}', own_line("ok").replace("-03-", "-13-")]
    )
    def test_an_unreadable_line_is_named(self, line: str) -> None:
        with pytest.raises(CountsUnreadable, match="line 2"):
            Counts.of_lines([own_line("ok"), line], zone=UTC)
