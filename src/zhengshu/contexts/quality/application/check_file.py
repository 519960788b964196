"""Check a file against a pack, without a server: the same engine, the same rules."""

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet as pq

from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application.engine.assess import Job, assess
from zhengshu.contexts.quality.application.engine.own_sql import blamed_by
from zhengshu.contexts.quality.application.engine.sessions import Limits
from zhengshu.contexts.quality.application.engine.source import Source, parquet_source
from zhengshu.contexts.quality.application.engine.table_rules import Observed, Places
from zhengshu.contexts.quality.application.engine.watching import Told
from zhengshu.contexts.quality.application.packs import ELEMENTS, Loaded
from zhengshu.contexts.quality.domain.matching import Matched, match
from zhengshu.contexts.quality.domain.results import Assessment
from zhengshu.kernel.errors import Kind, Refused

PLACE = "place"


class NoColumnKnown(Refused):
    """No heading of the file is a column of any table or a data element: it is another file, or has no header."""

    code = "quality.no-column-known"
    message = "No heading of “%(file)s” is known to the pack. The file has: %(headings)s."


class TableNotInPack(Refused):
    """The pack does not describe a table of this code."""

    code = "quality.table-not-in-pack"
    kind = Kind.NOT_FOUND
    message = "The pack describes no table “%(table)s”. Known: %(known)s."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCheck:
    """What is checked.

    Attributes:
        file: CSV and its relatives, XLSX, JSON lines or Parquet.
        loaded: the pack with what it leans on.
        today: the day of the assessment.
        table: the code of the file's table; empty to recognise it by its headings.
        others: the files of other tables that rules name, by the tables' codes.
        former: what rules observed in the former run.
        limits: memory, threads, where to spill.
        store: a folder to keep finished parts and blamed rows in; see `Job`.
        sample: about how many rows to read; see `Job`.
        spark: the master of a Spark cluster that asks instead; see `Job`.
        keys: columns whose values are kept beside the places of blamed rows.
    """

    file: Path
    loaded: Loaded
    today: date
    table: str = ""
    others: Mapping[str, Path] = field(default_factory=dict)
    former: Mapping[str, Observed] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    store: Path | None = None
    sample: int | None = None
    spark: str = ""
    keys: tuple[str, ...] = ()


def check_file(check: FileCheck, *, told: Told = lambda _done, _total: True) -> Assessment:
    """Ask the rows of a file all rules of its table, or of its data elements where the pack has no such table.

    Raises:
        NoColumnKnown: no heading is known.
        TableNotInPack: the pack lacks a table that was named.
        AssessmentCancelled: it was told to stop.
        Refused: a file cannot be read.
    """
    with _sources(check) as (source, matched, others):
        job = Job(
            table=matched.table,
            rules=check.loaded.pack.rules_of(matched.table),
            source=source,
            today=check.today,
            others=others,
            code_tables=check.loaded.code_tables,
            former=check.former,
            limits=check.limits,
            store=check.store,
            sample=check.sample,
            spark=check.spark,
            keys=check.keys,
            unknown=matched.unknown,
            missing=matched.missing,
        )
        return assess(job, told=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementTried:
    """What a rule in SQL blames in a file: places, of how many rows, in how many seconds."""

    places: Places
    rows: int
    seconds: float


def try_statement(check: FileCheck, *, statement: str) -> StatementTried:
    """Ask the rows of a file a rule in SQL, in the sandbox; whoever runs the command has the file already.

    Raises:
        OwnSqlRefused: it is not a single SELECT of places, or does what a rule may not.
        OwnSqlTooCostly: it needs too much time or memory.
        NoColumnKnown, TableNotInPack, Refused: as when a file is checked.
    """
    with _sources(check) as (source, _matched_columns, others):
        started = time.perf_counter()
        places = blamed_by(statement, source=source, others=others, today=check.today)
        return StatementTried(places=places, rows=source.rows, seconds=time.perf_counter() - started)


@contextmanager
def _sources(check: FileCheck) -> Iterator[tuple[Source, Matched, Mapping[str, Source]]]:
    """Open the file and the other tables."""
    for table in (check.table, *check.others):
        if table and table not in check.loaded.pack.tables:
            known = ", ".join(check.loaded.pack.tables) or "—"
            raise TableNotInPack(table=table, known=known)
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="zhengshu-check-", dir=check.limits.spill))
        )
        source, matched = _opened(check.file, check.table, check.loaded, folder / "rows.parquet")
        others = {
            table: _opened(file, table, check.loaded, folder / f"{table}.parquet")[0]
            for table, file in check.others.items()
        }
        yield source, matched, others


def _opened(file: Path, table: str, loaded: Loaded, copy: Path) -> tuple[Source, Matched]:
    """Return a file as the engine reads it: Parquet as it lies there, others as a copy of their texts."""
    if lake.is_parquet(file):
        headings = tuple(pq.read_schema(file).names)
        matched = _matched(file, headings, table, loaded)
        return parquet_source(
            [file], {name: headings[place] for name, place in matched.places.items()}
        ), matched
    rows = lake.open_rows(source=file, file_name=file.name)
    matched = _matched(file, rows.headings, table, loaded)
    broken = _copy(rows, matched, copy)
    return parquet_source(
        [copy], {name: name for name in matched.places}, place=PLACE, broken=broken
    ), matched


def _matched(file: Path, headings: tuple[str, ...], table: str, loaded: Loaded) -> Matched:
    matched = match(loaded.pack, headings, table=table, elements=loaded.elements)
    if matched is None:
        raise NoColumnKnown(file=file.name, headings="、".join(headings[:12]))
    return matched


def _copy(rows: lake.FileRows, matched: Matched, path: Path) -> int:
    """Write the texts of the known columns with their lines; return how many rows could not be read."""
    names = (PLACE, *matched.places)
    schema = pa.schema([(name, pa.int64() if name == PLACE else pa.string()) for name in names])
    broken = 0
    with pq.ParquetWriter(path, schema, compression="lz4") as writer:
        for piece in rows.pieces():
            broken += piece.broken
            columns = [piece.rows.column(place) for place in matched.places.values()]
            writer.write_batch(pa.RecordBatch.from_arrays([pa.array(piece.lines), *columns], schema=schema))
    return broken


def is_described(assessment: Assessment) -> bool:
    """Whether the pack has a table for the file; otherwise only data elements were asked."""
    return assessment.table.code != ELEMENTS
