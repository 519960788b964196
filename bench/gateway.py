"""Full calls a second through the gateway, and what lawfulness adds to the time of a call.

A call is complete: its signature is checked, its grant looked up, its row read from PostgreSQL, masked, and its
record is on disk (fsync on) before the answer leaves. The load comes from wrk, on the same machine, with calls
that were signed beforehand. The peers read the same row and do nothing else.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
from tests.kit.gateway import GatewayProcess, Granted, Office, SigningKey, person
from tests.kit.platform import free_port

from bench.harness import LEAST_RUNS, WORK, Result, write_results
from zhengshu.client import signed_headers
from zhengshu.project import database

FOLDER = Path(__file__).parent
PERSONS = 100_000
FIELDS = ("name", "phone", "born_on", "amount", "children", "region")
PURPOSE = "social_assistance"
SECONDS = 6
CONNECTIONS = 48
WORKERS = 2
MOST_CALLS_PER_SECOND = 6_000
EXPECTED_CALLS = 2_000
EXPECTED_MILLISECONDS = 20.0
Load = dict[str, float]


def main() -> None:
    """Measure the gateway and its peers by turns, and write the medians."""
    url = prepare_database()
    office = Office(url)
    view = office.serve(
        [person(number, citizen_id=citizen(number)) for number in range(PERSONS)], view="r_bench"
    )
    office.run("ANALYZE")
    key = office.key()
    granted = office.grant(key, view=view, fields=FIELDS)
    environment = {**os.environ, "DATABASE_URL": url, "BENCH_VIEW": view}
    full: dict[str, list[Load]] = {}
    half: dict[str, list[Load]] = {}
    for _ in range(LEAST_RUNS):
        for name, start in PROGRAMS.items():
            with start(environment) as address:
                load(address, calls(address, key, granted, MOST_CALLS_PER_SECOND), seconds=1)
                many = calls(address, key, granted, MOST_CALLS_PER_SECOND * SECONDS)
                full.setdefault(name, []).append(load(address, many, seconds=SECONDS))
                few = calls(address, key, granted, EXPECTED_CALLS * SECONDS)
                half.setdefault(name, []).append(
                    load(address, few, seconds=SECONDS, calls_per_second=EXPECTED_CALLS / 2)
                )
    office.close()
    write_results("gateway", results(full, half))


def results(full: dict[str, list[Load]], half: dict[str, list[Load]]) -> list[Result]:
    """Return the figures: medians of the runs, with the peers' medians beside them."""

    def median(loads: dict[str, list[Load]], figure: str) -> dict[str, float]:
        return {name: statistics.median(run[figure] for run in runs) for name, runs in loads.items()}

    def result(
        name: str,
        loads: dict[str, list[Load]],
        figure: str,
        unit: str,
        better: str,
        limit: float | None = None,
    ) -> Result:
        values = median(loads, figure)
        return Result(
            name=name,
            value=values.pop("gateway"),
            unit=unit,
            better=better,
            peers=values,
            limit=limit,
            runs=tuple(run[figure] for run in loads["gateway"]),
        )

    p99 = median(half, "p99")
    added = tuple(
        ours["p99"] - direct["p99"] for ours, direct in zip(half["gateway"], half["direct asgi"], strict=True)
    )
    return [
        result("full calls", full, "rate", "calls/s", "higher", EXPECTED_CALLS),
        result("p50 at full load", full, "p50", "ms", "lower"),
        result("p99 at full load", full, "p99", "ms", "lower"),
        result("rate offered at half load", half, "rate", "calls/s", "higher"),
        result("p50 at half load", half, "p50", "ms", "lower"),
        result("p99 at half load", half, "p99", "ms", "lower"),
        Result(
            name="p99 added at half load",
            value=p99["gateway"] - p99["direct asgi"],
            unit="ms",
            better="lower",
            limit=EXPECTED_MILLISECONDS,
            runs=added,
        ),
    ]


@contextmanager
def gateway(environment: Mapping[str, str]) -> Iterator[str]:
    """Run the gateway as it is delivered."""
    process = GatewayProcess.start(environment["DATABASE_URL"], workers=WORKERS)
    try:
        yield process.url
    finally:
        process.stop()


@contextmanager
def direct_asgi(environment: Mapping[str, str]) -> Iterator[str]:
    """Run the plain ASGI program under uvicorn."""
    options = ("--workers", str(WORKERS), "--no-access-log", "--log-level", "error", "--lifespan", "off")
    command = ("-m", "uvicorn", "bench.peers.gateway:asgi", *options)
    with _peer(environment, command, "--port") as address:
        yield address


@contextmanager
def django_view(environment: Mapping[str, str]) -> Iterator[str]:
    """Run the plain Django view under granian."""
    options = (
        "--interface",
        "wsgi",
        "--workers",
        str(WORKERS),
        "--blocking-threads",
        "2",
        "--no-ws",
        "--factory",
    )
    command = ("-m", "granian", "bench.peers.gateway:wsgi", *options, "--log-level", "error")
    with _peer(environment, command, "--port") as address:
        yield address


PROGRAMS: Mapping[str, Callable[[Mapping[str, str]], AbstractContextManager[str]]] = {
    "gateway": gateway,
    "direct asgi": direct_asgi,
    "django view": django_view,
}


@contextmanager
def _peer(environment: Mapping[str, str], command: Sequence[str], port_option: str) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen([sys.executable, *command, port_option, str(port)], env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/v1/resources/x/records?key.citizen_id={citizen(1)}")
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(url: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            if httpx.get(url, timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    message = f"nobody answers at {url}"
    raise AssertionError(message)


def calls(address: str, key: SigningKey, granted: Granted, count: int) -> Path:
    """Sign calls and write them where wrk reads them."""
    file = WORK / "gateway" / "calls.txt"
    with file.open("w") as out:
        for number in range(count):
            person_id = citizen(number * 7919 % PERSONS)
            path = f"/v1/resources/{granted.resource}/records?key.citizen_id={person_id}"
            headers = signed_headers(
                "GET", address + path, key_id=key.key_id, secret=key.secret, purpose=PURPOSE
            )
            out.write("\t".join([path, *(f"{name}: {value}" for name, value in headers.items())]) + "\n")
    return file


def load(address: str, file: Path, *, seconds: int, calls_per_second: float = 0) -> Load:
    """Put load on a program by wrk and return what wrk saw; fail when a single call was refused."""
    pause = int(2 * 1000 * CONNECTIONS / calls_per_second) if calls_per_second else 0
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s", "--timeout", "10s"]
    command += ["-s", str(FOLDER / "peers" / "gateway.lua"), address, "--", str(file), str(pause), "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    seen: Load = json.loads(line.removeprefix("RESULT "))
    assert seen["refused"] == 0, done.stdout
    assert seen["broken"] == 0, done.stdout
    return {"rate": seen["calls"] / seen["seconds"], "p50": seen["p50"], "p99": seen["p99"]}


def citizen(number: int) -> str:
    """Return a key of the table."""
    return f"3601{number:08d}190001"


def prepare_database() -> str:
    """Return a migrated database of the bench's own: `DATABASE_URL`, or an embedded server."""
    os.environ.setdefault("ZHENGSHU_DATA", str(WORK / "gateway"))
    (WORK / "gateway").mkdir(parents=True, exist_ok=True)
    database.DATA_FOLDER = WORK / "gateway"
    url = database.ensure()
    migrate = [sys.executable, "-m", "zhengshu.project.cli", "django", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, check=True)
    return url


if __name__ == "__main__":
    main()
