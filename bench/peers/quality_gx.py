"""What Great Expectations can say of the twenty rules without functions of one's own, over a tenth of the rows.

It has no check digits and no comparison of a part of a text: 17 of 20. Runs in an environment of its own.
"""

import json
import resource
import sys
import time

import great_expectations as gx  # type: ignore[import-not-found,unused-ignore]  # in its own environment
import pandas as pd  # type: ignore[import-untyped,unused-ignore]  # as above
import pyarrow.parquet as pq

SHARE = 10


def check(file: str) -> float:
    """Return the seconds of the validation; a tenth of the rows is in memory before."""
    whole = pq.ParquetFile(file)
    table = whole.read_row_groups(list(range(max(1, whole.num_row_groups // SHARE))))
    frame = table.to_pandas()
    context = gx.get_context(mode="ephemeral")
    batches = (
        context.data_sources.add_pandas("pandas")
        .add_dataframe_asset("rows")
        .add_batch_definition_whole_dataframe("all")
    )
    suite = context.suites.add(gx.ExpectationSuite(name="enterprises"))
    for expectation in _expectations():
        suite.add_expectation(expectation)
    definition = gx.ValidationDefinition(data=batches, suite=suite, name="check")
    started = time.perf_counter()
    found = definition.run(batch_parameters={"dataframe": frame}, result_format="SUMMARY")
    assert len(found.results) == len(_expectations())
    return time.perf_counter() - started


def _expectations() -> list[object]:
    of = gx.expectations
    regions = [str(100000 + number * 3) for number in range(3224)]
    days = [pd.Timestamp(day).to_pydatetime().date() for day in ("1949-10-01", "2026-06-30")]
    return [
        *(
            of.ExpectColumnValuesToNotBeNull(column=name)
            for name in ("credit_code", "name", "person", "founded_on")
        ),
        of.ExpectColumnValueLengthsToEqual(column="credit_code", value=18),
        of.ExpectColumnValueLengthsToBeBetween(column="name", min_value=4, max_value=200),
        of.ExpectColumnValuesToMatchRegex(column="phone", regex="^(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})$"),
        of.ExpectColumnValuesToMatchRegex(column="industry", regex="^[A-T][0-9]{4}$"),
        of.ExpectColumnValuesToNotMatchRegex(column="name", regex="[！-～]"),
        of.ExpectColumnValuesToNotMatchRegex(column="person", regex="[0-9]"),
        of.ExpectColumnValuesToBeInSet(column="region", value_set=regions),
        of.ExpectColumnValuesToBeInSet(column="state", value_set=["1", "2", "3", "4", "5", "9"]),
        of.ExpectColumnValuesToBeBetween(column="capital", min_value=0, max_value=100000000),
        of.ExpectColumnValuesToBeBetween(column="founded_on", min_value=days[0], max_value=days[1]),
        of.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="approved_on", column_B="founded_on", or_equal=True
        ),
        of.ExpectColumnValuesToBeBetween(
            column="capital", min_value=0, row_condition='state=="3"', condition_parser="pandas"
        ),
        of.ExpectColumnValuesToBeUnique(column="credit_code"),
    ]


if __name__ == "__main__":
    found = {"seconds": check(sys.argv[1])}
    found["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))
