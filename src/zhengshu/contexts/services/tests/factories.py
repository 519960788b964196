"""Items for tests."""

from datetime import UTC, date, datetime

import msgspec

from zhengshu.contexts.services.application.versions import new_version, put_in_force
from zhengshu.contexts.services.domain.items import ItemDraft
from zhengshu.contexts.services.domain.vocabulary import ItemState
from zhengshu.contexts.services.models import ServiceItem
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId

AT = datetime(2026, 6, 1, 2, tzinfo=UTC)
TODAY = date(2026, 6, 1)
PLATFORM = Actor.platform("services.tests")

FACTS: dict[str, object] = {
    "name": "路灯报修",
    "kind": "20",
    "level": "3",
    "audiences": ["1"],
    "case_kind": "2",
    "summary": "路灯不亮了，报一下就有人来修。",
    "conditions": ["路灯在本市。"],
    "steps": [{"name": "报修", "by": "市民"}, {"name": "维修", "by": "路灯所", "time": "2个工作日"}],
    "outcomes": [{"name": "修复结果"}],
    "statutory": {"value": 5, "unit": "working_days", "basis": "某办法"},
    "promised": {"value": 2, "unit": "working_days"},
    "channels": ["2", "3"],
    "hours": "全天",
    "phone": "0380-5500000",
    "complaint_phone": "0380-5500001",
}


def draft(**changes: object) -> ItemDraft:
    """Return a good declaration with some parts changed."""
    return msgspec.convert({**FACTS, **changes}, ItemDraft)


def published(
    code: str,
    declared: ItemDraft | None = None,
    *,
    department_id: DepartmentId | None = None,
    authority_id: DepartmentId | None = None,
    department_name: str = "测试局",
    since: date = TODAY,
    at: datetime = AT,
) -> ServiceItem:
    """Publish an item as the platform does."""
    facts = declared or draft()
    item = ServiceItem.objects.create(
        code=code,
        name=facts.name,
        department_id=department_id,
        authority_id=authority_id,
        department_name=department_name,
        level=facts.level.value,
        kind=facts.kind.value,
        audiences=[one.value for one in facts.audiences],
        case_kind=facts.case_kind.value,
        state=ItemState.DRAFT.value,
        origin="test",
        changed_at=at,
    )
    version = new_version(item, facts, effective_from=since, cause="", actor=PLATFORM, at=at)
    put_in_force(item, version, facts, actor=PLATFORM, at=at, on=since)
    return item
