"""The tools that count what comes of foreign kits, on kits of our own."""

from pathlib import Path

from tools import bpmn_kit, dmn_kit

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<inputData id="i" name="n"><variable name="n" typeRef="number"/></inputData>
<decision id="a" name="a"><informationRequirement><requiredInput href="#i"/></informationRequirement>
<literalExpression><text>n + 1</text></literalExpression></decision>
<decision id="b" name="b"><literalExpression><text>now()</text></literalExpression></decision></definitions>"""
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<modelName>m.dmn</modelName>{cases}</testCases>"""
CASE = """<testCase id="{number}"><inputNode name="n"><value xsi:type="xsd:decimal">1</value></inputNode>
<resultNode name="{name}" type="decision"><expected><value xsi:type="xsd:decimal">{value}</value></expected>
</resultNode></testCase>"""


def kit(folder: Path, *cases: tuple[str, str]) -> Path:
    parts = [CASE.format(number=number, name=name, value=value) for number, (name, value) in enumerate(cases)]
    (folder / "m.dmn").write_text(MODEL, encoding="utf-8")
    (folder / "m-test-01.xml").write_text(CASES.format(cases="".join(parts)), encoding="utf-8")
    return folder


class TestDmnKit:
    def test_counts_each_kind(self, tmp_path: Path) -> None:
        verdicts = list(dmn_kit.run_folder(kit(tmp_path, ("a", "2"), ("a", "3"), ("b", "1"), ("c", "1"))))

        assert [one.kind for one in verdicts] == [
            dmn_kit.PASSED,
            dmn_kit.WRONG,
            dmn_kit.REFUSED,
            dmn_kit.REFUSED,
        ]
        assert "now" in verdicts[2].why

    def test_fails_if_anything_is_wrong(self, tmp_path: Path) -> None:
        assert dmn_kit.main([str(kit(tmp_path, ("a", "2")))]) == 0
        assert dmn_kit.main([str(kit(tmp_path, ("a", "5")))]) == 1

    def test_a_file_that_is_none_is_refused_by_name(self, tmp_path: Path) -> None:
        kit(tmp_path, ("a", "2"))
        (tmp_path / "m.dmn").write_text("<a/>", encoding="utf-8")

        assert [one.kind for one in dmn_kit.run_folder(tmp_path)] == [dmn_kit.REFUSED]


class TestBpmnKit:
    def test_names_what_cannot_be_read(self, tmp_path: Path) -> None:
        (tmp_path / "a.bpmn").write_text("<a/>", encoding="utf-8")

        assert bpmn_kit.judged(tmp_path / "a.bpmn")[0] == bpmn_kit.NAMED
        assert bpmn_kit.main(tmp_path) == 0
