"""The six dimensions and twenty indicators by which data quality is judged (GB/T 36344-2018)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Dimension(StrEnum):
    """The dimensions, by the two digits that indicators begin with."""

    CONFORMITY = "01"
    COMPLETENESS = "02"
    ACCURACY = "03"
    CONSISTENCY = "04"
    TIMELINESS = "05"
    ACCESSIBILITY = "06"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator: its code, and its name in the standard and in English."""

    code: str
    chinese: str
    english: str

    @property
    def dimension(self) -> Dimension:
        """The dimension that it belongs to."""
        return Dimension(self.code[:2])


INDICATORS: Mapping[str, Indicator] = MappingProxyType(
    {
        code: Indicator(code, chinese, english)
        for code, chinese, english in (
            ("0101", "数据标准", "data standard"),
            ("0102", "数据模型", "data model"),
            ("0103", "元数据", "metadata"),
            ("0104", "业务规则", "business rules"),
            ("0105", "权威参考数据", "authoritative reference data"),
            ("0106", "安全规范", "security rules"),
            ("0201", "数据元素完整性", "completeness of data elements"),
            ("0202", "数据记录完整性", "completeness of records"),
            ("0301", "数据内容正确性", "correctness of content"),
            ("0302", "数据格式合规性", "compliance of format"),
            ("0303", "数据重复率", "rate of repetition"),
            ("0304", "数据唯一性", "uniqueness"),
            ("0305", "脏数据出现率", "rate of dirty data"),
            ("0401", "相同数据一致性", "consistency of the same data"),
            ("0402", "关联数据一致性", "consistency of related data"),
            ("0501", "基于时间段的正确性", "correctness over a period"),
            ("0502", "基于时间点的及时性", "timeliness at an instant"),
            ("0503", "时序性", "order in time"),
            ("0601", "可访问", "accessibility"),
            ("0602", "可用性", "usability"),
        )
    }
)
"""Code → indicator. The four digits within a dimension follow the order of the standard."""

DIMENSION_NAMES: Mapping[Dimension, tuple[str, str]] = MappingProxyType(
    {
        Dimension.CONFORMITY: ("规范性", "conformity"),
        Dimension.COMPLETENESS: ("完整性", "completeness"),
        Dimension.ACCURACY: ("准确性", "accuracy"),
        Dimension.CONSISTENCY: ("一致性", "consistency"),
        Dimension.TIMELINESS: ("时效性", "timeliness"),
        Dimension.ACCESSIBILITY: ("可访问性", "accessibility"),
    }
)
"""Dimension → its name in the standard and in English."""
