"""What assessments keep, take up again, and never show before it is whole."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from zhengshu.contexts.quality.application.engine.assess import Job, assess
from zhengshu.contexts.quality.application.engine.blamed import (
    FileOfResultMissing,
    blamed_places,
    blamed_rows,
    rows_at,
)
from zhengshu.contexts.quality.application.engine.keeping import sweep
from zhengshu.contexts.quality.application.engine.sessions import Limits, open_session
from zhengshu.contexts.quality.application.engine.source import Source, parquet_source
from zhengshu.contexts.quality.application.engine.uniqueness import Keyed, Runs
from zhengshu.contexts.quality.application.engine.watching import (
    AssessmentCancelled,
    Told,
    Watch,
    seconds_left,
)
from zhengshu.contexts.quality.domain.checks import (
    Agrees,
    Check,
    Complete,
    DateOrder,
    Habitual,
    Listed,
    Matches,
    Refers,
    Unique,
)
from zhengshu.contexts.quality.domain.rules import CodeTable, Rule, Table
from zhengshu.contexts.quality.domain.sampling import error_of

TODAY = date(2026, 6, 30)


def rule_of(code: str, check: Check, column: str = "a") -> Rule:
    return Rule(code=code, name=code, check=check, indicator="0301", basis="b", column=column)


COMPLETE = rule_of("complete", Complete())
DIGITS = rule_of("digits", Matches(pattern="[0-9]+"))
UNIQUE = rule_of("unique", Unique())


def write(folder: Path, name: str, values: Sequence[str | None]) -> Path:
    path = folder / f"{name}.parquet"
    columns = {"a": pa.array(values, pa.string()), "id": [f"{name}-{n}" for n in range(len(values))]}
    pq.write_table(pa.table(columns), path, row_group_size=2)
    return path


def source_of(*paths: Path) -> Source:
    return parquet_source(paths, {"a": "a", "id": "id"}, part_rows=2)


def job_of(source: Source, store: Path, *rules: Rule) -> Job:
    table = Table(code="t", name="t", columns=())
    limits = Limits(threads=1)  # one thing after the other, whatever the machine
    return Job(table=table, rules=rules, source=source, today=TODAY, store=store, keys=("id",), limits=limits)


def until(most: int) -> Told:
    return lambda done, _total: done < most


class TestKept:
    def test_are_keys_and_bits_of_blamed_rows_and_no_other_value(self, tmp_path: Path) -> None:
        source = source_of(write(tmp_path, "b", ["1", "", "x", "2", "1"]))
        store = tmp_path / "store"

        done = assess(job_of(source, store, COMPLETE, DIGITS, UNIQUE))

        rows = blamed_rows(store, done.kept)
        assert [(row.place, row.keys, row.rules) for row in rows] == [
            (2, {"id": "b-1"}, ("complete",)),
            (3, {"id": "b-2"}, ("digits",)),
            (5, {"id": "b-4"}, ("unique",)),
        ]
        assert done.faulty == 2
        columns = {name for file in store.glob("*.parquet") for name in pq.read_schema(file).names}
        assert columns == {"place", "w0", "key_id"}

    def test_are_read_page_by_page_and_by_rule(self, tmp_path: Path) -> None:
        source = source_of(write(tmp_path, "b", ["x", "", "y", "z", None]))
        done = assess(job_of(source, tmp_path / "store", COMPLETE, DIGITS))

        first = blamed_rows(tmp_path / "store", done.kept, rule="digits", most=2)
        second = blamed_rows(tmp_path / "store", done.kept, rule="digits", after=first[-1].place)

        assert [row.place for row in (*first, *second)] == [1, 3, 4]
        assert sorted(blamed_places(tmp_path / "store", done.kept).tolist()) == [1, 2, 3, 4, 5]

    def test_lead_to_the_rows_themselves(self, tmp_path: Path) -> None:
        source = source_of(write(tmp_path, "b", ["1", None, "x"]), write(tmp_path, "c", ["y"]))

        found = rows_at(source, [2, 4])

        assert found == {2: {"a": None, "id": "b-1"}, 4: {"a": "y", "id": "c-0"}}

    def test_are_missed_rather_than_left_out(self, tmp_path: Path) -> None:
        done = assess(job_of(source_of(write(tmp_path, "b", ["x"])), tmp_path / "store", DIGITS))
        for path in (tmp_path / "store").iterdir():
            path.write_bytes(b"damaged")

        with pytest.raises(FileOfResultMissing):
            blamed_rows(tmp_path / "store", done.kept)

    def test_are_swept_when_no_result_names_them(self, tmp_path: Path) -> None:
        store = tmp_path / "store"
        former = assess(job_of(source_of(write(tmp_path, "b", ["x"])), store, DIGITS))
        latter = assess(job_of(source_of(write(tmp_path, "b", ["x", "y"])), store, DIGITS))

        assert sweep(store, used=latter.kept.files) == 1
        assert {file.name for file in store.iterdir()} == set(latter.kept.files)
        assert set(former.kept.files).isdisjoint(latter.kept.files)


class TestResume:
    def test_does_not_read_finished_parts_again(self, tmp_path: Path) -> None:
        source = source_of(write(tmp_path, "b", [str(n) for n in range(7)] + ["x"]))
        job = job_of(source, tmp_path / "store", COMPLETE, DIGITS)
        seen: list[int] = []

        def stop(done: int, total: int) -> bool:
            assert total == 8
            seen.append(done)
            return done < 6

        with pytest.raises(AssessmentCancelled):
            assess(job, told=stop)
        kept = list((tmp_path / "store").iterdir())
        done = assess(job)

        assert seen == [2, 4, 6]
        assert len(kept) == 2
        assert (done.reused, done.rows, done.rules[1].failed, done.rules[1].places) == (4, 8, 1, (8,))

    def test_equals_a_run_at_once(self, tmp_path: Path) -> None:
        values = ["1", "x", None, "1", "2", "y", "x", "3"]
        source = source_of(write(tmp_path, "b", values[:5]), write(tmp_path, "c", values[5:]))
        rules = (COMPLETE, DIGITS, UNIQUE)
        for most in range(0, 16, 3):
            with pytest.raises(AssessmentCancelled):
                assess(job_of(source, tmp_path / "store", *rules), told=until(most))

        parted = assess(job_of(source, tmp_path / "store", *rules))
        whole = assess(replace(job_of(source, tmp_path, *rules), store=None))

        assert parted.rules == whole.rules
        assert parted.faulty == whole.faulty


class TestIncrement:
    def test_reads_only_new_batches_and_composes_the_totals(self, tmp_path: Path) -> None:
        first, second = write(tmp_path, "b", ["1", "x"]), write(tmp_path, "c", ["2", "y", "1", None])
        rules = (COMPLETE, DIGITS, UNIQUE)
        assess(job_of(source_of(first), tmp_path / "store", *rules))

        done = assess(job_of(source_of(first, second), tmp_path / "store", *rules))

        assert (done.rows, done.reused, done.faulty) == (6, 2, 3)
        assert [(one.asked, one.failed, one.places) for one in done.rules] == [
            (6, 1, (6,)),
            (5, 2, (2, 4)),
            (5, 1, (5,)),
        ]

    def test_asks_a_rule_again_that_asks_something_else_now(self, tmp_path: Path) -> None:
        source = source_of(write(tmp_path, "b", ["1", "x", "22", None]))
        other = rule_of("digits", Matches(pattern="[0-9]"))
        assess(job_of(source, tmp_path / "store", COMPLETE, DIGITS))

        done = assess(job_of(source, tmp_path / "store", COMPLETE, other))

        assert [one.failed for one in done.rules] == [1, 2]
        assert done.faulty == 3
        rules = [row.rules for row in blamed_rows(tmp_path / "store", done.kept)]
        assert rules == [("digits",), ("digits",), ("complete",)]

    def test_asks_again_when_the_day_or_the_code_table_matters(self, tmp_path: Path) -> None:
        source = source_of(write(tmp_path, "b", ["2026-07-01", "1"]))
        rules = (rule_of("day", DateOrder(not_after="today")), rule_of("code", Listed(table="codes")), DIGITS)

        def found(today: date, *codes: str) -> list[int]:
            tables = {"codes": CodeTable(code="codes", codes=frozenset(codes), names=frozenset())}
            job = replace(job_of(source, tmp_path / "store", *rules), today=today, code_tables=tables)
            return [one.failed for one in assess(job).rules]

        assert found(TODAY, "1") == [1, 1, 1]
        assert found(date(2026, 7, 1), "1") == [0, 1, 1]
        assert found(date(2026, 7, 1), "1", "2026-07-01") == [0, 0, 1]

    def test_asks_references_again_when_the_other_table_changed(self, tmp_path: Path) -> None:
        source = source_of(write(tmp_path, "b", ["1", "2"]))
        rules = (
            rule_of("refers", Refers(table="o", their_columns=("a",))),
            rule_of("agrees", Agrees(table="o", key="a", their_key="a")),
        )

        def found(*theirs: str) -> list[tuple[int, ...]]:
            others = {"o": source_of(write(tmp_path, "o", theirs))}
            job = replace(job_of(source, tmp_path / "store", *rules), others=others)
            return [one.places for one in assess(job).rules]

        assert found("1") == [(2,), (2,)]
        assert found("1", "2", "2") == [(), ()]

    def test_asks_a_file_again_that_was_written_anew(self, tmp_path: Path) -> None:
        assess(job_of(source_of(write(tmp_path, "b", ["x", "1"])), tmp_path / "store", DIGITS))

        done = assess(job_of(source_of(write(tmp_path, "b", ["1", "x"])), tmp_path / "store", DIGITS))

        assert (done.reused, done.rules[0].places) == (0, (2,))

    def test_reads_a_column_that_older_files_lack_as_empty_there(self, tmp_path: Path) -> None:
        old, new = tmp_path / "old.parquet", tmp_path / "new.parquet"
        pq.write_table(pa.table({"a": ["1"]}), old)
        pq.write_table(pa.table({"a": [1], "b": ["x"]}), new)
        source = parquet_source([old, new], {"a": "a", "b": "b"})
        rules = (rule_of("b", Complete(), "b"), DIGITS)

        done = assess(replace(job_of(source, tmp_path / "store", *rules), keys=()))

        assert [(one.asked, one.failed) for one in done.rules] == [(2, 1), (2, 0)]


class TestIncrementOfKeys:
    def test_blames_new_rows_for_keys_of_old_ones_whose_rows_are_not_hashed_again(
        self, tmp_path: Path
    ) -> None:
        first, second = (
            write(tmp_path, "b", ["1", "2", "2", "3"]),
            write(tmp_path, "c", ["4", "3", "4", None]),
        )
        store = tmp_path / "store"
        assess(job_of(source_of(first), store, UNIQUE))
        made = {path: path.stat().st_mtime_ns for path in (store / "runs").iterdir()}

        done = assess(job_of(source_of(first, second), store, UNIQUE))

        assert (done.rules[0].asked, done.rules[0].failed, done.rules[0].places) == (7, 3, (3, 6, 7))
        assert sorted(blamed_places(store, done.kept).tolist()) == [3, 6, 7]
        assert made.items() <= {path: path.stat().st_mtime_ns for path in (store / "runs").iterdir()}.items()

    def test_compares_anew_when_what_came_before_is_another_batch(self, tmp_path: Path) -> None:
        one, two, last = (
            write(tmp_path, name, values) for name, values in (("b", "12"), ("d", "34"), ("c", "13"))
        )
        store = tmp_path / "store"

        before = assess(job_of(source_of(one, last), store, UNIQUE)).rules[0]
        after = assess(job_of(source_of(two, last), store, UNIQUE)).rules[0]

        assert (before.places, after.places) == ((3,), (4,))

    def test_sweeps_the_runs_of_parts_that_are_gone(self, tmp_path: Path) -> None:
        store = tmp_path / "store"
        assess(job_of(source_of(write(tmp_path, "b", ["1", "1"])), store, UNIQUE))
        latter = assess(job_of(source_of(write(tmp_path, "b", ["2", "2"])), store, UNIQUE))

        assert sweep(store, used=latter.kept.files) == 2
        assert len(list((store / "runs").iterdir())) == 1

    def test_compares_range_by_range_within_its_memory(self, tmp_path: Path) -> None:
        values = [str(n) for n in (*range(40_000), *range(0, 40_000, 1_000))]
        path = tmp_path / "b.parquet"
        pq.write_table(pa.table({"a": values}), path)
        source = parquet_source([path], {"a": "a"})
        with open_session(Limits()) as session:
            relation = f"(SELECT place, hash(a) AS h FROM {source.relation})"  # noqa: S608 - of this test
            watch = Watch(told=lambda _done, _total: True, total=1)
            runs = Runs(session=session, watch=watch, folder=tmp_path / "runs", memory_mib=1)
            run = runs.of(Keyed(name="b", relation=relation))

            assert len(runs.repeated([run], [])[0]) == 40
            assert [len(found) for found in runs.repeated([run], [run])] == [40_000, 1]


class TestSample:
    def test_says_how_far_it_may_be_off(self, tmp_path: Path) -> None:
        path = tmp_path / "b.parquet"
        values = ["x" if n % 10 == 0 else "1" for n in range(6_000)]
        pq.write_table(pa.table({"a": values}), path, row_group_size=50)
        source = parquet_source([path], {"a": "a"}, part_rows=100)
        other = parquet_source([write(tmp_path, "o", ["1"])], {"a": "a"})
        rules = (
            DIGITS,
            UNIQUE,
            rule_of("refers", Refers(table="o", their_columns=("a",))),
            rule_of("h", Habitual()),
        )
        job = replace(job_of(source, tmp_path / "s", *rules), keys=(), sample=1_500, others={"o": other})

        done = assess(job)

        digits, unique, refers, volume = done.rules
        assert (done.rows, done.sampled, digits.asked, refers.asked) == (6_000, 1_500, 1_500, 1_500)
        assert digits.error is not None
        assert refers.error is not None
        for result in (digits, refers):
            assert abs(result.failed / result.asked - 0.1) <= (result.error or 0) < 0.02
        assert unique.reason is not None
        assert volume.observed == {"rows": 6_000}
        assert assess(job).rules[0] == digits

    def test_reads_all_rows_where_too_few_groups_could_be_left_out(self, tmp_path: Path) -> None:
        source = source_of(write(tmp_path, "b", ["1", "x"] * 5))

        done = assess(replace(job_of(source, tmp_path / "s", DIGITS, UNIQUE), sample=2))

        assert (done.sampled, done.rules[0].asked, done.rules[0].error, done.rules[1].failed) == (
            None,
            10,
            None,
            8,
        )

    def test_counts_groups_that_differ_for_more_than_rows(self) -> None:
        alike = error_of([(100, 10)] * 30, of=1_000)
        different = error_of([(100, 0)] * 27 + [(100, 100)] * 3, of=1_000)

        assert alike is not None
        assert different is not None
        assert different > 5 * alike
        assert error_of([(0, 0)] * 30, of=1_000) is None


def test_estimates_the_rest() -> None:
    assert seconds_left(done=25, total=100, seconds=2) == 6
    assert seconds_left(done=0, total=100, seconds=2) is None
