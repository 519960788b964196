"""`zhengshu monitor` as a consumer runs it: over HTTP, with the record that its client has kept."""

import functools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest
from tests.kit.gateway import PURPOSE, GatewayProcess, Office, person

from zhengshu.client import CallRefused, Client, Journal, kept_call, verify_receipt
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk
from zhengshu.contexts.exchange.gateway.tests.test_proofs import run_sequencer
from zhengshu.foundation.tlog.keys import log_vkeys

ORIGIN = "city.example/log"
KEY = {"citizen_id": str(person(7)["citizen_id"])}
TODAY = f"{datetime.now(UTC):%Y-%m-%d}"


class Compared(msgspec.Struct):
    differences: list[dict[str, str | int]]


class Report(msgspec.Struct):
    fresh: int = -1
    compared: list[Compared] = []
    error: str = ""


@pytest.fixture(scope="module")
def log_settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {
        "ZHENGSHU_PROOF_LOG": str(tmp_path_factory.mktemp("log")),
        "ZHENGSHU_PROOF_LOG_ORIGIN": ORIGIN,
    }


@pytest.fixture(scope="module")
def logging_gateway(office: Office, log_settings: dict[str, str]) -> Iterator[GatewayProcess]:
    process = GatewayProcess.start(office.url, environment=log_settings)
    yield process
    assert process.stop() == 0


@pytest.fixture
def place(desk: Desk, logging_gateway: GatewayProcess) -> Desk:
    assert logging_gateway.catches_up()
    return replace(desk, url=logging_gateway.url)


@pytest.fixture
def journal(place: Desk, tmp_path: Path) -> Journal:
    (row,) = place.office.run("SELECT code FROM trust_department WHERE id = %s", place.key.department_id)
    return Journal(tmp_path / "calls.jsonl", department=str(row["code"]), system="assistance")


def client(place: Desk, journal: Journal) -> Client:
    key = place.key
    return Client(place.url, key.key_id, key.secret, key.algorithm, patience=0, journal=journal)


@contextmanager
def served(folder: str) -> Iterator[str]:
    handler = functools.partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def monitored(address: str, folder: Path, *records: Path, report: Sequence[str] = ()) -> tuple[int, Report]:
    command = [sys.executable, "-m", "zhengshu.project.cli", "monitor", "--log", address, "--json"]
    command += ["--folder", str(folder), "--zone", "UTC", "--from", TODAY, "--to", TODAY]
    command += [part for vkey in log_vkeys(ORIGIN) for part in ("--key", vkey)]
    command += [part for file in records for part in ("--records", str(file))]
    command += report
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    return done.returncode, (
        msgspec.json.decode(done.stdout, type=Report) if done.stdout else Report(error=done.stderr)
    )


class TestOwnRecord:
    def test_has_a_line_for_each_call_and_none_of_its_data(self, place: Desk, journal: Journal) -> None:
        caller = client(place, journal)
        caller.records(place.granted.resource, key=KEY, purpose=PURPOSE)
        with pytest.raises(CallRefused):
            caller.verify(place.granted.resource, key=KEY, values={"name": "x"}, purpose="statistics")

        text = journal.file.read_text()
        first, second = (json.loads(line) for line in text.splitlines())

        assert (first["resource"], first["operation"], first["verdict"]) == (
            place.granted.resource, "records", "ok",
        )  # fmt: skip
        assert first["grant"] == str(place.granted.id)
        assert second["verdict"] == "exchange.purpose-not-granted"
        assert KEY["citizen_id"] not in text
        assert journal.file.stat().st_mode & 0o077 == 0

    def test_proves_a_call_long_after(
        self, place: Desk, journal: Journal, office: Office, log_settings: dict[str, str]
    ) -> None:
        caller = client(place, journal)
        receipt = caller.records(place.granted.resource, key=KEY, purpose=PURPOSE).receipt
        run_sequencer(office, log_settings)
        text = place.key.client(place.url).proof(receipt)

        kept = kept_call(journal.file.read_text().splitlines()[0])

        assert verify_receipt(text, vkeys=log_vkeys(ORIGIN), kept=kept).is_of_kept_call

    def test_notes_a_call_whose_answer_never_came(self, place: Desk, journal: Journal) -> None:
        with pytest.raises(OSError, match="refused"):
            client(replace(place, url="http://127.0.0.1:9"), journal).ping()

        (line,) = journal.file.read_text().splitlines()
        assert json.loads(line)["verdict"] == "unknown"


class TestMonitor:
    def test_compares_the_own_record_with_the_log(
        self, place: Desk, journal: Journal, office: Office, log_settings: dict[str, str], tmp_path: Path
    ) -> None:
        caller = client(place, journal)
        for _ in range(3):
            caller.records(place.granted.resource, key=KEY, purpose=PURPOSE)
        run_sequencer(office, log_settings)
        with served(log_settings["ZHENGSHU_PROOF_LOG"]) as address:
            first = monitored(address, tmp_path / "m", journal.file)
            # Somebody else uses the key: the log has a call that the own record has not.
            place.key.client(place.url).records(place.granted.resource, key=KEY, purpose=PURPOSE)
            run_sequencer(office, log_settings)
            second = monitored(address, tmp_path / "m", journal.file)

        assert first[0] == 0, first
        assert second[0] == 1
        assert second[1].fresh == 1
        (found,) = second[1].compared[0].differences
        assert (found["logged"], found["recorded"], found["system"]) == (4, 3, "assistance")

    def test_hands_in_what_it_finds(
        self, place: Desk, journal: Journal, office: Office, log_settings: dict[str, str], tmp_path: Path
    ) -> None:
        caller, key = client(place, journal), place.key
        caller.records(place.granted.resource, key=KEY, purpose=PURPOSE)
        key.client(place.url).records(place.granted.resource, key=KEY, purpose=PURPOSE)
        run_sequencer(office, log_settings)
        (tmp_path / "secret").write_text(key.secret)
        report = ["--report", place.url, "--key-id", key.key_id, "--secret-file", str(tmp_path / "secret")]
        with served(log_settings["ZHENGSHU_PROOF_LOG"]) as address:
            refused = monitored(address, tmp_path / "m", journal.file, report=report)
            nothing = office.run("SELECT FROM exchange_monitor_report WHERE system_id = %s", key.system_id)
            office.run("UPDATE trust_consuming_system SET may_report = true WHERE id = %s", key.system_id)
            assert office.settle()
            taken = monitored(address, tmp_path / "m", journal.file, report=report)

        (row,) = office.run("SELECT content FROM exchange_monitor_report WHERE system_id = %s", key.system_id)
        assert (refused[0], taken[0], nothing) == (1, 1, [])
        content = row["content"]
        assert isinstance(content, dict)
        (difference,) = content["differences"]
        assert (difference["logged"], difference["recorded"]) == (2, 1)

    def test_says_when_the_log_cannot_be_read(self, tmp_path: Path) -> None:
        code, said = monitored("http://127.0.0.1:9", tmp_path / "m")

        assert code == 2
        assert "could not be read" in said.error
