"""Row rules and memory by the number of rows: a million, ten million, and a hundred million where it is asked for.

`ZHENGSHU_BENCH_LARGE=1` adds a hundred million rows (4.5 GB of file, made once): all rules, whose memory must stay
within the limit, for uniqueness goes range by range.
"""

import os
import statistics
from collections.abc import Iterator

from bench.harness import LEAST_RUNS, Result, write_results
from bench.quality import EXPECTED_MIB, NATION_ROWS, run, source

SIZES = (1_000_000, 10_000_000)
LARGE = 100_000_000
LINEAR = 1.1
"""A row may cost so many times what it costs among the rows of the next smaller size."""


def main() -> None:
    """Measure, write the results."""
    results, former = list[Result](), 0.0
    for rows in SIZES:
        source(rows)
        times = tuple(run("compiled rows", rows=rows)["seconds"] / rows * 1e9 for _ in range(LEAST_RUNS))
        results.append(
            Result(
                name=f"19 row rules, a row among {rows:,}",
                value=statistics.median(times),
                unit="ns",
                better="lower",
                limit=former * LINEAR or None,
                runs=times,
            )
        )
        former = results[-1].value
    if os.environ.get("ZHENGSHU_BENCH_LARGE"):
        results += list(_large(former))
    write_results("quality-rows", results)


def _large(former: float) -> Iterator[Result]:
    source(LARGE)
    rows = run("compiled rows", rows=LARGE)["seconds"] / LARGE * 1e9
    name = f"19 row rules, a row among {LARGE:,}"
    yield Result(name=name, value=rows, unit="ns", better="lower", limit=former * LINEAR)
    whole = run("compiled", rows=LARGE)
    yield Result(name=f"20 rules on {LARGE:,} rows", value=whole["seconds"], unit="s", better="lower")
    yield Result(
        name="37.501 billion rows at the rate of these",
        value=NATION_ROWS / LARGE * whole["seconds"] / 3600,
        unit="hours",
        better="lower",
    )
    name = f"peak memory on {LARGE:,} rows"
    yield Result(name=name, value=whole["mib"], unit="MiB", better="lower", limit=EXPECTED_MIB)


if __name__ == "__main__":
    main()
