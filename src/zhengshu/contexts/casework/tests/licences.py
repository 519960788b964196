"""A licensing office, the people who ask it for licences, and the case type in `packs/licence`."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.api import Applicant, CaseRecord, CaseSubject
from zhengshu.contexts.casework.tests import factories
from zhengshu.contexts.casework.tests.factories import AT
from zhengshu.contexts.trust import api as trust_api
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.contexts.trust.tests.factories import PASSWORD, PLATFORM
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId

CASE_TYPES = factories.PACKS
PACKS = Path(__file__).parent / "packs"

ADA, BAI, CAO = "470302199001011236", "470302199002022340", "470302199003033455"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A licensing office with its officials, two citizens and an enterprise."""

    id: DepartmentId
    authority: DepartmentId
    clerk: Actor
    colleague: Actor
    approver: Actor
    head: Actor
    reviewer: Actor
    stranger: Actor
    citizen: Actor
    other_citizen: Actor
    delegate: Actor
    enterprise_id: UUID


def office(*, folder: Path = PACKS) -> Office:
    api.load_case_types(folder=folder, at=AT)
    authority = trust.department(is_data_authority=True)
    own = trust.department(parent_id=authority.id)
    other = trust.department(parent_id=authority.id)
    enterprise = trust_api.add_enterprise(
        code=trust.credit_code(900_001), name="云岭食品有限公司", actor=PLATFORM, at=AT
    )
    return Office(
        id=own.id,
        authority=authority.id,
        clerk=trust.actor(Role.WINDOW_CLERK, department_id=own.id),
        colleague=trust.actor(Role.WINDOW_CLERK, department_id=own.id),
        approver=trust.actor(Role.APPROVER, department_id=own.id),
        head=trust.actor(Role.DEPARTMENT_HEAD, department_id=own.id),
        reviewer=trust.actor(Role.REVIEWER, department_id=authority.id),
        stranger=trust.actor(Role.WINDOW_CLERK, Role.APPROVER, department_id=other.id),
        citizen=citizen("ada", ADA),
        other_citizen=citizen("bai", BAI),
        delegate=delegate("cao", CAO, enterprise_id=enterprise),
        enterprise_id=enterprise,
    )


def citizen(username: str, citizen_id: str) -> Actor:
    key = trust_api.add_citizen(
        username=username, name=username, citizen_id=citizen_id, password=PASSWORD, actor=PLATFORM, at=AT
    )
    return trust_api.actor_of(official_id=key)


def delegate(username: str, citizen_id: str, *, enterprise_id: UUID) -> Actor:
    key = trust_api.add_delegate(
        username=username,
        name=username,
        citizen_id=citizen_id,
        enterprise_id=enterprise_id,
        password=PASSWORD,
        actor=PLATFORM,
        at=AT,
    )
    return trust_api.actor_of(official_id=key)


def subject() -> CaseSubject:
    return factories.subject("食品经营许可")


def applied(
    place: Office,
    *,
    actor: Actor | None = None,
    applicant: Applicant | None = None,
    office: DepartmentId | None = None,
    at: datetime = AT,
) -> CaseRecord:
    return api.open_case(
        case_type="licence",
        subject=subject(),
        parties={"office": office or place.id},
        data={},
        applicant=applicant,
        actor=actor or place.citizen,
        at=at,
    )


def accepted(place: Office, *, at: datetime = AT) -> CaseRecord:
    case = applied(place, at=at)
    return api.complete_task(case_id=case.id, task="accept", outcome="accept", actor=place.clerk, at=at)


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    """Return a copy of the licence's folder with another `type.yaml`."""
    copy = folder / "licence"
    (copy / "texts").mkdir(parents=True)
    for file in (PACKS / "licence").rglob("*.*"):
        text = file.read_text(encoding="utf-8")
        for old, new in changes if file.name == "type.yaml" else ():
            assert old in text
            text = text.replace(old, new)
        (copy / file.relative_to(PACKS / "licence")).write_text(text, encoding="utf-8")
    return copy
