"""How a figure is measured, printed and kept: medians of several runs, with peers from the same run.

Each file of `bench/` calls `write_results("name", [...])`, which prints a table and writes
``bench/results/name.json``. A figure in the README names the command that reprints it.
"""

import json
import platform
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results"
WORK = FOLDER / "work"
LEAST_RUNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One figure.

    Attributes:
        name: what was measured.
        value: the median of the runs.
        unit: the unit of value, peers and limit.
        better: ``higher`` or ``lower``.
        peers: the same figure of other programs, measured in the same run.
        limit: the best that the machine or the method could do, or the figure that the issue expects.
        runs: every single run.
    """

    name: str
    value: float
    unit: str
    better: str
    peers: Mapping[str, float] = field(default_factory=dict)
    limit: float | None = None
    runs: tuple[float, ...] = ()

    @property
    def ratio(self) -> float | None:
        """How many times better (above 1) or worse (below 1) it is than its best peer."""
        if not self.peers or not self.value:
            return None
        if self.better == "higher":
            return round(self.value / max(self.peers.values()), 3)
        return round(min(self.peers.values()) / self.value, 3)


def median_of(measure: Callable[[], float], *, runs: int = LEAST_RUNS) -> tuple[float, tuple[float, ...]]:
    """Return the median of at least three runs, and all runs."""
    values = tuple(measure() for _ in range(max(runs, LEAST_RUNS)))
    return statistics.median(values), values


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which the share (0 … 1) of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def write_results(name: str, results: Sequence[Result]) -> None:
    """Print the results as a table and keep them in ``bench/results``."""
    RESULTS.mkdir(exist_ok=True)
    about = {"machine": machine(), "commit": commit()}
    rows = [{**asdict(result), "ratio": result.ratio, **about} for result in results]
    (RESULTS / f"{name}.json").write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    _print(name, results)


def machine() -> str:
    """Return a line about the machine: processor, cores, memory, system, Python."""
    cpu = _first("/proc/cpuinfo", "model name")
    memory = int(_first("/proc/meminfo", "MemTotal").split()[0]) / 1024**2
    cores = sum(line.startswith("processor") for line in Path("/proc/cpuinfo").read_text().splitlines())
    return f"{cpu}, {cores} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def commit() -> str:
    """Return the commit that was measured, with a plus sign when the tree was changed."""
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--", "src"], capture_output=True, text=True, check=False
    )
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "")


def _first(file: str, label: str) -> str:
    for line in Path(file).read_text().splitlines():
        if line.startswith(label):
            return line.split(":", 1)[1].strip()
    return "unknown"


def _print(name: str, results: Sequence[Result]) -> None:
    table = Table(title=name)
    for column in ("figure", "value", "unit", "better", "peers", "ratio", "limit"):
        table.add_column(column, justify="right" if column in {"value", "ratio", "limit"} else "left")
    for result in results:
        peers = "\n".join(f"{peer}: {value:,.4g}" for peer, value in result.peers.items())
        limit = "" if result.limit is None else f"{result.limit:,.4g}"
        ratio = "" if result.ratio is None else f"{result.ratio:g}"
        table.add_row(result.name, f"{result.value:,.4g}", result.unit, result.better, peers, ratio, limit)
    Console(width=120).print(table)
