"""From rows of the official spreadsheet to declarations, with a fault for each cell that cannot be read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeVar

from zhengshu.contexts.catalog.domain.faults import Fault
from zhengshu.contexts.catalog.domain.layout import ITEM_HEADERS, RESOURCE_HEADERS, read_word, words_of
from zhengshu.contexts.catalog.domain.resources import ItemDraft, ResourceDraft
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

_YES = frozenset({"1", "是", "y", "yes", "true", "√"})
_NO = frozenset({"", "0", "否", "n", "no", "false", "×"})
_HEADER_OF = {name: header for header, name in RESOURCE_HEADERS.items()}
_HEADER_OF_ITEM = {name: header for header, name in ITEM_HEADERS.items()}

E = TypeVar("E", bound=Enum)
Cells = Mapping[str, str]
"""Header → text of one row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFault:
    """A cell that is not as the layout wants it.

    Attributes:
        line: in the file, from 1.
        header: the column.
        fault: what was expected.
    """

    line: int
    header: str
    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadResource:
    """One resource of a file.

    Attributes:
        line: of its first row.
        code: as written, or an empty text for a new one.
        department_code: as written, or an empty text.
        draft: the declaration; None where cells could not be read.
        item_lines: the line of each item.
        faults: cells that could not be read.
    """

    line: int
    name: str
    code: str
    department_code: str
    draft: ResourceDraft | None
    item_lines: tuple[int, ...]
    faults: tuple[RowFault, ...]

    def place(self, fault: Fault) -> RowFault:
        """Return a fault of the declaration with the line and the header where it stands."""
        part, _, rest = fault.field.partition(".")
        if part == "items" and rest:
            number, _, name = rest.partition(".")
            return RowFault(
                line=self.item_lines[int(number)], header=_HEADER_OF_ITEM.get(name, ""), fault=fault
            )
        header = "信息项名称" if part == "items" else _HEADER_OF.get(part, "")
        return RowFault(line=self.line, header=header, fault=fault)


@dataclass(slots=True)
class _Reading:
    """One row being read; collects the faults of its cells."""

    line: int
    cells: Cells
    faults: list[RowFault] = field(default_factory=list)

    def text(self, header: str) -> str:
        return self.cells.get(header, "").strip()

    def value(self, header: str, kind: type[E], default: E) -> E:
        text = self.text(header)
        if not text:
            return default
        found = read_word(text, kind)
        if found is None:
            self.fault(header, words_of(kind), text)
        return found or default

    def values(self, header: str, kind: type[E], default: tuple[E, ...]) -> tuple[E, ...]:
        parts = _parts(self.text(header))
        found = [read_word(part, kind) for part in parts]
        for part, value in zip(parts, found, strict=True):
            if value is None:
                self.fault(header, words_of(kind), part)
        return tuple(value for value in found if value is not None) or default

    def yes(self, header: str) -> bool:
        text = self.text(header).lower()
        if text not in _YES | _NO:
            self.fault(header, "是、否", text)
        return text in _YES

    def number(self, header: str) -> int | None:
        text = self.text(header)
        if text and not (text.isdecimal() and len(text) < 9):  # noqa: PLR2004 - longer than any length
            self.fault(header, "1, 2, 3 …", text)
            return None
        return int(text) if text else None

    def fault(self, header: str, expected: str, given: str) -> None:
        fault = Fault(
            field=header,
            code="catalog.cell-not-readable",
            message="“%(given)s” is not understood. Expected: %(expected)s.",
            data={"given": given[:60], "expected": expected},
        )
        self.faults.append(RowFault(line=self.line, header=header, fault=fault))


def read_layout(rows: Sequence[tuple[int, Cells]]) -> tuple[ReadResource, ...]:
    """Return the resources of a file; a row without a resource's name goes on with the one above."""
    return tuple(_resource(group) for group in _groups(rows))


def _groups(rows: Sequence[tuple[int, Cells]]) -> Iterator[list[tuple[int, Cells]]]:
    group: list[tuple[int, Cells]] = []
    current: tuple[str, str] | None = None
    for line, cells in rows:
        key = (cells.get("信息资源名称", "").strip(), cells.get("信息资源代码", "").strip())
        if group and key[0] and key != current:
            yield group
            group = []
        if key[0]:
            current = key
        group.append((line, cells))
    if group:
        yield group


def _resource(group: list[tuple[int, Cells]]) -> ReadResource:
    line, cells = group[0]
    head = _Reading(line, cells)
    items: list[ItemDraft] = []
    faults: list[RowFault] = []
    for place, row in group:
        reading = _Reading(place, row)
        items.append(_item(reading))
        faults.extend(reading.faults)
    draft = _draft(head, tuple(items))
    faults = [*head.faults, *faults]
    return ReadResource(
        line=line,
        name=head.text("信息资源名称"),
        code=head.text("信息资源代码"),
        department_code=head.text("提供方代码"),
        draft=None if faults else draft,
        item_lines=tuple(place for place, _ in group),
        faults=tuple(faults),
    )


def _draft(row: _Reading, items: tuple[ItemDraft, ...]) -> ResourceDraft:
    opening = row.value("是否向社会开放", OpeningClass, OpeningClass.CLOSED)
    conditions = row.text("开放条件")
    if opening is OpeningClass.OPEN and conditions:
        opening = OpeningClass.CONDITIONAL
    return ResourceDraft(
        name=row.text("信息资源名称"),
        summary=row.text("信息资源摘要"),
        classification=row.text("信息资源分类").split(" ")[0],
        items=items,
        format_category=row.value("信息资源格式分类", FormatCategory, FormatCategory.DATABASE),
        format_type=row.text("信息资源格式类型"),
        update_cycle=row.value("更新周期", UpdateCycle, UpdateCycle.IRREGULAR),
        sharing_class=row.value("共享类型", SharingClass, SharingClass.UNCONDITIONAL),
        sharing_methods=row.values("共享方式", SharingMethod, (SharingMethod.SERVICE,)),
        sharing_scope=row.text("共享范围"),
        sharing_purposes=row.text("使用用途"),
        withheld_reason=row.text("不予共享理由"),
        sharing_basis=row.text("不予共享依据"),
        opening_class=opening,
        opening_conditions=conditions,
        duty_basis=row.text("职能依据"),
        keywords=_parts(row.text("关键词")),
        related_codes=_parts(row.text("关联资源代码")),
    )


def _item(row: _Reading) -> ItemDraft:
    return ItemDraft(
        name=row.text("信息项名称"),
        column=row.text("字段名").lower(),
        data_type=row.value("数据类型", DataType, DataType.TEXT),
        length=row.number("数据长度"),
        grade=row.value("信息项级别", Grade, Grade.GENERAL_1),
        personal=row.value("个人信息", PersonalClass, PersonalClass.NONE),
        element_code=row.text("数据元代码"),
        code_table=row.text("代码表"),
        is_key=row.yes("是否主键"),
        is_required=row.yes("是否必填"),
        description=row.text("信息项说明"),
    )


def _parts(text: str) -> tuple[str, ...]:
    for separator in "，、；;\n":
        text = text.replace(separator, ",")
    return tuple(part for piece in text.split(",") if (part := piece.strip()))
