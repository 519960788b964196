"""The engine is held to the reference: whatever `domain.judging` says of a row, the engine says of a table."""

import shutil
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet as pq

from zhengshu.contexts.quality.application.engine import building
from zhengshu.contexts.quality.application.engine.assess import Job, assess
from zhengshu.contexts.quality.application.engine.sessions import Limits
from zhengshu.contexts.quality.application.engine.source import parquet_source
from zhengshu.contexts.quality.application.engine.watching import AssessmentCancelled, Watch
from zhengshu.contexts.quality.domain.checks import (
    Check,
    CheckDigit,
    CodesBy,
    Complete,
    CompleteWhen,
    DateOrder,
    HasLength,
    HasType,
    Holds,
    InRange,
    Listed,
    Matches,
    Scheme,
    Unique,
    ValueType,
)
from zhengshu.contexts.quality.domain.evaluating import Row
from zhengshu.contexts.quality.domain.judging import Verdict, judge
from zhengshu.contexts.quality.domain.results import RuleResult
from zhengshu.contexts.quality.domain.rules import CodeTable, Rule, Table, TableColumn

TODAY = date(2026, 6, 30)
TABLES = {
    "gender": CodeTable(code="gender", codes=frozenset({"1", "2"}), names=frozenset({"男", "女"})),
    "long": CodeTable(code="long", codes=frozenset(map(str, range(4000))), names=frozenset()),
}
CHECKS: Sequence[Check] = (
    Complete(),
    CompleteWhen(when="b == '1'"),
    *(HasType(type=kind) for kind in ValueType),
    HasLength(least=2, most=3),
    HasLength(least=1),
    Matches(pattern="[0-9]{2,}"),
    Matches(pattern=".*[^ -~].*", forbids=True),
    Listed(table="gender", by=CodesBy.EITHER, values=("3",)),
    Listed(table="long"),
    InRange(least="-1", most="20240305"),
    InRange(least="1949-10-01", most="today"),
    InRange(most="1"),
    *(CheckDigit(scheme=scheme) for scheme in Scheme),
    CheckDigit(scheme=Scheme.CITIZEN_ID, places=(3, 20)),
    DateOrder(not_after="b"),
    DateOrder(not_after="today"),
    Holds(holds="a == b or is_empty(b)"),
    Holds(holds="number(a) + number(b) <= 2 * number(b) - 0.5"),
    Holds(holds="not (day(a) > day(b)) and length(a) != 3"),
    Holds(holds="part(a, 2, 4) in ('024', '1', '') or contains(a, '-') or begins(b, a) or ends(a, b)"),
    Holds(holds="years(day(a), today()) >= 2"),
    Holds(holds="day(part(a, 7, 14)) == day(b)"),
)
RULES = tuple(
    Rule(code=f"r{number}", name="r", check=check, indicator="0301", basis="b", column="a")
    for number, check in enumerate(CHECKS)
)

SAMPLES = (
    None, "", " ", "　", "\u200b", "无", "n/a", "无锡", " 无 ", "Null", "0", "1", "2", "3", "男", "１", "12", "-1",
    "+1.50", "1,000", "1.", ".5", "1e5", "9" * 20, "9" * 21, "0.123456789", "0.5", "0.25", "2024-03-05", "2024-02-30",
    "2024-3-5",
    "20240305", "20240230", "2024年3月5日", "2024年03月05日", "2024/3/5", "2024.3.5", "2024/3-5", "2024-03-05\n",
    "2024-03-05 08:00", "2024-03-05T08:00:00+08:00", "2024-03-05 24:00:00", "3001-01-01", "1799-12-31", "1800-01-01",
    "2024-00-10", "20240010", "true", "是", "𠮷田", "欧阳修", "欧阳修之", "a\nb", "O'Neil", '"', "%", "\\", "a-b",
    "91110000600037341L", "91110000600037341l", "９１１１００００６０００３７３４１Ｌ", "9111 0000 6000 3734 1L",
    "91110000600037341M", "9111000060003734IL", "36042619910101007-1",
    "AB36042619910101007144", "360426199101010071", "36042619910101007X",
    "11010519491231002X", "11010519491231002x", "360426199102300071", "360426170001010071", "99999999999999999X",
    "360426200002290007", "A12425GABC1234002M", "79927398713", "7992 7398 713", "079X", "79444", "X", "-", "--", "———",
    "9111000060003734ıL", "A12425GABCſ234002M", "a12425gabc1234002m", "\x1c79927398713", "7992\t7398713",
    "７992\t7398713",
    "7992‐7398713", "79927398713\u2028", "公司", "ﬁ" * 9, "7" * 97, "992 7398713 7", "2024-02-29T08:00Z", "1900-02-29",
    "３ｘ79927398713", "1\t", "\t无", "\u00a0N/A\u3000", "n\a", "--\n", "／", "unknown",
)  # fmt: skip
texts = st.one_of(
    st.sampled_from(SAMPLES),
    st.text(alphabet="0123456789X-/.年月日+ 　无nNaA１\n'", max_size=12),
    st.from_regex(r"[1-8][0-9]{5}(19|20)[0-9]{2}(0[0-9]|1[0-3])[0-3][0-9][0-9]{3}[0-9X]", fullmatch=True),
    st.dates(date(1700, 1, 1), date(2100, 1, 1)).map(str),
)


def table_of(rules: Sequence[Rule]) -> Table:
    names = {name for rule in rules for name in rule.columns}
    columns = tuple(TableColumn(name=name) for name in sorted(names))
    return Table(code="t", name="t", columns=columns, rules=tuple(rules))


@pytest.fixture(scope="session", params=["vectorised", "compiled"])
def extension(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """The engine without the compiled extension, and with it where it can be built."""
    if request.param == "vectorised":
        return None
    if shutil.which("cc") is None:
        pytest.skip("no C compiler here")
    path = building.build(tmp_path_factory.mktemp("extension"))
    assert path is not None
    return path


def results(
    folder: Path, rows: pa.Table, rules: Sequence[Rule], extension: Path | None = None
) -> tuple[RuleResult, ...]:
    path = folder / "rows.parquet"
    pq.write_table(rows, path)
    source = parquet_source([path], {name: name for name in rows.column_names})
    job = Job(
        table=table_of(rules),
        rules=rules,
        source=source,
        today=TODAY,
        code_tables=TABLES,
        extension=extension,
    )
    return assess(job).rules


def verdicts(rows: Sequence[Row], rule: Rule) -> tuple[int, int, tuple[int, ...]]:
    said = [judge(rule, row, today=TODAY, tables=TABLES) for row in rows]
    failing = [place for place, verdict in enumerate(said, start=1) if verdict is Verdict.FAILS]
    return len(said) - said.count(Verdict.NOT_ASKED), len(failing), tuple(failing[:10])


def compare(folder: Path, rows: Sequence[Row], extension: Path | None) -> None:
    table = pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in ("a", "b")})
    for result in results(folder, table, RULES, extension):
        found = (result.asked, result.failed, result.places)
        assert found == verdicts(rows, result.rule), result.rule.check


class TestRowRules:
    def test_agree_with_the_reference_on_every_trap(self, tmp_path: Path, extension: Path | None) -> None:
        rows = [{"a": a, "b": b} for a in SAMPLES for b in (None, "1", "2024-03-05", a)]

        compare(tmp_path, rows, extension)

    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(rows=st.lists(st.fixed_dictionaries({"a": texts, "b": texts}), min_size=1, max_size=40))
    def test_agree_with_the_reference_on_any_text(
        self, tmp_path: Path, extension: Path | None, rows: list[dict[str, str | None]]
    ) -> None:
        compare(tmp_path, rows, extension)

    def test_mean_the_same_over_typed_columns(self, tmp_path: Path, extension: Path | None) -> None:
        days = [date(2024, 3, 5), None, date(1700, 1, 1), date(2027, 1, 1)]
        numbers = [1, None, 20240306, -2]
        rows: list[Row] = [
            {"a": None if day is None else day.isoformat(), "b": None if number is None else str(number)}
            for day, number in zip(days, numbers, strict=True)
        ]

        typed = pa.table({"a": pa.array(days, pa.date32()), "b": pa.array(numbers, pa.int64())})
        for result in results(tmp_path, typed, RULES, extension):
            assert (result.asked, result.failed) == verdicts(rows, result.rule)[:2], result.rule.check

    @pytest.mark.parametrize(("digits", "places"), [(18, 2), (38, 8), (38, 10)])
    def test_mean_the_same_over_decimals(self, tmp_path: Path, digits: int, places: int) -> None:
        numbers = [Decimal("1.5"), None, Decimal(-2), Decimal(12345678901234)]
        typed = pa.table({"a": pa.array(numbers, pa.decimal128(digits, places)), "b": ["1", "2", "3", "4"]})
        rows: list[Row] = [
            {"a": None if number is None else f"{number.normalize():f}", "b": str(place)}
            for place, number in enumerate(numbers, start=1)
        ]

        for result in results(tmp_path, typed, RULES):
            assert (result.asked, result.failed) == verdicts(rows, result.rule)[:2], result.rule.check

    def test_number_rows_through_several_files(self, tmp_path: Path) -> None:
        paths = [tmp_path / f"{number}.parquet" for number in range(3)]
        for path in paths:
            pq.write_table(pa.table({"a": ["1", ""]}), path)
        source = parquet_source(paths, {"a": "a"})

        done = assess(Job(table=table_of(RULES[:1]), rules=RULES[:1], source=source, today=TODAY))

        assert (done.rows, done.rules[0].places) == (6, (2, 4, 6))

    def test_hold_more_rules_than_a_word_has_bits(self, tmp_path: Path) -> None:
        rules = [
            Rule(code=f"r{n}", name="r", check=HasLength(least=n), indicator="0301", basis="b", column="a")
            for n in range(1, 71)
        ]

        found = results(tmp_path, pa.table({"a": ["x" * n for n in range(1, 71)]}), rules)

        assert [result.failed for result in found] == list(range(70))


class TestAssess:
    def test_shows_nothing_of_a_cancelled_run(self, tmp_path: Path) -> None:
        path = tmp_path / "rows.parquet"
        pq.write_table(pa.table({"a": ["1", "", "3"]}), path)
        job = Job(
            table=table_of(RULES[:1]), rules=RULES[:1], source=parquet_source([path], {"a": "a"}), today=TODAY
        )
        seen: list[tuple[int, int]] = []

        def told(done: int, total: int) -> bool:
            seen.append((done, total))
            return False

        with pytest.raises(AssessmentCancelled):
            assess(job, told=told)

        assert seen[-1][1] == 3

    def test_stops_within_a_query_that_runs_on_and_on(self) -> None:
        with duckdb.connect(":memory:") as engine:
            watch = Watch(told=lambda _done, _total: False, total=1)

            with pytest.raises(AssessmentCancelled):
                watch.table_of(engine, "SELECT sum(hash(range)) FROM range(1_000_000_000_000)", rows=1)

    def test_says_which_column_it_lacks_instead_of_blaming_rows(self, tmp_path: Path) -> None:
        found = results(tmp_path, pa.table({"a": ["1"]}), [RULES[1], RULES[0]])

        assert [result.reason and result.reason.details for result in found] == [{"column": "b"}, None]

    def test_finds_repetitions_beyond_its_memory(self, tmp_path: Path) -> None:
        path = tmp_path / "rows.parquet"
        count = 400_000
        pq.write_table(pa.table({"a": [f"{n:040}" for n in (*range(count), 7, 8)]}), path)
        rule = Rule(code="u", name="u", check=Unique(), indicator="0304", basis="b", column="a")
        job = Job(
            table=table_of([rule]),
            rules=[rule],
            source=parquet_source([path], {"a": "a"}),
            today=TODAY,
            limits=Limits(memory_mib=48, threads=1),
        )

        (found,) = assess(job).rules

        assert (found.asked, found.failed, found.places) == (count + 2, 2, (count + 1, count + 2))
