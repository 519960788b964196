"""Twenty rules over 10,000,000 enterprise rows, beside DuckDB's own scan, text-book SQL and a Polars program by hand.

Each run is a process of its own, so that its peak memory is its own; all runs alternate. `ZHENGSHU_BENCH_ROWS` makes it
small. Peers that are not installed (`requirements/bench*.txt`, by `make bench`) are left out. Great Expectations
is given a tenth of the rows, for it takes a minute for each million.
"""

import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bench.harness import WORK, Result, write_results

if TYPE_CHECKING:
    from zhengshu.contexts.quality.application.engine.assess import Job

ROWS = int(os.environ.get("ZHENGSHU_BENCH_ROWS", "10000000"))
RUNS = 3
FOREIGN = {
    "pandera": "pandera",
    "Pointblank": "pointblank",
    "Soda": "soda",
    "Great Expectations, a tenth": "gx",
}
"""Peers that need packages of their own: name → the virtual environment `.venv-bench-…`, and the program in `peers`."""
PEERS = ("DuckDB text-book SQL", "Polars by hand", *FOREIGN)
PEERS_FOLDER = Path(__file__).parent / "peers"
BLOCK = 500_000
TIMES_THE_SCAN = {"compiled": 3.0, "vectorised": 7.0}
EXPECTED_MIB = 1024.0
NATION_ROWS = 37_501_000_000
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"

PACK = """
table: enterprises
name: 企业登记信息
columns: {credit_code: 统一社会信用代码, name: 企业名称, person: 法定代表人, person_id: 法定代表人证件号码,
  founded_on: 成立日期,
  approved_on: 核准日期, state: 登记状态, region: 行政区划,
  industry: 行业代码, capital: 注册资本, phone: 联系电话}
rules:
"""
RULES: tuple[tuple[str, str], ...] = (
    ("credit_code", "kind: complete"),
    ("name", "kind: complete"),
    ("person", "kind: complete"),
    ("founded_on", "kind: complete"),
    ("credit_code", "kind: check_digit, scheme: credit_code"),
    ("person_id", "kind: check_digit, scheme: citizen_id"),
    ("credit_code", "kind: length, least: 18, most: 18"),
    ("name", "kind: length, least: 4, most: 200"),
    ("phone", 'kind: pattern, pattern: "1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}"'),
    ("industry", 'kind: pattern, pattern: "[A-T][0-9]{4}"'),
    ("name", 'kind: pattern, pattern: ".*[！-～].*", forbids: true'),
    ("region", "kind: code_table, table: regions"),
    ("state", 'kind: code_table, values: ["1", "2", "3", "4", "5", "9"]'),
    ("capital", 'kind: range, least: "0", most: "100000000"'),
    ("founded_on", 'kind: range, least: "1949-10-01", most: today'),
    ("founded_on", "kind: date_order, not_after: approved_on"),
    ("", "kind: expression, holds: \"state != '3' or number(capital) >= 0\""),
    ("", 'kind: expression, holds: "part(credit_code, 3, 8) == region"'),
    ("person", 'kind: pattern, pattern: ".*[0-9].*", forbids: true'),
    ("credit_code", "kind: unique"),
)


def main() -> None:
    """Make the file, measure everybody, write the results."""
    source()
    runs: dict[str, list[Mapping[str, float]]] = {
        name: [] for name in (*MEASURES, *FOREIGN) if _is_there(name)
    }
    for _ in range(RUNS):
        for name, found in runs.items():
            found.append(run(name))
    _report(runs)


def source(rows: int = ROWS, *, first: int = 0) -> Path:
    """Return a file that everybody checks; made when missing, the same in every run.

    Args:
        rows: how many rows.
        first: the number of the first one; files of other numbers have other codes.
    """
    import duckdb
    import pyarrow as pa

    path = WORK / (f"quality-{rows}-from-{first}.parquet" if first else f"quality-{rows}.parquet")
    if path.exists():
        return path
    WORK.mkdir(parents=True, exist_ok=True)
    parts = []
    for begin in range(first, first + rows, BLOCK):
        part = WORK / f"quality-part-{begin}.parquet"
        with duckdb.connect(":memory:") as engine:
            engine.register("codes", pa.table(_codes(begin, min(BLOCK, first + rows - begin))))
            engine.execute(f"COPY ({_ROWS}) TO '{part}' (FORMAT parquet, PARQUET_VERSION V2)")
        parts.append(part)
    unfinished = path.with_suffix(".made")
    with duckdb.connect(":memory:") as engine:
        engine.execute(
            f"COPY (SELECT * FROM read_parquet({[str(part) for part in parts]})) "  # noqa: S608 - our own paths
            f"TO '{unfinished}' (FORMAT parquet, PARQUET_VERSION V2)"
        )
    for part in parts:
        part.unlink()
    unfinished.rename(path)
    return path


_ROWS = """
SELECT CASE WHEN n % 997 = 0 THEN left(code, 17) || '0' WHEN n % 5003 = 0 THEN NULL ELSE code END AS credit_code,
    '云州市第' || (n * 7919 % 9999991) || '商贸有限公司' AS name,
    CASE WHEN n % 1009 = 0 THEN '' ELSE chr(CAST(24352 + n % 300 AS INT)) || '明远' END AS person,
    CASE WHEN n % 499 = 0 THEN left(id, 17) || 'x' ELSE id END AS person_id,
    DATE '1990-01-01' + CAST(n % 13000 AS INT) AS founded_on,
    DATE '1990-01-01' + CAST(n % 13000 + n % 701 - 1 AS INT) AS approved_on,
    CASE WHEN n % 2003 = 0 THEN '7' ELSE ['1', '1', '2', '3'][1 + n % 4] END AS state, region,
    chr(CAST(65 + n % 20 AS INT)) || (1000 + n % 8999) AS industry,
    CAST(n % 5000 AS DECIMAL(18, 2)) AS capital,
    CASE WHEN n % 13 = 0 THEN NULL WHEN n % 401 = 0 THEN '1234'
        ELSE '13' || (100000000 + n * 31 % 899999999) END AS phone
FROM codes
"""


def _codes(first: int, count: int) -> dict[str, object]:
    """Return numbers, regions and codes with right check characters, a whole block at once."""
    import numpy as np

    n = np.arange(first, first + count, dtype=np.int64)
    region = 100000 + n * 37 % 3224 * 3
    letters = np.empty((count, 18), np.int64)
    letters[:, 0], letters[:, 1] = 9, 1
    for place in range(6):
        letters[:, 2 + place] = region // 10 ** (5 - place) % 10
    for place in range(9):
        letters[:, 8 + place] = n // 10 ** (8 - place) % 10
    weights = np.array([pow(3, place, 31) for place in range(17)])
    letters[:, 17] = -(letters[:, :17] @ weights) % 31
    alphabet = np.frombuffer(CREDIT.encode(), np.uint8)
    digits = letters[:, :17].copy()
    birth = np.array([19500101 + (i // 28 % 60) * 10000 + (i % 12) * 100 + i % 28 for i in range(20160)])[
        n % 20160
    ]
    digits[:, 0] = 1 + n % 8
    for place in range(8):
        digits[:, 6 + place] = birth // 10 ** (7 - place) % 10
    for place in range(3):
        digits[:, 14 + place] = n // 10 ** (2 - place) % 10
    ids = np.empty((count, 18), np.uint8)
    ids[:, :17] = digits + ord("0")
    sums = digits @ np.array([pow(2, 17 - place, 11) for place in range(17)])
    ids[:, 17] = np.frombuffer(b"10X98765432", np.uint8)[sums % 11]
    texts = (alphabet[letters].reshape(-1).tobytes(), ids.reshape(-1).tobytes())
    code, identity = ([text[at : at + 18].decode() for at in range(0, len(text), 18)] for text in texts)
    return {"n": n, "region": region.astype(str).tolist(), "code": code, "id": identity}


def run(name: str, *, rows: int = ROWS) -> Mapping[str, float]:
    """Run one measurement in a process of its own."""
    command = [sys.executable, "-m", "bench.quality", name]
    if name in FOREIGN:
        command = [str(_python(name)), str(PEERS_FOLDER / f"quality_{FOREIGN[name]}.py"), str(source())]
    done = subprocess.run(
        command,
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "ZHENGSHU_BENCH_ROWS": str(rows)},
    )
    measured: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    print(name, {key: round(value, 2) for key, value in measured.items()}, flush=True)
    return measured


def job_of(paths: Sequence[Path], *, is_compiled: bool = True, row_rules_only: bool = False) -> "Job":
    """Return the assessment of files by the twenty rules."""
    from datetime import date

    from zhengshu.contexts.quality.application.engine import building
    from zhengshu.contexts.quality.application.engine.assess import Job
    from zhengshu.contexts.quality.application.engine.source import parquet_source
    from zhengshu.contexts.quality.domain.reading import read_pack
    from zhengshu.contexts.quality.domain.rules import CodeTable

    examples = "passes: [[]], fails: [[]]"
    lines = [
        f'  - {{code: r{number}, name: r, column: "{column}", {what}, indicator: "0301", basis: bench, {examples}}}'
        for number, (column, what) in enumerate(RULES)
    ]
    pack, faults = read_pack("bench", {"enterprises.yaml": PACK + "\n".join(lines)})
    assert not faults, [fault.text() for fault in faults]
    table = pack.tables["enterprises"]
    regions = frozenset(str(100000 + number * 3) for number in range(3224))
    return Job(
        table=table,
        rules=[rule for rule in table.rules if rule.is_row_rule or not row_rules_only],
        source=parquet_source(paths, {column.name: column.name for column in table.columns}),
        today=date(2026, 6, 30),
        code_tables={"regions": CodeTable(code="regions", codes=regions, names=frozenset())},
        extension=building.build(WORK) if is_compiled else None,
    )


def _ours(*, is_compiled: bool, row_rules_only: bool = False) -> dict[str, float]:
    from zhengshu.contexts.quality.application.engine.assess import assess

    done = assess(job_of([source()], is_compiled=is_compiled, row_rules_only=row_rules_only))
    return {"seconds": done.seconds, "failed": sum(result.failed for result in done.rules)}


def scan() -> dict[str, float]:
    """Let DuckDB decode and hash every column: the limit."""
    import duckdb

    started = time.perf_counter()
    with duckdb.connect(":memory:") as engine:
        columns = [row[0] for row in engine.execute(f"DESCRIBE FROM '{source()}'").fetchall()]
        sums = ", ".join(f"bit_xor(hash({column}))" for column in columns)
        engine.execute(f"SELECT {sums} FROM '{source()}'").fetchall()  # noqa: S608 - as above
    return {"seconds": time.perf_counter() - started}


def textbook() -> dict[str, float]:
    """Let DuckDB check in one statement, check characters as a text book writes them."""
    import duckdb

    weights = [pow(3, place, 31) for place in range(17)]
    credit = " + ".join(
        f"(strpos('{CREDIT}', substr(credit_code, {n + 1}, 1)) - 1) * {w}" for n, w in enumerate(weights)
    )
    factors = [pow(2, 17 - place, 11) for place in range(17)]
    citizen = " + ".join(
        f"TRY_CAST(substr(person_id, {n + 1}, 1) AS INT) * {w}" for n, w in enumerate(factors)
    )
    regions = "SELECT CAST(100000 + range * 3 AS VARCHAR) FROM range(3224)"
    conditions = (
        "credit_code IS NOT NULL", "name <> ''", "person <> ''", "founded_on IS NOT NULL",
        f"substr('{CREDIT}', ((31 - ({credit}) % 31) % 31) + 1, 1) = substr(credit_code, 18, 1)",
        f"substr('10X98765432', ({citizen}) % 11 + 1, 1) = substr(person_id, 18, 1)",
        "length(credit_code) = 18", "length(name) BETWEEN 4 AND 200",
        "regexp_full_match(phone, '1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}')",
        "regexp_full_match(industry, '[A-T][0-9]{4}')",
        "NOT regexp_matches(name, '[！-～]')", f"region IN ({regions})", "state IN ('1', '2', '3', '4', '5', '9')",
        "capital BETWEEN 0 AND 100000000", "founded_on BETWEEN DATE '1949-10-01' AND DATE '2026-06-30'",
        "founded_on <= approved_on", "state <> '3' OR capital >= 0", "substr(credit_code, 3, 6) = region",
        "NOT regexp_matches(person, '[0-9]')",
    )  # fmt: skip
    counts = ", ".join(f"count(*) FILTER (WHERE NOT ({condition}))" for condition in conditions)
    started = time.perf_counter()
    with duckdb.connect(":memory:") as engine:
        repeated = "count(credit_code) - count(DISTINCT credit_code)"
        engine.execute(f"SELECT {counts}, {repeated} FROM '{source()}'").fetchall()  # noqa: S608 - as above
    return {"seconds": time.perf_counter() - started}


def polars_program() -> dict[str, float]:
    """Check as somebody who knows Polars well would: lazy, streaming, expressions only."""
    from bench.peers.quality_polars import check

    return check(str(source()))


MEASURES: Mapping[str, Callable[[], dict[str, float]]] = {
    "scan": scan,
    "compiled": lambda: _ours(is_compiled=True),
    "vectorised": lambda: _ours(is_compiled=False),
    "compiled rows": lambda: _ours(is_compiled=True, row_rules_only=True),
    "DuckDB text-book SQL": textbook,
    "Polars by hand": polars_program,
}


def _python(name: str) -> Path:
    return Path(__file__).parent.parent / f".venv-bench-{FOREIGN[name]}" / "bin" / "python"


def _is_there(name: str) -> bool:
    if name in FOREIGN:
        return _python(name).exists()
    return name != "Polars by hand" or importlib.util.find_spec("polars") is not None


def _report(runs: Mapping[str, list[Mapping[str, float]]]) -> None:
    middle = {name: statistics.median(run["seconds"] for run in found) for name, found in runs.items()}
    peers: dict[str, float] = {name: middle[name] for name in PEERS if name in middle}
    results = [
        Result(
            name=f"20 rules on {ROWS:,} rows, {name}",
            value=middle[name],
            unit="s",
            better="lower",
            peers=peers,
            limit=times * middle["scan"],
            runs=tuple(run["seconds"] for run in runs[name]),
        )
        for name, times in TIMES_THE_SCAN.items()
    ]
    results += [
        Result(
            name="row rules alone, compiled",
            value=middle["compiled rows"],
            unit="s",
            better="lower",
            limit=2 * middle["scan"],
        ),
        Result(name="plain scan", value=middle["scan"], unit="s", better="lower"),
        Result(
            name="peak memory, compiled",
            value=statistics.median(run["mib"] for run in runs["compiled"]),
            unit="MiB",
            better="lower",
            limit=EXPECTED_MIB,
        ),
        Result(
            name="37.501 billion rows at this rate",
            value=NATION_ROWS / ROWS * middle["compiled"] / 3600,
            unit="hours",
            better="lower",
        ),
    ]  # fmt: skip
    write_results("quality", results)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        found = MEASURES[sys.argv[1]]()
        found["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(found))
    else:
        main()
