"""Submissions at fifty a second with their prefill: begun, filled by what is known, checked, sent and committed.

They arrive by the clock whether or not those before them are done, at one process a core, and are timed from when they
should have begun. The register says that the insurance has ended, so that each becomes a case with a to-do; what a
certificate costs is `instant`, what a call through the gateway costs is `gateway`.
"""

import os
import time
from concurrent.futures import ProcessPoolExecutor

from bench.harness import Result, median_of, percentile, write_results
from bench.seeds import intake

A_SECOND = 50
SECONDS = 6
PROCESSES = os.cpu_count() or 1


def main() -> None:
    """Measure and write the results."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    begin()
    for _ in range(3):
        submit(time.perf_counter())
    with CaptureQueriesContext(connection) as queries:
        submit(time.perf_counter())
    connection.close()
    seen: list[float] = []
    with ProcessPoolExecutor(PROCESSES, initializer=begin) as pool:
        list(pool.map(submit, [time.perf_counter()] * 5 * PROCESSES))

        def run() -> float:
            start = time.perf_counter() + 0.1
            dues = [start + number / A_SECOND for number in range(A_SECOND * SECONDS)]
            times = list(pool.map(submit, dues))
            seen.append(percentile(times, 0.5))
            return percentile(times, 0.95)

        p95, runs = median_of(run)
    write_results(
        "submit",
        [
            Result(
                name=f"submission with its prefill at {A_SECOND} a second, p95",
                value=p95,
                unit="ms",
                better="lower",
                limit=150.0,
                runs=runs,
            ),
            Result(name="the same, median", value=sorted(seen)[1], unit="ms", better="lower", limit=150.0),
            Result(name="statements of one submission", value=float(len(queries)), unit="", better="lower"),
        ],
    )


def begin() -> None:
    """Let this process play a register in which the citizen's insurance has ended."""
    intake.ready()
    intake.play(status="终止参保")


def submit(due: float) -> float:
    """Begin and send an application when it is due, and return after how many milliseconds it was committed."""
    time.sleep(max(0.0, due - time.perf_counter()))
    actor = intake.citizen()
    intake.submit(intake.prepare(actor), actor)
    return (time.perf_counter() - due) * 1000


if __name__ == "__main__":
    main()
