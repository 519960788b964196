"""An instant item: from the form's sending to the certificate that is sealed and committed, decided by nobody.

The answers come from registers that are played in this process; what a call through the gateway takes is `gateway`.
"""

import time

from bench.harness import Result, median_of, percentile, write_results
from bench.seeds import intake

SENT = 40


def main() -> None:
    """Measure and write the results."""
    intake.ready()
    intake.play(status="参保缴费")
    actor = intake.citizen()
    seen: list[float] = []
    for _ in range(5):
        intake.submit(intake.prepare(actor), actor)

    def run() -> float:
        times = []
        for _ in range(SENT):
            draft = intake.prepare(actor)
            started = time.perf_counter()
            if not intake.submit(draft, actor):
                message = "no certificate was issued"
                raise RuntimeError(message)
            times.append((time.perf_counter() - started) * 1000)
        seen.append(percentile(times, 0.95))
        return percentile(times, 0.5)

    median, runs = median_of(run)
    write_results(
        "instant",
        [
            Result(
                name="sent, decided, certificate issued: median",
                value=median,
                unit="ms",
                better="lower",
                limit=350.0,
                runs=runs,
            ),
            Result(
                name="sent, decided, certificate issued: p95",
                value=sorted(seen)[1],
                unit="ms",
                better="lower",
                limit=350.0,
            ),
        ],
    )


if __name__ == "__main__":
    main()
