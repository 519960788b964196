"""Every rule of the packs that we ship: it is readable, passes its passing examples and blames its failing ones."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet as pq

from zhengshu.contexts.quality import api
from zhengshu.contexts.quality.application.engine.assess import Job, assess
from zhengshu.contexts.quality.application.engine.source import Source, parquet_source
from zhengshu.contexts.quality.application.engine.table_rules import Observed
from zhengshu.contexts.quality.domain.checks import Habitual, kind_of
from zhengshu.contexts.quality.domain.evaluating import Row
from zhengshu.contexts.quality.domain.judging import Verdict, judge
from zhengshu.contexts.quality.domain.results import RuleResult
from zhengshu.contexts.quality.domain.rules import Example, Rule, Table

PACKS = Path(__file__).parents[5] / "packs"
CHINESE = re.compile("[一-龥]")
PATH = re.compile(r"packs/|\.ya?ml|\.json|\.md", re.IGNORECASE)
TODAY = date(2026, 6, 30)
LOADED = api.load_pack("demo-city", folder=PACKS / "rules", standards=PACKS / "catalog")
RULES = {rule.code: rule for rule in LOADED.pack.rules}


def source_of(path: Path, rows: Sequence[Row], columns: Sequence[str]) -> Source:
    table = pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in columns})
    pq.write_table(table, path)
    return parquet_source([path], {name: name for name in columns})


def former_of(rule: Rule, example: Example) -> Observed:
    if isinstance(rule.check, Habitual):
        return {"rows": len(example.former)}
    counts = Counter(str(value) for value in example.former)
    return {value: count / len(example.former) for value, count in counts.items()}


def by_engine(rules: Sequence[Rule], example: Example, folder: Path) -> tuple[RuleResult, ...]:
    names = dict.fromkeys(name for row in example.rows for name in row)
    columns = [*names, *(name for rule in rules for name in rule.columns if name not in names)]
    others = {
        table: source_of(folder / f"other-{table}.parquet", rows, list(rows[0]))
        for table, rows in example.others.items()
    }
    job = Job(
        table=Table(code="t", name="t", columns=()),
        rules=rules,
        source=source_of(folder / "rows.parquet", example.rows, columns),
        today=example.today or TODAY,
        others=others,
        code_tables=LOADED.code_tables,
        former={rule.code: former_of(rule, example) for rule in rules} if example.former else {},
    )
    return assess(job).rules


def verdicts(rule: Rule, example: Example) -> list[Verdict]:
    today = example.today or TODAY
    return [judge(rule, row, today=today, tables=LOADED.code_tables) for row in example.rows]


class TestShippedRules:
    def test_are_many_and_of_every_kind(self) -> None:
        kinds = Counter(kind_of(rule.check) for rule in RULES.values())

        assert sum(kinds.values()) >= 120
        assert set(kinds) == {
            "complete", "complete_when", "type", "length", "pattern", "code_table", "range", "check_digit",
            "date_order", "expression", "unique", "reference", "agreement", "duplicates", "freshness",
            "volume", "drift",
        }  # fmt: skip

    @pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.is_row_rule])
    def test_pass_and_fail_their_examples(self, code: str) -> None:
        rule = RULES[code]

        for example in rule.passes:
            assert Verdict.FAILS not in verdicts(rule, example), example
            assert Verdict.PASSES in verdicts(rule, example), example
        for example in rule.fails:
            assert Verdict.FAILS in verdicts(rule, example), example

    @pytest.mark.parametrize("code", [code for code, rule in RULES.items() if not rule.is_row_rule])
    def test_pass_and_fail_their_tables(self, code: str, tmp_path: Path) -> None:
        rule = RULES[code]

        for example in rule.passes:
            (found,) = by_engine([rule], example, tmp_path)
            assert (found.was_asked, found.failed) == (True, 0), example
        for example in rule.fails:
            (found,) = by_engine([rule], example, tmp_path)
            assert found.failed > 0, example

    @pytest.mark.parametrize("element", LOADED.pack.elements)
    def test_of_an_element_say_the_same_in_the_engine(self, element: str, tmp_path: Path) -> None:
        rules = [rule for rule in LOADED.pack.elements[element] if rule.is_row_rule]
        rows = [row for rule in rules for example in (*rule.passes, *rule.fails) for row in example.rows]
        whole = Example(rows=tuple(rows))

        for result in by_engine(rules, whole, tmp_path):
            said = verdicts(result.rule, whole)
            assert (result.asked, result.failed) == (
                len(said) - said.count(Verdict.NOT_ASKED),
                said.count(Verdict.FAILS),
            )

    @pytest.mark.parametrize("table", LOADED.pack.tables)
    def test_of_a_table_say_the_same_in_the_engine(self, table: str, tmp_path: Path) -> None:
        rules = [rule for rule in LOADED.pack.tables[table].rules if rule.is_row_rule]
        rows = [row for rule in rules for example in (*rule.passes, *rule.fails) for row in example.rows]
        whole = Example(rows=tuple(rows))

        for result in by_engine(rules, whole, tmp_path):
            assert result.failed == verdicts(result.rule, whole).count(Verdict.FAILS), result.rule.code


class TestTexts:
    @pytest.mark.parametrize("code", RULES)
    def test_say_what_is_demanded_in_both_languages(self, code: str) -> None:
        rule = RULES[code]

        assert CHINESE.search(rule.name)
        assert rule.name_en
        assert not CHINESE.search(rule.name_en)
        assert CHINESE.search(rule.basis) is None or rule.basis_en
        assert not CHINESE.search(rule.basis_en)

    @pytest.mark.parametrize("code", RULES)
    def test_name_a_standard_a_decision_or_a_definition_and_no_file(self, code: str) -> None:
        for text in (RULES[code].basis, RULES[code].basis_en):
            assert not PATH.search(text), text

    def test_names_are_told_apart(self) -> None:
        for table in LOADED.pack.tables.values():
            names = [rule.name_en for rule in table.rules]
            assert len(names) == len(set(names)), table.code


class TestLoadPack:
    def test_names_the_packs_that_there_are(self) -> None:
        with pytest.raises(api.PackNotFound, match="Known: demo-city, national"):
            api.load_pack("nowhere", folder=PACKS / "rules", standards=PACKS / "catalog")

    def test_refuses_a_pack_with_a_fault_whole(self, tmp_path: Path) -> None:
        (tmp_path / "own").mkdir()
        (tmp_path / "own" / "pack.yaml").write_text("name: 自有\nincludes: [own]\n")
        (tmp_path / "own" / "t.yaml").write_text(
            "table: t\ncolumns: {a: {name: 甲, element: no-such}}\nrules:\n"
            '  - {code: r, name: r, column: a, kind: code_table, table: nowhere, indicator: "0105", basis: b,'
            " passes: [x], fails: [y]}\n"
        )

        with pytest.raises(api.PackFaulty) as refused:
            api.load_pack("own", folder=tmp_path, standards=PACKS / "catalog")

        assert [fault.text() for fault in refused.value.faults] == [
            "pack.yaml: own: The pack includes itself.",
            "t: no-such: The catalogue has no data element “no-such”.",
            "rules: r: The catalogue has no code table “nowhere”.",
        ]
