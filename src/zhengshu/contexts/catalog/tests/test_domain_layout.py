"""The official spreadsheet, read and written."""

from enum import Enum

import pytest

from zhengshu.contexts.catalog.domain.layout import missing_headers, read_word, word
from zhengshu.contexts.catalog.domain.layout_reading import read_layout
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

LISTS = (
    SharingClass,
    OpeningClass,
    FormatCategory,
    SharingMethod,
    UpdateCycle,
    DataType,
    Grade,
    PersonalClass,
)
ROW = {
    "信息资源名称": "甲",
    "信息资源分类": "306001",
    "信息资源摘要": "摘要",
    "信息项名称": "名称",
    "字段名": "Title",
}


class TestWords:
    @pytest.mark.parametrize("kind", LISTS)
    def test_every_word_is_read_back(self, kind: type[Enum]) -> None:
        assert [read_word(word(value), kind) for value in kind] == list(kind)

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("2", SharingClass.CONDITIONAL),
            ("３ 不予共享", SharingClass.WITHHELD),
            ("3 不予共享", SharingClass.WITHHELD),
        ],
    )
    def test_codes_and_words_together_are_read(self, text: str, value: SharingClass) -> None:
        assert read_word(text, SharingClass) is value

    def test_a_service_is_a_format_and_a_way_of_sharing_with_codes_of_their_own(self) -> None:
        assert read_word("7", FormatCategory) is FormatCategory.SERVICE
        assert read_word("1", SharingMethod) is SharingMethod.SERVICE


class TestReading:
    def test_rows_without_a_name_belong_to_the_resource_above(self) -> None:
        second = {"信息项名称": "金额", "字段名": "amount", "数据类型": "数值型"}

        (found,) = read_layout([(2, ROW), (3, second)])

        assert found.draft is not None
        assert [item.column for item in found.draft.items] == ["title", "amount"]
        assert found.item_lines == (2, 3)

    def test_says_line_header_and_what_was_expected(self) -> None:
        (found,) = read_layout([(2, ROW), (7, {"信息项名称": "乙", "数据长度": "很长", "是否主键": "大概"})])

        assert found.draft is None
        assert [(one.line, one.header) for one in found.faults] == [(7, "数据长度"), (7, "是否主键")]
        assert "是、否" in found.faults[1].fault.text()

    def test_names_the_headers_that_lack(self) -> None:
        assert missing_headers(["信息资源名称", "信息项名称"]) == ("信息资源分类", "信息资源摘要")
