"""Reading BPMN files of other modellers: what is not run is named, and nothing is taken for something else."""

from pathlib import Path

import pytest
from django.conf import settings
from tools.bpmn_kit import definition_for, played, with_lane

from zhengshu.contexts.casework.domain.checking_flow import check_flow
from zhengshu.contexts.casework.domain.diagram import read_flow
from zhengshu.contexts.casework.domain.flow_graph import Flow, NodeKind
from zhengshu.contexts.casework.tests.ten_packs import HEAD, TAIL

STRAIGHT = (
    '<bpmn:startEvent id="s"/><bpmn:task id="t"/><bpmn:manualTask id="m"/><bpmn:endEvent id="e"/>'
    '<bpmn:sequenceFlow id="a" sourceRef="s" targetRef="t"/><bpmn:sequenceFlow id="b" sourceRef="t" targetRef="m"/>'
    '<bpmn:sequenceFlow id="c" sourceRef="m" targetRef="e"/>'
)
INSIDE = (
    '<bpmn:subProcess id="p1"><bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing>'
    '<bpmn:dataObject id="d"/>{more}<bpmn:startEvent id="s1"/><bpmn:endEvent id="e1"/>'
    '<bpmn:sequenceFlow id="a1" sourceRef="s1" targetRef="e1"/></bpmn:subProcess>'
)
PICTURE = (
    '<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:c="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:i="http://www.omg.org/spec/DD/20100524/DI"><d:BPMNPlane>'
    '<d:BPMNShape bpmnElement="s"><c:Bounds x="1" y="2" width="{side}" height="4"/></d:BPMNShape>'
    '<d:BPMNShape bpmnElement="t"><c:Bounds x="1" y="2" width="3" height="4"/></d:BPMNShape>'
    '<d:BPMNEdge bpmnElement="a"><i:waypoint x="7" y="8"/><i:waypoint x="{side}" y="8"/></d:BPMNEdge>'
    "</d:BPMNPlane></d:BPMNDiagram>"
)


def flow(*parts: str, more: str = "") -> Flow:
    return read_flow(
        HEAD + "".join(parts) + TAIL.replace("</bpmn:definitions>", more + "</bpmn:definitions>")
    )


class TestCourse:
    def test_tells_tasks_as_a_case_comes_by_them_wherever_they_stand_in_the_file(self) -> None:
        pack = Path(settings.PACKS_FOLDER) / "case-types" / "food-permit" / "flow.bpmn"

        found = [
            node.id
            for node in read_flow(pack.read_text(encoding="utf-8")).in_course()
            if node.kind == NodeKind.USER_TASK
        ]

        assert found == ["acceptance", "completion", "inspection", "opinion", "testing", "decision"]

    def test_leaves_no_node_out_and_tells_none_twice(self) -> None:
        found = flow(STRAIGHT, '<bpmn:task id="alone"/>')

        assert [node.id for node in found.in_course()] == ["s", "t", "m", "e", "alone"]


class TestForeign:
    def test_a_task_of_no_kind_is_somebodys(self) -> None:
        found = flow(STRAIGHT)

        assert {node.kind for node in found.nodes.values()} == {
            NodeKind.START,
            NodeKind.USER_TASK,
            NodeKind.END,
        }
        assert played(with_lane(found)) == 2

    def test_other_pools_are_named_and_empty_ones_are_not(self) -> None:
        found = flow(
            STRAIGHT, more=f'<bpmn:process id="other">{STRAIGHT}</bpmn:process><bpmn:process id="idle"/>'
        )

        assert (found.process_id, [(one.tag, one.id) for one in found.foreign]) == (
            "p",
            [("process", "other")],
        )

    def test_of_several_processes_the_executable_one_is_run(self) -> None:
        more = f'<bpmn:process id="other" isExecutable="true">{STRAIGHT}</bpmn:process>'

        assert flow(STRAIGHT, more=more).process_id == "other"

    def test_what_a_modeller_writes_into_a_sub_process_is_no_element_of_it(self) -> None:
        inside = "<bpmn:loopCardinality>2</bpmn:loopCardinality>"
        loop = f"<bpmn:multiInstanceLoopCharacteristics>{inside}</bpmn:multiInstanceLoopCharacteristics>"

        assert flow(INSIDE.format(more=loop)).foreign == ()
        assert [one.tag for one in flow(INSIDE.format(more="<bpmn:callActivity id='c'/>")).foreign] == [
            "callActivity"
        ]

    def test_an_arrow_to_something_unsupported_is_not_loose(self) -> None:
        found = flow(STRAIGHT.replace("manualTask", "serviceTask"))

        codes = {fault.code for fault in check_flow(found, definition_for(found), {})}

        assert "element-unsupported" in codes
        assert "arrow-loose" not in codes

    def test_what_has_no_id_is_named_by_what_it_lies_in(self) -> None:
        found = flow(STRAIGHT, "<bpmn:performer/>", INSIDE.format(more="<bpmn:callActivity/>"))

        assert [(one.tag, one.id) for one in found.foreign] == [("performer", "p"), ("callActivity", "p1")]

    @pytest.mark.parametrize("side", ["", "NaN", "inf", "wide"])
    def test_what_cannot_be_drawn_is_named_and_not_taken_for_an_unreadable_file(self, side: str) -> None:
        found = flow(STRAIGHT, more=PICTURE.format(side=side))

        missing = [one for one in check_flow(found, definition_for(found), {}) if one.code == "shape-missing"]

        assert "s" not in found.boxes
        assert "t" in found.boxes
        assert "s" in {fault.element for fault in missing}
        assert found.paths["a"] == ((7.0, 8.0),)

    def test_what_is_longer_than_cases_keep_is_named(self) -> None:
        long = "n" * 64
        found = flow(STRAIGHT.replace('"t"', f'"{long}"'))

        named = [
            one.element for one in check_flow(found, definition_for(found), {}) if one.code == "name-too-long"
        ]

        assert named == [long]

    @pytest.mark.parametrize("text", ["<a/>", HEAD])
    def test_what_is_no_flow_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            read_flow(text)


class TestSureBefore:
    def test_a_task_is_sure_where_no_way_leads_around_it(self) -> None:
        found = flow(STRAIGHT)

        assert found.is_sure_before("t", "e")
        assert not found.is_sure_before("m", "t")
        assert not found.is_sure_before("t", "e", places=["m"])

    def test_an_event_at_its_boundary_ends_it_without_an_outcome(self) -> None:
        event = (
            '<bpmn:boundaryEvent id="late" attachedToRef="t"><bpmn:timerEventDefinition/></bpmn:boundaryEvent>'
            '<bpmn:sequenceFlow id="x" sourceRef="late" targetRef="m"/>'
        )

        assert not flow(STRAIGHT, event).is_sure_before("t", "m")
