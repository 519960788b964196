"""Write docs/performance.md from bench/results: the page shows what was measured, and nothing else."""

import json
from collections.abc import Iterator
from pathlib import Path

from bench.harness import RESULTS

PAGE = Path("docs/performance.md")
HEAD = """# Performance

Written by `make bench` from `bench/results/*.json`; each figure is a median of at least three runs, beside peers
from the same run. `make bench ONLY=name` reprints one table. A ratio above 1 is better than the best peer. Limits
are what the foundation's issue expects, or what the machine could do at best.
"""


def write() -> None:
    """Write the page anew from all results that are there."""
    PAGE.write_text("\n".join([HEAD, *_sections()]) + "\n", encoding="utf-8")


def _sections() -> Iterator[str]:
    for file in sorted(RESULTS.glob("*.json")):
        rows = json.loads(file.read_text(encoding="utf-8"))
        if not rows:
            continue
        yield f"## {file.stem}\n"
        yield f"`make bench ONLY={file.stem}` · commit {rows[0]['commit']} · {rows[0]['machine']}\n"
        yield "| figure | value | unit | better | peers | ratio | limit | runs |"
        yield "| --- | ---: | --- | --- | --- | ---: | ---: | ---: |"
        for row in rows:
            peers = "<br>".join(f"{name}: {_number(value)}" for name, value in row["peers"].items())
            cells = (
                row["name"],
                _number(row["value"]),
                row["unit"],
                row["better"],
                peers,
                "" if row["ratio"] is None else f"{row['ratio']:g}",
                _number(row["limit"]),
                len(row["runs"]),
            )
            yield f"| {' | '.join(str(cell) for cell in cells)} |"
        yield ""


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


if __name__ == "__main__":
    write()
