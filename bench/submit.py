"""Submissions at a steady rate with their prefill: begun, filled in by the register, checked, sent and committed.

The platform runs with the demonstration city: each form is filled in by a signed call through its gateway, judged and
recorded; its workers and its log do what follows from each case meanwhile, on the same machine. Submissions
arrive by the clock whether or not those before them are done, four at once at most, and are timed from when they
should have begun. The register says that the insurance has ended, so that each becomes a case with a to-do; what a
certificate costs is `instant`.
"""

import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

from bench.harness import LEAST_RUNS, Result, percentile, write_results
from bench.seeds import city

if TYPE_CHECKING:
    from zhengshu.kernel.actors import Actor

RATES = (25, 50)
"""Submissions a second."""

SECONDS = 6
AT_ONCE = 4
"""As many as the web process has threads."""


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
    results = []
    with ProcessPoolExecutor(AT_ONCE) as pool:
        _at(pool, RATES[0])
        for rate in RATES:
            runs = [_at(pool, rate) for _ in range(LEAST_RUNS)]
            for name, share in (("p95", 0.95), ("median", 0.5)):
                values = tuple(percentile(times, share) for times in runs)
                results.append(
                    Result(
                        name=f"submission with its prefill at {rate} a second, {name}",
                        value=statistics.median(values),
                        unit="ms",
                        better="lower",
                        limit=150.0,
                        runs=values,
                    )
                )
    statements = Result(
        name="statements of one submission", value=float(len(queries)), unit="", better="lower"
    )
    return [*results, statements]


def _at(pool: ProcessPoolExecutor, rate: int) -> list[float]:
    """Return what submissions took that came so many a second."""
    start = time.perf_counter() + 0.1
    return list(pool.map(submit, [(number, start + number / rate) for number in range(rate * SECONDS)]))


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
