"""Whatever is written in a file or a cell, it is read or refused, and computing it ends."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from zhengshu.contexts.casework.domain.decisions.evaluating import Budget, Evaluation
from zhengshu.contexts.casework.domain.decisions.functions import BUILTINS, MISSING
from zhengshu.contexts.casework.domain.decisions.parsing import parse, parse_tests
from zhengshu.contexts.casework.domain.decisions.reading import read_model
from zhengshu.contexts.casework.domain.decisions.refusals import NotDecidable, OutsideFeel
from zhengshu.contexts.casework.domain.decisions.scanning import Names
from zhengshu.contexts.casework.domain.decisions.values import written
from zhengshu.contexts.casework.tests.decisions.documents import decision, document, literal, table

NAMES = Names(frozenset(BUILTINS) | MISSING | {"x", "Applicant Age"}, frozenset({"year", "a b"}))
PIECES = st.sampled_from(
    [
        *("1", "2.5", '"a"', "x", "Applicant Age", "null", "true", "?", "-", "+", "*", "/", "**", "=", "!="),
        *("<", ">=", "(", ")", "[", "]", "{", "}", "..", ".", ",", ":", "and", "or", "not", "if", "then"),
        *("else", "for", "in", "return", "some", "satisfies", "between", "instance of", "function", "@"),
        *('date("2026-01-31")', 'duration("P1M")', '@"P1D"', "sum", "count", "substring", "context put"),
        *("9" * 40, "1e400", "\\", "//", "/*", "é", "政", "\n", "item", "partial", "append", "abs"),
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map(" ".join) | st.text(max_size=40)


class TestAnyText:
    @given(TEXTS)
    def test_is_computed_or_refused(self, text: str) -> None:
        with suppress(OutsideFeel, NotDecidable):
            written(Evaluation({"x": None}, budget=Budget(5000)).value(parse(text, NAMES)))

    @given(TEXTS)
    def test_is_asked_or_refused(self, text: str) -> None:
        with suppress(OutsideFeel, NotDecidable):
            run = Evaluation({"x": None}, budget=Budget(5000))
            assert run.holds(parse_tests(text, NAMES), "a") in {True, False, None}


class TestAnyFile:
    @given(TEXTS, TEXTS, TEXTS, st.sampled_from(["UNIQUE", "FIRST", "COLLECT", "PRIORITY", "x"]))
    def test_is_read_or_its_flaws_are_named(self, cell: str, head: str, result: str, policy: str) -> None:
        clean = [text.replace(":", "").replace("|", "").replace("\x00", "") for text in (cell, head, result)]
        clean = ["".join(letter for letter in text if letter.isprintable()) for text in clean]
        rows = f"{clean[0]} | {clean[2]}"
        text = document(
            decision("it", table([clean[1]], ["r"], rows, policy=policy)), decision("at", literal(clean[2]))
        )

        for flaw in read_model(text).flaws:
            assert flaw.code.startswith("decision-")
            assert flaw.element
