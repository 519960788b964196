"""Gaps, overlaps and hidden rules: held against asking the table at every point of small domains."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengshu.contexts.casework.domain.decisions.columns import Column, Domain, column
from zhengshu.contexts.casework.domain.decisions.coverage import Steps, check_table, uncovered
from zhengshu.contexts.casework.domain.decisions.evaluating import Evaluation
from zhengshu.contexts.casework.domain.decisions.functions import BUILTINS
from zhengshu.contexts.casework.domain.decisions.parsing import parse_tests
from zhengshu.contexts.casework.domain.decisions.scanning import Names
from zhengshu.contexts.casework.domain.decisions.syntax import UnaryTests
from zhengshu.contexts.casework.domain.decisions.values import Feel, order
from zhengshu.contexts.casework.tests.decisions.documents import read_table

NAMES = Names(frozenset(BUILTINS) | {"other"})
FIRST_DAY = date(2026, 1, 1)
NUMBERS = st.integers(0, 5).map(str) | st.sampled_from(["1.5", "4.25"])
DAYS = st.integers(0, 4).map(lambda days: f'date("{FIRST_DAY + timedelta(days=days)}")')
TEXTS = st.sampled_from(['"a"', '"b"', '"c"'])
HALVES = [Decimal(n) / 2 for n in range(-2, 13)]
BESIDE_QUARTERS = [Decimal(text) for text in ("1.25", "1.75", "4.125", "4.25", "4.375")]


def ordered(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """UnaryTests over something that has an order."""
    one = st.one_of(
        values,
        st.tuples(st.sampled_from(["<", "<=", ">", ">="]), values).map(" ".join),
        st.tuples(st.sampled_from("[(]"), values, values, st.sampled_from("])[")).map(
            lambda parts: f"{parts[0]}{parts[1]}..{parts[2]}{parts[3]}"
        ),
        values.map(lambda value: f"? > {value} and not(? = {value})"),
    )
    return alternatives(one)


def alternatives(one: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One test or several, taken as they are or excluded, or none at all."""
    several = st.lists(one, min_size=1, max_size=3).map(", ".join)
    return st.just("-") | several | several.map(lambda tests: f"not({tests})")


KINDS: dict[str, tuple[Domain, st.SearchStrategy[str], list[Feel]]] = {
    "number": (Domain(kind="number"), ordered(NUMBERS), [*HALVES, *BESIDE_QUARTERS]),
    "whole": (Domain(kind="whole"), ordered(NUMBERS), [Decimal(n) for n in range(-1, 7)]),
    "date": (Domain(kind="date"), ordered(DAYS), [FIRST_DAY + timedelta(days=n) for n in range(-1, 7)]),
    "open": (Domain(kind="string"), alternatives(TEXTS), ["a", "b", "c", "d"]),
    "declared": (
        Domain(kind="string", texts=("a", "b", "c")),
        alternatives(TEXTS | st.just('< "b"')),
        ["a", "b", "c"],
    ),
    "boolean": (Domain(kind="boolean"), alternatives(st.sampled_from(["true", "false"])), [True, False]),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """Return kinds of columns, and rules as tests for each column."""
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=3))
    rules = draw(st.lists(st.tuples(*(KINDS[kind][1] for kind in kinds)), min_size=1, max_size=6))
    return kinds, [list(rule) for rule in rules]


def columns_of(kinds: list[str], rules: list[list[str]]) -> list[Column]:
    return [
        column(kind, KINDS[kind][0], [parse_tests(rule[place], NAMES) for rule in rules])
        for place, kind in enumerate(kinds)
    ]


def asked_everywhere(
    kinds: list[str], rules: list[list[str]]
) -> Iterator[tuple[tuple[Feel, ...], frozenset[int]]]:
    """Yield every point and the places of the rules that apply there; each test is asked about its own column."""
    run = Evaluation({})
    columns = []
    for place, kind in enumerate(kinds):
        tests = [parse_tests(rule[place], NAMES) for rule in rules]
        columns.append(
            [
                (value, frozenset(n for n, test in enumerate(tests) if run.holds(test, value) is True))
                for value in KINDS[kind][2]
            ]
        )
    for cells in product(*columns):
        yield tuple(value for value, _ in cells), frozenset.intersection(*(those for _, those in cells))


def lies_in(point: tuple[Feel, ...], box: tuple[int, ...], columns: list[Column]) -> bool:
    return all(bits >> _cell_of(value, one) & 1 for value, bits, one in zip(point, box, columns, strict=True))


def _cell_of(value: Feel, one: Column) -> int:
    for place, cell in enumerate(one.cells):
        if cell.is_point and cell.sample == value:
            return place
        is_above = cell.low is None or order(cell.low, value) == -1
        is_below = cell.high is None or order(value, cell.high) == -1
        if not cell.is_point and (one.domain.kind == "string" or (is_above and is_below)):
            return place
    raise AssertionError(f"{value} lies in no cell of {one.cells}")


class TestAgainstEveryPoint:
    @given(tables())
    def test_gaps_are_exactly_the_points_that_no_rule_covers(
        self, drawn: tuple[list[str], list[list[str]]]
    ) -> None:
        kinds, rules = drawn
        columns = columns_of(kinds, rules)

        found = uncovered(
            [one.whole for one in columns],
            [tuple(one.sure[number] for one in columns) for number in range(len(rules))],
            steps=Steps(),
        )

        for point, applying in asked_everywhere(kinds, rules):
            inside = [box for box in found if lies_in(point, box, columns)]
            assert len(inside) == (0 if applying else 1)

    @given(tables())
    def test_a_rule_applies_exactly_in_its_cells(self, drawn: tuple[list[str], list[list[str]]]) -> None:
        kinds, rules = drawn
        columns = columns_of(kinds, rules)

        boxes = [tuple(one.possible[number] for one in columns) for number in range(len(rules))]
        for point, applying in asked_everywhere(kinds, rules):
            for number, box in enumerate(boxes):
                assert lies_in(point, box, columns) is (number in applying)

    @settings(max_examples=50)
    @given(tables())
    def test_overlaps_and_hidden_rules(self, drawn: tuple[list[str], list[list[str]]]) -> None:
        kinds, rules = drawn
        rows = "\n".join(f"{' | '.join(rule)} | {number}" for number, rule in enumerate(rules))
        domains = [KINDS[kind][0] for kind in kinds]
        hits = {tuple(number + 1 for number in sorted(there)) for _, there in asked_everywhere(kinds, rules)}
        found = {}
        for policy in ("UNIQUE", "FIRST"):
            read = read_table(kinds, ["r"], rows, policy=policy, names=" ".join(kinds))
            found[policy] = list(check_table(read, domains))

        pairs = {(a, b) for one in hits for a in one for b in one if a < b}
        named = {
            (flaw.details["first"], flaw.details["second"])
            for flaw in found["UNIQUE"]
            if flaw.code == "decision-overlap"
        }
        first = {one[0] for one in hits if one}
        silent = {
            flaw.details["rule"]
            for flaw in found["FIRST"]
            if flaw.code in {"decision-rule-hidden", "decision-rule-never"}
        }
        assert named == pairs or (len(named) == 10 and named < pairs)
        assert silent == set(range(1, len(rules) + 1)) - first


class TestWords:
    @pytest.mark.parametrize(
        ("kind", "rows", "expected"),
        [
            ("number", "< 18 | 1\n > 20 | 2", "n ≤ 20"),
            ("number", "[18..20] | 1", "n < 18 / n > 20"),
            ("integer", "<= 5 | 1\n >= 7 | 2", "5 < n < 7"),
            ("boolean", "true | 1", "n = false"),
            ("string", '"a" | 1', "n ≠ “a”"),
            ('string:"a","b","c"', '"a" | 1', "n = “b” / “c”"),
            ("date", '>= date("2026-01-01") | 1', "n < 2026-01-01"),
        ],
    )
    def test_say_what_is_missing(self, kind: str, rows: str, expected: str) -> None:
        name, _, values = kind.partition(":")
        read = read_table([f"n:{kind}"], ["r"], rows, names="n")
        limits = parse_tests(values, NAMES) if values else None
        texts = ("a", "b", "c") if values else ()
        domain = Domain(kind={"integer": "whole"}.get(name, name), texts=texts, limits=limits)

        gaps = [flaw for flaw in check_table(read, [domain]) if flaw.code == "decision-gap"]

        wanted = "18 ≤ n ≤ 20" if expected == "n ≤ 20" else expected
        assert [flaw.details["when"] for flaw in gaps] == [wanted]

    def test_whole_numbers_leave_no_gap_between_neighbours(self) -> None:
        read = read_table(["n:integer"], ["r"], "<= 5 | 1\n >= 6 | 2", names="n")

        assert list(check_table(read, [Domain(kind="whole")])) == []
        assert [flaw.code for flaw in check_table(read, [Domain(kind="number")])] == ["decision-gap"]


class TestPolicies:
    ROWS = "> 1 | 1\n > 2 | 1\n > 3 | 2"

    def codes(self, policy: str, *, output: str = "r", rows: str = ROWS, aggregation: str = "") -> list[str]:
        read = read_table(["n:number"], [output], rows, policy=policy, names="n", aggregation=aggregation)
        return [flaw.code for flaw in check_table(read, [Domain(kind="number")])]

    def test_unique_rules_may_not_meet(self) -> None:
        assert self.codes("UNIQUE") == ["decision-gap", *["decision-overlap"] * 3]

    def test_any_rules_may_meet_where_they_agree(self) -> None:
        assert self.codes("ANY") == ["decision-gap", "decision-disagreement", "decision-disagreement"]

    def test_first_names_rules_that_never_come_first(self) -> None:
        assert self.codes("FIRST") == ["decision-gap", "decision-rule-hidden", "decision-rule-hidden"]

    def test_priority_names_rules_that_a_better_one_hides(self) -> None:
        assert self.codes("PRIORITY", output="r::2, 1") == ["decision-gap", "decision-rule-hidden"]

    def test_a_default_leaves_no_gap(self) -> None:
        assert self.codes("UNIQUE", output="r:::0", rows="> 1 | 1") == []

    @pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER"])
    def test_lists_may_be_empty(self, policy: str) -> None:
        assert self.codes(policy) == []

    def test_a_sum_of_nothing_is_a_gap(self) -> None:
        assert self.codes("COLLECT", aggregation="SUM") == ["decision-gap"]
        assert self.codes("COLLECT", aggregation="COUNT") == []

    def test_rules_that_never_apply_are_named(self) -> None:
        assert self.codes("FIRST", rows="[5..1] | 1\n - | 2") == ["decision-rule-never"]

    def test_a_test_on_other_data_is_not_relied_on(self) -> None:
        read = read_table(["n:number"], ["r"], "< other | 1\n >= other | 2", names="n other")

        assert [flaw.code for flaw in check_table(read, [Domain(kind="number")])] == [
            "decision-gap",
            "decision-overlap",
        ]

    def test_an_order_of_texts_that_nobody_declared_is_not_relied_on(self) -> None:
        read = read_table(["n:string"], ["r"], '< "b" | 1\n >= "b" | 2', names="n")

        assert "decision-gap" in [flaw.code for flaw in check_table(read, [Domain(kind="string")])]
        declared = Domain(kind="string", texts=("a", "b"))
        assert list(check_table(read, [declared])) == []


class TestSize:
    INPUTS = ("a", "b", "c", "d")

    def codes(self, rows: list[list[str]], *, policy: str) -> set[str]:
        told = "\n".join(f"{' | '.join(row)} | {number}" for number, row in enumerate(rows))
        read = read_table(
            [f"{one}:number" for one in self.INPUTS], ["r"], told, policy=policy, names=" ".join(self.INPUTS)
        )
        return {flaw.code for flaw in check_table(read, [Domain(kind="number")] * 4)}

    @pytest.mark.timeout(60)
    def test_a_table_of_six_hundred_rules_is_checked(self) -> None:
        rows = [[str(n * (place + 2) % 97) for place in range(4)] for n in range(600)]

        assert self.codes(rows, policy="FIRST") == {"decision-gap", "decision-rule-hidden"}

    @pytest.mark.timeout(60)
    def test_a_table_with_too_many_combinations_is_named(self) -> None:
        rows = [
            [f"[{n}..{n + 40}]", f"[{n % 7}..{n}]", f"[{n * 3 % 11}..{n * 2}]", f"[{n % 13}..{n + n % 5}]"]
            for n in range(600)
        ]

        assert "decision-too-large" in self.codes(rows, policy="FIRST")

    def test_nothing_is_asked(self) -> None:
        assert column("n", Domain(), [UnaryTests((), is_any=True)]).whole == 1
