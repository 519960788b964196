"""The same rules on a Spark cluster, for tables that outgrow one machine; needs PySpark (the extra `spark`).

Spark reads, shuffles, groups and joins; what a value means is asked of the same functions as everywhere. Each task runs
the queries of this engine over its own pieces of rows as Arrow functions, with the compiled extension where the worker
has it, so that no second reading of the rules can drift from the first. Row rules give the counts of words, which are
few; table rules give keys, numbers and days, which Spark SQL puts together.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
from pyarrow import compute as pc
from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as f
from pyspark.sql.pandas.types import to_arrow_schema

from zhengshu.contexts.quality.application.engine import table_rules
from zhengshu.contexts.quality.application.engine.conditions import Surroundings
from zhengshu.contexts.quality.application.engine.keeping import SHOWN
from zhengshu.contexts.quality.application.engine.scanning import (
    Plan,
    Scanned,
    count,
    counting_query,
    plan_of,
    prepare,
)
from zhengshu.contexts.quality.application.engine.sessions import Limits, open_session
from zhengshu.contexts.quality.application.engine.source import Read, Source
from zhengshu.contexts.quality.application.engine.table_rules import Answered, Compared
from zhengshu.contexts.quality.domain import comparing
from zhengshu.contexts.quality.domain.checks import Agrees, Alike, Drifts, Fresh, Refers, Scheme, Unique
from zhengshu.contexts.quality.domain.results import RuleResult
from zhengshu.contexts.quality.domain.rules import CodeTable, Rule

BATCH_ROWS: Final = 1 << 17
WORKER_MIB: Final = 512
_PIECE: Final = "piece"


def connected(master: str) -> SparkSession:
    """Return the session with a cluster; the same one for a whole process.

    Workers run the interpreter of `PYSPARK_PYTHON`, or the present one: any other would lack this package.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder: SparkSession.Builder = SparkSession.builder.master(master)
    if master.startswith("local"):
        builder = (
            builder.config("spark.sql.shuffle.partitions", "2")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
        )
    return (
        builder.appName("zhengshu-quality")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH_ROWS))
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The rows that a task has at hand."""

    relation: str
    columns: Mapping[str, str]
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CountWords:
    """Asks row rules of pieces of rows in a task; sent to the workers."""

    rules: Sequence[Rule]
    columns: Mapping[str, str]
    today: date
    tables: Mapping[str, CodeTable]
    extension: Path | None
    schema: pa.Schema

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the counts of words of each piece."""
        extension = self.extension if self.extension and self.extension.is_file() else None
        limits = Limits(memory_mib=WORKER_MIB, threads=1)
        with open_session(limits, extension=extension) as session:
            for batch in batches:
                session.engine.register(_PIECE, pa.Table.from_batches([batch]))
                around = self._around(session.check_function, is_compiled=session.is_compiled)
                found = self._counted(session.engine, around, _PIECE)
                unsure = _unsure(found)
                if len(unsure):
                    yield from self._cast(found.filter(_sure(found)))
                    session.engine.register("unsure", pa.table({"place": unsure}))
                    around = self._around(session.check_function, is_compiled=False)
                    found = self._counted(
                        session.engine, around, f"(FROM {_PIECE} SEMI JOIN unsure USING (place))"
                    )
                yield from self._cast(found)

    def _around(self, functions: Mapping[Scheme, str], *, is_compiled: bool) -> Surroundings:
        return Surroundings(
            today=self.today, tables=self.tables, check_function=functions, is_compiled=is_compiled
        )

    def _counted(self, engine: duckdb.DuckDBPyConnection, around: Surroundings, relation: str) -> pa.Table:
        plan = plan_of(self.rules, Piece(relation=relation, columns=self.columns), around)
        prepare(engine, around)
        found: pa.Table = engine.sql(counting_query(plan)).to_arrow_table()
        return found

    def _cast(self, found: pa.Table) -> Iterator[pa.RecordBatch]:
        columns = [found.column(name).cast(self.schema.field(name).type) for name in self.schema.names]
        yield from pa.Table.from_arrays(columns, schema=self.schema).to_batches()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPieces:
    """Runs one query over each piece of rows in a task; sent to the workers."""

    query: str

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield what the query answers for each piece."""
        with duckdb.connect(":memory:", config={"memory_limit": f"{WORKER_MIB}MiB", "threads": 1}) as engine:
            engine.execute("SET TimeZone = 'UTC'")
            for batch in batches:
                engine.register(_PIECE, pa.Table.from_batches([batch]))
                yield from engine.sql(self.query).to_arrow_table().to_batches()


@dataclass(frozen=True, slots=True, kw_only=True)
class OnSpark:
    """Asks rules on a cluster.

    Attributes:
        spark: the session with it.
        extension: where workers may find the compiled extension.
        today: the day of the assessment.
    """

    spark: SparkSession
    extension: Path | None
    today: date

    def ask_rows(self, rules: Sequence[Rule], source: Source, around: Surroundings) -> tuple[Plan, Scanned]:
        """Ask row rules of all rows."""
        bare = [replace(rule, passes=(), fails=()) for rule in rules]
        plan = plan_of(bare, source, replace(around, is_compiled=False, lists={}))
        names = [f"w{number}" for number in range(plan.words)]
        numbers = [pa.field(name, pa.int64()) for name in (*names, "times")]
        schema = pa.schema([*numbers, pa.field("places", pa.list_(pa.field("element", pa.int64())))])
        shape = ", ".join(f"{name} bigint" for name in (*names, "times")) + ", places array<bigint>"
        frames = []
        for frame, piece in self._pieces(source, [name for rule in rules for name in rule.columns]):
            task = CountWords(
                rules=bare,
                columns=piece.columns,
                today=self.today,
                tables=around.tables,
                extension=self.extension,
                schema=schema,
            )
            frames.append(frame.mapInArrow(task, shape))
        found = _all_of(frames).toArrow()
        words = [found.column(name).cast(pa.uint64()) for name in names]
        columns = [*words, found.column("times"), found.column("places")]
        return plan, count(plan, pa.table(columns, [*names, "times", "places"]))

    def ask_table(self, rule: Rule, to: Compared, source: Source) -> Answered:
        """Ask a table rule of all rows."""
        to = replace(to, session=replace(to.session, is_compiled=False))
        match rule.check:
            case Unique() | Alike():
                return self._repeated(rule, to, source)
            case Refers():
                return self._unreferred(rule, rule.check, to, source)
            case Agrees():
                return self._disagreeing(rule, rule.check, to, source)
            case Fresh(within_days=days):
                found = self._asked(
                    source,
                    (rule.column,),
                    lambda piece: table_rules.newest_query(rule, to, piece),
                    "newest date",
                )
                newest = found.agg(f.max("newest")).first()
                return table_rules.judge_newest(rule, newest[0] if newest else None, to=to, days=days)
            case Drifts(most=most):
                shape = "value string, times bigint"
                found = self._asked(
                    source, (rule.column,), lambda piece: table_rules.shares_query(rule, to, piece), shape
                )
                sums = found.groupBy("value").agg(f.sum("times")).orderBy("value")
                shares = [
                    (str(row[0]), int(row[1])) for row in sums.limit(comparing.MOST_VALUES + 1).collect()
                ]
                return table_rules.judge_shares(rule, shares, to=to, most=most)
        return table_rules.ask_table(rule, to)  # the number of rows is known already

    def _repeated(self, rule: Rule, to: Compared, source: Source) -> Answered:
        names = table_rules.keys_of(rule)
        keys = [f"k{number}" for number in range(len(names))]

        def query(piece: Piece) -> str:
            return f"SELECT place, {', '.join(keys)} FROM {table_rules.with_hashes(rule, to, piece)}"  # noqa: S608 - quoted

        rows = self._asked(source, names, query, _shape(keys))
        turn = f.row_number().over(Window.partitionBy(*keys).orderBy("place"))
        return self._counted(rule, to, rows.withColumn("turn", turn), f.col("turn") > 1)

    def _unreferred(self, rule: Rule, check: Refers, to: Compared, source: Source) -> Answered:
        own, theirs, other = check.columns or (rule.column,), check.their_columns, to.others[check.table]
        keys = [f"k{number}" for number in range(len(own))]
        asked = self._asked(
            source,
            tuple(source.columns),
            lambda piece: f"FROM {table_rules.keyed(to, piece, own, check.when)}",
            _shape(keys),
        )
        there = self._asked(
            other,
            tuple(other.columns),
            lambda piece: f"FROM {table_rules.keyed(to, piece, theirs, check.where)}",
            _shape(keys),
        )
        marked = there.select(*keys).distinct().withColumn("is_there", f.lit(True))
        found = f.col("is_there").isNotNull()
        return self._counted(rule, to, asked.join(marked, keys, "left"), found if check.absent else ~found)

    def _disagreeing(self, rule: Rule, check: Agrees, to: Compared, source: Source) -> Answered:
        shape = "place bigint, k string, number decimal(28,8)"
        own = self._asked(
            source,
            (check.key, rule.column),
            lambda piece: f"FROM {table_rules.numbers_of(to, piece, check.key, rule.column)}",
            shape,
        )
        theirs = self._asked(
            to.others[check.table],
            (check.their_key, *((check.sum_of,) if check.sum_of else ())),
            lambda piece: f"FROM {table_rules.numbers_of(to, piece, check.their_key, check.sum_of)}",
            shape,
        )
        total = f.sum("number") if check.sum_of else f.count(f.lit(1)).cast("decimal(38,8)")
        sums = theirs.groupBy("k").agg(total.alias("total"))
        asked = own.where("k IS NOT NULL AND number IS NOT NULL").join(sums, "k", "left")
        return self._counted(rule, to, asked, f.col("number") != f.coalesce(f.col("total"), f.lit(0)))

    def _counted(self, rule: Rule, to: Compared, asked: DataFrame, blamed: Column) -> Answered:
        places = f.collect_list(f.when(blamed, f.col("place")))
        wanted = places if to.keeps else f.slice(f.sort_array(places), 1, SHOWN)
        found = asked.agg(f.count(f.lit(1)), f.count_if(blamed), wanted.alias("places")).first()
        if found is None:
            return Answered(result=RuleResult(rule=rule))
        every = np.sort(np.array(found[2], np.int64))
        shown = tuple(int(place) for place in every[:SHOWN])
        result = RuleResult(rule=rule, asked=int(found[0]), failed=int(found[1]), places=shown)
        return Answered(result=result, blamed=every) if to.keeps else Answered(result=result)

    def _asked(
        self, source: Source, names: Sequence[str], query: Callable[[Piece], str], shape: str
    ) -> DataFrame:
        """Return what a query over each piece of rows answers, for all files."""
        return _all_of(
            [
                frame.mapInArrow(AskPieces(query=query(piece)), shape)
                for frame, piece in self._pieces(source, names)
            ]
        )

    def _pieces(self, source: Source, names: Sequence[str]) -> Iterator[tuple[DataFrame, Piece]]:
        """Yield the rows of each file with their places, and what tasks see of them.

        Files are put together behind the functions, not before: Spark would read texts beside numbers as numbers.
        """
        for read in source.reads:
            frame = self._read(read, tuple(dict.fromkeys(names)))
            with duckdb.connect(":memory:") as engine:
                engine.register(_PIECE, to_arrow_schema(frame.schema).empty_table())
                found = engine.execute(f"DESCRIBE FROM {_PIECE}").fetchall()
            types = {name: str(kind) for name, kind, *_ in found if name != "place"}
            yield frame, Piece(relation=_PIECE, columns=types)

    def _read(self, read: Read, names: Sequence[str]) -> DataFrame:
        number = f.col(f"`{read.place}`") if read.place else f.col("_metadata.row_index") + read.first
        columns = [
            f.col(f"`{read.columns[name]}`") if name in read.columns else f.lit(None).cast("string")
            for name in names
        ]
        named = [column.alias(name) for name, column in zip(names, columns, strict=True)]
        return self.spark.read.parquet(str(read.path)).select(number.cast("bigint").alias("place"), *named)


def _all_of(frames: Sequence[DataFrame]) -> DataFrame:
    return reduce(DataFrame.unionByName, frames)


def _shape(keys: Sequence[str]) -> str:
    return "place bigint" + "".join(f", {key} string" for key in keys)


def _sure(found: pa.Table) -> "pa.BooleanArray":
    names = [name for name in found.column_names if name.startswith("w")]
    unsure = np.logical_or.reduce([found.column(name).to_numpy() >> np.uint64(63) != 0 for name in names])
    return pa.array(~unsure, pa.bool_())


def _unsure(found: pa.Table) -> "np.typing.NDArray[np.int64]":
    left = found.filter(pc.invert(_sure(found)))
    places: np.typing.NDArray[np.int64] = pc.list_flatten(left.column("places")).to_numpy()
    return places
