"""The 64 data items of GB/T 39046-2020, table 4: each is declared, kept, compared, exported, read again and shown."""

import msgspec
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.catalog.tests.factories import City
from zhengshu.contexts.services.application.elements import declared_of
from zhengshu.contexts.services.application.export_items import HEADERS, export_rows
from zhengshu.contexts.services.application.load_items import load_items
from zhengshu.contexts.services.application.queries import item
from zhengshu.contexts.services.domain.differences import differences
from zhengshu.contexts.services.domain.elements import (
    ELEMENTS,
    Element,
    values_of,
)
from zhengshu.contexts.services.domain.held import Held
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.lists.reading import read_record
from zhengshu.contexts.services.domain.vocabulary import (
    Audience,
    BodyNature,
    CaseKind,
    Channel,
    ItemKind,
    ItemLevel,
    PauseKind,
    Satisfaction,
)
from zhengshu.contexts.services.interfaces.elements import shown_elements, shown_materials
from zhengshu.contexts.services.tests.factories import AT, TODAY, published
from zhengshu.contexts.trust.tests.factories import credit_code
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor

ANYBODY = Actor.anonymous()

TABLE_4 = """
1 事项名称 an..200
2 基本编码 an..10
3 实施编码 an..24
4 事项类型 an..30
5 事项类型代码 n2
6 设定依据 a..1000
7 行使层级 an..200
8 行使层级代码 n1
9 权限划分 a..1000
10 行使内容 ..ul
11 实施主体 an..100
12 实施主体代码 an..18
13 实施主体性质 an..100
14 实施主体性质代码 n1
15 法定办结时限 an..20
16 法定办结时限单位 an..20
17 法定办结时限说明 ..ul
18 承诺办结时限 an..20
19 承诺办结时限单位 an..20
20 承诺办结时限说明 ..ul
21 受理条件 ..ul
22 办理流程 ..ul
23 共同实施部门 an..100
24 共同实施部门代码 an..18
25 承办机构 an..100
26 承办机构代码 an..18
27 中介服务 an..2000
28 数量限制 an..200
29 结果名称 an..100
30 结果样本 binary
31 是否收费 n1
32 收费依据 ..ul
33 通办范围代码 n1
34 服务对象 an..200
35 服务对象代码 an..10
36 服务主题 an..200
37 法人服务主题代码 an..10
38 自然人服务主题代码 an..10
39 办理形式 an..20
40 办理形式代码 an..10
41 特别程序 ..ul
42 行政管辖 an..20
43 行政管辖代码 an..10
44 是否支持预约办理 n1
45 是否支持网上支付 n1
46 是否支持物流快递 n1
47 是否网办 n1
48 网办地址 an..50
49 运行系统层级 an..20
50 办理地点 an..100
51 办理时间 an..150
52 咨询方式 an..20
53 咨询电话 an..18
54 监督电话 an..18
55 常见问题 an..1000
56 材料名称 an..200
57 出具机构 an..100
58 出具时间要求 an..150
59 材料办理说明 an..500
60 材料办理地点 an..400
61 材料使用说明 an..500
62 原件份数 n..2
63 复印件份数 n..2
64 是否必备材料 n1
"""

FULL: dict[str, object] = {
    "name": "户外招牌设置",
    "basic_code": "0001170030",
    "implementation_code": "370117003001",
    "kind": "01",
    "basis": ["某条例第十条", "某办法第三条"],
    "level": "3",
    "division": "市、区分工负责",
    "exercised": "受理、审查、决定",
    "body_nature": "2",
    "statutory": {"value": 20, "unit": "working_days", "note": "自受理之日起"},
    "promised": {"value": 5, "unit": "working_days", "note": "不含现场核查"},
    "conditions": ["位置合规", "结构安全"],
    "steps": [{"name": "受理"}, {"name": "决定"}],
    "joint_bodies": [{"name": "某规划局", "code": credit_code(8)}, {"name": "某公安局", "code": credit_code(9)}],
    "handling_body": {"name": "招牌科", "code": credit_code(7)},
    "intermediary": "结构安全鉴定",
    "quantity_limit": "每店一块",
    "outcomes": [{"name": "设置许可", "sample": "样本一"}, {"name": "备案回执", "sample": "样本二"}],
    "is_charged": True,
    "fee_basis": "某价目第二项",
    "range": "4",
    "audiences": ["1", "2"],
    "case_kind": "2",
    "themes": ["market", "birth"],
    "channels": ["1", "2"],
    "special_procedures": ["2"],
    "special_note": "现场核查",
    "jurisdiction": "本市",
    "jurisdiction_code": "470300",
    "is_bookable": True,
    "is_payable_online": True,
    "is_delivered": True,
    "online_address": "https://example.org/a",
    "system_level": "3",
    "places": [{"name": "政务中心二楼"}],
    "hours": "工作日九点至五点",
    "consulting": "电话或到窗口",
    "phone": "0380-5512345",
    "complaint_phone": "0380-5512388",
    "questions": [{"question": "晚上能办吗？", "answer": "网上能。"}],
    "visits": 1,
    "materials": [
        {"name": "效果图", "issuer": "设计单位", "issued_within": "一年内", "how_to_fill": "彩色",
         "issuer_place": "不限", "used_for": "核对样式", "originals": 1, "copies": 2, "is_required": True},
        {"name": "租赁合同", "issuer": "出租人", "issued_within": "有效期内", "how_to_fill": "复印",
         "issuer_place": "住所", "used_for": "核对场所", "originals": 0, "copies": 1, "is_required": False},
    ],
}  # fmt: skip
"""A declaration with a value for every element."""

OTHERS: dict[str, object] = {
    "name": "招牌设置", "basic_code": "9", "implementation_code": "8", "kind": "07", "basis": ["另一条例"],
    "level": "4", "division": "区负责", "exercised": "决定", "body_nature": "1", "statutory": None, "promised": None,
    "conditions": ["无违法"], "steps": [{"name": "申请"}], "joint_bodies": [], "handling_body": None,
    "intermediary": "", "quantity_limit": "", "outcomes": [{"name": "批文"}], "is_charged": False, "fee_basis": "",
    "range": None, "audiences": ["3"], "themes": [], "channels": ["1"], "special_procedures": [], "special_note": "",
    "jurisdiction": "", "jurisdiction_code": "", "is_bookable": False, "is_payable_online": False,
    "is_delivered": False, "online_address": "", "system_level": None, "places": [], "hours": "", "consulting": "",
    "phone": "1", "complaint_phone": "2", "questions": [],
}  # fmt: skip
"""Another value for every part that holds elements, materials left aside."""


def full(**changes: object) -> ItemDraft:
    return msgspec.convert({**FULL, **changes}, ItemDraft)


class TestTable:
    def test_has_the_data_items_of_the_standard(self) -> None:
        lines = [line.split() for line in TABLE_4.strip().splitlines()]

        assert [[str(one.number), one.name, one.form] for one in ELEMENTS] == lines
        assert len(lines) == 64

    @pytest.mark.parametrize(
        ("table", "codes"),
        [
            (ItemKind, "00 01 02 03 04 05 06 07 08 09 10 20"),
            (ItemLevel, "1 2 3 4 5 6 7"),
            (BodyNature, "1 2 3 9"),
            (Audience, "1 2 3 4 5 6"),
            (Channel, "1 2 3 4 9"),
            (CaseKind, "1 2 9"),
            (PauseKind, "1 2"),
            (Satisfaction, "1 2 3 4 5"),
        ],
    )
    def test_has_the_code_tables_of_annex_a(self, table: type, codes: str) -> None:
        assert sorted(one.value for one in table) == codes.split()  # type: ignore[attr-defined]  # all are enums

    @pytest.mark.parametrize("element", [one for one in ELEMENTS if one.field], ids=lambda one: one.name)
    def test_a_change_of_an_element_is_a_difference(self, element: Element) -> None:
        if element.is_of_material:
            other = {**FULL["materials"][1], "name": "x"}  # type: ignore[index]  # a list
            after, part = full(materials=[other]), "materials"
        else:
            after, part = full(**{element.field: OTHERS[element.field]}), element.field

        assert differences(full(), after) == (part,)


@pytest.mark.django_db
class TestEveryElement:
    @pytest.fixture
    def kept(self, town: City) -> ItemDraft:
        load_items(folder=settings.PACKS_FOLDER / "service-items", at=AT)  # for the themes
        published("e-sign", full(), department_id=town.market, department_name="市市场监督管理局")
        return full()

    def test_is_kept_and_has_a_value(self, kept: ItemDraft) -> None:
        found = item(code="e-sign", actor=ANYBODY, on=TODAY)

        assert found.facts == kept
        assert [one.name for one, values in values_of(declared_of(found)) if not any(values)] == []

    def test_is_exported_under_its_name(self, kept: ItemDraft) -> None:
        (row,) = export_rows(query=ListQuery(text=kept.name), actor=ANYBODY)
        cells = dict(zip(HEADERS, row, strict=True))

        found = item(code="e-sign", actor=ANYBODY, on=TODAY)
        for one, values in values_of(declared_of(found)):
            assert cells[one.name] == "\n".join(values) != ""

    def test_is_read_again_from_an_export(self, kept: ItemDraft) -> None:
        (row,) = export_rows(query=ListQuery(text=kept.name), actor=ANYBODY)

        read = read_record(dict(zip(HEADERS, row, strict=True)), held=Held())

        assert read.notes == ()
        assert read.draft is not None
        assert differences(kept, read.draft) == ()

    def test_is_shown_in_the_guide(self, kept: ItemDraft) -> None:
        found = item(code="e-sign", actor=ANYBODY, on=TODAY)
        text = Client().get(reverse("services:item-guide", args=["e-sign"])).content.decode()

        shown, materials = shown_elements(found), shown_materials(found)
        assert [one.number for one in shown] == list(range(1, 56))
        assert len(materials.head) == 9
        assert all(one.text for one in shown)
        for value in (
            "470300",
            credit_code(7),
            credit_code(9),
            "结构安全鉴定",
            "设计单位",
            "有效期内",
            "核对场所",
        ):
            assert value in text
