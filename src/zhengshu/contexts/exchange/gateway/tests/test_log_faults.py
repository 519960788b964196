"""The sequencer as a process, while its disk is full and while a second one was started by mistake."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.kit.gateway import PURPOSE, GatewayProcess, Office, person

from zhengshu.client import Client
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk
from zhengshu.foundation.tlog.keys import log_vkeys
from zhengshu.foundation.tlog.monitor import Monitor
from zhengshu.foundation.tlog.notes import Checkpoint, split, verifier
from zhengshu.foundation.tlog.store import LogFolder

ORIGIN = "city.example/log"
KEY = {"citizen_id": str(person(7)["citizen_id"])}
SECONDS = 60

pytestmark = pytest.mark.faults


@contextmanager
def sequencer(office: Office, folder: Path, told: Path) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {**os.environ, "DATABASE_URL": office.url}
    environment |= {"ZHENGSHU_PROOF_LOG": str(folder), "ZHENGSHU_PROOF_LOG_ORIGIN": ORIGIN}
    with told.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "zhengshu.project.cli", "sequencer"],
            env=environment,
            stdout=out,
            stderr=out,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def called(desk: Desk, gateway: GatewayProcess, *, times: int) -> None:
    client: Client = desk.key.client(gateway.url)
    for _ in range(times):
        client.records(desk.granted.resource, key=KEY, purpose=PURPOSE)


def size(folder: Path) -> int:
    note = LogFolder(folder).checkpoint()
    return Checkpoint.of_text(split(note)[0]).size if note else 0


def sequenced(office: Office) -> int:
    (row,) = office.run(
        "SELECT count(*) AS n, (SELECT count(*) FROM trust_log_queue) AS waiting FROM trust_log_entry"
    )
    return int(str(row["n"])) + int(str(row["waiting"]))


def wait_for(folder: Path, entries: int) -> None:
    end = time.monotonic() + SECONDS
    while size(folder) < entries:
        assert time.monotonic() < end, f"{size(folder)} of {entries} entries were published"
        time.sleep(0.05)


def check(folder: Path, memory: Path) -> int:
    """Recompute the published log as a stranger does."""
    walked = Monitor(
        fetch=lambda path: (folder / path).read_bytes(),
        verifiers=[verifier(vkey) for vkey in log_vkeys(ORIGIN)],
        folder=memory,
        zone=ZoneInfo("UTC"),
    ).walk()
    assert walked.faults == ()
    return walked.size


class TestTwoSequencers:
    def test_one_works_and_the_other_takes_over_when_it_is_killed(
        self, desk: Desk, gateway: GatewayProcess, office: Office, tmp_path: Path
    ) -> None:
        folder, told = tmp_path / "log", tmp_path / "told"
        called(desk, gateway, times=3)
        with sequencer(office, folder, told) as first, sequencer(office, folder, told):
            wait_for(folder, sequenced(office))
            called(desk, gateway, times=20)
            wait_for(folder, sequenced(office))
            first.kill()
            first.wait()
            called(desk, gateway, times=20)
            wait_for(folder, sequenced(office))

        assert check(folder, tmp_path / "memory") == sequenced(office)


class TestFullDisk:
    def test_nothing_is_lost_and_it_is_said(
        self, desk: Desk, gateway: GatewayProcess, office: Office, tmp_path: Path
    ) -> None:
        folder, told = tmp_path / "log", tmp_path / "told"
        folder.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True, check=False
        )
        if mounted.returncode:
            pytest.skip("a small file system cannot be mounted here")
        try:
            called(desk, gateway, times=5)
            with sequencer(office, folder, told):
                wait_for(folder, sequenced(office))
                _fill(folder / "filler")
                before = size(folder)
                called(desk, gateway, times=30)
                end = time.monotonic() + SECONDS
                while b"No space left" not in told.read_bytes():
                    assert time.monotonic() < end, told.read_text()
                    time.sleep(0.1)
                assert size(folder) == before
                check(folder, tmp_path / "memory")
                (folder / "filler").unlink()
                wait_for(folder, sequenced(office))
            assert check(folder, tmp_path / "memory") == sequenced(office)
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as out:
        for block in (65536, 4096, 1):
            try:
                while True:
                    out.write(bytes(block))
            except OSError:
                continue
