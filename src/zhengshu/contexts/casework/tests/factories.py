"""A small city whose departments have cases, and the steps of the two case types."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from zhengshu.contexts.casework import api
from zhengshu.contexts.casework.api import CaseRecord, CaseSubject
from zhengshu.contexts.casework.domain.expressions import Value
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, new_id

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday, 2 March 2026, nine o'clock in Shanghai; no holidays in the weeks that follow."""

PACKS = Path(settings.PACKS_FOLDER) / "case-types"

OF_DEPARTMENTS = (
    "case-type-publication",
    "catalog-publication",
    "data-correction",
    "data-demand",
    "data-dispute",
    "data-rectification",
    "grant-misuse",
    "log-alarm",
    "rating-rectification",
    "seal-application",
    "security-finding",
    "share-request",
)
"""What departments do with each other; matters of citizens are loaded by the tests that need them: each costs time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """The officials of two departments and of the data authority."""

    requester: DepartmentId
    provider: DepartmentId
    authority: DepartmentId
    officer: Actor
    head: Actor
    provider_officer: Actor
    provider_head: Actor
    reviewer: Actor
    stranger: Actor

    @property
    def parties(self) -> Mapping[str, DepartmentId]:
        return {"requester": self.requester, "provider": self.provider, "authority": self.authority}


def person(*roles: Role, department_id: DepartmentId) -> Actor:
    """Return an official without an account, which is all that cases need."""
    key = new_id()
    return Actor(id=key, name=f"职员{key.hex[-4:]}", department_id=department_id, roles=frozenset(roles))


def load_types(*, at: datetime) -> None:
    """Load the case types of departments."""
    for code in OF_DEPARTMENTS:
        api.load_case_types(folder=PACKS / code, at=at)


def city() -> City:
    load_types(at=AT)
    authority = trust.department(is_data_authority=True)
    requester = trust.department(parent_id=authority.id)
    provider = trust.department(parent_id=authority.id)
    other = trust.department(parent_id=authority.id)
    return City(
        requester=requester.id,
        provider=provider.id,
        authority=authority.id,
        officer=person(Role.DATA_OFFICER, department_id=requester.id),
        head=person(Role.DEPARTMENT_HEAD, department_id=requester.id),
        provider_officer=person(Role.DATA_OFFICER, department_id=provider.id),
        provider_head=person(Role.DEPARTMENT_HEAD, department_id=provider.id),
        reviewer=person(Role.REVIEWER, department_id=authority.id),
        stranger=person(Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, department_id=other.id),
    )


def subject(title: str = "城镇职工参保信息") -> CaseSubject:
    key = new_id()
    return CaseSubject(kind="share_request", id=key, title=title, path=f"/exchange/requests/{key}/")


def share_request(
    place: City,
    *,
    sharing_class: str = "conditional",
    needs_authority: bool = False,
    about: CaseSubject | None = None,
    at: datetime = AT,
) -> CaseRecord:
    data: dict[str, Value] = {"sharing_class": sharing_class, "needs_authority": needs_authority}
    return api.open_case(
        case_type="share-request",
        subject=about or subject(),
        parties=place.parties,
        data=data,
        actor=place.officer,
        at=at,
    )


def at_provider(place: City, *, at: datetime = AT, **options: bool | str) -> CaseRecord:
    """Open a share request that its own head has approved."""
    sharing_class = str(options.get("sharing_class", "conditional"))
    opened = share_request(
        place, sharing_class=sharing_class, needs_authority=bool(options.get("needs_authority")), at=at
    )
    return api.complete_task(
        case_id=opened.id, task="head_approval", outcome="approve", actor=place.head, at=at
    )
