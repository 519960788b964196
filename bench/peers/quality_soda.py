"""The twenty rules in Soda over DuckDB; runs in an environment of its own."""

import json
import resource
import sys
import time

import duckdb
from soda.scan import Scan  # type: ignore[import-not-found,unused-ignore]  # in its own environment

CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def check(file: str) -> float:
    """Return the seconds of the scan; the view costs nothing before."""
    engine = duckdb.connect(":memory:")
    engine.execute(f"CREATE VIEW enterprises AS FROM '{file}'")
    lines = [
        line
        for number, condition in enumerate(_conditions())
        for line in (
            f"  - r{number} = 0:",
            f"      r{number} expression: count(*) FILTER (WHERE NOT ({condition}))",
        )
    ]
    scan = Scan()
    scan.set_data_source_name("duckdb")
    scan.add_duckdb_connection(engine, data_source_name="duckdb")
    scan.add_sodacl_yaml_str(
        "\n".join(["checks for enterprises:", *lines, "  - duplicate_count(credit_code) = 0"])
    )
    started = time.perf_counter()
    scan.execute()
    assert len(scan.get_scan_results()["checks"]) == len(_conditions()) + 1
    return time.perf_counter() - started


def _conditions() -> list[str]:
    credit = " + ".join(
        f"(strpos('{CREDIT}', substr(credit_code, {n + 1}, 1)) - 1) * {pow(3, n, 31)}" for n in range(17)
    )
    citizen = " + ".join(
        f"TRY_CAST(substr(person_id, {n + 1}, 1) AS INT) * {pow(2, 17 - n, 11)}" for n in range(17)
    )
    return [
        "credit_code IS NOT NULL", "name <> ''", "person <> ''", "founded_on IS NOT NULL",
        f"substr('{CREDIT}', ((31 - ({credit}) % 31) % 31) + 1, 1) = substr(credit_code, 18, 1)",
        f"substr('10X98765432', ({citizen}) % 11 + 1, 1) = substr(person_id, 18, 1)",
        "length(credit_code) = 18", "length(name) BETWEEN 4 AND 200",
        "regexp_full_match(phone, '1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}')",
        "regexp_full_match(industry, '[A-T][0-9]{4}')", "NOT regexp_matches(name, '[！-～]')",
        "region IN (SELECT CAST(100000 + range * 3 AS VARCHAR) FROM range(3224))",
        "state IN ('1', '2', '3', '4', '5', '9')", "capital BETWEEN 0 AND 100000000",
        "founded_on BETWEEN DATE '1949-10-01' AND DATE '2026-06-30'", "founded_on <= approved_on",
        "state <> '3' OR capital >= 0", "substr(credit_code, 3, 6) = region", "NOT regexp_matches(person, '[0-9]')",
    ]  # fmt: skip


if __name__ == "__main__":
    found = {"seconds": check(sys.argv[1])}
    found["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))
