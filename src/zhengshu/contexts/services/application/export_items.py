"""Export of a list of items, with what others need to find them again."""

from collections.abc import Iterator

from zhengshu.contexts.services.application.search_items import filtered
from zhengshu.contexts.services.models import ServiceItem
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.actors import Actor

HEADERS = ("编码", "基本编码", "实施编码", "事项名称", "实施主体", "事项类型", "行使层级", "服务对象", "办件类型",
           "是否网办", "法定办结时限", "法定时限单位", "承诺办结时限", "承诺时限单位")  # fmt: skip
MOST_ROWS = 50_000


def export_rows(*, query: ListQuery, actor: Actor) -> Iterator[tuple[str, ...]]:
    """Yield the items of a list, a row each under `HEADERS`."""
    rows = filtered(query=query, actor=actor).select_related("current")[:MOST_ROWS]
    for row in rows.iterator(chunk_size=2000):
        yield _cells(row)


def _cells(row: ServiceItem) -> tuple[str, ...]:
    version = row.current
    limits = (
        (version.statutory_value, version.statutory_unit, version.promised_value, version.promised_unit)
        if version
        else (None, "", None, "")
    )
    return (
        row.code,
        row.basic_code,
        row.implementation_code,
        row.name,
        row.department_name,
        row.kind,
        row.level,
        "、".join(row.audiences),
        row.case_kind,
        "1" if row.is_online else "0",
        *("" if one is None else str(one) for one in limits),
    )
