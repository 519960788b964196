"""How many rows of a table lie in each region, and how many of them rules blame: one more scan of one column."""

import tempfile
from collections.abc import Mapping
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa

from zhengshu.contexts.quality.application.engine.source import Source
from zhengshu.contexts.quality.application.engine.table_rules import Places
from zhengshu.contexts.quality.application.engine.values import identifier, quoted

DIGITS: Final = 6
"""A district has six digits of GB/T 2260; codes of streets and communities begin with them."""
MOST_REGIONS: Final = 5_000
MEMORY_MIB: Final = 512


def rows_by_region(source: Source, column: str, blamed: Places) -> Mapping[str, tuple[int, int]]:
    """Return region → how many rows it has, and how many of these are blamed.

    Args:
        source: the table.
        column: where it holds codes of regions; rows without a readable code belong to none.
        blamed: the places of rows that rules blame.
    """
    code = f"CAST(r.{identifier(column)} AS VARCHAR)"
    with tempfile.TemporaryDirectory(prefix="zhengshu-regions-") as folder:
        engine = duckdb.connect(
            ":memory:", config={"memory_limit": f"{MEMORY_MIB}MiB", "temp_directory": folder}
        )
        try:
            engine.register("blamed", pa.table({"place": np.unique(blamed)}))
            found = engine.execute(
                f"SELECT left({code}, {DIGITS}) AS region, count(*), count(b.place) "  # noqa: S608 - quoted
                f"FROM {source.relation} AS r LEFT JOIN blamed AS b USING (place) "
                f"WHERE regexp_matches({code}, {quoted('^[0-9]{6}')}) "
                f"GROUP BY region ORDER BY count(*) DESC LIMIT {MOST_REGIONS}"
            ).fetchall()
        finally:
            engine.close()
    return {str(region): (int(rows), int(faulty)) for region, rows, faulty in found}
