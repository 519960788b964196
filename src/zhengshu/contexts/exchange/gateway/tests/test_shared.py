"""What several workers share: quotas, nonces, revocations, records."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from tests.kit.gateway import PURPOSE, GatewayProcess, Granted, Office, SigningKey, person

from zhengshu.client import CallRefused, signed_headers
from zhengshu.contexts.exchange.gateway.tests.calling import get, send

KEY = {"citizen_id": str(person(7)["citizen_id"])}
PATIENCE = 5.0


@pytest.fixture(scope="module")
def two(office: Office) -> Iterator[GatewayProcess]:
    process = GatewayProcess.start(office.url, workers=2)
    yield process
    process.stop()


def verdicts(url: str, key: SigningKey, granted: Granted, *, calls: int) -> Counter[str]:
    """Make calls from eight threads, each with its own connection, and count what came of them."""

    def call(_: int) -> str:
        try:
            key.client(url).records(granted.resource, key=KEY, purpose=PURPOSE)
        except CallRefused as refused:
            return refused.code
        return "ok"

    with ThreadPoolExecutor(8) as threads:
        return Counter(threads.map(call, range(calls)))


def granted_everywhere(url: str, office: Office, key: SigningKey, view: str, **terms: int) -> Granted:
    """Return a grant that all workers know: a dozen new connections in a row reach both."""
    granted = office.grant(key, view=view, **terms)  # type: ignore[arg-type]  # quotas only
    in_a_row = 0
    end = time.monotonic() + PATIENCE
    while in_a_row < 12 and time.monotonic() < end:
        response = get(url, f"/v1/resources/{granted.resource}/records?key.citizen_id=x", key, purpose="none")
        in_a_row = in_a_row + 1 if response.json()["code"] == "exchange.purpose-not-granted" else 0
    assert in_a_row == 12
    return granted


class TestQuota:
    def test_of_a_day_is_shared_and_exact(self, office: Office, two: GatewayProcess, view: str) -> None:
        key = office.key()
        granted = granted_everywhere(two.url, office, key, view, per_day=25)

        outcome = verdicts(two.url, key, granted, calls=60)

        assert outcome == {"ok": 25, "exchange.quota-per-day-used-up": 35}
        assert len({record["gateway"] for record in office.records(key)}) == 2

    def test_of_a_second_is_never_exceeded(self, office: Office, two: GatewayProcess, view: str) -> None:
        key = office.key()
        granted = granted_everywhere(two.url, office, key, view, per_second=3)

        began = time.monotonic()
        outcome = verdicts(two.url, key, granted, calls=60)

        seconds_touched = int(time.monotonic() - began) + 2
        assert outcome["exchange.quota-per-second-used-up"] == 60 - outcome["ok"]
        assert 3 <= outcome["ok"] <= 3 * seconds_touched

    def test_begins_anew_with_the_next_second(self, office: Office, two: GatewayProcess, view: str) -> None:
        key = office.key()
        granted = granted_everywhere(two.url, office, key, view, per_second=1)
        office.run(
            "INSERT INTO gateway.quota_use VALUES (%s, now() - interval '1 minute', 1, current_date - 1, 1, 1, 1, 1,"
            " 1)",
            granted.id,
        )

        assert verdicts(two.url, key, granted, calls=1) == {"ok": 1}


class TestReplay:
    def test_across_workers_one_of_many_wins(self, office: Office, two: GatewayProcess, view: str) -> None:
        key = office.key()
        granted = granted_everywhere(two.url, office, key, view)
        url = f"{two.url}/v1/resources/{granted.resource}/records?key.citizen_id=1"
        headers = signed_headers("GET", url, key_id=key.key_id, secret=key.secret, purpose=PURPOSE)

        with ThreadPoolExecutor(8) as threads:
            codes = Counter(threads.map(lambda _: send("GET", url, headers).status_code, range(40)))

        assert codes == {200: 1, 409: 39}


class TestRevocation:
    def test_holds_everywhere_at_once(self, office: Office, two: GatewayProcess, view: str) -> None:
        key = office.key()
        granted = granted_everywhere(two.url, office, key, view)

        office.revoke(granted)
        outcome = verdicts(two.url, key, granted, calls=40)

        assert outcome == {"exchange.grant-revoked": 40}

    def test_of_a_key_holds_at_once(self, office: Office, two: GatewayProcess, view: str) -> None:
        key = office.key()
        granted = granted_everywhere(two.url, office, key, view)

        office.end_key(key)

        assert verdicts(two.url, key, granted, calls=20) == {"exchange.key-expired": 20}


class TestFreshness:
    def test_a_gateway_that_cannot_ask_the_database_refuses_everything(
        self, office: Office, view: str
    ) -> None:
        name = f"{office.url.rpartition('?')[0].rpartition('/')[2]}_cut_off"
        office.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        office.run(f"CREATE DATABASE {name}")
        copy = Office(office.url.replace(f"/{name.removesuffix('_cut_off')}?", f"/{name}?"))
        copy.run("CREATE SCHEMA gateway")
        copy.run(
            "CREATE TABLE gateway.keys (key_id text, system_id uuid, department_id uuid, algorithm text,"
            " sealed_secret bytea, public_key bytea, active_from timestamptz, active_to timestamptz,"
            " needs_official boolean, may_report boolean)"
        )
        copy.run(
            "CREATE TABLE gateway.grants (id uuid, system_id uuid, consumer_department_id uuid,"
            " provider_department_id uuid, resource_code text, view_name text, key_columns jsonb, fields jsonb,"
            " row_filter jsonb, purposes jsonb, operations jsonb, needs_case boolean, active_from timestamptz,"
            " active_to timestamptz, revoked_at timestamptz)"
        )
        copy.run("CREATE SCHEMA proof")
        copy.run("CREATE TABLE proof.name (origin text)")
        copy.close()
        gateway = GatewayProcess.start(copy.url)
        try:
            before = send("GET", f"{gateway.url}/healthz", {}).status_code
            office.run(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
            office.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name)
            refused = until_refused(gateway.url)
            office.run(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
            recovers = gateway.becomes_ready(seconds=PATIENCE)
        finally:
            gateway.kill()
            office.run(f"DROP DATABASE {name} WITH (FORCE)")

        assert before == 200
        assert refused < 2.0
        assert recovers


def until_refused(url: str) -> float:
    """Return after how many seconds a gateway refuses a signed call because it is not fresh."""
    began = time.monotonic()
    while time.monotonic() < began + PATIENCE:
        response = send("GET", f"{url}/v1/ping", {})
        if response.json()["code"] == "exchange.gateway-not-fresh":
            return time.monotonic() - began
    return PATIENCE


class TestNonces:
    def test_are_forgotten_when_no_signature_could_use_them(self, office: Office) -> None:
        old, new = datetime.now(UTC) - timedelta(minutes=1), datetime.now(UTC) + timedelta(minutes=1)
        key_id = f"k-{time.time_ns()}"
        for nonce, until in (("old", old), ("new", new)):
            office.run(
                "INSERT INTO gateway.nonce VALUES (%s, %s, gen_random_uuid(), %s)", key_id, nonce, until
            )

        office.run("SELECT gateway.forget_nonces(100000)")

        left = office.run("SELECT nonce FROM gateway.nonce WHERE key_id = %s", key_id)
        assert left == [{"nonce": "new"}]
