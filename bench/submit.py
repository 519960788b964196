"""Submissions at fifty a second with their prefill: begun, filled in by the register, checked, sent and committed.

The platform runs with the demonstration city: each form is filled in by a signed call through its gateway, judged and
recorded; its workers and its log do what follows from each case meanwhile, on the same machine. Submissions
arrive by the clock whether or not those before them are done, at one process a core, and are timed from when they
should have begun. The register says that the insurance has ended, so that each becomes a case with a to-do; what a
certificate costs is `instant`.
"""

import os
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

from bench.harness import Result, median_of, percentile, write_results
from bench.seeds import city

if TYPE_CHECKING:
    from zhengshu.kernel.actors import Actor

A_SECOND = 50
SECONDS = 6
PROCESSES = os.cpu_count() or 1


def main() -> None:
    """Measure and write the results."""
    with city.running():
        write_results("submit", measured())


def measured() -> list[Result]:
    """Return the figures."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for number in range(len(asking())):
        submit((number, time.perf_counter()))
    with CaptureQueriesContext(connection) as queries:
        submit((0, time.perf_counter()))
    connection.close()
    seen: list[float] = []
    with ProcessPoolExecutor(PROCESSES) as pool:

        def run() -> float:
            start = time.perf_counter() + 0.1
            dues = [(number, start + number / A_SECOND) for number in range(A_SECOND * SECONDS)]
            times = list(pool.map(submit, dues))
            seen.append(percentile(times, 0.5))
            return percentile(times, 0.95)

        run()
        seen.clear()
        p95, runs = median_of(run)
    return [
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
    ]


@cache
def asking() -> "list[Actor]":
    """Return the people who ask in turn."""
    return city.people(city.ENDED)


def submit(turn: tuple[int, float]) -> float:
    """Let the next person ask when it is due, and return after how many milliseconds it was committed."""
    number, due = turn
    time.sleep(max(0.0, due - time.perf_counter()))
    actor = asking()[number % len(asking())]
    if city.submit(city.prepare(actor), actor):
        message = "a certificate was issued to somebody whose insurance has ended"
        raise RuntimeError(message)
    return (time.perf_counter() - due) * 1000


if __name__ == "__main__":
    main()
