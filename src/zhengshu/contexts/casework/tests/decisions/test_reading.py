"""Reading `.dmn` files: decisions and what they rest on; what is unsupported or hostile is named."""

from decimal import Decimal

import pytest

from zhengshu.contexts.casework.domain.decisions.deciding import Session, TableHit
from zhengshu.contexts.casework.domain.decisions.reading import read_model
from zhengshu.contexts.casework.domain.decisions.values import Feel, written
from zhengshu.contexts.casework.tests.decisions.documents import (
    decision,
    document,
    given,
    literal,
    read_table,
    table,
)

BOMB = (
    '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="&b;"/>'
)
OUTSIDE = BOMB.replace('"aaaaaaaaaa"', 'SYSTEM "file:///etc/hostname"')
KNOWLEDGE = (
    '<businessKnowledgeModel id="double" name="double"><encapsulatedLogic>'
    '<formalParameter name="x" typeRef="number"/><literalExpression><text>x * 2</text></literalExpression>'
    "</encapsulatedLogic></businessKnowledgeModel>"
)


def decided(text: str, name: str, names: str = "", **data: Feel) -> tuple[str, list[TableHit]]:
    model = read_model(text, frozenset(names.split()))
    assert model.flaws == ()
    session = Session(model, data)
    return written(session.decide(name)), session.hits


def flaws(*parts: str, names: str = "") -> list[tuple[str, str]]:
    return [
        (flaw.element, flaw.code) for flaw in read_model(document(*parts), frozenset(names.split())).flaws
    ]


class TestHitPolicies:
    ROWS = """
        > 1 | "b"
        > 2 | "a"
        > 3 | "a"
    """

    @pytest.mark.parametrize(
        ("policy", "aggregation", "value", "expected", "rules"),
        [
            ("UNIQUE", "", 2, '"b"', (1,)),
            ("UNIQUE", "", 3, "null", (1, 2)),
            ("UNIQUE", "", 0, '"c"', ()),
            ("ANY", "", 2, '"b"', (1,)),
            ("ANY", "", 3, "null", (1, 2)),
            ("FIRST", "", 4, '"b"', (1,)),
            ("PRIORITY", "", 4, '"a"', (2,)),
            ("RULE ORDER", "", 4, '["b", "a", "a"]', (1, 2, 3)),
            ("OUTPUT ORDER", "", 4, '["a", "a", "b"]', (2, 3, 1)),
            ("COLLECT", "", 3, '["b", "a"]', (1, 2)),
            ("COLLECT", "COUNT", 4, "3", (1, 2, 3)),
            ("COLLECT", "MIN", 4, '"a"', (1, 2, 3)),
            ("COLLECT", "MAX", 4, '"b"', (1, 2, 3)),
        ],
    )
    def test_join_rules(
        self, policy: str, aggregation: str, value: int, expected: str, rules: tuple[int, ...]
    ) -> None:
        text = document(
            decision(
                "it",
                table(
                    ["n:number"],
                    ['r:string:"a", "b", "c":"c"'],
                    self.ROWS,
                    policy=policy,
                    aggregation=aggregation,
                ),
            )
        )

        found, hits = decided(text, "it", "n", n=Decimal(value))

        assert found == expected
        assert [hit.rules for hit in hits] == [rules]


class TestGraphs:
    def test_required_decisions_come_first_and_tell_their_rules(self) -> None:
        text = document(
            given("amount", "number"),
            decision(
                "size",
                table(["amount:number"], ["size:string"], '< 10 | "small"\n >= 10 | "large"'),
                requires="amount!",
            ),
            decision(
                "who",
                table(["size:string"], ["who:string"], '"small" | "clerk"\n "large" | "head"'),
                requires="size",
            ),
            decision(
                "twice", literal("double(amount) + double(x: 1)"), requires="amount! who", knows="double"
            ),
            KNOWLEDGE,
        )

        assert decided(text, "who", amount=Decimal(12)) == (
            '"head"', [TableHit(decision="size", rules=(2,)), TableHit(decision="who", rules=(2,))]
        )  # fmt: skip
        assert decided(text, "twice", amount=Decimal(12))[0] == "26"

    def test_a_circle_is_named_and_ends(self) -> None:
        parts = (decision("a", literal("b"), requires="b"), decision("b", literal("a"), requires="a"))

        assert flaws(*parts) == [("a", "decision-circle"), ("b", "decision-circle")]


class TestNames:
    @pytest.mark.parametrize(
        ("part", "expected"),
        [
            (decision("it", literal("x + 1")), ("it", "decision-name-unknown")),
            (decision("it", literal("secret(1)")), ("it", "decision-function-unknown")),
            (decision("it", literal("now()")), ("it", "decision-function-unknown")),
            (decision("it", literal("1 +")), ("it", "decision-expression-unfit")),
            (decision("it", ""), ("it", "decision-without-logic")),
            (decision("it", "<functionDefinition/>"), ("it", "decision-element-unsupported")),
            (decision("it", literal("1"), kind="dateTime"), ("it", "decision-type-unknown")),
            (decision("it", literal("1"), requires="gone"), ("need_it_0", "decision-reference-unknown")),
            (decision("it", table(["1:number"], ["r"], "- | 1 | 2")), ("rule1", "decision-cells")),
            (
                decision("it", table(["1:number"], ["r"], "- | 1", policy="BEST")),
                ("table", "decision-policy-unknown"),
            ),
            (decision("it", table(["1:number"], [], "-")), ("table", "decision-without-output")),
            (
                decision(
                    "it", table(["1:number"], ["a", "b"], "- | 1 | 2", policy="COLLECT", aggregation="SUM")
                ),
                ("table", "decision-aggregation-unfit"),
            ),
            (
                decision("it", table(["1:number"], ["r"], "- | 1", policy="PRIORITY")),
                ("table", "decision-without-priority"),
            ),
            (
                decision(
                    "it", '<literalExpression expressionLanguage="groovy"><text>1</text></literalExpression>'
                ),
                ("it", "decision-language-unfit"),
            ),
            ('<decisionService id="s" name="s"/>', ("s", "decision-element-unsupported")),
            ('<import id="i" namespace="x" importType="y"/>', ("i", "decision-element-unsupported")),
        ],
    )
    def test_what_is_not_supported(self, part: str, expected: tuple[str, str]) -> None:
        assert flaws(part) == [expected]

    def test_all_cells_that_are_wrong_are_named_at_once(self) -> None:
        rows = "x | 1\n y | 2"

        assert flaws(decision("it", table(["1:number"], ["r"], rows))) == [
            ("rule1", "decision-name-unknown"),
            ("rule2", "decision-name-unknown"),
        ]


class TestHostileFiles:
    @pytest.mark.parametrize(
        "text",
        [BOMB, OUTSIDE, "", "{}", "<a/>", "<definitions/>", "\x00", "<definitions", " " * (3 * 1024 * 1024)],
    )
    def test_are_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            read_model(text)

    def test_a_table_of_endless_rules_is_named(self) -> None:
        rows = "\n".join("- | 1" for _ in range(2001))

        assert flaws(decision("it", table(["1:number"], ["r"], rows))) == [
            ("table", "decision-too-many-rules")
        ]


class TestTypes:
    def test_a_value_of_another_type_is_null(self) -> None:
        text = document(given("n", "number"), decision("it", literal("n"), requires="n!"))

        assert decided(text, "it", n="text")[0] == "null"

    def test_a_table_reads(self) -> None:
        assert read_table(["n:number"], ["r"], "- | 1", names="n").rules[0].number == 1
