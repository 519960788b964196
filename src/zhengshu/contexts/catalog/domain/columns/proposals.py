"""From columns to items: names, types, elements, grades and keys, each with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhengshu.contexts.catalog.domain.columns.headers import Header, column_from, look_up, plain
from zhengshu.contexts.catalog.domain.columns.recognition import Recognized, recognize
from zhengshu.contexts.catalog.domain.columns.samples import ColumnSample, ItemProposal, Reason
from zhengshu.contexts.catalog.domain.columns.shapes import Shape
from zhengshu.contexts.catalog.domain.resources import ItemDraft
from zhengshu.contexts.catalog.domain.standards import CodeTableRecord, ElementRecord
from zhengshu.contexts.catalog.domain.vocabulary import DataType, Grade, PersonalClass

_TYPES: Mapping[Shape, DataType] = {
    Shape.DATE: DataType.DATE,
    Shape.DATETIME: DataType.DATETIME,
    Shape.INTEGER: DataType.INTEGER,
    Shape.DECIMAL: DataType.DECIMAL,
    Shape.BOOLEAN: DataType.BOOLEAN,
}
_FIXED_LENGTHS: Mapping[Shape, int] = {Shape.CITIZEN_ID: 18, Shape.CREDIT_CODE: 18}
_LENGTHS = (10, 20, 50, 100, 200, 500, 1000, 2000, 4000)
_PERSONAL_DEFAULTS: Mapping[Shape, tuple[Grade, PersonalClass]] = {
    Shape.CITIZEN_ID: (Grade.GENERAL_3, PersonalClass.SENSITIVE),
    Shape.MOBILE: (Grade.GENERAL_3, PersonalClass.GENERAL),
    Shape.LANDLINE: (Grade.GENERAL_2, PersonalClass.GENERAL),
    Shape.EMAIL: (Grade.GENERAL_2, PersonalClass.GENERAL),
    Shape.PERSON_NAME: (Grade.GENERAL_2, PersonalClass.GENERAL),
    Shape.ADDRESS: (Grade.GENERAL_3, PersonalClass.GENERAL),
}
_ABOUT_PEOPLE = frozenset({Shape.CITIZEN_ID, Shape.MOBILE})
_KEYS = (Shape.CREDIT_CODE, Shape.CITIZEN_ID)
_KEY_HEADERS = ("编号", "号码", "证号", "单元号", "代码", "_id", "id", "code", "number", "no")
_LEAST_DISTINCT_KEY = 0.95
_WORDS_FOR_SHAPES: Mapping[Shape, str] = {
    Shape.CITIZEN_ID: "公民身份号码",
    Shape.CREDIT_CODE: "统一社会信用代码",
    Shape.MOBILE: "手机号码",
    Shape.LANDLINE: "固定电话",
    Shape.EMAIL: "电子邮箱",
    Shape.PERSON_NAME: "姓名",
    Shape.ORGANIZATION_NAME: "单位名称",
    Shape.ADDRESS: "地址",
    Shape.REGION_CODE: "行政区划代码",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """One column with everything that was found out about it."""

    sample: ColumnSample
    recognized: Recognized
    header: Header | None
    element: ElementRecord | None
    about_people: bool


def propose(
    columns: Sequence[ColumnSample],
    *,
    elements: Sequence[ElementRecord],
    code_tables: Sequence[CodeTableRecord],
) -> tuple[ItemProposal, ...]:
    """Propose one item for each column of a file, in its order.

    Names and column names are unique. At most one column is proposed as key: an identifier that hardly repeats.
    """
    found = [recognize(sample, code_tables=code_tables) for sample in columns]
    about_people = any(one.shape in _ABOUT_PEOPLE for one in found)
    seen = [
        _Seen(
            sample=sample,
            recognized=one,
            header=look_up(sample.name),
            element=_element(sample, one, elements),
            about_people=about_people,
        )
        for sample, one in zip(columns, found, strict=True)
    ]
    key = _key(seen)
    names: set[str] = set()
    taken: set[str] = set()
    return tuple(
        _propose(one, number=number, is_key=number == key, names=names, taken=taken)
        for number, one in enumerate(seen, start=1)
    )


def _propose(one: _Seen, *, number: int, is_key: bool, names: set[str], taken: set[str]) -> ItemProposal:
    reasons = list(one.recognized.reasons)
    data_type, length = _type(one, reasons)
    grade, personal = _grade(one, reasons)
    if one.element is not None:
        reasons.append(
            Reason(message="It follows the data element “%(element)s”.", data={"element": one.element.name})
        )
    if is_key:
        reasons.append(Reason(message="It identifies a row: an identifier whose values hardly repeat."))
    item = ItemDraft(
        name=_unique(_name(one, number), names, separator=""),
        column=_unique(_column(one, number), taken, separator="_"),
        data_type=data_type,
        length=length,
        grade=grade,
        personal=personal,
        element_code=one.element.code if one.element else "",
        code_table=one.recognized.code_table,
        is_key=is_key,
        is_required=is_key,
    )
    return ItemProposal(
        source_name=one.sample.name,
        item=item,
        shape=one.recognized.shape.value,
        share=one.recognized.share,
        reasons=tuple(reasons),
    )


def _element(
    sample: ColumnSample, recognized: Recognized, elements: Sequence[ElementRecord]
) -> ElementRecord | None:
    """Return the element that the header names and the content does not deny, else the one of the shape."""
    shape = recognized.shape
    header = look_up(sample.name)
    spellings = {plain(sample.name), *((plain(header.name),) if header else ())}
    for element in elements:
        if spellings.isdisjoint({plain(element.name), *map(plain, element.synonyms)}):
            continue
        if element.shape in {"", shape.value} or (
            shape is Shape.CODE and element.code_table == recognized.code_table
        ):
            return element
    by_code = {element.code: element for element in elements}
    if shape is Shape.CODE:
        owners = [element for element in elements if element.code_table == recognized.code_table]
        return owners[0] if len(owners) == 1 else None
    return by_code.get(shape.value.replace("_", "-")) if shape in _WORDS_FOR_SHAPES else None


def _type(one: _Seen, reasons: list[Reason]) -> tuple[DataType, int | None]:
    shape = one.recognized.shape
    if shape is Shape.AMOUNT and all(_is_number(value) for value in one.sample.filled()):
        return DataType.DECIMAL, None
    if shape is Shape.AMOUNT:
        reasons.append(Reason(message="Units stand inside of the values, so they are kept as text."))
    kind = _TYPES.get(shape, DataType.TEXT)
    if kind is not DataType.TEXT:
        return kind, None
    if shape in _FIXED_LENGTHS:
        return kind, _FIXED_LENGTHS[shape]
    longest = max(one.sample.longest, *map(len, one.sample.values), 0)
    return kind, next((length for length in _LENGTHS if length >= 2 * longest), None)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _grade(one: _Seen, reasons: list[Reason]) -> tuple[Grade, PersonalClass]:
    shape = one.recognized.shape
    grade, personal = _PERSONAL_DEFAULTS.get(shape, (Grade.GENERAL_1, PersonalClass.NONE))
    if one.element is not None and one.element.grade >= grade:
        grade, personal = one.element.grade, one.element.personal
    if shape is Shape.ADDRESS and not one.about_people and personal is not PersonalClass.SENSITIVE:
        reasons.append(
            Reason(message="No column is about persons, so the address is taken for an organization's.")
        )
        return Grade.GENERAL_1, PersonalClass.NONE
    if personal is PersonalClass.SENSITIVE:
        reasons.append(
            Reason(message="Sensitive personal information is grade 3 or higher (GB/T 43697-2024).")
        )
    elif personal is PersonalClass.GENERAL:
        reasons.append(Reason(message="It is personal information."))
    return grade, personal


def _key(seen: Sequence[_Seen]) -> int:
    """Return the number of the key column from 1, or 0."""
    for shape in _KEYS:
        for number, one in enumerate(seen, start=1):
            if one.recognized.shape is shape and _hardly_repeats(one.sample, _LEAST_DISTINCT_KEY):
                return number
    for number, one in enumerate(seen, start=1):
        if plain(one.sample.name).endswith(_KEY_HEADERS) and _hardly_repeats(one.sample, 1.0):
            return number
    return 0


def _hardly_repeats(sample: ColumnSample, share: float) -> bool:
    filled = sample.rows - sample.empty
    return filled > 0 and sample.distinct >= share * filled and (share < 1 or sample.empty == 0)


def _name(one: _Seen, number: int) -> str:
    bare = one.sample.name.strip()
    if bare and not bare.isascii():
        return bare[:100]
    if one.header is not None and one.header.shape in {None, one.recognized.shape}:
        return one.header.name
    return (
        one.element.name
        if one.element
        else _WORDS_FOR_SHAPES.get(one.recognized.shape, bare or f"第{number}列")
    )


def _column(one: _Seen, number: int) -> str:
    if one.header is not None and one.header.shape in {
        None,
        one.recognized.shape,
        *_KIN.get(one.recognized.shape, ()),
    }:
        return one.header.column
    if one.element is not None:
        return one.element.column
    return column_from(one.sample.name) or f"{one.recognized.shape}_{number}"


_KIN: Mapping[Shape, tuple[Shape, ...]] = {
    Shape.LANDLINE: (Shape.MOBILE,),
    Shape.INTEGER: (Shape.AMOUNT, Shape.DECIMAL),
    Shape.DECIMAL: (Shape.AMOUNT,),
    Shape.DATETIME: (Shape.DATE,),
    Shape.DATE: (Shape.DATETIME,),
    Shape.TEXT: (Shape.CODE, Shape.ADDRESS, Shape.ORGANIZATION_NAME, Shape.PERSON_NAME, Shape.AMOUNT),
}
"""Shapes that do not contradict what the header announces."""


def _unique(wanted: str, taken: set[str], *, separator: str) -> str:
    found, count = wanted, 1
    while found in taken:
        count += 1
        ending = f"{separator}{count}"
        found = wanted[: 63 - len(ending)] + ending
    taken.add(found)
    return found
