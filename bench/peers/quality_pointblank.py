"""The twenty rules in Pointblank over Polars; runs in an environment of its own."""

import json
import resource
import sys
import time

import pointblank as pb  # type: ignore[import-not-found,unused-ignore]  # in its own environment
import polars as pl  # type: ignore[import-not-found,unused-ignore]  # as above
from quality_polars import conditions  # type: ignore[import-not-found,unused-ignore]  # beside this file


def check(file: str) -> float:
    """Return the seconds that it takes to read the file and to interrogate it."""
    started = time.perf_counter()
    validation = pb.Validate(data=pl.read_parquet(file))
    for condition in conditions():
        validation = validation.col_vals_expr(expr=condition)
    validation = validation.rows_distinct(columns_subset=["credit_code"]).interrogate(collect_extracts=False)
    assert len(validation.n_failed()) == len(conditions()) + 1
    return time.perf_counter() - started


if __name__ == "__main__":
    found = {"seconds": check(sys.argv[1])}
    found["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))
