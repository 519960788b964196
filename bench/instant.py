"""An instant item: from the register to the certificate that is sealed and committed, decided by nobody.

The platform runs with the demonstration city: the form is begun and filled in by a signed call through its gateway,
then sent, decided by its tables, and the certificate is set and sealed in the same request. The two parts are timed
apart as well.
"""

import time
from typing import TYPE_CHECKING

from bench.harness import Result, percentile, write_results
from bench.seeds import city

if TYPE_CHECKING:
    from zhengshu.kernel.actors import Actor

SENT = 40
RUNS = 3


def main() -> None:
    """Measure and write the results."""
    with city.running():
        write_results("instant", measured())


def measured() -> list[Result]:
    """Return the figures."""
    people = city.people(city.INSURED)
    for actor in people[:5]:
        city.submit(city.prepare(actor), actor)
    runs = [
        [ask(people[(run * SENT + number) % len(people)]) for number in range(SENT)] for run in range(RUNS)
    ]
    whole = [[begun + sent for begun, sent in run] for run in runs]
    parts = {
        "begun and filled in by the register, median": [begun for run in runs for begun, _ in run],
        "sent, decided, certificate issued: median": [sent for run in runs for _, sent in run],
    }
    medians = sorted(percentile(run, 0.5) for run in whole)
    return [
        Result(
            name="from the register to the certificate: median",
            value=medians[RUNS // 2],
            unit="ms",
            better="lower",
            limit=350.0,
            runs=tuple(percentile(run, 0.5) for run in whole),
        ),
        Result(
            name="from the register to the certificate: p95",
            value=sorted(percentile(run, 0.95) for run in whole)[RUNS // 2],
            unit="ms",
            better="lower",
            limit=350.0,
            runs=tuple(percentile(run, 0.95) for run in whole),
        ),
        *(
            Result(name=name, value=percentile(times, 0.5), unit="ms", better="lower")
            for name, times in parts.items()
        ),
    ]


def ask(actor: "Actor") -> tuple[float, float]:
    """Let somebody ask, and return the milliseconds of beginning and of sending."""
    started = time.perf_counter()
    draft = city.prepare(actor)
    begun = time.perf_counter()
    if not city.submit(draft, actor):
        message = "no certificate was issued"
        raise RuntimeError(message)
    return (begun - started) * 1000, (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
