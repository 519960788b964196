"""The elements that lists of the national template have beside the usual ones, by the names of GB/T 39046-2020."""

import re
from typing import Final, TypeVar

import msgspec

from zhengshu.contexts.services.domain.items import Body, CommonQuestion, ItemDraft, MaterialDraft, Outcome
from zhengshu.contexts.services.domain.lists.codes import CODES
from zhengshu.contexts.services.domain.lists.record import Reading
from zhengshu.contexts.services.domain.lists.values import clean, is_yes, lines_of, parts_of
from zhengshu.contexts.services.domain.vocabulary import BodyNature, Channel, ItemLevel, PauseKind, Range
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.regions import RegionCode

E = TypeVar("E", BodyNature, Range, ItemLevel)
MOST_COPIES: Final = 99
_ASKED: Final = re.compile(r"^(?P<question>.{1,500}?[？?])\s*(?P<answer>.+)$", re.DOTALL)
_TEXTS: Final = ("division", "exercised", "intermediary", "quantity_limit", "jurisdiction", "consulting")
_OF_MATERIALS: Final = ("issuer", "issued_within", "how_to_fill", "issuer_place", "used_for", "sample")


def with_elements(reading: Reading, draft: ItemDraft) -> ItemDraft:
    """Return a declaration with those elements of the standard that the record has and few other lists do."""
    return msgspec.structs.replace(
        draft,
        **{name: reading.text(name) for name in _TEXTS},
        jurisdiction_code=_region(reading),
        body_nature=_one(reading, "body_nature", BodyNature) or BodyNature.STATUTORY,
        range=_one(reading, "range", Range),
        system_level=_one(reading, "system_level", ItemLevel),
        is_payable_online=is_yes(reading.text("is_payable_online")) or False,
        special_procedures=_special(reading),
        special_note=_special_note(reading),
        channels=_channels(reading) or draft.channels,
        handling_body=_handling(reading),
        joint_bodies=_joint(reading, draft.joint_bodies),
        outcomes=_outcomes(reading, draft.outcomes),
        questions=_questions(reading),
        materials=_materials(reading, draft.materials),
    )


def _one(reading: Reading, element: str, kind: type[E]) -> E | None:
    heading, value = reading.raw(element)
    plain = clean(value)
    if not plain:
        return None
    codes = CODES[element]
    if plain in codes:
        return kind(codes[plain])
    reading.note(heading, plain, "not-understood")
    return None


def _special(reading: Reading) -> tuple[PauseKind, ...]:
    found = [CODES["special"].get(one) for one in parts_of(reading.raw("special_note")[1])]
    return tuple(dict.fromkeys(PauseKind(one) for one in found if one))


def _special_note(reading: Reading) -> str:
    parts = parts_of(reading.raw("special_note")[1])
    return "；".join(one for one in parts if one not in CODES["special"])[:2000]


def _channels(reading: Reading) -> tuple[Channel, ...]:
    heading, value = reading.raw("channels")
    found = []
    for part in parts_of(value):
        if part in CODES["channels"]:
            found.append(Channel(CODES["channels"][part]))
        else:
            reading.note(heading, part, "not-understood")
    return tuple(dict.fromkeys(found))


def _region(reading: Reading) -> str:
    heading, value = reading.raw("jurisdiction_code")
    plain = clean(value)
    if not plain:
        return ""
    if RegionCode.is_valid(plain):
        return RegionCode.parse(plain).text
    reading.note(heading, plain, "not-understood")
    return ""


def _organ_code(reading: Reading, heading: str, text: str) -> str:
    if not text or CreditCode.is_valid(text):
        return text
    reading.note(heading, text, "not-understood")
    return ""


def _handling(reading: Reading) -> Body | None:
    name = reading.text("handling_body")[:200]
    heading, value = reading.raw("handling_body_code")
    return Body(name=name, code=_organ_code(reading, heading, clean(value))) if name else None


def _joint(reading: Reading, bodies: tuple[Body, ...]) -> tuple[Body, ...]:
    heading, value = reading.raw("joint_body_codes")
    codes = lines_of(value) if len(lines_of(value)) > 1 else parts_of(value)
    if len(codes) != len(bodies):
        if any(codes):
            reading.note(heading, "、".join(codes), "not-understood")
        return bodies
    return tuple(
        Body(name=body.name, code=_organ_code(reading, heading, code))
        for body, code in zip(bodies, codes, strict=True)
    )


def _outcomes(reading: Reading, outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    heading, value = reading.raw("outcome_samples")
    samples = lines_of(value)
    if len(samples) != len(outcomes):
        if any(samples):
            reading.note(heading, "、".join(samples), "not-understood")
        return outcomes
    return tuple(
        msgspec.structs.replace(one, sample=sample[:200])
        for one, sample in zip(outcomes, samples, strict=True)
    )


def _questions(reading: Reading) -> tuple[CommonQuestion, ...]:
    heading, value = reading.raw("questions")
    found = []
    for line in lines_of(value):
        asked = _ASKED.match(line)
        if asked:
            found.append(CommonQuestion(question=asked["question"], answer=asked["answer"].strip()))
        elif line:
            reading.note(heading, line, "not-understood")
    return tuple(found)[:50]


def _materials(reading: Reading, materials: tuple[MaterialDraft, ...]) -> tuple[MaterialDraft, ...]:
    changes: list[dict[str, object]] = [{} for _ in materials]
    for element in _OF_MATERIALS:
        for change, value in zip(changes, _column(reading, element, len(materials)), strict=False):
            change[element] = value[:500]
    for element in ("originals", "copies"):
        heading = reading.raw(f"material_{element}")[0]
        for change, value in zip(changes, _column(reading, element, len(materials)), strict=False):
            if value.isdecimal() and int(value) <= MOST_COPIES:
                change[element] = int(value)
            elif value:
                reading.note(heading, value, "not-understood")
    for change, value in zip(changes, _column(reading, "is_required", len(materials)), strict=False):
        change["is_required"] = is_yes(value) is not False
    return tuple(
        msgspec.structs.replace(one, **change) for one, change in zip(materials, changes, strict=True)
    )


def _column(reading: Reading, element: str, count: int) -> tuple[str, ...]:
    """Return a value for each material, where the list has as many of them as of materials."""
    heading, value = reading.raw(f"material_{element}")
    found = lines_of(value)
    if len(found) == count:
        return found
    if any(found):
        reading.note(heading, "、".join(found), "not-understood")
    return ()
