from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from zhengshu.contexts.quality.application.engine.assess import Job, assess
from zhengshu.contexts.quality.application.engine.source import Source, parquet_source
from zhengshu.contexts.quality.application.engine.table_rules import Observed
from zhengshu.contexts.quality.domain.checks import (
    Agrees,
    Alike,
    Check,
    Drifts,
    Fresh,
    Habitual,
    Refers,
    Unique,
)
from zhengshu.contexts.quality.domain.comparing import folded, stability_index
from zhengshu.contexts.quality.domain.results import RuleResult
from zhengshu.contexts.quality.domain.rules import Rule, Table

TODAY = date(2026, 6, 30)


def source_of(folder: Path, name: str, columns: pa.Table) -> Source:
    path = folder / f"{name}.parquet"
    pq.write_table(columns, path)
    return parquet_source([path], {name: name for name in columns.column_names})


def ask(
    folder: Path,
    check: Check,
    columns: pa.Table,
    *,
    other: pa.Table | None = None,
    former: Observed | None = None,
) -> RuleResult:
    rule = Rule(code="r", name="r", check=check, indicator="0304", basis="b", column="a")
    job = Job(
        table=Table(code="t", name="t", columns=()),
        rules=[rule],
        source=source_of(folder, "t", columns),
        today=TODAY,
        others={"o": source_of(folder, "o", other)} if other is not None else {},
        former={"r": former} if former else {},
    )
    (result,) = assess(job).rules
    return result


class TestUnique:
    def test_blames_every_row_but_the_first_and_asks_no_empty_one(self, tmp_path: Path) -> None:
        found = ask(tmp_path, Unique(), pa.table({"a": ["x", "y", "x", None, "无", "x", "", " "]}))

        assert (found.asked, found.failed, found.places) == (4, 2, (3, 6))

    def test_looks_at_several_columns_together(self, tmp_path: Path) -> None:
        columns = pa.table({"a": ["x", "x", "x", "x"], "b": [1, 2, 1, None]})

        found = ask(tmp_path, Unique(columns=("a", "b")), columns)

        assert (found.asked, found.failed, found.places) == (3, 1, (3,))


class TestAlike:
    def test_sees_through_width_case_blanks_and_punctuation(self, tmp_path: Path) -> None:
        names = ["云州（集团）有限公司ＡＢ", "云州(集团) 有限公司ab", "云州集团有限公司", "（）", "()"]

        found = ask(tmp_path, Alike(), pa.table({"a": names}))

        assert (found.asked, found.failed, found.places) == (3, 1, (2,))
        assert folded(names[0]) == folded(names[1]) == "云州集团有限公司ab"


class TestRefers:
    def test_blames_rows_that_the_other_table_does_not_have(self, tmp_path: Path) -> None:
        check = Refers(table="o", their_columns=("id",))

        found = ask(
            tmp_path, check, pa.table({"a": ["1", "2", "3", None]}), other=pa.table({"id": [1, 3, 3, 4]})
        )

        assert (found.asked, found.failed, found.places) == (3, 1, (2,))

    def test_compares_several_columns(self, tmp_path: Path) -> None:
        check = Refers(table="o", their_columns=("id", "name"), columns=("a", "b"))
        columns = pa.table({"a": ["1", "1", "1"], "b": ["甲", "乙", None]})

        found = ask(tmp_path, check, columns, other=pa.table({"id": ["1", "2"], "name": ["甲", "乙"]}))

        assert (found.asked, found.failed, found.places) == (2, 1, (2,))

    def test_says_so_where_the_other_table_is_not_there(self, tmp_path: Path) -> None:
        check = Refers(table="o", their_columns=("id",))

        missing, lacking = (
            ask(tmp_path, check, pa.table({"a": ["1"]})),
            ask(tmp_path, check, pa.table({"a": ["1"]}), other=pa.table({"x": ["1"]})),
        )

        assert missing.reason is not None
        assert missing.reason.message == "The table “%(table)s” was not given."
        assert lacking.reason is not None
        assert lacking.reason.details == {"column": "id"}
        assert missing.score is None


class TestAgrees:
    def test_counts_the_rows_of_the_other_table(self, tmp_path: Path) -> None:
        check = Agrees(table="o", key="k", their_key="h")
        columns = pa.table({"a": ["2", "1", "0", "1", "x"], "k": ["A", "B", "C", None, "A"]})

        found = ask(tmp_path, check, columns, other=pa.table({"h": ["A", "A", "B", "B", "D"]}))

        assert (found.asked, found.failed, found.places) == (3, 1, (2,))

    def test_adds_up_a_column_of_it_exactly(self, tmp_path: Path) -> None:
        check = Agrees(table="o", key="k", their_key="h", sum_of="n")
        columns = pa.table({"a": ["0.3", "1"], "k": ["A", "B"]})

        found = ask(
            tmp_path, check, columns, other=pa.table({"h": ["A", "A", "B"], "n": ["0.1", "0.2", "2"]})
        )

        assert (found.asked, found.failed, found.places) == (2, 1, (2,))


class TestFresh:
    @pytest.mark.parametrize(("newest", "failed"), [("2026-06-23", 0), ("2026-06-22", 1)])
    def test_counts_back_from_the_day_of_the_assessment(
        self, tmp_path: Path, newest: str, failed: int
    ) -> None:
        found = ask(tmp_path, Fresh(within_days=7), pa.table({"a": ["2020-01-01", newest, None, "soon"]}))

        assert (found.asked, found.failed, found.observed) == (1, failed, {"newest": newest})

    def test_does_not_judge_without_a_day(self, tmp_path: Path) -> None:
        assert ask(tmp_path, Fresh(within_days=7), pa.table({"a": ["soon"]})).reason is not None


class TestHabitual:
    @pytest.mark.parametrize(("former", "failed"), [(None, 0), ({"rows": 5}, 0), ({"rows": 6}, 1)])
    def test_compares_to_the_former_run(self, tmp_path: Path, former: Observed | None, failed: int) -> None:
        found = ask(tmp_path, Habitual(change=0.2), pa.table({"a": ["x"] * 4}), former=former)

        assert (found.failed, found.observed) == (failed, {"rows": 4})

    @pytest.mark.parametrize(
        ("check", "failed"), [(Habitual(least=5), 1), (Habitual(most=3), 1), (Habitual(), 0)]
    )
    def test_keeps_to_its_limits(self, tmp_path: Path, check: Habitual, failed: int) -> None:
        assert ask(tmp_path, check, pa.table({"a": ["x"] * 4})).failed == failed


class TestDrifts:
    def test_tells_a_shift_from_noise(self, tmp_path: Path) -> None:
        columns = pa.table({"a": ["1"] * 50 + ["2"] * 50 + [""]})

        first = ask(tmp_path, Drifts(), columns)
        same = ask(tmp_path, Drifts(), columns, former={"1": 0.52, "2": 0.48})
        moved = ask(tmp_path, Drifts(), columns, former={"1": 0.9, "2": 0.1})

        assert first.reason is not None
        assert first.observed == {"1": 0.5, "2": 0.5}
        assert (same.failed, moved.failed) == (0, 1)

    def test_keeps_no_values_of_a_column_that_names_people(self, tmp_path: Path) -> None:
        found = ask(tmp_path, Drifts(), pa.table({"a": [f"张{n}" for n in range(60)]}))

        assert found.reason is not None
        assert found.observed == {}

    def test_measures_by_the_stability_index(self) -> None:
        assert stability_index({"1": 0.5, "2": 0.5}, {"1": 0.8, "2": 0.2}) == pytest.approx(0.4159, abs=1e-4)
