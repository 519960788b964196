"""Resources and files as tests need them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.catalog.api import DataType, Grade, ItemDraft, Known, ResourceDraft, ResourceRecord
from zhengshu.contexts.lake import api
from zhengshu.contexts.lake.api import BatchRecord
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PLATFORM = Actor.platform("tests")
ALL = ListQuery(size=200)
CLASSIFICATION = "307010"

ITEMS = (
    ItemDraft(name="统一社会信用代码", column="credit_code", length=18, is_key=True, is_required=True),
    ItemDraft(name="企业名称", column="name", length=100, is_required=True),
    ItemDraft(name="成立日期", column="founded_on", data_type=DataType.DATE),
    ItemDraft(name="注册资本", column="capital", data_type=DataType.DECIMAL),
    ItemDraft(name="从业人数", column="staff", data_type=DataType.INTEGER),
    ItemDraft(name="是否上市", column="is_listed", data_type=DataType.BOOLEAN),
    ItemDraft(name="更新时间", column="changed_at", data_type=DataType.DATETIME),
    ItemDraft(name="法定代表人", column="legal_person", grade=Grade.GENERAL_3),
)
HEADINGS = tuple(item.name for item in ITEMS)


def row(number: int = 1, **changes: str) -> list[str]:
    """Return a row that fits, with changes by column."""
    values = {
        "credit_code": f"91470300{number:010d}",
        "name": f"云州第{number}商贸有限公司",
        "founded_on": "2014-05-06",
        "capital": "1200000.50",
        "staff": str(number % 500),
        "is_listed": "否",
        "changed_at": "2026-03-01 08:30:00",
        "legal_person": "张三丰",
    }
    return list({**values, **changes}.values())


def text(rows: Iterable[Sequence[str]], *, headings: Sequence[str] = HEADINGS, delimiter: str = ",") -> str:
    """Return a delimited text."""
    return "".join(delimiter.join(cells) + "\n" for cells in [headings, *rows])


def file(folder: Path, content: str | bytes, *, name: str = "企业.csv") -> Path:
    """Write a file to deliver."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def resource(
    *,
    items: Sequence[ItemDraft] = ITEMS,
    department_id: DepartmentId | None = None,
    name: str = "企业登记信息",
) -> ResourceRecord:
    """Declare a resource of a department."""
    return catalog.draft_resource(
        draft=ResourceDraft(
            name=name,
            summary="登记在册的企业及其基本情况，供各部门核对使用。",
            classification=CLASSIFICATION,
            items=tuple(items),
            format_type="CSV",
            duty_basis="云州市市场监督管理局职能配置规定",
        ),
        actor=PLATFORM,
        at=AT,
        department_id=department_id or trust.department().id,
        known=Known(classifications=frozenset({CLASSIFICATION})),
    )


def officer(department_id: DepartmentId | None = None) -> Actor:
    """Return a data officer."""
    return trust.actor(Role.DATA_OFFICER, department_id=department_id)


def collected(
    target: ResourceRecord,
    path: Path,
    *,
    mode: api.DeliveryMode = api.DeliveryMode.REPLACE,
    is_repetition_meant: bool = False,
    later: bool = False,
) -> BatchRecord:
    """Collect a file for a resource."""
    return api.collect(
        resource_code=target.code,
        source=path,
        file_name=path.name,
        actor=PLATFORM,
        at=AT + timedelta(hours=1) if later else AT,
        mode=mode,
        is_repetition_meant=is_repetition_meant,
    )
