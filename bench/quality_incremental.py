"""One per cent of new rows after ten million that were checked before: what a full run costs, and what the new rows do.

Both are measured as a worker of the platform pays them, from opening the files to the result, in a process that has
checked something before; and once more in processes that start for it, their start and imports included. The new batch
repeats some keys of the old ones, so that exact comparison reads old rows again.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench.harness import LEAST_RUNS, WORK, Result, write_results
from bench.quality import ROWS, job_of, source

NEW = ROWS // 100
SHARE = 0.05
SMALL = 10_000


def main() -> None:
    """Check the old rows once, then old and new ones from that state, several times."""
    old, new, small = source(), source(NEW, first=ROWS - NEW // 100), source(SMALL)
    runs: dict[str, list[float]] = {name: [] for name in ("full", "part", "full alone", "part alone")}
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        for number in range(LEAST_RUNS):
            store = Path(folder) / str(number)
            found = _run("both", store, small, old, new)
            found |= {f"{name} alone": seconds for name, seconds in _alone(store, old, new).items()}
            for name, seconds in found.items():
                runs[name].append(seconds)
            shutil.rmtree(store)
    _report(runs)


def _report(runs: Mapping[str, Sequence[float]]) -> None:
    middle = {name: statistics.median(found) for name, found in runs.items()}
    names = {
        "full": f"20 rules on {ROWS:,} rows, kept",
        "part": f"{NEW:,} new rows after them",
        "full alone": f"20 rules on {ROWS:,} rows, kept, process start included",
        "part alone": f"{NEW:,} new rows after them, process start included",
    }
    limits = {"part": SHARE * middle["full"]}
    results = [
        Result(
            name=text,
            value=middle[name],
            unit="s",
            better="lower",
            limit=limits.get(name),
            runs=tuple(runs[name]),
        )
        for name, text in names.items()
    ]
    write_results("quality-incremental", results)


def _alone(store: Path, old: Path, new: Path) -> dict[str, float]:
    """Measure the same in a process for each, from its start to its end."""
    shutil.rmtree(store)
    found = {}
    for name, paths in (("full", [old]), ("part", [old, new])):
        started = time.perf_counter()
        _run("one", store, *paths)
        found[name] = time.perf_counter() - started
    return found


def _run(what: str, store: Path, *paths: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.quality_incremental", what, str(store), *map(str, paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    print(what, [path.name for path in paths], found, flush=True)
    return found


def measure(what: str, store: Path, paths: Sequence[Path]) -> dict[str, float]:
    """Assess files, keeping what is finished in a folder; return what it took.

    Args:
        what: ``one`` for all files at once; ``both`` for a small file to begin with, then a full run and that of the
            new rows, both measured.
        store: the folder.
        paths: the files.
    """
    if what == "one":
        return {"seconds": _seconds(store, paths)}
    small, old, new = paths
    _seconds(store / "small", [small])
    return {"full": _seconds(store, [old]), "part": _seconds(store, [old, new])}


def _seconds(store: Path, paths: Sequence[Path]) -> float:
    from zhengshu.contexts.quality.application.engine.assess import assess

    started = time.perf_counter()
    assess(replace(job_of(paths), store=store))
    return time.perf_counter() - started


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), [Path(path) for path in sys.argv[3:]])))
    else:
        main()
