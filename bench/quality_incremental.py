"""One per cent of new rows after ten million that were checked before: what a full run costs, and what the new rows do.

The new batch repeats some keys of the old ones, so that exact comparison reads old rows again.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from bench.harness import LEAST_RUNS, WORK, Result, write_results
from bench.quality import ROWS, job_of, source

NEW = ROWS // 100
SHARE = 0.05


def main() -> None:
    """Check the old rows once, then old and new ones from that state, several times."""
    old, new = source(), source(NEW, first=ROWS - NEW // 100)
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        full, parts = [], []
        for number in range(LEAST_RUNS):
            store = Path(folder) / str(number)
            full.append(_run(store, old))
            parts.append(_run(store, old, new))
            shutil.rmtree(store)
    whole, part = statistics.median(full), statistics.median(parts)
    write_results(
        "quality-incremental",
        [
            Result(
                name=f"20 rules on {ROWS:,} rows, kept",
                value=whole,
                unit="s",
                better="lower",
                runs=tuple(full),
            ),
            Result(
                name=f"{NEW:,} new rows after them",
                value=part,
                unit="s",
                better="lower",
                limit=SHARE * whole,
                runs=tuple(parts),
            ),
        ],
    )


def _run(store: Path, *paths: Path) -> float:
    command = [sys.executable, "-m", "bench.quality_incremental", str(store), *map(str, paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    print([path.name for path in paths], found, flush=True)
    return found["seconds"]


def measure(store: Path, paths: list[Path]) -> dict[str, float]:
    """Assess files from the state in a folder."""
    from zhengshu.contexts.quality.application.engine.assess import assess

    started = time.perf_counter()
    done = assess(replace(job_of(paths), store=store))
    return {
        "seconds": done.seconds,
        "with opening": time.perf_counter() - started,
        "rows": done.rows,
        "reused": done.reused,
        "repeated": done.rules[-1].failed,
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(Path(sys.argv[1]), [Path(path) for path in sys.argv[2:]])))
    else:
        main()
