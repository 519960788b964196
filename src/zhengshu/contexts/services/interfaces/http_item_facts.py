"""What the API says of a declaration: each part by its type, with the elements of GB/T 39046-2020 that it holds."""

from typing import Any

import msgspec
from ninja import Schema
from pydantic import Field

from zhengshu.contexts.services.application.elements import declared_of
from zhengshu.contexts.services.application.records import ItemRecord
from zhengshu.contexts.services.domain.elements import ELEMENTS, values_of
from zhengshu.contexts.services.domain.limits import LimitUnit
from zhengshu.contexts.services.domain.vocabulary import (
    Audience,
    BodyNature,
    CaseKind,
    Channel,
    ItemKind,
    ItemLevel,
    MaterialSource,
    PauseKind,
    Range,
)


def _of(part: str, *, material: bool = False) -> Any:  # noqa: ANN401 - pydantic's own type of a field's default
    """Return a field whose description names the elements that a part of the declaration holds."""
    held = [one for one in ELEMENTS if one.field == part and one.is_of_material is material]
    return Field(description="; ".join(f"{one.number} {one.name} ({one.form})" for one in held))


class StepOut(Schema):
    """One step of how an item is handled."""

    name: str
    by: str
    time: str
    note: str


class BodyOut(Schema):
    """An organ, with its unified social credit code where it is known."""

    name: str
    code: str


class PlaceOut(Schema):
    """Where people go."""

    name: str
    address: str
    window: str


class OutcomeOut(Schema):
    """What a person gets in the end."""

    name: str
    certificate_type: str
    renews: str
    sample: str


class CommonQuestionOut(Schema):
    """A question that people ask again and again, with its answer."""

    question: str
    answer: str


class LimitOut(Schema):
    """A time limit, with the article that sets it."""

    value: int
    unit: LimitUnit
    note: str
    basis: str


class MaterialOut(Schema):
    """What an application needs, and from where it comes."""

    name: str = _of("name", material=True)
    source: MaterialSource
    certificate_type: str
    resource: str
    elements: list[str]
    promise: str
    issuer: str = _of("issuer", material=True)
    issued_within: str = _of("issued_within", material=True)
    how_to_fill: str = _of("how_to_fill", material=True)
    issuer_place: str = _of("issuer_place", material=True)
    used_for: str = _of("used_for", material=True)
    originals: int = _of("originals", material=True)
    copies: int = _of("copies", material=True)
    is_required: bool = _of("is_required", material=True)
    sample: str


class FactsOut(Schema):
    """All that is declared of an item in one version, by the codes of GB/T 39046-2020, annex A."""

    name: str = _of("name")
    name_en: str
    summary: str
    summary_en: str
    words: list[str]
    kind: ItemKind = _of("kind")
    level: ItemLevel = _of("level")
    audiences: list[Audience] = _of("audiences")
    case_kind: CaseKind
    basic_code: str = _of("basic_code")
    implementation_code: str = _of("implementation_code")
    basis: list[str] = _of("basis")
    division: str = _of("division")
    exercised: str = _of("exercised")
    jurisdiction: str = _of("jurisdiction")
    jurisdiction_code: str = _of("jurisdiction_code")
    body_nature: BodyNature = _of("body_nature")
    handling_body: BodyOut | None = _of("handling_body")
    joint_bodies: list[BodyOut] = _of("joint_bodies")
    statutory: LimitOut | None = _of("statutory")
    promised: LimitOut | None = _of("promised")
    conditions: list[str] = _of("conditions")
    steps: list[StepOut] = _of("steps")
    intermediary: str = _of("intermediary")
    quantity_limit: str = _of("quantity_limit")
    outcomes: list[OutcomeOut] = _of("outcomes")
    is_charged: bool = _of("is_charged")
    fee: str
    fee_basis: str = _of("fee_basis")
    range: Range | None = _of("range")
    channels: list[Channel] = _of("channels")
    special_procedures: list[PauseKind] = _of("special_procedures")
    special_note: str
    is_bookable: bool = _of("is_bookable")
    is_payable_online: bool = _of("is_payable_online")
    is_delivered: bool = _of("is_delivered")
    online_address: str = _of("online_address")
    system_level: ItemLevel | None = _of("system_level")
    system_name: str
    places: list[PlaceOut] = _of("places")
    hours: str = _of("hours")
    consulting: str = _of("consulting")
    phone: str = _of("phone")
    complaint_phone: str = _of("complaint_phone")
    questions: list[CommonQuestionOut] = _of("questions")
    visits: int | None
    themes: list[str] = _of("themes")
    case_type: str
    publication_basis: str
    materials: list[MaterialOut]

    @classmethod
    def of(cls, found: ItemRecord) -> "FactsOut":
        """Make it of a version."""
        return cls.model_validate(msgspec.to_builtins(found.facts))


class ElementOut(Schema):
    """One data item of GB/T 39046-2020, table 4: of a material one value for each material, also an empty one."""

    number: int = Field(ge=1, le=len(ELEMENTS))
    name: str
    form: str
    values: list[str]

    @classmethod
    def all_of(cls, found: ItemRecord) -> list["ElementOut"]:
        """Return all of them with what a version says."""
        return [
            cls(number=one.number, name=one.name, form=one.form, values=list(values))
            for one, values in values_of(declared_of(found))
        ]
