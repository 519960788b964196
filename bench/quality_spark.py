"""The same twenty rules on Spark on this machine, beside generated Spark SQL by hand; needs Java 17.

What Spark costs where it is not needed: it is for tables that outgrow one machine.
"""

import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from bench.harness import LEAST_RUNS, Result, write_results
from bench.quality import CREDIT, ROWS, job_of, source

MASTER = "local[*]"


def main() -> None:
    """Measure both, alternating, write the results."""
    if shutil.which("java") is None:
        print("no Java here: `make peers` installs it")
        return
    source()
    times: dict[str, list[float]] = {name: [] for name in MEASURES}
    for _ in range(LEAST_RUNS):
        for name in MEASURES:
            command = [sys.executable, "-m", "bench.quality_spark", name]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            times[name].append(float(json.loads(done.stdout.strip().splitlines()[-1])["seconds"]))
            print(name, round(times[name][-1], 2), flush=True)
    middle = {name: statistics.median(found) for name, found in times.items()}
    result = Result(
        name=f"20 rules on {ROWS:,} rows, Spark on this machine",
        value=middle["ours"],
        unit="s",
        better="lower",
        peers={"Spark SQL by hand": middle["sql"]},
        runs=tuple(times["ours"]),
    )
    write_results("quality-spark", [result])


def ours() -> float:
    """Ask the rules on Spark; its start does not count."""
    from zhengshu.contexts.quality.application.engine.assess import assess
    from zhengshu.contexts.quality.application.engine.spark import connected

    connected(MASTER).range(1).count()
    return assess(replace(job_of([source()]), spark=MASTER)).seconds


def sql() -> float:
    """Ask the rules in one statement of Spark SQL, as somebody would generate it."""
    from zhengshu.contexts.quality.application.engine.spark import connected

    spark = connected(MASTER)
    spark.range(1).count()
    credit = " + ".join(
        f"(instr('{CREDIT}', substr(credit_code, {n + 1}, 1)) - 1) * {pow(3, n, 31)}" for n in range(17)
    )
    citizen = " + ".join(
        f"try_cast(substr(person_id, {n + 1}, 1) AS INT) * {pow(2, 17 - n, 11)}" for n in range(17)
    )
    spark.createDataFrame(
        [(str(100000 + n * 3),) for n in range(3224)], "code string"
    ).createOrReplaceTempView("regions")
    spark.read.parquet(str(source())).createOrReplaceTempView("enterprises")
    conditions = (
        "credit_code IS NOT NULL", "name <> ''", "person <> ''", "founded_on IS NOT NULL",
        f"substr('{CREDIT}', ((31 - ({credit}) % 31) % 31) + 1, 1) = substr(credit_code, 18, 1)",
        f"substr('10X98765432', ({citizen}) % 11 + 1, 1) = substr(person_id, 18, 1)",
        "length(credit_code) = 18", "length(name) BETWEEN 4 AND 200",
        "phone RLIKE '^(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})$'", "industry RLIKE '^[A-T][0-9]{4}$'",
        "NOT name RLIKE '[！-～]'", "code IS NOT NULL", "state IN ('1', '2', '3', '4', '5', '9')",
        "capital BETWEEN 0 AND 100000000", "founded_on BETWEEN DATE'1949-10-01' AND DATE'2026-06-30'",
        "founded_on <= approved_on", "state <> '3' OR capital >= 0", "substr(credit_code, 3, 6) = region",
        "NOT person RLIKE '[0-9]'",
    )  # fmt: skip
    counts = ", ".join(f"count_if(NOT ({condition}))" for condition in conditions)
    started = time.perf_counter()
    spark.sql(f"SELECT {counts} FROM enterprises LEFT JOIN regions ON region = code").collect()  # noqa: S608 - as above
    spark.sql("SELECT count(credit_code) - count(DISTINCT credit_code) FROM enterprises").collect()
    return time.perf_counter() - started


MEASURES: Mapping[str, Callable[[], float]] = {"ours": ours, "sql": sql}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps({"seconds": MEASURES[sys.argv[1]]()}))
    else:
        main()
