"""The language of decisions: what it computes, and what it refuses by name."""

import pytest

from zhengshu.contexts.casework.domain.decisions.evaluating import Evaluation
from zhengshu.contexts.casework.domain.decisions.functions import BUILTINS
from zhengshu.contexts.casework.domain.decisions.parsing import parse, parse_tests
from zhengshu.contexts.casework.domain.decisions.refusals import NotDecidable, OutsideFeel
from zhengshu.contexts.casework.domain.decisions.scanning import Names
from zhengshu.contexts.casework.domain.decisions.values import Feel, written

NAMES = Names(frozenset(BUILTINS) | {"Applicant Age", "age", "kind", "days"}, frozenset({"Monthly Income"}))
DATA: dict[str, Feel] = {"Applicant Age": None, "kind": "甲"}


def result(text: str) -> str:
    return written(Evaluation(DATA).value(parse(text, NAMES)))


def holds(tests: str, value: str) -> bool | None:
    run = Evaluation(DATA)
    return run.holds(parse_tests(tests, NAMES), run.value(parse(value, NAMES)))


class TestExpressions:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("1 + 2 * 3", "7"),
            ("0.1 + 0.2 = 0.3", "true"),
            ("(1 + 2) * 3 / 2", "4.5"),
            ("2 ** 3 ** 2", "64"),
            ("-3 ** 2", "9"),
            ("1 / 0", "null"),
            ('"a" + "b"', '"ab"'),
            ('"a" + 1', "null"),
            ('if kind = "甲" then 1 else 2', "1"),
            ("if null then 1 else 2", "2"),
            ("true and null", "null"),
            ("false and null", "false"),
            ("true or null", "true"),
            ("null = null", "true"),
            ("null < 1", "null"),
            ("5 between 1 and 5", "true"),
            ("5 in ]1..5[", "false"),
            ("1 in (< 0, 1)", "true"),
            ("[1, 2, 3][2]", "2"),
            ("[1, 2, 3][item > 1]", "[2, 3]"),
            ("{Monthly Income: 3, b: Monthly Income + 1}.b", "4"),
            ("for i in 1..3 return i * 2", "[2, 4, 6]"),
            ("some x in [1, 2] satisfies x > 1", "true"),
            ("every x in [1, 2] satisfies x > 1", "false"),
            ('date("2026-01-31") + duration("P1M")', 'date("2026-02-28")'),
            ('date("2026-03-01") - date("2026-02-01")', 'duration("P28D")'),
            ('@"2026-05-01".weekday', "5"),
            ('date("2026-02-30")', "null"),
            ("sum([1, 2]) + sum(3, 4)", "10"),
            ('string length("政枢")', "2"),
            ('substring(string: "政枢平台", start position: 3)', '"平台"'),
            ("decimal(1 / 3, 2)", "0.33"),
            ("1 /* one */ + 2 // two", "3"),
        ],
    )
    def test_computes(self, text: str, expected: str) -> None:
        assert result(text) == expected

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ("function(x) x", "functions that are defined"),
            ("1 instance of number", "instance of"),
            ('@"10:00:00"', "days and durations only"),
            ("1 +", "ends too early"),
            ("1 2", "“2” is not understood"),
            ("(" * 60 + "1" + ")" * 60, "nested too deeply"),
            ("-" * 60 + "1", "nested too deeply"),
            ("1" * 6000, "longer than"),
            ("{a: 1, a: 2}", "twice"),
            ("$x", "not understood"),
        ],
    )
    def test_names_what_it_refuses(self, text: str, what: str) -> None:
        with pytest.raises(OutsideFeel) as refusal:
            parse(text, NAMES)

        assert what in refusal.value.text()

    @pytest.mark.parametrize(
        "text",
        [
            "count(for i in 1..1000, j in 1..1000 return i)",
            "count(for i in 1..900 return count(for j in 1..900 return j))",
            "for i in 1..1000000000 return i",
            'date("99999-01-01")',
        ],
    )
    def test_refuses_to_compute_without_end(self, text: str) -> None:
        with pytest.raises(NotDecidable):
            result(text)

    def test_has_no_way_to_the_machine(self) -> None:
        for text in ("kind.__class__", "kind.format", "days.__init__", "Applicant Age.__class__.__base__"):
            assert result(text) == "null"

    def test_a_longer_known_name_wins(self) -> None:
        run = Evaluation({"Applicant Age": "long", "Applicant": "short"})

        assert run.value(parse("Applicant Age", Names(frozenset({"Applicant", "Applicant Age"})))) == "long"


class TestTests:
    @pytest.mark.parametrize(
        ("tests", "value", "expected"),
        [
            ("-", "null", True),
            ("", "1", True),
            ("> 18", "18", False),
            (">= 18", "18", True),
            ("[18..20]", "20", True),
            ("(18..20)", "20", False),
            ("]18..20[", "18", False),
            ('"a", "b"', '"b"', True),
            ('not("a", "b")', '"b"', False),
            ('not("a", "b")', '"c"', True),
            ("null", "null", True),
            ("not(null)", "1", True),
            ("> 18", "null", None),
            ("< 5, > 10", "11", True),
            ("? > 5 and ? < 10", "7", True),
            ('date("2026-01-01")', 'date("2026-01-01")', True),
            ('>= date("2026-01-01")', 'date("2025-12-31")', False),
            ("[1, 2]", "2", True),
            ("true", "true", True),
        ],
    )
    def test_asks(self, tests: str, value: str, *, expected: bool | None) -> None:
        assert holds(tests, value) is expected
