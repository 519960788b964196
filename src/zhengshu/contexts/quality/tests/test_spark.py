"""One set of rules, two engines: Spark counts what DuckDB counts, for every kind of rule."""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from zhengshu.contexts.quality.application.engine import building
from zhengshu.contexts.quality.application.engine.assess import Job, assess
from zhengshu.contexts.quality.application.engine.blamed import blamed_places
from zhengshu.contexts.quality.application.engine.source import parquet_source
from zhengshu.contexts.quality.domain.checks import (
    Agrees,
    Alike,
    Check,
    Drifts,
    Fresh,
    Habitual,
    OwnSql,
    Refers,
    RowCheck,
    TableCheck,
    Unique,
)
from zhengshu.contexts.quality.domain.results import Assessment
from zhengshu.contexts.quality.domain.rules import Rule
from zhengshu.contexts.quality.tests.test_engine import CHECKS, SAMPLES, TABLES, TODAY, table_of

TABLE_CHECKS: tuple[Check, ...] = (
    Unique(),
    Unique(columns=("a", "b")),
    Alike(),
    Refers(table="o", their_columns=("id",)),
    Refers(table="o", their_columns=("id",), absent=True, when="b == '1'", where="number(n) > 1"),
    Agrees(table="o", key="b", their_key="id"),
    Agrees(table="o", key="b", their_key="id", sum_of="n"),
    Fresh(within_days=7),
    Habitual(least=10_000),
    Drifts(),
    Drifts(most=0.01),
)
RULES = tuple(
    Rule(
        code=f"r{number}",
        name="r",
        check=check,
        indicator="0301",
        basis="b",
        column="b" if isinstance(check, Drifts) else "a",
    )
    for number, check in enumerate((*CHECKS, *TABLE_CHECKS))
)

pytestmark = pytest.mark.skipif(
    not os.environ.get("ALL_PROGRAMS")
    and (importlib.util.find_spec("pyspark") is None or shutil.which("java") is None),
    reason="no Spark here; `make test` installs it",
)


@pytest.fixture(scope="module")
def master() -> Iterator[str]:
    """One Spark for the whole module: its start takes longer than all tests."""
    from zhengshu.contexts.quality.application.engine.spark import connected

    with pytest.MonkeyPatch.context() as patch:
        # To compile well what runs once would take half of all the time.
        patch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        session = connected("local[1]")
    yield "local[1]"
    session.stop()


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """All traps as texts, in two files of which the second holds typed columns, and another table."""
    texts, typed, other = (tmp_path / f"{name}.parquet" for name in ("texts", "typed", "other"))
    pairs = [(a, b) for a in SAMPLES for b in (None, "1", "2024-03-05", a)]
    pq.write_table(pa.table({"a": [a for a, _ in pairs], "b": [b for _, b in pairs]}), texts)
    days = [date(2024, 3, 5), None, date(1700, 1, 1), date(2026, 6, 29)]
    numbers = [Decimal("1.50"), Decimal(2), None, Decimal(-1)]
    pq.write_table(pa.table({"a": pa.array(days), "b": pa.array(numbers, pa.decimal128(18, 2))}), typed)
    pq.write_table(pa.table({"id": ["1", "2", "2", None, "男"], "n": ["1", "0.5", "2", "7", "x"]}), other)
    others = {"o": parquet_source([other], {"id": "id", "n": "n"})}
    return Job(
        table=table_of(RULES),
        rules=RULES,
        source=parquet_source([texts, typed], {"a": "a", "b": "b"}),
        today=TODAY,
        others=others,
        code_tables=TABLES,
        former={f"r{len(RULES) - 1}": {"1": 0.9, "2": 0.1}},
        extension=building.build(tmp_path / "extension"),
    )


def counts(assessment: Assessment) -> list[tuple[object, ...]]:
    return [
        (one.rule.check, one.asked, one.failed, one.places, one.reason, dict(one.observed))
        for one in assessment.rules
    ]


class TestSpark:
    @pytest.mark.timeout(400)
    def test_says_what_the_other_engine_says_for_every_kind(
        self, job: Job, master: str, tmp_path: Path
    ) -> None:
        kinds = {type(rule.check) for rule in RULES}
        assert kinds >= {*RowCheck.__args__, *TableCheck.__args__} - {OwnSql}  # asked where DuckDB is, only

        here, there = (
            assess(replace(job, spark=spark, store=tmp_path / name))
            for spark, name in (("", "here"), (master, "there"))
        )

        assert counts(there) == counts(here)
        assert there.faulty == here.faulty
        for rule in RULES:
            places = [
                sorted(blamed_places(tmp_path / name, done.kept, rule=rule.code).tolist())
                for name, done in (("here", here), ("there", there))
            ]
            assert places[0] == places[1], rule.check
