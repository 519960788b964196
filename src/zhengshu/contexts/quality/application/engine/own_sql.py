"""Rules in SQL of the data authority's own: one SELECT over the table's rows, in a sandbox that can do nothing else.

The statement runs in a DuckDB of its own that has the rows as views and nothing besides: access to files, networks,
extensions and settings is shut off before it is read, memory, threads and time are limited, and it is a single SELECT
by the engine's own parser, not by looking for words. It returns the places of the rows that it blames; whatever else it
would return is refused.
"""

import json
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhengshu.contexts.quality.application.engine.source import Source
from zhengshu.contexts.quality.application.engine.values import identifier, quoted
from zhengshu.kernel.errors import Refused

MOST_LETTERS: Final = 4_000
MOST_SECONDS: Final = 60.0
MEMORY_MIB: Final = 512
ROWS: Final = "rows"
"""What the table is called in the statement; other tables have their own codes."""


class OwnSqlRefused(Refused):
    """A statement is not a single SELECT of places, or does what a rule may not."""

    code = "quality.own-sql-refused"
    message = "The statement cannot be used as a rule: %(why)s."


class OwnSqlTooCostly(Refused):
    """A statement needed more time or memory than a rule may."""

    code = "quality.own-sql-too-costly"
    message = "The statement was stopped: it needs more than %(seconds)s seconds or %(memory)s MiB."


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxLimits:
    """What a statement may use."""

    seconds: float = MOST_SECONDS
    memory_mib: int = MEMORY_MIB


def blamed_by(
    statement: str,
    *,
    source: Source,
    others: Mapping[str, Source] | None = None,
    limits: SandboxLimits | None = None,
) -> npt.NDArray[np.int64]:
    """Return the places of the rows that a statement blames.

    Args:
        statement: a SELECT of one column, `place`, from `rows` and other tables.
        source: the table; its rows are the view `rows`.
        others: other tables, as views of their codes.
        limits: time and memory.

    Raises:
        OwnSqlRefused: it is no such SELECT, or does what a rule may not.
        OwnSqlTooCostly: it needed too much.
    """
    bounds = limits or SandboxLimits()
    with _sandbox({ROWS: source, **(others or {})}, bounds) as engine:
        _check(engine, statement)
        timer = threading.Timer(bounds.seconds, engine.interrupt)
        timer.start()
        try:
            query = f"SELECT place FROM ({statement.strip().rstrip(';')}) AS blamed"  # noqa: S608 - a single SELECT in a sandbox
            table = engine.sql(query).to_arrow_table()
        except (duckdb.InterruptException, duckdb.OutOfMemoryException) as fault:
            raise OwnSqlTooCostly(seconds=bounds.seconds, memory=bounds.memory_mib) from fault
        except duckdb.Error as fault:
            raise OwnSqlRefused(why=str(fault).splitlines()[0]) from fault
        finally:
            timer.cancel()
    if not pa.types.is_integer(table.column("place").type) or table.column("place").null_count:
        raise OwnSqlRefused(why="“place” must be the place of a row")
    places: npt.NDArray[np.int64] = np.unique(table.column("place").to_numpy()).astype(np.int64)
    if len(places) and places[0] < 1:
        raise OwnSqlRefused(why="“place” must be the place of a row")
    return places


@contextmanager
def _sandbox(sources: Mapping[str, Source], limits: SandboxLimits) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an engine that has rows as tables and can reach nothing else."""
    with tempfile.TemporaryDirectory(prefix="zhengshu-sandbox-") as folder:
        engine = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{limits.memory_mib}MiB",
                "threads": 1,
                "temp_directory": folder,
                "max_temp_directory_size": f"{4 * limits.memory_mib}MiB",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
                "python_enable_replacements": False,
            },
        )
        try:
            files = sorted({str(path) for source in sources.values() for path in source.files})
            engine.execute(f"SET allowed_paths = [{', '.join(map(quoted, files))}]")
            for name, source in sources.items():
                engine.execute(f"CREATE VIEW {identifier(name)} AS SELECT * FROM {source.relation}")  # noqa: S608 - quoted
            engine.execute("SET enable_external_access = false")
            engine.execute("SET lock_configuration = true")
            yield engine
        finally:
            engine.close()


def _check(engine: duckdb.DuckDBPyConnection, statement: str) -> None:
    """Refuse what is not one SELECT.

    Raises:
        OwnSqlRefused: it is something else.
    """
    if len(statement) > MOST_LETTERS:
        raise OwnSqlRefused(why=f"longer than {MOST_LETTERS} letters")
    try:
        statements = duckdb.extract_statements(statement)
    except duckdb.Error as fault:
        raise OwnSqlRefused(why=str(fault).splitlines()[0]) from fault
    if len(statements) != 1 or statements[0].type is not duckdb.StatementType.SELECT:
        raise OwnSqlRefused(why="a single SELECT is wanted")
    (tree,) = engine.execute("SELECT json_serialize_sql(?)", [statement.strip().rstrip(";")]).fetchall()
    used = set(_functions(json.loads(tree[0])))
    if strange := sorted(used & FORBIDDEN):
        raise OwnSqlRefused(why=f"{strange[0]} is not for rules")


FORBIDDEN: Final = frozenset(
    {
        "read_parquet", "parquet_scan", "parquet_metadata", "parquet_schema", "parquet_kv_metadata",
        "parquet_file_metadata", "read_csv", "read_csv_auto", "sniff_csv", "read_json", "read_json_auto",
        "read_json_objects", "read_ndjson", "read_text", "read_blob", "glob", "getenv", "getvariable",
        "duckdb_settings", "duckdb_secrets", "current_setting", "query", "query_table", "nextval", "setseed",
    }
)  # fmt: skip
"""Functions that read files or settings, or run texts: files of the table itself stay readable to views only."""


def _functions(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        if isinstance(name := tree.get("function_name"), str):
            yield name.lower()
        for part in tree.values():
            yield from _functions(part)
    elif isinstance(tree, list):
        for part in tree:
            yield from _functions(part)
