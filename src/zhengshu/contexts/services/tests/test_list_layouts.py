"""The same item in the layouts and spellings of others: it is read alike, and nothing is lost."""

import io
import json
from collections.abc import Sequence

import pytest
from openpyxl import Workbook

from zhengshu.contexts.services.application.read_list import ListNotReadable, read_list
from zhengshu.contexts.services.domain.held import Held
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.limits import ItemLimit, LimitUnit
from zhengshu.contexts.services.domain.lists.headings import known_heading, with_known_headings
from zhengshu.contexts.services.domain.lists.reading import ReadItem, read_record
from zhengshu.contexts.services.domain.vocabulary import ItemKind, ItemLevel

NOTHING_HELD = Held()
FIVE_DAYS = ItemLimit(value=5, unit=LimitUnit.WORKING_DAYS)
ITEM = {
    "task_name": "小作坊登记",
    "dept_name": "区市监局",
    "task_type": "行政许可",
    "promised": "5(工作日)",
    "material_intro": ["营业执照", "申请表"],
}
CAMEL = {
    "taskName": "小作坊登记",
    "deptName": "区市监局",
    "taskType": "行政许可",
    "promiseDay": "5",
    "promiseType": "工作日",
    "materialList": [{"materialName": "营业执照"}, {"materialName": "申请表"}],
}
NESTED = {
    "name": "小作坊登记",
    "department": {"name": "区市监局", "code": "1"},
    "matter_type": "行政许可",
    "promise_limit": "5个工作日",
    "materials": [{"name": "营业执照", "isRequired": "是"}, {"name": "申请表", "isRequired": "否"}],
}
HEADS = ("*事项名称", "实施主体（必填）", "权力类型：", "承诺时限（工作日）", "所需材料")
CELLS = ("小作坊登记", "区市监局", "行政许可", "5", "营业执照\n申请表")
TABLE = ",".join(HEADS) + "\n" + ",".join(f'"{cell}"' for cell in CELLS) + "\n"


def text(tree: object) -> str:
    return json.dumps(tree, ensure_ascii=False)


def workbook(*sheets: Sequence[Sequence[str]]) -> bytes:
    book = Workbook(write_only=True)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def read(data: bytes, name: str) -> list[ReadItem]:
    return [read_record(one.values, held=NOTHING_HELD) for one in read_list(data, name=name)]


def draft(data: bytes, name: str) -> ItemDraft:
    [one] = read(data, name)
    assert one.draft is not None
    assert one.department == "区市监局"
    return one.draft


class TestLayouts:
    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (text([ITEM]).encode(), "a.json"),
            (text(ITEM).encode(), "a.jsonl"),
            (text({"code": 200, "data": {"list": [ITEM]}}).encode(), "a.json"),
            (text([{key.upper(): value for key, value in ITEM.items()}]).encode(), "a.json"),
            (text([CAMEL]).encode(), "a.json"),
            (text([NESTED]).encode("gb18030"), "a.json"),
            (text([ITEM]).encode("utf-16"), "a.json"),
            (text([ITEM]).encode(), "a.txt"),
            (f"export default {text([ITEM])};".encode(), "a.js"),
            (f"const config = {{}};\nwindow.data = {text([ITEM])};".encode(), "a.js"),
            (f"(function () {{ if (a) {{ b() }} const data = {text([ITEM])}; }})();".encode(), "a.js"),
            (TABLE.encode("gb18030"), "a.csv"),
            (TABLE.replace(",", "\t").encode("utf-16"), "a.txt"),
            (workbook([("填表说明",)], [HEADS, CELLS]), "a.xlsx"),
        ],
    )
    def test_are_read_alike(self, data: bytes, name: str) -> None:
        found = draft(data, name)

        assert (found.name, found.kind) == ("小作坊登记", ItemKind.LICENSE)
        assert found.promised == FIVE_DAYS
        assert [material.name for material in found.materials] == ["营业执照", "申请表"]

    def test_lines_of_json_may_have_the_ending_of_a_tree(self) -> None:
        found = read(f"{text(ITEM)}\n{text(CAMEL)}\n".encode(), "a.json")

        assert [one.name for one in found] == ["小作坊登记", "小作坊登记"]

    def test_each_department_may_have_a_sheet(self) -> None:
        found = read(workbook([HEADS, CELLS], [("说明",)], [HEADS, ("乙", *CELLS[1:])]), "a.xlsx")

        assert [one.name for one in found] == ["小作坊登记", "乙"]

    def test_a_record_that_has_to_be_computed_is_not_passed_over_in_silence(self) -> None:
        with pytest.raises(ListNotReadable, match="line 2"):
            read_list(b'a = [{name: "x"},\n{name: load()}, {name: "y"}]', name="a.js")

    def test_what_stands_around_items_is_not_their_own(self) -> None:
        tree = {"code": 0, "department": "区市监局", "name": "食品", "items": [{"task_name": "小作坊登记"}]}

        found = draft(text(tree).encode(), "a.json")

        assert (found.name, found.implementation_code, found.words) == ("小作坊登记", "", ("食品",))

    def test_what_objects_say_of_materials_goes_along(self) -> None:
        found = draft(text([NESTED]).encode(), "a.json")

        assert [one.is_required for one in found.materials] == [True, False]


class TestHeadings:
    @pytest.mark.parametrize(
        ("written", "known"),
        [
            ("Task Name", "TASK_NAME"),
            ("＊事项名称", "事项名称"),
            ("法定时限(工作日)", "法定时限"),
            ("备注", "备注"),
        ],
    )
    def test_are_known_however_they_are_spelled(self, written: str, known: str) -> None:
        assert known_heading(written) == known

    def test_two_spellings_lose_no_value(self) -> None:
        found = with_known_headings({"TASK_NAME": "甲", "taskName": "乙"})

        assert sorted(map(str, found.values())) == ["乙", "甲"]

    def test_a_unit_of_its_own_is_kept(self) -> None:
        found = read_record({"事项名称": "甲", "承诺时限（天）": "3个工作日"}, held=NOTHING_HELD)

        assert found.draft is not None
        assert found.draft.promised == ItemLimit(value=3, unit=LimitUnit.WORKING_DAYS)


class TestRegions:
    @pytest.mark.parametrize(
        ("code", "level"),
        [("440000", ItemLevel.PROVINCE), ("440100", ItemLevel.CITY), ("511602000000", ItemLevel.COUNTY)],
    )
    def test_tell_the_level_that_a_list_leaves_out(self, code: str, level: ItemLevel) -> None:
        link = f"http://city.test/item?areaCode={code}&itemCode=A1"

        found = read_record({"name": "甲", "department": "乙", "link": link}, held=NOTHING_HELD)

        assert found.draft is not None
        assert found.draft.level is level
        assert found.draft.jurisdiction_code == code.removesuffix("000000")
        assert "missing" not in {note.code for note in found.notes if note.heading == "行使层级"}
