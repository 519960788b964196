"""Statements of one's own: what they may do, and everything that they may not."""

from datetime import date
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from zhengshu.contexts.quality.application.ask_own_sql import OwnSqlNotYours, ask_own_sql
from zhengshu.contexts.quality.application.engine.assess import Job, assess
from zhengshu.contexts.quality.application.engine.blamed import blamed_places
from zhengshu.contexts.quality.application.engine.own_sql import (
    OwnSqlFunctionRefused,
    OwnSqlNoPlaces,
    OwnSqlRefused,
    OwnSqlTooCostly,
    SandboxLimits,
    blamed_by,
)
from zhengshu.contexts.quality.application.engine.source import Source, parquet_source
from zhengshu.contexts.quality.domain.checks import OwnSql
from zhengshu.contexts.quality.domain.results import Assessment
from zhengshu.contexts.quality.domain.rules import Rule, Table
from zhengshu.kernel.actors import Actor, Role


@pytest.fixture
def source(tmp_path: Path) -> Source:
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"a": ["1", "2", "2"], "b": [1, 5, 3]}), path)
    return parquet_source([path], {"a": "a", "b": "b"})


class TestAsk:
    def test_lets_only_the_data_authority_write_sql(self, source: Source) -> None:
        officer, authority = (
            Actor(id=uuid4(), name="x", roles=frozenset({role}))
            for role in (Role.DATA_OFFICER, Role.REVIEWER)
        )
        statement = "SELECT place FROM rows WHERE a = '1'"

        with pytest.raises(OwnSqlNotYours):
            ask_own_sql(statement=statement, source=source, actor=officer)
        assert ask_own_sql(statement=statement, source=source, actor=authority).tolist() == [1]


class TestOwnSql:
    def test_blames_the_rows_whose_places_it_selects(self, source: Source, tmp_path: Path) -> None:
        other = tmp_path / "o.parquet"
        pq.write_table(pa.table({"id": ["2"]}), other)
        statement = """
            WITH top AS (SELECT a, max(b) AS most FROM rows GROUP BY a)
            SELECT place FROM rows JOIN top USING (a) WHERE b < most AND a IN (SELECT id FROM o);
        """

        found = blamed_by(statement, source=source, others={"o": parquet_source([other], {"id": "id"})})

        assert found.tolist() == [3]

    def test_says_so_when_it_divides_by_zero(self, source: Source) -> None:
        with pytest.raises(OwnSqlRefused, match="Division by zero"):
            blamed_by("SELECT place FROM rows WHERE (b // (b - 5)) > 1", source=source)

    @pytest.mark.parametrize(
        "statement",
        [
            "",
            "SELECT",
            "SELECT a FROM rows",
            "SELECT a AS place FROM rows WHERE a = 'x' OR true",
            "SELECT -1 AS place",
            "SELECT place FROM rows; DROP VIEW rows",
            "DROP VIEW rows",
            "INSERT INTO rows VALUES (1)",
            "CREATE TABLE t AS SELECT 1",
            "COPY rows TO '/tmp/stolen.csv'",
            "EXPORT DATABASE '/tmp/stolen'",
            "ATTACH '/tmp/x.db'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET memory_limit = '100GB'",
            "PRAGMA database_list",
            "CALL pragma_version()",
            "SELECT 1 AS place FROM read_csv('/etc/passwd')",
            "SELECT 1 AS place FROM '/etc/passwd'",
            "SELECT 1 AS place FROM read_text('/etc/passwd')",
            "SELECT 1 AS place FROM glob('/*')",
            "SELECT 1 AS place FROM query('DROP VIEW rows')",
            "SELECT 1 AS place WHERE getenv('HOME') IS NOT NULL",
            "SELECT 1 AS place FROM duckdb_settings()",
            "SELECT 1 AS place FROM (SELECT * FROM READ_PARQUET('{file}'))",
            "SELECT place FROM rows) AS x; DELETE FROM rows; SELECT * FROM (SELECT 1",
            "SELECT place FROM rows -- " + "x" * 5_000,
        ],
    )
    def test_can_do_nothing_else(self, source: Source, statement: str) -> None:
        (file,) = source.files

        with pytest.raises(OwnSqlRefused) as refused:
            blamed_by(statement.replace("{file}", str(file)), source=source)

        assert "unfinished" not in str(refused.value), "it was refused for what it is"

    @pytest.mark.parametrize(
        "statement", ["SELECT 4 AS place", "SELECT 0 AS place", "SELECT place + 1 AS place FROM rows"]
    )
    def test_blames_only_rows_that_there_are(self, source: Source, statement: str) -> None:
        with pytest.raises(OwnSqlNoPlaces):
            blamed_by(statement, source=source)

    def test_sees_the_first_rows_only_where_it_is_tried(self, source: Source) -> None:
        found = blamed_by("SELECT place FROM rows", source=source, limits=SandboxLimits(rows=2))

        assert found.tolist() == [1, 2]

    def test_knows_the_day_of_the_assessment_and_no_other_clock(self, source: Source) -> None:
        statement = "SELECT place FROM rows WHERE assessed_on() = DATE '2026-06-30' AND b = 1"

        assert blamed_by(statement, source=source, today=date(2026, 6, 30)).tolist() == [1]
        with pytest.raises(OwnSqlFunctionRefused, match="random"):
            blamed_by("SELECT place FROM rows WHERE random() > 0.5", source=source)
        with pytest.raises(OwnSqlFunctionRefused, match="now"):
            blamed_by("SELECT place FROM rows WHERE now() IS NULL", source=source)

    def test_leaves_no_file_behind(self, source: Source) -> None:
        target = Path("/tmp/stolen.csv")

        with pytest.raises(OwnSqlRefused):
            blamed_by("COPY (SELECT 1) TO '/tmp/stolen.csv'", source=source)

        assert not target.exists()

    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT count(*) AS place FROM range(100_000_000_000)",
            "SELECT length(string_agg(range::VARCHAR, '')) AS place FROM range(100_000_000_000)",
        ],
    )
    def test_is_stopped_when_it_costs_too_much(self, source: Source, statement: str) -> None:
        with pytest.raises(OwnSqlTooCostly):
            blamed_by(statement, source=source, limits=SandboxLimits(seconds=0.2, memory_mib=64))


class TestInAnAssessment:
    """A rule in SQL beside others: it blames the rows that it names, and a statement that fails was not asked."""

    @staticmethod
    def found(source: Source, rule: Rule, **others: Source) -> Assessment:
        table = Table(code="t", name="t", columns=())
        return assess(Job(table=table, rules=[rule], source=source, today=date(2026, 6, 30), others=others))

    def test_counts_all_rows_as_asked(self, source: Source) -> None:
        (result,) = self.found(source, own("SELECT place FROM rows WHERE b > 2")).rules

        assert (result.asked, result.failed, result.places) == (3, 2, (2, 3))

    def test_reads_the_tables_that_it_names(self, source: Source, tmp_path: Path) -> None:
        pq.write_table(pa.table({"id": ["2"]}), tmp_path / "o.parquet")
        other = parquet_source([tmp_path / "o.parquet"], {"id": "id"})
        rule = own("SELECT place FROM rows WHERE a IN (SELECT id FROM other)", "other")

        (alone,), (beside,) = self.found(source, rule).rules, self.found(source, rule, other=other).rules

        assert alone.reason is not None
        assert beside.failed == 2

    @pytest.mark.parametrize(
        "statement", ["SELECT nothing", "SELECT place FROM rows WHERE (b // (b - 5)) > 1"]
    )
    def test_a_statement_that_fails_was_not_asked(self, source: Source, statement: str) -> None:
        (result,) = self.found(source, own(statement)).rules

        assert (result.was_asked, result.failed) == (False, 0)
        assert result.reason is not None

    def test_keeps_the_places_of_all_its_rows(self, source: Source, tmp_path: Path) -> None:
        rule = own("SELECT place FROM rows WHERE b > 2")
        job = Job(
            table=Table(code="t", name="t", columns=()),
            rules=[rule],
            source=source,
            today=date(2026, 6, 30),
            store=tmp_path / "kept",
        )

        first, again = assess(job), assess(job)

        for run in (first, again):
            assert blamed_places(tmp_path / "kept", run.kept, rule="own").tolist() == [2, 3]


def own(statement: str, *tables: str) -> Rule:
    return Rule(
        code="own", name="own", check=OwnSql(select=statement, tables=tables), indicator="0104", basis="test"
    )
