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
from datetime import date
from typing import Final, Protocol

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhengshu.contexts.quality.application.engine.keeping import SHOWN
from zhengshu.contexts.quality.application.engine.source import Source
from zhengshu.contexts.quality.application.engine.table_rules import Answered
from zhengshu.contexts.quality.application.engine.values import identifier, quoted
from zhengshu.contexts.quality.domain.checks import OwnSql
from zhengshu.contexts.quality.domain.faults import Reason
from zhengshu.contexts.quality.domain.reading_rules import MOST_SQL
from zhengshu.contexts.quality.domain.results import RuleResult
from zhengshu.contexts.quality.domain.rules import Rule
from zhengshu.kernel.errors import Refused

MOST_SECONDS: Final = 60.0
MEMORY_MIB: Final = 512
ROWS: Final = "rows"
"""What the table is called in the statement; other tables have their own codes."""


class OwnSqlRefused(Refused):
    """The engine cannot read or carry out the statement; its own words say what it stumbles over."""

    code = "quality.own-sql-refused"
    message = "The engine refuses the statement: %(why)s"


class OwnSqlNotSelect(OwnSqlRefused):
    """The statement is empty, several, or does something else than select."""

    code = "quality.own-sql-not-select"
    message = "Write a single SELECT; nothing else can be a rule."


class OwnSqlTooLong(OwnSqlRefused):
    """The statement is longer than a rule may be; make several rules of it."""

    code = "quality.own-sql-too-long"
    message = "A statement has at most %(most)s characters."


class OwnSqlNoPlaces(OwnSqlRefused):
    """The statement names something else than rows of the table in its column “place”."""

    code = "quality.own-sql-no-places"
    message = "The column “place” must hold places of rows of the table, as “rows” has them."


class OwnSqlFunctionRefused(OwnSqlRefused):
    """The statement calls what reads files or settings, runs texts, or answers otherwise each time."""

    code = "quality.own-sql-function-refused"
    message = "“%(name)s” cannot be used in a rule."


class OwnSqlTooCostly(Refused):
    """A statement needed more time or memory than a rule may."""

    code = "quality.own-sql-too-costly"
    message = "The statement was stopped: it needs more than %(seconds)s seconds or %(memory)s MiB."


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxLimits:
    """What a statement may use; `rows` are the first rows of the table that it sees, None for all."""

    seconds: float = MOST_SECONDS
    memory_mib: int = MEMORY_MIB
    rows: int | None = None


class Asking(Protocol):
    """What a rule in SQL is asked with: a job of the engine."""

    @property
    def source(self) -> Source:
        """The rows."""

    @property
    def others(self) -> Mapping[str, Source]:
        """Other tables, by their codes."""

    @property
    def today(self) -> date:
        """The day of the assessment."""


def ask_own(rule: Rule, asking: Asking, *, is_alone: bool) -> Answered:
    """Return what a rule in SQL found in a table; a statement that fails was not asked, and the result says why.

    Args:
        rule: the rule.
        asking: the rows, other tables, the day.
        is_alone: whether this machine alone assesses; the sandbox is not on the workers of a cluster.
    """
    if not is_alone or not isinstance(rule.check, OwnSql):
        reason = Reason(message="Rules in SQL are asked on one machine only.")
        return Answered(result=RuleResult(rule=rule, reason=reason))
    try:
        places = blamed_by(rule.check.select, source=asking.source, others=asking.others, today=asking.today)
    except (OwnSqlRefused, OwnSqlTooCostly) as refusal:
        return Answered(
            result=RuleResult(rule=rule, reason=Reason(message=refusal.message, details=refusal.data))
        )
    shown = tuple(int(place) for place in places[:SHOWN])
    result = RuleResult(rule=rule, asked=asking.source.rows, failed=len(places), places=shown)
    return Answered(result=result, blamed=places)


def blamed_by(
    statement: str,
    *,
    source: Source,
    others: Mapping[str, Source] | None = None,
    limits: SandboxLimits | None = None,
    today: date | None = None,
) -> npt.NDArray[np.int64]:
    """Return the places of the rows that a statement blames.

    Args:
        statement: a SELECT of one column, `place`, from `rows` and other tables.
        source: the table; its rows are the view `rows`.
        others: other tables, as views of their codes.
        limits: time, memory and rows.
        today: what ``assessed_on()`` answers.

    Raises:
        OwnSqlRefused: it is no such SELECT, or does what a rule may not.
        OwnSqlTooCostly: it needed too much.
    """
    bounds = limits or SandboxLimits()
    with _sandbox(source, others or {}, bounds, today) as engine:
        _check(engine, statement)
        timer = threading.Timer(bounds.seconds, engine.interrupt)
        timer.start()
        try:
            query = f"SELECT place FROM ({statement.strip().rstrip(';')}) AS blamed"  # noqa: S608 - a single SELECT in a sandbox
            places = _places(engine.sql(query).to_arrow_table())
            if len(places):
                engine.register("named", pa.table({"place": places}))
                known = f"SELECT count(*) FROM named SEMI JOIN {ROWS} USING (place)"  # noqa: S608 - our own names
                if engine.execute(known).fetchall() != [(len(places),)]:
                    raise OwnSqlNoPlaces
        except (duckdb.InterruptException, duckdb.OutOfMemoryException) as fault:
            raise OwnSqlTooCostly(seconds=bounds.seconds, memory=bounds.memory_mib) from fault
        except duckdb.Error as fault:
            raise OwnSqlRefused(why=str(fault).splitlines()[0]) from fault
        finally:
            timer.cancel()
    return places


def _places(table: pa.Table) -> npt.NDArray[np.int64]:
    column = table.column("place")
    if not pa.types.is_integer(column.type) or column.null_count:
        raise OwnSqlNoPlaces
    found: npt.NDArray[np.int64] = np.unique(column.to_numpy()).astype(np.int64)
    return found


@contextmanager
def _sandbox(
    rows: Source, others: Mapping[str, Source], limits: SandboxLimits, today: date | None
) -> Iterator[duckdb.DuckDBPyConnection]:
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
            sources = {**others, ROWS: rows}
            files = sorted({str(path) for source in sources.values() for path in source.files})
            engine.execute(f"SET allowed_paths = [{', '.join(map(quoted, files))}]")
            for name, source in sources.items():
                few = f" WHERE place <= {int(limits.rows)}" if limits.rows and name == ROWS else ""
                engine.execute(f"CREATE VIEW {identifier(name)} AS SELECT * FROM {source.relation}{few}")  # noqa: S608 - quoted
            if today is not None:
                engine.execute(f"CREATE MACRO assessed_on() AS DATE {quoted(today.isoformat())}")
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
    if len(statement) > MOST_SQL:
        raise OwnSqlTooLong(most=MOST_SQL)
    try:
        statements = duckdb.extract_statements(statement)
    except duckdb.Error as fault:
        raise OwnSqlRefused(why=str(fault).splitlines()[0]) from fault
    if len(statements) != 1 or statements[0].type is not duckdb.StatementType.SELECT:
        raise OwnSqlNotSelect
    (tree,) = engine.execute("SELECT json_serialize_sql(?)", [statement.strip().rstrip(";")]).fetchall()
    used = set(_functions(json.loads(tree[0])))
    if strange := sorted(used & FORBIDDEN):
        raise OwnSqlFunctionRefused(name=strange[0])


FORBIDDEN: Final = frozenset(
    {
        "read_parquet", "parquet_scan", "parquet_metadata", "parquet_schema", "parquet_kv_metadata",
        "parquet_file_metadata", "read_csv", "read_csv_auto", "sniff_csv", "read_json", "read_json_auto",
        "read_json_objects", "read_ndjson", "read_text", "read_blob", "glob", "getenv", "getvariable",
        "duckdb_settings", "duckdb_secrets", "current_setting", "query", "query_table", "nextval", "setseed",
        "random", "uuid", "uuidv4", "uuidv7", "gen_random_uuid", "now", "today", "current_date", "current_time",
        "current_timestamp", "get_current_time", "get_current_timestamp", "transaction_timestamp",
        "current_localtime", "current_localtimestamp",
    }
)  # fmt: skip
"""Functions that read files or settings, run texts, or answer otherwise each time: ``assessed_on()`` is the day."""


def _functions(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        if isinstance(name := tree.get("function_name"), str):
            yield name.lower()
        for part in tree.values():
            yield from _functions(part)
    elif isinstance(tree, list):
        for part in tree:
            yield from _functions(part)
