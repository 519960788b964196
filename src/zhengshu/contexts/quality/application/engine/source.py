"""Files as what the engine reads: one relation with a place for each row and the columns that rules know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from pyarrow import parquet as pq

from zhengshu.contexts.quality.application.engine.values import identifier, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A table to check.

    Attributes:
        relation: what stands behind FROM; has the columns of rules and `place`, the row's number or line.
        columns: column of the rules → its type in DuckDB.
        rows: how many rows it has.
        broken: rows of the file that could not be read.
    """

    relation: str
    columns: Mapping[str, str]
    rows: int
    broken: int = 0


def parquet_source(
    paths: Sequence[Path], columns: Mapping[str, str], *, place: str = "", broken: int = 0
) -> Source:
    """Return Parquet files (of a file, or of an Iceberg snapshot) as a source.

    Args:
        paths: the files, in order; rows are numbered from 1 through all of them.
        columns: column of the rules → column of the files.
        place: the files' own column of row numbers; empty to number them here.
        broken: rows of the original file that could not be read.
    """
    parts, first = [], 1
    for path in paths:
        number = identifier(place) if place else f"file_row_number + {first}"
        named = ", ".join(f"{identifier(own)} AS {identifier(name)}" for name, own in columns.items())
        read = f"read_parquet({quoted(str(path))}, file_row_number = true)"
        parts.append(f"SELECT {number} AS place{', ' + named if named else ''} FROM {read}")  # noqa: S608 - quoted
        first += pq.read_metadata(path).num_rows
    relation = f"({' UNION ALL BY NAME '.join(parts)})"
    return Source(relation=relation, columns=_types(relation), rows=first - 1, broken=broken)


def _types(relation: str) -> dict[str, str]:
    with duckdb.connect(":memory:") as engine:
        found = engine.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()  # noqa: S608 - as above
    return {name: str(kind) for name, kind, *_ in found if name != "place"}
