from datetime import date

import pytest

from zhengshu.contexts.quality.domain.evaluating import Row, answer
from zhengshu.contexts.quality.domain.language import OutsideTheLanguage, columns_of, parse

TODAY = date(2026, 6, 30)


def asked(text: str, row: Row) -> bool | None:
    return answer(parse(text), row, today=TODAY)


class TestParse:
    @pytest.mark.parametrize(
        "text",
        [
            "__import__('os')",
            "a.b == 'x'",
            "a[0] == 'x'",
            "open(a) == 'x'",
            "(lambda: 1)() == 1",
            "f'{a}' == 'x'",
            "[x for x in a] == 'x'",
            "(a := 'x') == 'x'",
            "_secret == 'x'",
            "名称 == 'x'",
            "number(a) / number(b) > 1",
            "number(a) ** 9 > 1",
            "number(a) * number(b) > 1",
            "a < b",
            "a == number(b)",
            "a in b",
            "a in (1, 2)",
            "a",
            "part(a, 0, 3) == 'x'",
            "part(a, number(b), 3) == 'x'",
            "day('2024-02-30') < today()",
            "is_empty('x')",
            "1 < number(a) < 3",
            "not a",
            "True == True",
            "1e30 == number(a)",
            "",
            "a == 'x",
            "a == 'x') or (b == 'y'",
            "(" * 30 + "a == 'x'" + ")" * 30 + " and " + "not " * 30 + "is_empty(a)",
            "a == '" + "x" * 700 + "'",
        ],
    )
    def test_refuses_what_is_outside(self, text: str) -> None:
        with pytest.raises(OutsideTheLanguage):
            parse(text)

    def test_says_what_to_write_instead(self) -> None:
        with pytest.raises(OutsideTheLanguage, match=r"write number\(x\) or day\(x\)"):
            parse("a == number(b)")

    def test_names_the_columns_in_the_order_of_their_use(self) -> None:
        tree = parse("is_empty(c) or (part(a, 1, 2) in ('x', 'y') and number(b) + 1 > length(a))")

        assert columns_of(tree) == ("c", "a", "b")

    def test_reads_a_rule_over_several_lines(self) -> None:
        assert asked("a == 'x'\n  or b == 'y'", {"a": "1", "b": "y"}) is True


class TestAnswer:
    @pytest.mark.parametrize(
        ("text", "row", "expected"),
        [
            ("a == '注销'", {"a": "注销"}, True),
            ("a != '注销'", {"a": "注销"}, False),
            ("a == '注销'", {"a": None}, None),
            ("a == '注销'", {"a": "　"}, None),
            ("a == '注销'", {"a": "N/A"}, None),
            ("a in ('1', '2')", {"a": "2"}, True),
            ("a not in ('1', '2')", {"a": "2"}, False),
            ("number(a) + number(b) == 0.3", {"a": "0.1", "b": "0.2"}, True),
            ("number(a) > -5", {"a": "-4.5"}, True),
            ("number(a) > 3", {"a": "４"}, None),
            ("2 * number(a) == 3", {"a": "1.5"}, True),
            ("day(a) <= day(b)", {"a": "2024年3月5日", "b": "20240306"}, True),
            ("day(a) <= day(b)", {"a": "2024-02-30", "b": "20240306"}, None),
            ("day(a) < today()", {"a": "2026-06-30"}, False),
            ("day(part(a, 7, 14)) == day(b)", {"a": "360426199101010071", "b": "1991/1/1"}, True),
            ("years(day(a), day(b)) >= 22", {"a": "2000-12-31", "b": "2022-01-01"}, True),
            ("length(a) == 2", {"a": "𠮷田"}, True),
            ("contains(a, '公司') and begins(a, '云') and ends(a, '司')", {"a": "云州公司"}, True),
            ("is_empty(a) or a == 'x'", {"a": "无"}, True),
            ("a == 'x' or b == 'y'", {"a": None, "b": "y"}, True),
            ("a == 'x' or b == 'y'", {"a": None, "b": "z"}, None),
            ("a == 'x' and b == 'y'", {"a": None, "b": "z"}, False),
            ("a == 'x' and b == 'y'", {"a": None, "b": "y"}, None),
            ("not a == 'x'", {"a": None}, None),
        ],
    )
    def test_answers(self, text: str, row: Row, expected: bool | None) -> None:  # noqa: FBT001 - a table of answers
        assert asked(text, row) is expected

    def test_does_not_say_when_a_sum_outgrows_numbers(self) -> None:
        assert asked("number(a) + number(a) > 0", {"a": "9" * 20}) is None
