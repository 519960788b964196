"""One record of another list as a declaration, with what of it was not understood."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec

from zhengshu.contexts.services.domain.held import Held
from zhengshu.contexts.services.domain.items import Body, ItemDraft, MaterialDraft, Outcome, Place, Step
from zhengshu.contexts.services.domain.limits import ItemLimit, LimitUnit
from zhengshu.contexts.services.domain.lists.columns import (
    AUDIENCES,
    CASE_KINDS,
    HEADINGS,
    KINDS,
    LEFT_ASIDE,
    LEVELS,
    THEMES,
)
from zhengshu.contexts.services.domain.lists.values import (
    LimitNotUnderstood,
    clean,
    is_yes,
    parts_of,
    read_limit,
)
from zhengshu.contexts.services.domain.vocabulary import (
    Audience,
    CaseKind,
    Channel,
    ItemKind,
    ItemLevel,
    MaterialSource,
)

T = TypeVar("T")
Record = Mapping[str, object]

MOST_LETTERS: Final = 8_000
_WEB: Final = re.compile(r"^https?://[^\s<>\"']{3,1900}$")
_ADDRESS_CODES: Final = ("itemCode", "taskType", "deptCode")


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing about a record that its keeper should know.

    Attributes:
        heading: the heading in the list.
        value: what stood there.
        code: what was made of it: ``not-understood``, ``unknown-heading``, ``from-register``, ``missing``,
            ``promise-dropped``, ``repeats``.
    """

    heading: str
    value: str
    code: str


@dataclass(slots=True)
class _Reading:
    record: Record
    notes: list[Note] = field(default_factory=list)

    def raw(self, element: str) -> tuple[str, object]:
        """Return heading and value of an element: the first heading that has one."""
        for heading in HEADINGS[element]:
            value = self.record.get(heading)
            if parts_of(value) if isinstance(value, list | tuple) else clean(value):
                return heading, value
        return HEADINGS[element][0], None

    def text(self, element: str) -> str:
        return clean(self.raw(element)[1])[:MOST_LETTERS]

    def note(self, heading: str, value: object, code: str) -> None:
        self.notes.append(Note(heading=heading, value=str(value)[:200], code=code))

    def coded(self, element: str, codes: Mapping[str, str], make: Callable[[str], T], default: T) -> T:
        heading, value = self.raw(element)
        plain = clean(value)
        if not plain:
            self.note(heading, "", "missing")
            return default
        if plain in codes:
            return make(codes[plain])
        self.note(heading, plain, "not-understood")
        return default

    def limit(self, element: str) -> ItemLimit | None:
        heading, value = self.raw(element)
        try:
            found = read_limit(value, self.text(f"{element}_unit"))
        except LimitNotUnderstood as fault:
            self.note(heading, str(fault), "not-understood")
            return None
        note = self.text(f"{element}_note")
        return msgspec.structs.replace(found, note=note) if found and note else found


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadItem:
    """What a record says.

    Attributes:
        name: the item's name.
        department: the organ as it is spelled.
        department_code: its unified social credit code, where the record has it.
        draft: the declaration; None where the record is no item.
        notes: what was not understood or was changed.
    """

    name: str
    department: str
    department_code: str
    draft: ItemDraft | None
    notes: tuple[Note, ...]


def read_record(record: Record, *, held: Held) -> ReadItem:
    """Return the item that a record describes; what the government holds becomes a material from a register.

    Basis: Decree 809, article 19.
    """
    reading = _Reading({**_of_address(record), **record})
    known = (
        {heading for headings in HEADINGS.values() for heading in headings} | LEFT_ASIDE | set(_ADDRESS_CODES)
    )
    for heading in record:
        if heading not in known and clean(record[heading]):
            reading.note(heading, clean(record[heading]), "unknown-heading")
    name, department = reading.text("name"), reading.text("department")
    draft = None
    if name:
        draft = _draft(reading, name, held)
    else:
        reading.note(HEADINGS["name"][0], "", "missing")
    if not department:
        reading.note(HEADINGS["department"][0], "", "missing")
    return ReadItem(
        name=name,
        department=department,
        department_code=reading.text("department_code"),
        draft=draft,
        notes=tuple(reading.notes),
    )


def _draft(reading: _Reading, name: str, held: Held) -> ItemDraft:
    statutory, promised = _limits(reading)
    parent = reading.text("parent")
    words = [
        word for word in (*parts_of(re.split(r"[,，、;； ]", reading.text("words"))), parent) if word != name
    ]
    return ItemDraft(
        name=name[:500],
        kind=reading.coded("kind", KINDS, ItemKind, ItemKind.PUBLIC_SERVICE),
        level=reading.coded("level", LEVELS, ItemLevel, ItemLevel.COUNTY),
        audiences=_audiences(reading),
        case_kind=_case_kind(reading, promised),
        words=tuple(word[:100] for word in dict.fromkeys(words) if word not in {"未分类", name})[:10],
        basic_code=reading.text("basic_code")[:40],
        implementation_code=reading.text("implementation_code")[:80],
        basis=tuple(one for one in [reading.text("basis")] if one),
        statutory=statutory,
        promised=promised,
        conditions=tuple(one for one in [reading.text("conditions")] if one),
        steps=tuple(Step(name=one[:200]) for one in parts_of(reading.text("steps").replace("→", "\n")))[:30],
        joint_bodies=tuple(Body(name=one[:200]) for one in parts_of(reading.raw("joint_bodies")[1]))[:20],
        outcomes=tuple(Outcome(name=one[:200]) for one in parts_of(reading.raw("outcomes")[1]))[:20],
        is_charged=is_yes(reading.text("is_charged")) or False,
        fee=reading.text("fee"),
        fee_basis=reading.text("fee_basis"),
        channels=_channels(reading),
        is_bookable=is_yes(reading.text("is_bookable")) or False,
        is_delivered=is_yes(reading.text("is_delivered")) or False,
        online_address=_address(reading),
        system_name=reading.text("system_name"),
        places=tuple(Place(name=one) for one in [reading.text("place").removeprefix("办理地点：")] if one),
        hours=reading.text("hours"),
        phone=reading.text("phone"),
        complaint_phone=reading.text("complaint_phone"),
        visits=_visits(reading),
        themes=_themes(reading),
        materials=_materials(reading, held),
    )


def _limits(reading: _Reading) -> tuple[ItemLimit | None, ItemLimit | None]:
    statutory, promised = reading.limit("statutory"), reading.limit("promised")
    if statutory is not None and promised is not None and promised.is_longer_than(statutory):
        heading, value = reading.raw("promised")
        reading.note(heading, value, "promise-dropped")
        return statutory, None
    return statutory, promised


def _audiences(reading: _Reading) -> tuple[Audience, ...]:
    heading, value = reading.raw("audiences")
    found: list[Audience] = []
    for part in parts_of(value):
        if part in AUDIENCES:
            found.append(Audience(AUDIENCES[part]))
        else:
            reading.note(heading, part, "not-understood")
    if not found:
        reading.note(heading, "", "missing")
    return tuple(dict.fromkeys(found)) or (Audience.PERSON, Audience.ENTERPRISE)


def _case_kind(reading: _Reading, promised: ItemLimit | None) -> CaseKind:
    heading, value = reading.raw("case_kind")
    plain = clean(value)
    if plain and plain not in CASE_KINDS:
        reading.note(heading, plain, "not-understood")
    told = CASE_KINDS.get(plain)
    one_day = ItemLimit(value=1, unit=LimitUnit.WORKING_DAYS)
    if told is None:
        if promised is None:
            return CaseKind.OTHER
        return CaseKind.PROMISED if promised.unit is not LimitUnit.AT_ONCE else CaseKind.INSTANT
    if told == CaseKind.INSTANT and promised is not None and promised.is_longer_than(one_day):
        reading.note(heading, plain, "not-understood")
        return CaseKind.PROMISED
    return CaseKind(told)


def _channels(reading: _Reading) -> tuple[Channel, ...]:
    place = clean(reading.text("place"))
    has_window = bool(place) and "无线下" not in place
    is_online = is_yes(reading.text("is_online")) or (not has_window and bool(reading.text("online_address")))
    found = (*((Channel.WINDOW,) if has_window else ()), *((Channel.WEB,) if is_online else ()))
    return found or (Channel.WINDOW,)


def _address(reading: _Reading) -> str:
    heading, value = reading.raw("online_address")
    plain = clean(value)
    if plain and not _WEB.match(plain):
        reading.note(heading, plain, "not-understood")
        return ""
    return plain


def _visits(reading: _Reading) -> int | None:
    heading, value = reading.raw("visits")
    plain = clean(value)
    if plain.isdecimal() and len(plain) < 3:  # noqa: PLR2004 - nobody comes a hundred times
        return int(plain)
    if plain:
        reading.note(heading, plain, "not-understood")
    return None


def _themes(reading: _Reading) -> tuple[str, ...]:
    heading, value = reading.raw("themes")
    found = []
    for part in parts_of(value):
        if part in THEMES:
            found.append(THEMES[part])
        else:
            reading.note(heading, part, "not-understood")
    return tuple(dict.fromkeys(found))


def _materials(reading: _Reading, held: Held) -> tuple[MaterialDraft, ...]:
    heading, value = reading.raw("materials")
    found = []
    for name in parts_of(value)[:100]:
        holding = held.of_material(name=name)
        if holding is None:
            found.append(MaterialDraft(name=name[:500]))
            continue
        reading.note(heading, f"{name} → {holding.provider}《{holding.resource}》", "from-register")
        source = MaterialSource.REGISTER
        found.append(MaterialDraft(name=name[:500], source=source, elements=(holding.element,)))
    return tuple(found)


def _of_address(record: Record) -> Record:
    """Return the codes that stand in an item's address on its old site."""
    for heading in HEADINGS["online_address"]:
        asked = parse_qs(urlsplit(clean(record.get(heading))).query) if clean(record.get(heading)) else {}
        found: dict[str, object] = {name: asked[name][0] for name in _ADDRESS_CODES if name in asked}
        if found:
            return found
    return {}
