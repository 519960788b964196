import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.casework.domain import expressions
from zhengshu.contexts.casework.domain.expressions import NotComputable, OutsideTheLanguage, Value

ESCAPES = [
    "__import__('os').system('id')",
    "open('/etc/hostname').read()",
    "eval('1')",
    "exec('x = 1')",
    "().__class__.__bases__[0].__subclasses__()",
    "answer.__class__",
    "answer.upper()",
    "answer[0]",
    "[x for x in 'abc']",
    "(lambda: 1)()",
    "f'{answer}'",
    "(answer := 'agree')",
    "getattr(answer, 'upper')",
    "length(*answer)",
    "length(answer=1)",
    "length(answer, 1)",
    "2 ** 9999999",
    "'a' * 10 ** 9",
    "1.5 > 1",
    "b'x' == b'x'",
    "None == None",
    "answer is answer",
    "answer in answer",
    "answer in ()",
    "{'a': 1}",
    "...",
    "await answer",
    "yield",
    "_hidden",
    "__builtins__",
    "answer; answer",
    "import os",
    "9" * 400,
    "not " * 400 + "answer",
    "(" * 300 + "1" + ")" * 300,
    "x" * 501,
    "\x00",
    "",
]


class TestTheLanguageHasNoWayOut:
    @pytest.mark.parametrize("text", ESCAPES)
    def test_escape_is_refused(self, text: str) -> None:
        with pytest.raises(OutsideTheLanguage):
            expressions.evaluate(text, data={"answer": "agree"})

    @pytest.mark.parametrize(
        "script",
        ["import os", "x = open('f')", "answer.x = 1", "answer == 1", "del answer", "other = 1", "_a = 1"],
    )
    def test_script_that_does_more_than_set_declared_names_is_refused(self, script: str) -> None:
        with pytest.raises(OutsideTheLanguage):
            expressions.execute(script, data={"answer": "agree"})

    @given(st.text(max_size=200))
    def test_any_text_is_a_value_or_a_refusal(self, text: str) -> None:
        try:
            value = expressions.evaluate(text, data={"answer": "agree", "count": 3})
        except (OutsideTheLanguage, NotComputable):
            return
        assert isinstance(value, str | int | bool)


class TestValues:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ('answer == "agree"', True),
            ('answer != "agree"', False),
            ('answer in ("agree", "refuse")', True),
            ('answer not in ["refuse"]', True),
            ("1 < count <= 3", True),
            ("3 < count <= 5", False),
            ("count - 1 + 2", 4),
            ("not needs or count > 2", True),
            ('"yes" if needs else "no"', "no"),
            ("length(answer)", 5),
            ("is_empty(note) and not is_empty(answer)", True),
            ("-count < 0", True),
        ],
    )
    def test_are_those_of_plain_logic(self, text: str, value: object) -> None:
        data: dict[str, Value] = {"answer": "agree", "count": 3, "needs": False, "note": " "}

        assert expressions.evaluate(text, data=data) == value

    @given(left=st.integers(-(10**9), 10**9), right=st.integers(-(10**9), 10**9))
    def test_comparisons_of_numbers_agree_with_python(self, left: int, right: int) -> None:
        data = {"a": left, "b": right}

        assert expressions.evaluate("a < b", data=data) is (left < right)
        assert expressions.evaluate("a >= b", data=data) is (left >= right)
        assert expressions.evaluate("a + b", data=data) == left + right

    @pytest.mark.parametrize("text", ["missing", "answer < 3", "answer + 1", "-answer", "needs + 1"])
    def test_that_do_not_fit_are_refused_with_the_reason(self, text: str) -> None:
        with pytest.raises(NotComputable) as refusal:
            expressions.evaluate(text, data={"answer": "agree", "needs": True})

        assert refusal.value.data["what"]

    def test_script_sets_names_line_by_line(self) -> None:
        data = expressions.execute(
            "# why\ncount = count + 1\nbig = count > 3", data={"count": 3, "big": False}
        )

        assert data == {"count": 4, "big": True}


class TestWhatAnExpressionReads:
    def test_names_without_functions(self) -> None:
        assert expressions.names("length(answer) > count") == {"answer", "count"}

    def test_texts_that_a_name_is_compared_to(self) -> None:
        found = expressions.compared_texts('a == "x" or b in ("y", "z")')

        assert found == {"a": frozenset({"x"}), "b": frozenset({"y", "z"})}
