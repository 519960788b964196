"""A street office whose permits people apply for by a form."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.application.forms.drafts import Draft, draft
from zhengshu.contexts.casework.application.forms.save_answers import save_answers
from zhengshu.contexts.casework.application.forms.start_draft import start_draft
from zhengshu.contexts.casework.tests.factories import AT, person
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, new_id

PACK = Path(__file__).parents[5] / "tests" / "packs" / "stall-permit"
TYPE = "stall-permit"

APPLICANT = {
    "applicant_name": "张三",
    "citizen_id": "11010519491231002X",
    "phone": "138 0013 8000",
    "address": "和平区示例路1号",
}
STALL = {
    "sells_what": "goods",
    "starts_on": "2026-03-10",
    "days": "12",
    "goods": "2",
    "goods.0.goods_name": "围巾",
    "goods.0.goods_price": "30",
    "goods.1.goods_name": "手套",
    "goods.1.goods_price": "15",
}
DOCUMENTS = {"remark": "靠近公交站"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Street:
    """The office, its reviewer, and two citizens."""

    office: DepartmentId
    code: str
    reviewer: Actor
    citizen: Actor
    other: Actor
    packs: Path


def citizen() -> Actor:
    return Actor(id=new_id(), name="张三", roles=frozenset({Role.CITIZEN}))


def street(folder: Path) -> Street:
    """Load the case type for a fresh street office."""
    authority = trust.department(is_data_authority=True)
    office = trust.department(parent_id=authority.id)
    packs = folder / "types"
    shutil.copytree(PACK, packs / TYPE)
    place = Street(
        office=office.id,
        code=str(office.code),
        reviewer=person(Role.APPROVER, department_id=office.id),
        citizen=citizen(),
        other=citizen(),
        packs=packs,
    )
    change_form(place, lambda text: text.replace("OFFICE", place.code))
    return place


def change_form(place: Street, change: Callable[[str], str], *, form: str = "application") -> None:
    """Load the case type with its form changed."""
    file = place.packs / TYPE / f"{form}.form.json"
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    api.load_case_types(folder=place.packs, at=AT)


def without(*keys: str) -> Callable[[str], str]:
    """Return a change that takes fields out of a form."""

    def change(text: str) -> str:
        tree = json.loads(text)
        tree["components"] = [one for one in tree["components"] if one.get("key") not in keys]
        return json.dumps(tree, ensure_ascii=False)

    return change


def typed(answers: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {place: (text,) for place, text in answers.items()}


def begun(place: Street, *, actor: Actor | None = None) -> Draft:
    return start_draft(case_type=TYPE, actor=actor or place.citizen, at=AT)


def save(
    found: Draft, page: int, answers: Mapping[str, str], *, actor: Actor, version: UUID | None = None
) -> Draft:
    return save_answers(
        draft_id=found.row.pk,
        page=page,
        typed=typed(answers),
        version=version or found.type.id,
        actor=actor,
        at=AT,
    )


def filled(place: Street, *, actor: Actor | None = None, **changes: str) -> Draft:
    """Return a draft in which everything is answered."""
    who = actor or place.citizen
    found = begun(place, actor=who)
    pages = ({**APPLICANT, "district_office": place.code}, STALL, DOCUMENTS)
    for number, answers in enumerate(pages, start=1):
        known = {**answers, **{key: text for key, text in changes.items() if key in answers}}
        found = save(found, number, known, actor=who)
    return draft(draft_id=found.row.pk, actor=who)


def as_official(actor: Actor, place: Street) -> Actor:
    """Return the actor as an approver of another office."""
    return replace(actor, roles=frozenset({Role.APPROVER}), department_id=trust.department().id)
