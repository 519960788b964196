"""Stopped, killed, filled up, written to meanwhile: no half result is shown as a whole one."""

import errno
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from zhengshu.contexts.quality.application.engine.assess import assess
from zhengshu.contexts.quality.application.engine.blamed import blamed_rows
from zhengshu.contexts.quality.application.engine.keeping import about_of
from zhengshu.contexts.quality.application.engine.source import SourceChanged
from zhengshu.contexts.quality.application.engine.watching import RoomExhausted
from zhengshu.contexts.quality.domain.checks import HasLength
from zhengshu.contexts.quality.tests.test_keeping import DIGITS, UNIQUE, job_of, rule_of, source_of, write


class TestWhole:
    def test_refuses_a_file_that_is_written_to_meanwhile(self, tmp_path: Path) -> None:
        path = write(tmp_path, "b", ["1", "x"])
        job = job_of(source_of(path), tmp_path / "store", DIGITS)

        def told(_done: int, _total: int) -> bool:
            write(tmp_path, "b", ["1", "x", "y"])
            return True

        with pytest.raises(SourceChanged):
            assess(job, told=told)

    def test_takes_no_file_for_finished_that_is_not(self, tmp_path: Path) -> None:
        store = tmp_path / "store"
        job = job_of(source_of(write(tmp_path, "b", ["1", "x"])), store, DIGITS)
        assess(job)
        (kept,) = store.iterdir()
        kept.write_bytes(kept.read_bytes()[:-9])

        assert about_of(kept) is None
        assert assess(job).rules[0].failed == 1

    def test_shows_nothing_of_a_run_whose_disk_is_full_and_goes_on_when_there_is_room(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = tmp_path / "store"
        job = job_of(source_of(write(tmp_path, "b", ["1", "x", "2", "y", "3"])), store, DIGITS, UNIQUE)
        written: list[int] = []

        def full(number: int) -> None:
            written.append(number)
            if len(written) == 2:
                raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr("os.fsync", full)
            with pytest.raises(RoomExhausted):
                assess(job)
        names = sorted(path.suffix for path in store.iterdir())
        done = assess(job)

        assert names == [".parquet"]
        assert (done.reused, done.rules[0].places) == (2, (2, 4))

    def test_takes_up_what_a_killed_process_finished(self, tmp_path: Path) -> None:
        path = write(tmp_path, "b", ["1", "x", "2", "y", "3"])
        script = (
            "import os, signal, sys; from pathlib import Path\n"
            "from zhengshu.contexts.quality.tests import test_keeping as t\n"
            "def told(done, total):\n"
            "    if done >= 4: os.kill(os.getpid(), signal.SIGKILL)\n"
            "    return True\n"
            "t.assess(t.job_of(t.source_of(Path(sys.argv[1])), Path(sys.argv[2]), t.DIGITS), told=told)"
        )

        killed = subprocess.run([sys.executable, "-c", script, path, tmp_path / "store"], check=False)
        done = assess(job_of(source_of(path), tmp_path / "store", DIGITS))

        assert killed.returncode == -signal.SIGKILL
        assert (done.reused, done.rules[0].asked, done.rules[0].places) == (2, 5, (2, 4))

    def test_cuts_more_words_than_one(self, tmp_path: Path) -> None:
        rules = tuple(rule_of(f"r{n}", HasLength(least=n)) for n in range(1, 41))
        done = assess(
            job_of(source_of(write(tmp_path, "b", ["x" * 39, "x" * 20])), tmp_path / "store", *rules)
        )

        rows = blamed_rows(tmp_path / "store", done.kept)
        assert [len(row.rules) for row in rows] == [1, 20]
