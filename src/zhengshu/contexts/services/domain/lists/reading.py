"""One record of another list as a declaration, with what of it was not understood."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from zhengshu.contexts.services.domain.held import Held
from zhengshu.contexts.services.domain.items import Body, ItemDraft, MaterialDraft, Outcome, Place, Step
from zhengshu.contexts.services.domain.limits import ItemLimit, LimitUnit
from zhengshu.contexts.services.domain.lists.codes import AUDIENCES, CASE_KINDS, KINDS, LEVELS, THEMES
from zhengshu.contexts.services.domain.lists.columns import HEADINGS
from zhengshu.contexts.services.domain.lists.headings import is_known, with_known_headings
from zhengshu.contexts.services.domain.lists.record import Note, Reading, Record
from zhengshu.contexts.services.domain.lists.standard import with_elements
from zhengshu.contexts.services.domain.lists.values import clean, is_yes, lines_of, parts_of
from zhengshu.contexts.services.domain.vocabulary import (
    Audience,
    CaseKind,
    Channel,
    ItemKind,
    ItemLevel,
    MaterialSource,
)
from zhengshu.kernel.regions import RegionCode, RegionLevel

_WEB: Final = re.compile(r"^https?://[^\s<>\"']{3,1900}$")
_LEVELS: Final = dict(zip(RegionLevel, (ItemLevel(str(code)) for code in range(1, 7)), strict=True))
"""From the nation to the community, in table A.2 as in ours."""
_THEME_CODE: Final = re.compile(r"^[a-z][a-z-]{1,39}$")
_NUMBERED: Final = re.compile(r"^(?:\d{1,2}[.、)](?!\d)|[（(]\d{1,2}[)）]|[①-⑳])\s*")
_ADDRESS_CODES: Final = ("itemCode", "taskType", "deptCode", "areaCode")


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
    known = with_known_headings(record)
    reading = Reading({**_of_address(known), **known})
    for heading, value in known.items():
        if not is_known(heading) and clean(value):
            reading.note(heading, clean(value), "unknown-heading")
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


def _draft(reading: Reading, name: str, held: Held) -> ItemDraft:
    statutory, promised = _limits(reading)
    parent = reading.text("parent")
    words = [
        word
        for word in (*parts_of(re.split(r"[,，、;； ]", reading.text("words"))), parent)
        if word and word != name
    ]
    draft = ItemDraft(
        name=name[:500],
        kind=reading.coded("kind", KINDS, ItemKind, ItemKind.PUBLIC_SERVICE),
        level=_level(reading),
        audiences=_audiences(reading),
        case_kind=_case_kind(reading, promised),
        words=tuple(word[:100] for word in dict.fromkeys(words) if word not in {"未分类", name})[:10],
        basic_code=reading.text("basic_code")[:40],
        implementation_code=reading.text("implementation_code")[:80],
        basis=tuple(one[:2000] for one in lines_of(reading.raw("basis")[1]) if one)[:50],
        statutory=statutory,
        promised=promised,
        conditions=tuple(one[:2000] for one in lines_of(reading.raw("conditions")[1]) if one)[:50],
        steps=tuple(Step(name=one[:200]) for one in _steps(reading))[:30],
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
        places=tuple(
            Place(name=one.removeprefix("办理地点：")[:500])
            for one in lines_of(reading.raw("place")[1])
            if one
        )[:20],
        hours=reading.text("hours"),
        phone=reading.text("phone"),
        complaint_phone=reading.text("complaint_phone"),
        visits=_visits(reading),
        themes=_themes(reading),
        materials=_materials(reading, held),
    )
    return with_elements(reading, draft)


def _level(reading: Reading) -> ItemLevel:
    """Return the level that a record says, or else that of the region for which the item is kept."""
    region = clean(reading.raw("jurisdiction_code")[1])
    if not clean(reading.raw("level")[1]) and RegionCode.is_valid(region):
        return _LEVELS[RegionCode.parse(region).level]
    return reading.coded("level", LEVELS, ItemLevel, ItemLevel.COUNTY)


def _limits(reading: Reading) -> tuple[ItemLimit | None, ItemLimit | None]:
    statutory, promised = reading.limit("statutory"), reading.limit("promised")
    if statutory is not None and promised is not None and promised.is_longer_than(statutory):
        heading, value = reading.raw("promised")
        reading.note(heading, value, "promise-dropped")
        return statutory, None
    return statutory, promised


def _audiences(reading: Reading) -> tuple[Audience, ...]:
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


def _case_kind(reading: Reading, promised: ItemLimit | None) -> CaseKind:
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


def _channels(reading: Reading) -> tuple[Channel, ...]:
    place = clean(reading.text("place"))
    has_window = bool(place) and "无线下" not in place
    is_online = is_yes(reading.text("is_online")) or (not has_window and bool(reading.text("online_address")))
    found = (*((Channel.WINDOW,) if has_window else ()), *((Channel.WEB,) if is_online else ()))
    return found or (Channel.WINDOW,)


def _address(reading: Reading) -> str:
    heading, value = reading.raw("online_address")
    plain = clean(value)
    if plain and not _WEB.match(plain):
        reading.note(heading, plain, "not-understood")
        return ""
    return plain


def _visits(reading: Reading) -> int | None:
    heading, value = reading.raw("visits")
    plain = clean(value)
    if plain.isdecimal() and len(plain) < 3:  # noqa: PLR2004 - nobody comes a hundred times
        return int(plain)
    if plain:
        reading.note(heading, plain, "not-understood")
    return None


def _themes(reading: Reading) -> tuple[str, ...]:
    heading, value = reading.raw("themes")
    found = []
    has_codes = any(reading.raw(element)[1] for element in ("theme_codes", "people_theme_codes"))
    for part in () if has_codes else parts_of(value):
        if part in THEMES:
            found.append(THEMES[part])
        else:
            reading.note(heading, part, "not-understood")
    codes = [
        code
        for element in ("theme_codes", "people_theme_codes")
        for code in parts_of(reading.raw(element)[1])
        if _THEME_CODE.match(code)
    ]
    return tuple(dict.fromkeys(codes or found))


def _steps(reading: Reading) -> tuple[str, ...]:
    value = reading.raw("steps")[1]
    return parts_of(value.replace("→", "\n").replace("—>", "\n") if isinstance(value, str) else value)


def _materials(reading: Reading, held: Held) -> tuple[MaterialDraft, ...]:
    heading, value = reading.raw("materials")
    found = []
    for name in [_NUMBERED.sub("", part) for part in parts_of(value)][:100]:
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
