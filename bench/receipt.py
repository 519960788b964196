"""What a receipt costs a call, what it weighs, and what checking it offline takes.

Calls go one after another over one connection, so that the median is the time of a call and not of a queue. The peer
is the same gateway without receipts: no promise is signed, and records are not queued for the log; the two take turns.
The receipts that are weighed and checked are those of calls of this run, with the log as long as the run has made it.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from tests.kit.gateway import GatewayProcess, Granted, Office, SigningKey, person
from tests.kit.platform import free_port

from bench.gateway import PURPOSE, prepare_database
from bench.harness import LEAST_RUNS, WORK, Result, write_results
from zhengshu.client import verify_promise, verify_receipt

CALLS = int(os.environ.get("ZHENGSHU_BENCH_CALLS", "2000"))
CHECKED = 200
ORIGIN = "bench.example/log"
LOG = {"ZHENGSHU_PROOF_LOG": str(WORK / "gateway" / "proof-log"), "ZHENGSHU_PROOF_LOG_ORIGIN": ORIGIN}


def main() -> None:
    """Measure by turns and write the medians."""
    url = prepare_database()
    office = Office(url)
    office.run("DELETE FROM trust_log_queue")
    view = office.serve([person(number) for number in range(100)], view="r_receipt")
    key = office.key()
    granted = office.grant(key, view=view)
    with_receipts: list[float] = []
    without: list[float] = []
    for _ in range(LEAST_RUNS):
        with _gateway(url) as address:
            with_receipts.append(_median_call(key, granted, address))
        with _peer(url, office) as address:
            without.append(_median_call(key, granted, address))
    figures = [
        Result(
            name="p50 of a call with its receipt",
            value=statistics.median(with_receipts),
            unit="ms",
            better="lower",
            peers={"without receipts": statistics.median(without)},
            runs=tuple(with_receipts),
        )
    ]
    with _gateway(url) as address:
        figures += _receipts(url, key, granted, address)
    office.close()
    write_results("receipt", figures)


def _median_call(key: SigningKey, granted: Granted, address: str) -> float:
    client = key.client(address)
    spent = []
    for number in range(CALLS):
        citizen = {"citizen_id": str(person(number % 100)["citizen_id"])}
        spent.append(_milliseconds(partial(client.records, granted.resource, key=citizen, purpose=PURPOSE)))
    return statistics.median(spent)


def _receipts(url: str, key: SigningKey, granted: Granted, address: str) -> list[Result]:
    from zhengshu.foundation.tlog.keys import log_vkeys, promise_vkey

    client = key.client(address)
    citizen = {"citizen_id": str(person(1)["citizen_id"])}
    kept = [client.records(granted.resource, key=citizen, purpose=PURPOSE).kept for _ in range(CHECKED)]
    sequencer = [sys.executable, "-m", "zhengshu.project.cli", "sequencer", "--once"]
    subprocess.run(sequencer, env={**os.environ, "DATABASE_URL": url, **LOG}, check=True)
    fetched, checked, promised, sizes = [], [], [], []
    vkeys, promise = log_vkeys(ORIGIN), promise_vkey(ORIGIN)
    for one in kept:
        fetched.append(_milliseconds(partial(client.proof, one.receipt)))
        text = client.proof(one.receipt)
        assert verify_receipt(text, vkeys=vkeys, kept=one).is_of_kept_call
        checked.append(_milliseconds(partial(verify_receipt, text, vkeys=vkeys, kept=one)))
        promised.append(_milliseconds(partial(verify_promise, one, vkey=promise)))
        sizes.append(float(len(text.encode())))
    return [
        _lower("receipt fetched from the gateway, p50", fetched, "ms"),
        _lower("receipt verified offline, Ed25519 and SM2, p50", checked, "ms"),
        _lower("promise verified, p50", promised, "ms"),
        _lower("receipt: size", sizes, "bytes"),
    ]


def _lower(name: str, values: list[float], unit: str) -> Result:
    return Result(
        name=name, value=statistics.median(values), unit=unit, better="lower", runs=tuple(values[:9])
    )


@contextmanager
def _gateway(url: str) -> Iterator[str]:
    process = GatewayProcess.start(url, environment=LOG)
    try:
        assert process.catches_up()
        yield process.url
    finally:
        process.stop()


@contextmanager
def _peer(url: str, office: Office) -> Iterator[str]:
    """Run the gateway without receipts; its records are not queued for the log either."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "bench.peers.gateway_without_receipts",
        "--port",
        str(port),
        "--workers",
        "1",
    ]
    office.run("ALTER TABLE exchange_call_record DISABLE TRIGGER proven")
    process = subprocess.Popen(
        command, env={**os.environ, "DATABASE_URL": url, **LOG}, stdout=subprocess.DEVNULL
    )
    running = GatewayProcess(url=f"http://127.0.0.1:{port}", process=process)  # type: ignore[arg-type]  # no text is read
    try:
        assert running.becomes_ready()
        yield running.url
    finally:
        running.stop()
        office.run("ALTER TABLE exchange_call_record ENABLE TRIGGER proven")


def _milliseconds(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return (time.perf_counter() - before) * 1000


if __name__ == "__main__":
    main()
