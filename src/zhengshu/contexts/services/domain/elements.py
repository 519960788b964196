"""The 64 data items of GB/T 39046-2020, table 4 (事项管理基础数据集), read from a declaration.

Numbers, names and forms are those of the table: `an..200` is at most 200 letters or digits, `n1` one digit, `..ul` a
text of any length.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from zhengshu.contexts.services.domain.items import Body, ItemDraft, MaterialDraft
from zhengshu.contexts.services.domain.limits import ItemLimit
from zhengshu.contexts.services.domain.standard_words import UNIT_NAMES, standard_name

Values = tuple[str, ...]

FIRST_OF_MATERIAL: Final = 56
_LONGEST: Final = re.compile(r"(?P<to>\.\.)?(?P<count>\d+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A theme of an item, and for whom it is."""

    code: str
    name: str
    is_for_people: bool
    is_for_enterprises: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A declaration with what the table asks for and the platform knows beside it.

    Attributes:
        draft: what the organ declared.
        organ: the implementing organ.
        topics: the themes that the declaration names.
    """

    draft: ItemDraft
    organ: Body
    topics: tuple[Topic, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One data item of the table.

    Attributes:
        number: its number in the table, from 1.
        name: its name in the table.
        form: its type and length in the table; `binary` for a file, of which the platform keeps how it is found.
        field: the part of the declaration that holds it; empty where the platform knows it otherwise.
        read: its values; of a material one for each material, also an empty one.
    """

    number: int
    name: str
    form: str
    field: str
    read: Callable[[Declared], Values]

    @property
    def is_of_material(self) -> bool:
        """Whether it is repeated for each material."""
        return self.number >= FIRST_OF_MATERIAL

    @property
    def longest(self) -> int | None:
        """How many letters the form allows; None: any number."""
        found = _LONGEST.search(self.form)
        return int(found.group("count")) if found else None


def values_of(declared: Declared) -> tuple[tuple[Element, Values], ...]:
    """Return all elements with their values, in the order of the table."""
    return tuple((one, one.read(declared)) for one in ELEMENTS)


def _yes(*, answer: bool) -> Values:
    return ("1" if answer else "0",)


def _some(*texts: str) -> Values:
    return tuple(text for text in texts if text)


def _number(limit: ItemLimit | None) -> Values:
    return (str(limit.value),) if limit else ()


def _unit(limit: ItemLimit | None) -> Values:
    return (UNIT_NAMES[limit.unit],) if limit else ()


def _note(limit: ItemLimit | None) -> Values:
    return _some(limit.note or limit.basis) if limit else ()


def _special(draft: ItemDraft) -> Values:
    return (*map(standard_name, draft.special_procedures), *_some(draft.special_note))


def _steps(draft: ItemDraft) -> Values:
    return tuple(" ".join(_some(one.name, one.by, one.time, one.note)) for one in draft.steps)


def _each(read: Callable[[MaterialDraft], str]) -> Callable[[Declared], Values]:
    return lambda declared: tuple(read(one) for one in declared.draft.materials)


_TABLE: Final[tuple[tuple[str, str, str, Callable[[Declared], Values]], ...]] = (
    ("事项名称", "an..200", "name", lambda one: (one.draft.name,)),
    ("基本编码", "an..10", "basic_code", lambda one: _some(one.draft.basic_code)),
    ("实施编码", "an..24", "implementation_code", lambda one: _some(one.draft.implementation_code)),
    ("事项类型", "an..30", "kind", lambda one: (standard_name(one.draft.kind),)),
    ("事项类型代码", "n2", "kind", lambda one: (one.draft.kind.value,)),
    ("设定依据", "a..1000", "basis", lambda one: one.draft.basis),
    ("行使层级", "an..200", "level", lambda one: (standard_name(one.draft.level),)),
    ("行使层级代码", "n1", "level", lambda one: (one.draft.level.value,)),
    ("权限划分", "a..1000", "division", lambda one: _some(one.draft.division)),
    ("行使内容", "..ul", "exercised", lambda one: _some(one.draft.exercised)),
    ("实施主体", "an..100", "", lambda one: _some(one.organ.name)),
    ("实施主体代码", "an..18", "", lambda one: _some(one.organ.code)),
    ("实施主体性质", "an..100", "body_nature", lambda one: (standard_name(one.draft.body_nature),)),
    ("实施主体性质代码", "n1", "body_nature", lambda one: (one.draft.body_nature.value,)),
    ("法定办结时限", "an..20", "statutory", lambda one: _number(one.draft.statutory)),
    ("法定办结时限单位", "an..20", "statutory", lambda one: _unit(one.draft.statutory)),
    ("法定办结时限说明", "..ul", "statutory", lambda one: _note(one.draft.statutory)),
    ("承诺办结时限", "an..20", "promised", lambda one: _number(one.draft.promised)),
    ("承诺办结时限单位", "an..20", "promised", lambda one: _unit(one.draft.promised)),
    ("承诺办结时限说明", "..ul", "promised", lambda one: _note(one.draft.promised)),
    ("受理条件", "..ul", "conditions", lambda one: one.draft.conditions),
    ("办理流程", "..ul", "steps", lambda one: _steps(one.draft)),
    (
        "共同实施部门",
        "an..100",
        "joint_bodies",
        lambda one: tuple(body.name for body in one.draft.joint_bodies),
    ),
    (
        "共同实施部门代码",
        "an..18",
        "joint_bodies",
        lambda one: tuple(body.code for body in one.draft.joint_bodies),
    ),
    (
        "承办机构",
        "an..100",
        "handling_body",
        lambda one: _some(one.draft.handling_body.name) if one.draft.handling_body else (),
    ),
    (
        "承办机构代码",
        "an..18",
        "handling_body",
        lambda one: _some(one.draft.handling_body.code) if one.draft.handling_body else (),
    ),
    ("中介服务", "an..2000", "intermediary", lambda one: _some(one.draft.intermediary)),
    ("数量限制", "an..200", "quantity_limit", lambda one: _some(one.draft.quantity_limit)),
    ("结果名称", "an..100", "outcomes", lambda one: tuple(outcome.name for outcome in one.draft.outcomes)),
    ("结果样本", "binary", "outcomes", lambda one: tuple(outcome.sample for outcome in one.draft.outcomes)),
    ("是否收费", "n1", "is_charged", lambda one: _yes(answer=one.draft.is_charged)),
    ("收费依据", "..ul", "fee_basis", lambda one: _some(one.draft.fee_basis)),
    ("通办范围代码", "n1", "range", lambda one: (one.draft.range.value,) if one.draft.range else ()),
    ("服务对象", "an..200", "audiences", lambda one: tuple(map(standard_name, one.draft.audiences))),
    (
        "服务对象代码",
        "an..10",
        "audiences",
        lambda one: tuple(audience.value for audience in one.draft.audiences),
    ),
    ("服务主题", "an..200", "themes", lambda one: tuple(topic.name for topic in one.topics)),
    (
        "法人服务主题代码",
        "an..10",
        "themes",
        lambda one: tuple(topic.code for topic in one.topics if topic.is_for_enterprises),
    ),
    (
        "自然人服务主题代码",
        "an..10",
        "themes",
        lambda one: tuple(topic.code for topic in one.topics if topic.is_for_people),
    ),
    ("办理形式", "an..20", "channels", lambda one: tuple(map(standard_name, one.draft.channels))),
    (
        "办理形式代码",
        "an..10",
        "channels",
        lambda one: tuple(channel.value for channel in one.draft.channels),
    ),
    ("特别程序", "..ul", "special_procedures", lambda one: _special(one.draft)),
    ("行政管辖", "an..20", "jurisdiction", lambda one: _some(one.draft.jurisdiction)),
    ("行政管辖代码", "an..10", "jurisdiction_code", lambda one: _some(one.draft.jurisdiction_code)),
    ("是否支持预约办理", "n1", "is_bookable", lambda one: _yes(answer=one.draft.is_bookable)),
    ("是否支持网上支付", "n1", "is_payable_online", lambda one: _yes(answer=one.draft.is_payable_online)),
    ("是否支持物流快递", "n1", "is_delivered", lambda one: _yes(answer=one.draft.is_delivered)),
    ("是否网办", "n1", "channels", lambda one: _yes(answer=one.draft.is_online)),
    ("网办地址", "an..50", "online_address", lambda one: _some(one.draft.online_address)),
    (
        "运行系统层级",
        "an..20",
        "system_level",
        lambda one: (standard_name(one.draft.system_level),) if one.draft.system_level else (),
    ),
    (
        "办理地点",
        "an..100",
        "places",
        lambda one: tuple(
            " ".join(_some(place.name, place.address, place.window)) for place in one.draft.places
        ),
    ),
    ("办理时间", "an..150", "hours", lambda one: _some(one.draft.hours)),
    ("咨询方式", "an..20", "consulting", lambda one: _some(one.draft.consulting)),
    ("咨询电话", "an..18", "phone", lambda one: _some(one.draft.phone)),
    ("监督电话", "an..18", "complaint_phone", lambda one: _some(one.draft.complaint_phone)),
    (
        "常见问题",
        "an..1000",
        "questions",
        lambda one: tuple(f"{asked.question} {asked.answer}" for asked in one.draft.questions),
    ),
    ("材料名称", "an..200", "name", _each(lambda one: one.name)),
    ("出具机构", "an..100", "issuer", _each(lambda one: one.issuer)),
    ("出具时间要求", "an..150", "issued_within", _each(lambda one: one.issued_within)),
    ("材料办理说明", "an..500", "how_to_fill", _each(lambda one: one.how_to_fill)),
    ("材料办理地点", "an..400", "issuer_place", _each(lambda one: one.issuer_place)),
    ("材料使用说明", "an..500", "used_for", _each(lambda one: one.used_for)),
    ("原件份数", "n..2", "originals", _each(lambda one: str(one.originals))),
    ("复印件份数", "n..2", "copies", _each(lambda one: str(one.copies))),
    ("是否必备材料", "n1", "is_required", _each(lambda one: "1" if one.is_required else "0")),
)


def _numbered() -> Iterator[Element]:
    for number, (name, form, field, read) in enumerate(_TABLE, start=1):
        yield Element(number=number, name=name, form=form, field=field, read=read)


ELEMENTS: Final = tuple(_numbered())
"""The table."""
