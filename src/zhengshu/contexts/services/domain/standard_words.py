"""What GB/T 39046-2020, annex A, calls its codes; where the table has no names, how lists write them."""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from zhengshu.contexts.services.domain.limits import LimitUnit
from zhengshu.contexts.services.domain.vocabulary import (
    Audience,
    BodyNature,
    CaseKind,
    Channel,
    ItemKind,
    ItemLevel,
    PauseKind,
    Range,
)

UNIT_NAMES: Final[Mapping[LimitUnit, str]] = {
    LimitUnit.AT_ONCE: "即办",
    LimitUnit.HOURS: "小时",
    LimitUnit.WORKING_HOURS: "工作小时",
    LimitUnit.WORKING_DAYS: "工作日",
    LimitUnit.DAYS: "自然日",
    LimitUnit.MONTHS: "个月",
    LimitUnit.YEARS: "年",
}
"""Units of limits, of which the standard has no table."""

_NAMES: Final[tuple[tuple[Enum, str], ...]] = (
    (ItemKind.POWER, "行政权力事项"),
    (ItemKind.LICENSE, "行政许可"),
    (ItemKind.PENALTY, "行政处罚"),
    (ItemKind.COMPULSION, "行政强制"),
    (ItemKind.LEVY, "行政征收"),
    (ItemKind.BENEFIT, "行政给付"),
    (ItemKind.INSPECTION, "行政检查"),
    (ItemKind.CONFIRMATION, "行政确认"),
    (ItemKind.REWARD, "行政奖励"),
    (ItemKind.RULING, "行政裁决"),
    (ItemKind.OTHER_POWER, "其他类别事项"),
    (ItemKind.PUBLIC_SERVICE, "公共服务事项"),
    (ItemLevel.STATE, "国家级"),
    (ItemLevel.PROVINCE, "省级"),
    (ItemLevel.CITY, "市级"),
    (ItemLevel.COUNTY, "县级"),
    (ItemLevel.TOWN, "镇(乡、街道)级"),
    (ItemLevel.VILLAGE, "村(社区)级"),
    (ItemLevel.SHARED, "分级管理"),
    (BodyNature.STATUTORY, "法定机关"),
    (BodyNature.AUTHORIZED, "授权组织"),
    (BodyNature.ENTRUSTED, "受委托组织"),
    (BodyNature.OTHER, "其他"),
    (Audience.PERSON, "自然人"),
    (Audience.ENTERPRISE, "企业法人"),
    (Audience.INSTITUTION, "事业法人"),
    (Audience.SOCIAL_ORGANIZATION, "社会组织法人"),
    (Audience.AGENCY, "行政机关"),
    (Audience.OTHER, "其他组织"),
    (Channel.WINDOW, "窗口办理"),
    (Channel.WEB, "电脑端网上办理"),
    (Channel.MOBILE, "移动端网上申请"),
    (Channel.POST, "快递申请"),
    (Channel.OTHER, "其他"),
    (CaseKind.INSTANT, "即办件"),
    (CaseKind.PROMISED, "承诺件"),
    (CaseKind.OTHER, "其他"),
    (PauseKind.EXTENSION, "延长审批"),
    (PauseKind.OTHER, "除延长审批之外的情况"),
    (Range.STATE, "全国"),
    (Range.PROVINCES, "跨省"),
    (Range.CITIES, "跨市"),
    (Range.COUNTIES, "跨县"),
)
_BY_CODE: Final[Mapping[tuple[type[Enum], object], str]] = {
    (type(code), code.value): name for code, name in _NAMES
}


def standard_name(code: Enum) -> str:
    """Return what the standard calls a code.

    >>> standard_name(ItemKind.LICENSE)
    '行政许可'
    """
    return _BY_CODE[type(code), code.value]


def named(kind: type[Enum]) -> Mapping[str, str]:
    """Return name → code of one table."""
    return {name: str(value) for (of, value), name in _BY_CODE.items() if of is kind}
