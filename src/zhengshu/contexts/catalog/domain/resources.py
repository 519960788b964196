"""What a department declares about a data resource (Decree 809, article 13)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from zhengshu.contexts.catalog.domain.grades import highest
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """One item (数据项) as its department declares it.

    Attributes:
        name: Chinese name, unique in the resource.
        column: field name in files and in the serving table, ``^[a-z][a-z0-9_]{0,62}$``, unique.
        data_type: what its values are.
        length: longest value in characters, for text; None for "as long as it is".
        grade: by GB/T 43697.
        personal: whether it is personal information.
        element_code: the data element it follows, or an empty text.
        code_table: the code table its values are from, or an empty text.
        is_key: identifies a row, alone or with the other keys; rows are found by it.
        is_required: never empty.
        description: what a reader should know.
    """

    name: str
    column: str
    data_type: DataType = DataType.TEXT
    length: int | None = None
    grade: Grade = Grade.GENERAL_1
    personal: PersonalClass = PersonalClass.NONE
    element_code: str = ""
    code_table: str = ""
    is_key: bool = False
    is_required: bool = False
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceDraft:
    """A resource as its department declares it.

    Attributes:
        name: 目录名称.
        summary: what it holds, for whom, from which duty.
        classification: classification code (分类码).
        items: 数据项.
        format_category: 数据格式, its category.
        format_type: 数据格式, the very format (``csv``, ``mysql``).
        update_cycle: 更新频率.
        sharing_class: 共享属性; unspecified counts as unconditional.
        sharing_methods: 共享方式.
        sharing_scope: of a conditional resource, which departments may have it.
        sharing_purposes: of a conditional resource, what they may use it for.
        withheld_reason: of a withheld resource, why.
        sharing_basis: of a withheld resource, the law, regulation or decision that says so, with its article.
        opening_class: 开放属性.
        opening_conditions: of a conditionally open resource, under which conditions.
        system_id: the information system that it comes from.
        duty_basis: the duty (三定规定) from which the data arise.
        keywords: further words by which it should be found.
        related_codes: 关联资源代码.
    """

    name: str
    summary: str
    classification: str
    items: tuple[ItemDraft, ...]
    format_category: FormatCategory = FormatCategory.DATABASE
    format_type: str = ""
    update_cycle: UpdateCycle = UpdateCycle.IRREGULAR
    sharing_class: SharingClass = SharingClass.UNCONDITIONAL
    sharing_methods: tuple[SharingMethod, ...] = (SharingMethod.SERVICE,)
    sharing_scope: str = ""
    sharing_purposes: str = ""
    withheld_reason: str = ""
    sharing_basis: str = ""
    opening_class: OpeningClass = OpeningClass.CLOSED
    opening_conditions: str = ""
    system_id: UUID | None = None
    duty_basis: str = ""
    keywords: tuple[str, ...] = ()
    related_codes: tuple[str, ...] = ()

    @property
    def grade(self) -> Grade:
        """The grade of the whole: that of its highest item."""
        return highest(item.grade for item in self.items)

    @property
    def holds_personal_information(self) -> bool:
        """Whether any item is personal information."""
        return any(item.personal is not PersonalClass.NONE for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a draft may refer to.

    Attributes:
        classifications: codes of the classification.
        elements: codes of data elements and their data types.
        code_tables: codes of code tables.
    """

    classifications: frozenset[str]
    elements: Mapping[str, DataType] = field(default_factory=dict)
    code_tables: frozenset[str] = frozenset()
