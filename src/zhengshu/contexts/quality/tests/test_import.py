"""Rules of foreign tools become a pack of ours, or are named."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.quality.application.import_rules import import_rules
from zhengshu.contexts.quality.domain import patterns
from zhengshu.contexts.quality.domain.automata import automaton_of
from zhengshu.contexts.quality.domain.examples import shortest
from zhengshu.contexts.quality.domain.foreign import read_checks, read_expectations
from zhengshu.contexts.quality.domain.judging import Verdict, judge
from zhengshu.contexts.quality.domain.reading import read_pack
from zhengshu.contexts.quality.domain.rules import Pack
from zhengshu.contexts.quality.interfaces.commands import quality
from zhengshu.contexts.quality.tests.test_engine import TODAY

SUITE = {
    "name": "companies",
    "expectations": [
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "code"}},
        {"expectation_type": "expect_column_values_to_be_unique", "kwargs": {"column": "code"}},
        {"type": "expect_compound_columns_to_be_unique", "kwargs": {"column_list": ["code", "name"]}},
        {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "state", "value_set": ["1", 2]}},
        {
            "type": "expect_column_values_to_not_be_in_set",
            "kwargs": {"column": "state", "value_set": ["a.b", "9"]},
        },
        {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "phone", "regex": r"^1\d{10}$"}},
        {"type": "expect_column_values_to_not_match_regex", "kwargs": {"column": "name", "regex": r"[\d]"}},
        {"type": "expect_column_value_lengths_to_equal", "kwargs": {"column": "code", "value": 18}},
        {"type": "expect_column_value_lengths_to_be_between", "kwargs": {"column": "name", "min_value": 2}},
        {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": "capital", "min_value": 0, "max_value": 9},
        },
        {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 1, "max_value": 1000000}},
        {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "capital", "min_value": 1}},
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "name", "mostly": 0.95}},
        {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "name", "regex": r"(?=x)\bx"}},
        {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": "x", "min_value": 0, "strict_min": True},
        },
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "企业名称"}},
    ],
}
CHECKS = r"""
checks for companies:
  - row_count between 10 and 1000
  - row_count > 0
  - missing_count(code) = 0
  - duplicate_count(code, name) = 0
  - invalid_count(phone) = 0:
      valid regex: ^1[3-9]\d{9}$
  - invalid_percent(state) = 0%:
      valid values: ["1", "2"]
  - invalid_count(capital) = 0:
      valid min: 0
      valid max: 100
  - invalid_count(name) = 0:
      valid min length: 2
  - freshness(approved_on) < 7d
  - values in (region) must exist in regions (code)
  - missing_percent(name) < 5 %
  - avg(capital) > 3
  - invalid_count(mail) = 0:
      valid format: email
  - schema:
      fail: {when required column missing: [code]}
profile columns: {columns: [a]}
"""


def pack_of(folder: Path) -> Pack:
    pack, faults = read_pack("own", {file.name: file.read_text("utf-8") for file in folder.iterdir()})
    assert not faults, [fault.text() for fault in faults]
    return pack


def run(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "220"}).invoke(
        quality, ["import", *map(str, arguments), "--language", "en"]
    )


class TestExpectations:
    def test_become_rules_of_the_same_meaning_or_are_named(self) -> None:
        found = read_expectations(json.dumps(SUITE), table="companies")

        kinds = [str(rule["kind"]) for rule in found.tables["companies"]]
        assert kinds == [
            "complete", "unique", "unique", "code_table", "pattern", "pattern", "pattern", "length", "length", "range",
            "volume", "complete",
        ]  # fmt: skip
        assert [left.rule for left in found.left_out] == [
            "expect_column_mean_to_be_between(capital)",
            "expect_column_values_to_not_be_null(name)",
            "expect_column_values_to_match_regex(name)",
            "expect_column_values_to_be_between(x)",
        ]

    @pytest.mark.parametrize(
        ("regex", "text", "fits"),
        [
            (r"^1\d{2}$", "123", True),
            (r"^1\d{2}$", "123\n", False),
            (r"1\d{2}", "x123y", True),
            (r"^a|b$", "ab", False),
            (r"^[\d-]+$", "1-2", True),
            (r"^\d$", "１", False),
        ],
    )
    def test_match_anywhere_unless_they_say_otherwise(self, regex: str, text: str, *, fits: bool) -> None:
        one = {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "a", "regex": regex}}
        (rule,) = read_expectations(json.dumps({"expectations": [one]}), table="t").tables["t"]

        assert patterns.fits(str(rule["pattern"]), text) is fits


class TestChecks:
    def test_become_rules_of_the_same_meaning_or_are_named(self) -> None:
        found = read_checks(CHECKS)

        kinds = [str(rule["kind"]) for rule in found.tables["companies"]]
        assert kinds == [
            "volume", "volume", "complete", "unique", "pattern", "code_table", "range", "length", "freshness",
            "reference",
        ]  # fmt: skip
        assert [left.rule for left in found.left_out] == [
            "missing_percent(name) < 5 %",
            "avg(capital) > 3",
            "invalid_count(mail) = 0",
            "schema",
            "profile columns",
        ]


class TestImport:
    def test_makes_a_pack_that_can_be_read_and_whose_examples_hold(self, tmp_path: Path) -> None:
        suite, checks = tmp_path / "companies.json", tmp_path / "companies.yml"
        suite.write_text(json.dumps(SUITE), "utf-8")
        checks.write_text(CHECKS, "utf-8")

        made = [import_rules(file, folder=tmp_path / file.suffix[1:]) for file in (suite, checks)]

        assert [one.rules for one in made] == [11, 10]
        for one in made:
            pack = pack_of(tmp_path / ("json" if one.rules == 11 else "yml"))
            for rule in (rule for rule in pack.rules if rule.is_row_rule):
                for examples, wanted in ((rule.passes, Verdict.PASSES), (rule.fails, Verdict.FAILS)):
                    said = judge(rule, examples[0].rows[0], today=TODAY, tables={})
                    assert said is wanted, (rule.name, examples)

    def test_checks_a_file_by_what_was_imported(self, tmp_path: Path) -> None:
        suite, rows = tmp_path / "companies.json", tmp_path / "rows.csv"
        suite.write_text(json.dumps(SUITE), "utf-8")
        rows.write_bytes("code,name,state\n1,甲乙,3\n1,丙,1\n".encode("gbk"))
        import_rules(suite, folder=tmp_path / "own")

        done = CliRunner().invoke(
            quality, ["check", str(rows), "--rules", str(tmp_path / "own"), "--format", "json"]
        )

        failed = {rule["name"]: rule["failed"] for rule in json.loads(done.stdout)["rules"] if rule["failed"]}
        assert failed == {
            "expect_column_values_to_be_unique(code)": 1,
            "expect_column_values_to_be_in_set(state)": 1,
            "expect_column_value_lengths_to_equal(code)": 2,
            "expect_column_value_lengths_to_be_between(name)": 1,
        }

    def test_names_what_it_leaves_out_on_the_terminal(self, tmp_path: Path) -> None:
        checks = tmp_path / "companies.yml"
        checks.write_text(CHECKS, "utf-8")

        done = run(checks, tmp_path / "own")
        again = run(checks, tmp_path / "own")

        assert done.exit_code == 1, done.output
        assert "Rules taken over: 10." in done.output
        assert (
            "Not taken over: avg(capital) > 3. A share of rows that may fail is no rule here" in done.output
        )
        assert (again.exit_code, "is not empty" in again.output) == (2, True)

    @pytest.mark.parametrize(
        ("name", "text"), [("a.json", "[]"), ("a.json", "{"), ("a.yml", "a: 1"), ("a.yml", "- x")]
    )
    def test_refuses_what_holds_no_rules(self, tmp_path: Path, name: str, text: str) -> None:
        (tmp_path / name).write_text(text, "utf-8")

        done = run(tmp_path / name, tmp_path / "own")

        assert (done.exit_code, "holds no rules to import" in done.output) == (2, True)
        assert not (tmp_path / "own").exists()


@given(pattern=st.sampled_from(["[0-9]{3}", "a|bc", ".*[！-～].*", "1[3-9][0-9]{9}", "[^x]+y", "(ab){2,3}"]))
def test_the_shortest_text_of_a_pattern_is_of_it(pattern: str) -> None:
    automaton = automaton_of(patterns.parse(pattern))
    assert automaton is not None

    assert patterns.fits(pattern, shortest(automaton) or "")
