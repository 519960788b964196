"""One organ, many spellings: 区人社局 is the region's bureau of human resources and social security."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from zhengshu.contexts.services.domain.lists.values import clean

_BRACKETS: Final = re.compile(r"[（(〔\[][^）)〕\]]*[）)〕\]]")
_PLACE: Final = re.compile(
    r"^.{1,8}?(?:特别行政区|自治区|自治州|自治县|自治旗|省|市|地区|盟|县|区|旗)(?=.{2})"
)
_SHORT_PLACE: Final = re.compile(r"^[省市区县州盟旗]")
_END: Final = re.compile(r"(?:人民政府|委员会|办公室|厅|局|委|办|处|中心|大队|支队|总队)$")

FULL: Final[Mapping[str, str]] = {
    "人社": "人力资源和社会保障",
    "人力社保": "人力资源和社会保障",
    "卫健": "卫生健康",
    "卫计": "卫生健康",
    "市监": "市场监督管理",
    "市场监督": "市场监督管理",
    "市场监管": "市场监督管理",
    "工商": "市场监督管理",
    "住建": "住房和城乡建设",
    "自然资源和规划": "自然资源",
    "自规": "自然资源",
    "规划和自然资源": "自然资源",
    "国土资源": "自然资源",
    "经信": "经济和信息化",
    "工信": "工业和信息化",
    "发改": "发展和改革",
    "教科体": "教育",
    "教体": "教育",
    "文广旅": "文化广电旅游",
    "文旅": "文化和旅游",
    "医保": "医疗保障",
    "退役军人": "退役军人事务",
    "应急": "应急管理",
    "交通": "交通运输",
    "审批": "行政审批服务",
    "行政审批": "行政审批服务",
    "城管": "城市管理",
    "综合执法": "城市管理",
    "残联": "残疾人联合会",
    "公积金": "住房公积金管理",
    "税务": "税务",
    "民宗": "民族宗教事务",
}
"""Short names in use → the name without its ending."""

_KNOWN: Final = frozenset(FULL.values()) | {
    "公安",
    "民政",
    "司法",
    "财政",
    "农业农村",
    "水务",
    "林业",
    "气象",
    "统计",
    "审计",
}


def core_of(name: str) -> str:
    """Return what an organ is about, whatever place and ending its name has.

    >>> core_of("澄川市人力资源和社会保障局") == core_of("区人社局")
    True
    """
    plain = "".join(_BRACKETS.sub("", clean(name)).split()).removeprefix("国家税务总局")
    placed = _PLACE.sub("", plain)
    for part in (plain, _SHORT_PLACE.sub("", plain), placed):
        core = _END.sub("", re.sub(r"分局$", "局", part))
        if core in FULL or core in _KNOWN:
            return FULL.get(core, core)
    return _END.sub("", placed) or placed


def spelled(names: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    """Return spelling → key, of organs given by key and name; None where two organs share a spelling."""
    found: dict[str, str | None] = {}
    for key, name in names:
        for spelling in {clean(name), f"~{core_of(name)}"}:
            found[spelling] = key if found.get(spelling, key) == key else None
    return found


def match(name: str, spellings: Mapping[str, str | None]) -> str | None:
    """Return the key of the organ that a name means; None where none or several come into question."""
    return spellings.get(clean(name)) or spellings.get(f"~{core_of(name)}")
