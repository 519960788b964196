"""Tables that are assessed in tests: a resource of enterprises, its rows, a pack of rules."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from zhengshu.contexts.catalog.api import DataType, Grade, ItemDraft, ResourceRecord
from zhengshu.contexts.lake.api import BatchRecord
from zhengshu.contexts.lake.tests import factories as lake
from zhengshu.contexts.quality.application.ask_assessment import ask_assessment
from zhengshu.contexts.quality.application.assess_table import assess_table
from zhengshu.contexts.quality.models import Run
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId

AT = lake.AT
PLATFORM = lake.PLATFORM
GOOD = ("91470300000000001A", "91470300000000002B")
ITEMS = (
    ItemDraft(name="编号", column="number", length=20, is_key=True, is_required=True),
    ItemDraft(name="企业名称", column="name", length=100),
    ItemDraft(name="联系人", column="contact", length=50, grade=Grade.GENERAL_3),
    ItemDraft(name="登记日期", column="registered_on", length=20),
    ItemDraft(name="员工数", column="staff", data_type=DataType.INTEGER),
)
HEADINGS = tuple(item.name for item in ITEMS)
PACK = """
table: firms
name: 测试企业
columns:
  number: {name: 编号}
  name: {name: 企业名称}
  contact: {name: 联系人}
  registered_on: {name: 登记日期}
  staff: {name: 员工数}
rules:
  - {code: firms-name-there, name: 企业名称必填, column: name, kind: complete,
     indicator: "0201", severity: error, weight: 2, basis: 测试,
     passes: [{name: 甲}], fails: [{name: null}]}
  - {code: firms-contact-form, name: 联系人不含空格, column: contact, kind: pattern, pattern: "[^ ]+",
     indicator: "0302", severity: warning, weight: 1, basis: 测试,
     passes: [{contact: 甲}], fails: [{contact: "甲 乙"}]}
  - {code: firms-registered-type, name: 登记日期写成年-月-日, column: registered_on, kind: type, type: date,
     indicator: "0302", severity: error, weight: 1, basis: 测试,
     passes: [{registered_on: "2024-03-05"}], fails: [{registered_on: "2024/3/5"}]}
  - {code: firms-key, name: 名称不重复, kind: unique, columns: [name],
     indicator: "0304", severity: error, weight: 1, basis: 测试,
     passes: [[{name: "1"}, {name: "2"}]], fails: [[{name: "1"}, {name: "1"}]]}
  - {code: firms-staff-range, name: 员工数合理, column: staff, kind: range, least: "0", most: "1000",
     indicator: "0301", severity: warning, weight: 1, basis: 测试,
     passes: [{staff: "5"}], fails: [{staff: "5000"}]}
"""


def pack(folder: Path, text: str = PACK) -> Path:
    """Write a folder of packs whose pack `test` describes the table of these tests."""
    own = folder / "rules" / "test"
    own.mkdir(parents=True, exist_ok=True)
    (own / "pack.yaml").write_text("name: 测试规则\n", encoding="utf-8")
    (own / "firms.yaml").write_text(text, encoding="utf-8")
    return folder


def resource(*, department_id: DepartmentId | None = None, name: str = "测试企业") -> ResourceRecord:
    """Declare a resource that the pack describes."""
    return lake.resource(items=ITEMS, department_id=department_id, name=name)


def row(number: int, **changes: str) -> list[str]:
    """Return a row that fulfils all rules, with changes by column."""
    values = {
        "number": f"N{number:05d}",
        "name": f"第{number}商贸有限公司",
        "contact": "张三",
        "registered_on": "2020-05-06",
        "staff": "12",
    }
    return list({**values, **changes}.values())


def deliver(
    target: ResourceRecord, folder: Path, rows: Iterable[Sequence[str]], *, later: bool = False
) -> BatchRecord:
    """Deliver rows of the resource."""
    content = lake.text(rows, headings=HEADINGS)
    return lake.collected(target, lake.file(folder, content), later=later)


FAULTY_ROWS = (
    row(1),
    row(2, name=""),
    row(3, contact="李 四"),
    row(4, registered_on="2020/5/6"),
    row(5, name="第1商贸有限公司"),
    row(6, registered_on="２０２０-05-06", staff="4000"),
)
"""One row for each rule, one that fails two, one that fails none."""


def assessed(
    target: ResourceRecord, *, actor: Actor = PLATFORM, at: datetime = AT + timedelta(hours=2)
) -> Run:
    """Assess a resource to the end."""
    run_id = ask_assessment(resource_code=target.code, actor=actor, at=at)
    assess_table(run_id=run_id, at=at)
    return Run.objects.get(id=run_id)


def actor(*roles: Role, department_id: UUID | None = None) -> Actor:
    """Return an official."""
    return trust.actor(*roles, department_id=department_id)
