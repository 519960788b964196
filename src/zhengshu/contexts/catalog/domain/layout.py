"""The official spreadsheet of the catalogue: one row an item, the resource's columns on its first row.

Headers and spellings follow the core metadata of the compilation guide of 2017 (GB/T 21063); what Decree 809 adds
(scope, purposes, reason, basis, grade) has columns of its own. Codes, words, and codes with words are read.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TypeVar

from zhengshu.contexts.catalog.domain.vocabulary import (
    DataType,
    FormatCategory,
    Grade,
    OpeningClass,
    PersonalClass,
    SharingClass,
    SharingMethod,
    UpdateCycle,
)
from zhengshu.kernel.text import narrow

RESOURCE_HEADERS: Mapping[str, str] = {
    "信息资源代码": "code",
    "信息资源名称": "name",
    "信息资源分类": "classification",
    "信息资源提供方": "department_name",
    "提供方代码": "department_code",
    "信息资源摘要": "summary",
    "信息资源格式分类": "format_category",
    "信息资源格式类型": "format_type",
    "更新周期": "update_cycle",
    "共享类型": "sharing_class",
    "共享范围": "sharing_scope",
    "使用用途": "sharing_purposes",
    "不予共享理由": "withheld_reason",
    "不予共享依据": "sharing_basis",
    "共享方式": "sharing_methods",
    "是否向社会开放": "opening_class",
    "开放条件": "opening_conditions",
    "数据级别": "resource_grade",
    "职能依据": "duty_basis",
    "关键词": "keywords",
    "关联资源代码": "related_codes",
    "发布日期": "published_on",
}
"""Header → field of the resource."""

ITEM_HEADERS: Mapping[str, str] = {
    "信息项名称": "name",
    "字段名": "column",
    "数据类型": "data_type",
    "数据长度": "length",
    "信息项级别": "grade",
    "个人信息": "personal",
    "数据元代码": "element_code",
    "代码表": "code_table",
    "是否主键": "is_key",
    "是否必填": "is_required",
    "信息项说明": "description",
}
"""Header → field of the item."""

HEADERS = (*RESOURCE_HEADERS, *ITEM_HEADERS)

NEEDED = ("信息资源名称", "信息资源分类", "信息资源摘要", "信息项名称")

_SPELLED: tuple[tuple[Enum, str, str], ...] = (
    (SharingClass.UNCONDITIONAL, "1", "无条件共享"),
    (SharingClass.CONDITIONAL, "2", "有条件共享"),
    (SharingClass.WITHHELD, "3", "不予共享"),
    (OpeningClass.OPEN, "1", "是"),
    (OpeningClass.CONDITIONAL, "1", "有条件开放"),
    (OpeningClass.CLOSED, "0", "否"),
    (FormatCategory.DOCUMENT, "1", "电子文件"),
    (FormatCategory.SPREADSHEET, "2", "电子表格"),
    (FormatCategory.DATABASE, "3", "数据库"),
    (FormatCategory.IMAGE, "4", "图形图像"),
    (FormatCategory.STREAM, "5", "流媒体"),
    (FormatCategory.SELF_DESCRIBING, "6", "自描述格式"),
    (FormatCategory.SERVICE, "7", "服务接口"),
    (SharingMethod.SERVICE, "1", "服务接口"),
    (SharingMethod.BATCH, "2", "批量交换"),
    (SharingMethod.FILE, "3", "文件下载"),
    (UpdateCycle.REALTIME, "1", "实时"),
    (UpdateCycle.DAILY, "2", "每日"),
    (UpdateCycle.WEEKLY, "3", "每周"),
    (UpdateCycle.MONTHLY, "4", "每月"),
    (UpdateCycle.QUARTERLY, "5", "每季度"),
    (UpdateCycle.YEARLY, "6", "每年"),
    (UpdateCycle.TEN_DAYS, "7", "每旬"),
    (UpdateCycle.HALF_YEARLY, "8", "每半年"),
    (UpdateCycle.IRREGULAR, "9", "不定期"),
    (DataType.TEXT, "C", "字符型"),
    (DataType.INTEGER, "N", "整数型"),
    (DataType.DECIMAL, "M", "数值型"),
    (DataType.DATE, "D", "日期型"),
    (DataType.DATETIME, "T", "日期时间型"),
    (DataType.BOOLEAN, "B", "布尔型"),
    (Grade.GENERAL_1, "1", "一般数据1级"),
    (Grade.GENERAL_2, "2", "一般数据2级"),
    (Grade.GENERAL_3, "3", "一般数据3级"),
    (Grade.GENERAL_4, "4", "一般数据4级"),
    (Grade.IMPORTANT, "5", "重要数据"),
    (Grade.CORE, "6", "核心数据"),
    (PersonalClass.NONE, "0", "否"),
    (PersonalClass.GENERAL, "1", "个人信息"),
    (PersonalClass.SENSITIVE, "2", "敏感个人信息"),
)
"""Value → the code and the word of the official layout."""

# Values of different lists may be equal texts, so that the list is part of the key.
SPELLINGS = {(type(value), value): (code, name) for value, code, name in _SPELLED}

_ALSO: Mapping[str, str] = {
    "无条件": "无条件共享",
    "有条件": "有条件共享",
    "不予": "不予共享",
    "每天": "每日",
    "每季": "每季度",
    "半年": "每半年",
    "字符": "字符型",
    "文本": "字符型",
    "整数": "整数型",
    "数值": "数值型",
    "小数": "数值型",
    "日期": "日期型",
    "日期时间": "日期时间型",
    "时间": "日期时间型",
    "布尔": "布尔型",
    "接口": "服务接口",
    "webservice": "服务接口",
    "数据库表": "批量交换",
    "下载": "文件下载",
}
"""Spellings that are seen in the wild."""

E = TypeVar("E", bound=Enum)


def word(value: Enum) -> str:
    """Return the word of the official layout."""
    return SPELLINGS[type(value), value][1]


def read_word(text: str, kind: type[E]) -> E | None:
    """Return the value that a cell means: its code, its word, or both together; None when it is none of them.

    >>> read_word("2 有条件共享", SharingClass), read_word("有条件", SharingClass), read_word("二", SharingClass)
    (<SharingClass.CONDITIONAL: 'conditional'>, <SharingClass.CONDITIONAL: 'conditional'>, None)
    """
    bare = "".join(narrow(text).split()).lower()
    bare = _ALSO.get(bare, bare)
    for value in kind:
        code, name = SPELLINGS[type(value), value]
        if bare in {code.lower(), name, code.lower() + name, f"{code.lower()}-{name}", str(value.value)}:
            return value
    return None


def words_of(kind: type[Enum]) -> str:
    """Return the spellings that a cell may have, for the sentence that says what was expected."""
    return "、".join(
        f"{SPELLINGS[type(value), value][0]} {SPELLINGS[type(value), value][1]}" for value in kind
    )


def missing_headers(headers: Sequence[str]) -> tuple[str, ...]:
    """Return the headers that the layout cannot do without and a file lacks."""
    return tuple(header for header in NEEDED if header not in headers)
