import re

import pytest
from django.utils import translation

from zhengshu.contexts.quality.domain.checks import CheckDigit, Scheme
from zhengshu.contexts.quality.domain.reading import read_pack
from zhengshu.contexts.quality.domain.rules import Severity
from zhengshu.contexts.quality.interfaces.labels import filled

ELEMENTS = """
credit-code:
  - code: credit-code-check
    name: 统一社会信用代码校验正确
    kind: check_digit
    scheme: credit_code
    indicator: "0302"
    weight: 3
    basis: GB 32100-2015
    passes: [91110000600037341L]
    fails: [91110000600037341M]
"""
TABLE = """
table: enterprises
name: 企业
columns:
  credit_code: {name: 统一社会信用代码, element: credit-code}
  name: 企业名称
rules:
  - code: name-there
    name: 名称必填
    column: name
    kind: complete
    severity: warning
    indicator: "0201"
    basis: 目录
    passes: [{name: 甲}]
    fails: [null]
"""


def sentences(table: str) -> list[str]:
    _, faults = read_pack("city", {"elements.yaml": ELEMENTS, "enterprises.yaml": table})
    return [fault.text() for fault in faults]


class TestReadPack:
    def test_binds_the_rules_of_elements_to_columns(self) -> None:
        pack, faults = read_pack(
            "city", {"pack.yaml": "name: 城市", "elements.yaml": ELEMENTS, "enterprises.yaml": TABLE}
        )

        bound, own = pack.rules_of(pack.tables["enterprises"])

        assert (faults, pack.name) == ((), "城市")
        assert (bound.code, bound.column) == ("credit-code-check:credit_code", "credit_code")
        assert bound.check == CheckDigit(scheme=Scheme.CREDIT_CODE)
        assert (own.code, own.severity, own.measures.chinese) == (
            "name-there",
            Severity.WARNING,
            "数据元素完整性",
        )

    def test_reads_examples_of_every_form(self) -> None:
        forms = """passes:
      - text
      - {name: a}
      - [{name: a}, {name: b}]
      - {rows: [{name: a}], others: {enterprises: [{name: b}]}, today: 2026-06-30, former: [a, null]}
"""
        pack, faults = read_pack("city", {"t.yaml": TABLE.replace("passes: [{name: 甲}]\n", forms)})

        text, row, rows, full = pack.tables["enterprises"].rules[0].passes
        assert faults == ()
        assert (text.rows, row.rows, len(rows.rows)) == (({"name": "text"},), ({"name": "a"},), 2)
        assert str(full.today) == "2026-06-30"
        assert (full.others, full.former) == ({"enterprises": ({"name": "b"},)}, ("a", None))

    @pytest.mark.parametrize(
        ("old", "new", "sentence"),
        [
            ("basis: 目录", "", "“basis” is missing."),
            ("basis: 目录", "basis: ' '", "Say what the rule follows from"),
            ("kind: complete", "kind: perfect", "“perfect” is not one of the words"),
            ("kind: complete", "kind: complete\n    pattern: x", "A rule of this kind has no “pattern”."),
            ("kind: complete", "kind: pattern\n    pattern: '^a'", "outside of the language of patterns"),
            ("kind: complete", "kind: complete_when\n    when: a.b == 'x'", "outside of the language of rules"),
            ("kind: complete", "kind: range", "A range has “least”, “most” or both."),
            ("kind: complete", "kind: range\n    least: x", "“x” is neither a number nor a day."),
            ("kind: complete", "kind: length", "give at least one of them"),
            ("kind: complete", "kind: code_table", "Name a code table"),
            ("kind: complete", "kind: check_digit\n    scheme: luhn\n    places: [3, 2]", "Places run from small"),
            ("kind: complete", "kind: date_order\n    not_after: born", "The table has no column “born”."),
            ("kind: complete", "kind: reference\n    table: people\n    their_columns: [id]", "the table “people”"),
            ("column: name", "column: nme", "The table has no column “nme”."),
            ("column: name\n", "weight: 1\n", "Name the column"),
            ('indicator: "0201"', 'indicator: "0207"', "is no indicator of GB/T 36344"),
            ("severity: warning", "severity: bad", "“bad” is not one of the words"),
            ("severity: warning", "weight: 0", "A weight is a whole number from 1 to 100."),
            ("code: name-there", "code: Name_There", "small letters, digits and single hyphens"),
            ("code: name-there", "code: credit-code-check", "Another rule has this code"),
            ("fails: [null]", "fails: []", "one that fails"),
            ("fails: [null]", "fails: [7]", "within quotation marks"),
            ("fails: [null]", "fails: [{nme: a}]", "An example names a column “nme”"),
            ("table: enterprises", "tables: enterprises", "A table has no such entry."),
            ("  name: 企业名称", "  Name: 企业名称", "A column's field name has small letters"),
            ("rules:", "rules: &a [*a]\nx:", "aliases"),
            ("rules:", "rules: [3]\nx:", "A rule is written as names and values."),
        ],
    )  # fmt: skip
    def test_says_each_fault_in_a_sentence_with_its_place(self, old: str, new: str, sentence: str) -> None:
        assert old in TABLE

        found = sentences(TABLE.replace(old, new))

        assert any(sentence in text and text.startswith("enterprises") for text in found), found

    def test_refuses_a_rule_of_an_element_that_names_other_columns(self) -> None:
        text = ELEMENTS.replace(
            "kind: check_digit\n    scheme: credit_code", "kind: date_order\n    not_after: b"
        )

        _, faults = read_pack("city", {"elements.yaml": text})

        assert [fault.message for fault in faults] == [
            "A rule of this kind belongs to a table, for it speaks of other columns."
        ]


class TestFaultsInChinese:
    """A sentence about a pack is Chinese throughout, with the reasons that stand in it."""

    @pytest.mark.parametrize(
        ("rule", "said"),
        [
            ('kind: expression, holds: "name.upper() == 1"', "函数"),
            ('kind: expression, holds: "name == 1"', "文本与数字"),
            ('kind: expression, holds: "lambda name: name"', "自定义函数"),
            ('kind: expression, holds: "part(name, 3, 1) == name"', "由小到大"),
            (r'kind: pattern, column: name, pattern: "\\d+"', "第1个字符"),
            ('kind: pattern, column: name, pattern: "^a"', "锚"),
            ('kind: pattern, column: name, pattern: "a{300}"', "200"),
            ("kind: pattern, column: name, pattern: a, passes: [1]", "引号"),
        ],
    )
    def test_name_the_place_and_the_reason(self, rule: str, said: str) -> None:
        about = 'code: r, name: r, indicator: "0201", basis: b, passes: [{name: a}], fails: [{name: b}]'
        entry = f"{{{about}, {rule}}}"
        table = f"table: t\nname: t\ncolumns: {{name: 名称}}\nrules:\n  - {entry}\n"
        if "passes: [1]" in rule:
            table = table.replace("passes: [{name: a}], ", "")

        _, faults = read_pack("city", {"t.yaml": table})
        with translation.override("zh-hans"):
            sentences = [filled(fault.message, fault.details) for fault in faults]

        assert any(said in sentence for sentence in sentences), sentences
        assert not any(re.search("[A-Za-z]{4,} [a-z]+ [a-z]+", sentence) for sentence in sentences), sentences
