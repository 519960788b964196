"""Every fault of decisions is named with file and element, and a sound pack has none."""

from pathlib import Path

import pytest
from django.utils import translation

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.domain.decisions.sentences import SENTENCES
from zhengshu.contexts.casework.tests.ten_packs import choice, everything, write

CHANGES: list[tuple[str, str, str, list[str]]] = [
    (
        "verdict.dmn",
        '"no"',
        '"maybe"',
        ["verdict.dmn:rule2:decision-rule-never", "verdict.dmn:table:decision-gap"],
    ),
    ("verdict.dmn", '<text>"no"</text>', "<text>-</text>", ["verdict.dmn:rule2:decision-overlap"]),
    (
        "verdict.dmn",
        '<text>"refuse"</text>',
        '<text>"perhaps"</text>',
        ["verdict.dmn:out_verdict:decision-result-unfit"],
    ),
    (
        "verdict.dmn",
        '<text>"refuse"</text>',
        "<text>12</text>",
        ["verdict.dmn:out_verdict:decision-result-unfit"],
    ),
    (
        "verdict.dmn",
        '<text>"refuse"</text>',
        "<text></text>",
        ["verdict.dmn:out_verdict:decision-result-unfit"],
    ),
    ("verdict.dmn", 'name="check"', 'name="unheard"', ["verdict.dmn:check:decision-name-unknown"]),
    ("verdict.dmn", "<definitions", "<!DOCTYPE d><definitions", ["verdict.dmn::unreadable"]),
    ("verdict.dmn", 'hitPolicy="UNIQUE"', 'hitPolicy="WORST"', ["verdict.dmn:table:decision-policy-unknown"]),
    (
        "verdict.dmn",
        "</definitions>",
        '<decision id="idle"><literalExpression><text>1</text></literalExpression></decision></definitions>',
        ["verdict.dmn:idle:decision-not-asked"],
    ),
    (
        "verdict.dmn",
        "</inputExpression>",
        '</inputExpression><inputValues><text>"yes"</text></inputValues>',
        ["verdict.dmn:in1:decision-input-unfit"],
    ),
    ("flow.bpmn", ' camunda:decisionRef="verdict"', "", ["flow.bpmn:judge:decision-unnamed"]),
    ("flow.bpmn", 'Ref="verdict"', 'Ref="sentence"', ["flow.bpmn:judge:decision-missing"]),
    (
        "flow.bpmn",
        'Ref="verdict"',
        'Ref="verdict" camunda:resultVariable="x"',
        ["flow.bpmn:judge:decision-result-unknown"],
    ),
    ("flow.bpmn", 'verdict == "refuse"', 'check == "no"', ["flow.bpmn:judge:decision-datum-not-read"]),
    ("texts/en.yaml", "decisions:", "decided:", ["texts/en.yaml:decisions.verdict.name:name-missing"]),
]


def found(folder: Path) -> list[str]:
    return [f"{fault.file}:{fault.element}:{fault.code}" for fault in api.check_case_type(folder=folder)]


class TestFaults:
    @pytest.mark.parametrize(("file", "old", "new", "expected"), CHANGES)
    def test_are_named_with_file_and_element(
        self, file: str, old: str, new: str, expected: list[str], tmp_path: Path
    ) -> None:
        place = tmp_path / write(tmp_path, choice)
        text = (place / file).read_text(encoding="utf-8")
        assert old in text
        (place / file).write_text(text.replace(old, new), encoding="utf-8")

        codes = found(place)

        assert set(expected) <= set(codes)

    def test_several_values_have_no_single_name(self, tmp_path: Path) -> None:
        place = tmp_path / write(tmp_path, everything)
        text = (place / "flow.bpmn").read_text(encoding="utf-8")
        text = text.replace('Ref="course"', 'Ref="course" camunda:resultVariable="weight"')
        (place / "flow.bpmn").write_text(text, encoding="utf-8")

        assert "flow.bpmn:judge:decision-result-several" in found(place)

    def test_have_sentences_in_both_languages(self) -> None:
        with translation.override("zh-hans"):
            same = [code for code, text in SENTENCES.items() if translation.gettext(text) == text]

        assert same == ["decision-expression-unfit"]

    def test_a_sentence_that_shows_a_result_reads_it(self, tmp_path: Path) -> None:
        place = tmp_path / write(tmp_path, choice)
        for file, old, new in (
            ("flow.bpmn", 'verdict == "refuse"', 'check == "no"'),
            ("texts/en.yaml", "name (en)", "name {verdict}"),
        ):
            text = (place / file).read_text(encoding="utf-8")
            (place / file).write_text(text.replace(old, new), encoding="utf-8")

        assert "flow.bpmn:judge:decision-datum-not-read" not in found(place)


class TestOutcomes:
    def test_an_outcome_may_be_missing_where_the_task_can_be_passed_by(self, tmp_path: Path) -> None:
        place = tmp_path / write(tmp_path, choice)
        text = (place / "flow.bpmn").read_text(encoding="utf-8")
        gate = (
            '<bpmn:exclusiveGateway id="gate" default="gate_judge"/>'
            '<bpmn:sequenceFlow id="gate_judge" sourceRef="gate" targetRef="judge"/>'
            '<bpmn:sequenceFlow id="gate_check" sourceRef="gate" targetRef="check">'
            '<bpmn:conditionExpression>verdict == "refuse"</bpmn:conditionExpression></bpmn:sequenceFlow>'
        )
        text = text.replace('targetRef="check"', 'targetRef="gate"').replace(
            "</bpmn:process>", gate + "</bpmn:process>"
        )
        (place / "flow.bpmn").write_text(text, encoding="utf-8")

        faults = api.check_case_type(folder=place)

        assert [fault.details["when"] for fault in faults if fault.code == "decision-gap"] == ["check = “”"]

    def test_rules_may_have_sentences(self, tmp_path: Path) -> None:
        place = tmp_path / write(tmp_path, choice)
        for language in ("en", "zh-hans"):
            file = place / "texts" / f"{language}.yaml"
            told = "  verdict:\n    rules: {1: Checked, 9: Unheard}"
            file.write_text(file.read_text(encoding="utf-8").replace("  verdict:", told), encoding="utf-8")

        assert found(place) == [
            "texts/zh-hans.yaml:decisions.verdict.rules.9:name-superfluous",
            "texts/en.yaml:decisions.verdict.rules.9:name-superfluous",
        ]
