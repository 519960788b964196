import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, transaction
from lxml import etree

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.domain.diagram import BPMNDI, read_flow
from zhengshu.contexts.casework.interfaces.commands import packs
from zhengshu.contexts.casework.models import Case, CaseTypeVersion
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT, PACKS, City

TYPE = "catalog-publication"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of a case type that may be spoilt."""
    return Path(shutil.copytree(PACKS / TYPE, tmp_path / "types" / TYPE))


def change(pack: Path, file: str, old: str, new: str) -> None:
    text = (pack / file).read_text(encoding="utf-8")
    assert old in text
    (pack / file).write_text(text.replace(old, new), encoding="utf-8")


def opened(place: City) -> api.CaseRecord:
    return api.open_case(
        case_type=TYPE,
        subject=factories.subject(),
        parties={"provider": place.provider, "authority": place.authority},
        data={},
        actor=place.provider_officer,
        at=AT,
    )


FAULTS = [
    (
        "type.yaml",
        "basis: 国务院令第809号第十七条}",
        'basis: ""}',
        "basis-missing",
        "clocks.review.limits[0].basis",
    ),
    ("type.yaml", "value: 2", "value: 0", "value-unfit", "clocks.review.limits[0].value"),
    ("type.yaml", "roles: [reviewer]", "roles: []", "no-roles", "lanes.authority_reviewer.roles"),
    ("type.yaml", "party: authority", "party: court", "unknown-reference", "lanes.authority_reviewer.party"),
    (
        "type.yaml",
        "not_after: [head_approval]",
        "not_after: [x]",
        "unknown-reference",
        "tasks.authority_review.not_after",
    ),
    ("type.yaml", "  revise_draft:\n", "  rewrite_draft:\n", "task-without-rule", "revise_draft"),
    ("type.yaml", "prefix: ML", "prefix: ml", "prefix-unfit", "number.prefix"),
    (
        "type.yaml",
        "value: 2,",
        "when: 'version > 1', value: 2,",
        "limit-not-for-all",
        "clocks.review.limits[0].when",
    ),
    (
        "type.yaml",
        "value: 2,",
        "when: 'open(1)', value: 2,",
        "expression-unfit",
        "clocks.review.limits[0].when",
    ),
    (
        "type.yaml",
        "starts_with: authority_review",
        "starts_with: nothing",
        "unknown-reference",
        "clocks.review.starts_with",
    ),
    (
        "type.yaml",
        "[published, abandoned, withdrawn]",
        "[published, abandoned, withdrawn, lost]",
        "end-not-reached",
        "ends.lost",
    ),
    ("type.yaml", "default: 1}", "default: one}", "default-unfit", "data.version.default"),
    (
        "type.yaml",
        "      abandon: {tone: danger}",
        "      abandon: {once: true}",
        "basis-missing",
        "tasks.revise_draft.outcomes.abandon.basis",
    ),
    (
        "type.yaml",
        "      abandon: {tone: danger}",
        "      abandon: {}\n      pause: {}",
        "outcome-without-flow",
        "revise_draft",
    ),
    ("type.yaml", "  revise_draft:\n", "  1draft:\n", "id-unfit", "tasks.1draft"),
    ("type.yaml", "  revise_draft:\n", "  _avoidance:\n", "name-reserved", "tasks._avoidance"),
    ("type.yaml", "[published, ", "[open, published, ", "name-reserved", "ends.open"),
    ("type.yaml", "code: catalog-publication", "code: other", "folder-named-otherwise", "code"),
    ("type.yaml", "per: day", "per: hour", "unreadable", ""),
    ("type.yaml", "parties:", "partis:", "unreadable", ""),
    ("flow.bpmn", ' default="f_head_return"', "", "default-missing", "head_decision"),
    (
        "flow.bpmn",
        'head_approval == "approve"',
        'head_approval == "yes"',
        "text-impossible",
        "f_head_approve",
    ),
    ("flow.bpmn", 'head_approval == "approve"', "someone", "name-unknown", "f_head_approve"),
    ("flow.bpmn", 'head_approval == "approve"', "__import__('os')", "expression-unfit", "f_head_approve"),
    (
        "flow.bpmn",
        'sourceRef="start" targetRef="head_approval"',
        'sourceRef="start" targetRef="abandoned"',
        "unreachable",
        "head_approval",
    ),
    (
        "flow.bpmn",
        'sourceRef="review_decision" targetRef="published"',
        'sourceRef="review_decision" targetRef="nowhere"',
        "arrow-loose",
        "f_publish",
    ),
    ("flow.bpmn", "<bpmn:flowNodeRef>revise_draft</bpmn:flowNodeRef>", "", "lane-missing", "revise_draft"),
    ("flow.bpmn", '<bpmn:lane id="provider_head"', '<bpmn:lane id="chief"', "lane-without-rule", "chief"),
    ("flow.bpmn", "bpmn:userTask", "bpmn:serviceTask", "element-unsupported", ""),
    ("flow.bpmn", "<bpmn:process", "<bpmn:nothing", "unreadable", ""),
    ("texts/en.yaml", "    name: Revise the draft\n", "", "name-missing", "tasks.revise_draft.name"),
    (
        "texts/zh-hans.yaml",
        "abandon: 放弃发布",
        "abondon: 放弃发布",
        "name-superfluous",
        "tasks.revise_draft.outcomes.abondon",
    ),
]


class TestCheck:
    @pytest.mark.parametrize("name", [folder.name for folder in api.case_type_folders(folder=PACKS)])
    def test_our_own_types_have_no_faults(self, name: str) -> None:
        assert api.check_case_type(folder=PACKS / name) == ()

    def test_no_case_type_is_special_to_the_engine(self) -> None:
        names = [folder.name for folder in api.case_type_folders(folder=PACKS)]
        room = Path(api.__file__).parent

        naming = [
            f"{file.relative_to(room)}: {name}"
            for file in room.rglob("*.py")
            if "tests" not in file.parts
            and file.name not in {"submit_draft.py", "apply_for_seal.py"}  # users of the engine
            for name in names
            if f'"{name}"' in file.read_text(encoding="utf-8")
        ]

        assert len(names) > 1
        assert naming == []

    @pytest.mark.parametrize(("file", "old", "new", "code", "element"), FAULTS)
    def test_fault_is_named_with_its_place(
        self, pack: Path, file: str, old: str, new: str, code: str, element: str
    ) -> None:
        change(pack, file, old, new)

        faults = api.check_case_type(folder=pack)

        assert code in {fault.code for fault in faults}
        if element:
            assert element in {fault.element for fault in faults if fault.code == code}
        assert all(fault.text() for fault in faults)

    def test_dead_end_and_idle_loop_are_named(self, pack: Path) -> None:
        change(
            pack,
            "flow.bpmn",
            'sourceRef="review_decision" targetRef="published"',
            'sourceRef="review_decision" targetRef="review_decision"',
        )

        codes = {fault.code for fault in api.check_case_type(folder=pack)}

        assert {"loop-without-task", "unreachable"} <= codes

    def test_missing_file_is_named(self, pack: Path) -> None:
        (pack / "flow.bpmn").unlink()

        (fault,) = api.check_case_type(folder=pack)

        assert (fault.file, fault.code) == ("flow.bpmn", "file-missing")

    @pytest.mark.parametrize(
        "content", [b"\xff\xfe\x00", b"<", b"", b"<!DOCTYPE a [<!ENTITY a '" + b"a" * 100 + b"'>]><a>&a;</a>"]
    )
    def test_garbage_is_a_fault_and_no_crash(self, pack: Path, content: bytes) -> None:
        (pack / "flow.bpmn").write_bytes(content)

        assert api.check_case_type(folder=pack)


class TestDiagrams:
    @pytest.mark.parametrize("name", ["share-request", "catalog-publication"])
    def test_every_element_has_its_place_for_a_modeller(self, name: str) -> None:
        text = (PACKS / name / "flow.bpmn").read_text(encoding="utf-8")
        flow = read_flow(text)
        planes = etree.fromstring(text.encode()).iter(f"{{{BPMNDI}}}BPMNPlane")

        assert set(flow.nodes) <= set(flow.boxes)
        assert {lane.id for lane in flow.lanes} <= set(flow.boxes)
        assert {arrow.id for arrow in flow.arrows} == set(flow.paths)
        assert [plane.get("bpmnElement") for plane in planes] == ["collaboration"]


@pytest.mark.django_db
class TestLoad:
    def test_is_idempotent(self, pack: Path) -> None:
        first = api.load_case_types(folder=pack.parent, at=AT)
        second = api.load_case_types(folder=pack.parent, at=AT)

        assert (first, second) == ((TYPE,), ())
        assert CaseTypeVersion.objects.count() == 1

    def test_running_cases_keep_their_version(self, pack: Path) -> None:
        place = factories.city()
        first = opened(place)
        change(pack, "type.yaml", "value: 2", "value: 1")

        assert api.load_case_types(folder=pack.parent, at=AT) == (TYPE,)
        second = opened(place)

        for case, days in ((first, 2), (second, 1)):
            approved = api.complete_task(
                case_id=case.id, task="head_approval", outcome="approve", actor=place.provider_head, at=AT
            )
            assert approved.clocks[0].value == days
        editions = [case.version.edition for case in Case.objects.order_by("id").select_related("version")]
        assert editions == [1, 2]

    def test_older_content_becomes_current_again_without_a_new_version(self, pack: Path) -> None:
        api.load_case_types(folder=pack.parent, at=AT)
        change(pack, "type.yaml", "value: 2", "value: 1")
        api.load_case_types(folder=pack.parent, at=AT)
        change(pack, "type.yaml", "value: 1", "value: 2")

        assert api.load_case_types(folder=pack.parent, at=AT) == (TYPE,)

        assert CaseTypeVersion.objects.count() == 2
        assert CaseTypeVersion.objects.get(is_current=True).edition == 1

    def test_faulty_type_is_refused_and_nothing_is_loaded(self, pack: Path) -> None:
        change(pack, "type.yaml", "roles: [reviewer]", "roles: []")

        with pytest.raises(api.CaseTypeFaulty):
            api.load_case_types(folder=pack.parent, at=AT)

        assert not CaseTypeVersion.objects.exists()

    @pytest.mark.parametrize("field", ["definition", "flow", "digest"])
    def test_database_refuses_to_change_a_version(self, pack: Path, field: str) -> None:
        api.load_case_types(folder=pack.parent, at=AT)

        with pytest.raises(DatabaseError), transaction.atomic():
            CaseTypeVersion.objects.update(**{field: "x"})
        with pytest.raises(DatabaseError), transaction.atomic():
            CaseTypeVersion.objects.all().delete()

    def test_database_refuses_to_change_a_timeline(self) -> None:
        case = Case.objects.get(pk=factories.share_request(factories.city()).id)

        with pytest.raises(DatabaseError), transaction.atomic():
            case.timeline.update(reason="")
        with pytest.raises(DatabaseError), transaction.atomic():
            case.timeline.all().delete()


@pytest.mark.django_db
class TestCommand:
    def test_check_names_every_fault_and_fails(self, pack: Path) -> None:
        change(pack, "type.yaml", "roles: [reviewer]", "roles: []")

        result = CliRunner().invoke(packs, ["check", str(pack.parent)])

        assert result.exit_code == 1
        assert "lanes.authority_reviewer.roles" in result.output

    def test_load_says_what_changed(self, pack: Path) -> None:
        first = CliRunner().invoke(packs, ["load", str(pack.parent)])
        second = CliRunner().invoke(packs, ["load", str(pack.parent)])

        assert (first.exit_code, second.exit_code) == (0, 0)
        assert TYPE in first.output
        assert TYPE not in second.output
