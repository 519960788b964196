"""The twenty rules in pandera over Polars, all faults collected; runs in an environment of its own."""

import json
import resource
import sys
import time

import pandera.polars as pa  # type: ignore[import-not-found,unused-ignore]  # in its own environment
import polars as pl  # type: ignore[import-not-found,unused-ignore]  # as above
from quality_polars import conditions  # type: ignore[import-not-found,unused-ignore]  # beside this file


def check(file: str) -> float:
    """Return the seconds that it takes to read the file and to validate it."""
    checks = [
        pa.Check(lambda data, condition=condition: data.lazyframe.select(condition.fill_null(value=True)))
        for condition in conditions()
    ]
    schema = pa.DataFrameSchema(checks=checks, unique=["credit_code"], strict=False)
    started = time.perf_counter()
    try:
        schema.validate(pl.read_parquet(file), lazy=True)
    except pa.errors.SchemaErrors as found:
        print(len(found.failure_cases))
    return time.perf_counter() - started


if __name__ == "__main__":
    found = {"seconds": check(sys.argv[1])}
    found["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))
