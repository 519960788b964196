"""A department that offers the shipped items, people who ask for them, and registers that the test plays."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import CaseClosed
from zhengshu.contexts.certificates import api as certificates
from zhengshu.contexts.services.domain.vocabulary import (
    CaseKind,
    ItemKind,
    ItemLevel,
    ItemState,
    VersionState,
)
from zhengshu.contexts.services.models import ItemVersion, ServiceItem
from zhengshu.contexts.trust import api as trust_api
from zhengshu.contexts.trust.tests import factories as trust
from zhengshu.contexts.trust.tests import seals
from zhengshu.contexts.trust.tests.factories import PASSWORD, PLATFORM
from zhengshu.foundation.events import Subject
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.identity import CaseId, DepartmentId

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday, 2 March 2026, nine o'clock in Shanghai."""

PACKS = Path(settings.PACKS_FOLDER) / "case-types"
ANNA, BELA = "470302199001011236", "470302199002022340"
INSURED = {
    "insurance-name": "企业职工基本养老保险",
    "insurance-status": "参保缴费",
    "insured-on": "2015-07-01",
}


@dataclass(slots=True)
class PlayedRegisters:
    """Answers for each person as a register would, and remembers for which case it was asked."""

    known: dict[str, dict[str, str]] = field(default_factory=dict)
    asked_for: list[str] = field(default_factory=list)

    def supply(
        self,
        *,
        elements: Iterable[str],
        known: Mapping[str, str],
        matter: casework.FormMatter,
        at: datetime,
    ) -> Mapping[str, casework.Supplied]:
        self.asked_for.append(matter.case)
        row = {
            element: value
            for key in ("citizen-id", "credit-code")
            for element, value in self.known.get(known.get(key, ""), {}).items()
        }
        return {
            one: casework.Supplied(
                value=row.get(one, ""),
                source="市人社局《参保信息》",
                at=at,
                receipt="R1",
                refusal="" if one in row else "not-found",
            )
            for one in elements
        }


@contextmanager
def registers(**known: dict[str, str]) -> Iterator[PlayedRegisters]:
    """Play the exchange for a time."""
    played = PlayedRegisters(known={number.removeprefix("id_"): row for number, row in known.items()})
    before = casework.use_exchange(played)
    try:
        yield played
    finally:
        casework.use_exchange(before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """The department that handles the items, its people, and two citizens."""

    department: DepartmentId
    authority: DepartmentId
    clerk: Actor
    approver: Actor
    officer: Actor
    head: Actor
    citizen: Actor
    other: Actor
    stranger: Actor


def hall() -> Hall:
    authority = trust.department(is_data_authority=True)
    own = trust.department(parent_id=authority.id)
    elsewhere = trust.department(parent_id=authority.id)
    return Hall(
        department=own.id,
        authority=authority.id,
        clerk=trust.actor(Role.WINDOW_CLERK, department_id=own.id),
        approver=trust.actor(Role.APPROVER, department_id=own.id),
        officer=trust.actor(Role.DATA_OFFICER, department_id=own.id),
        head=trust.actor(Role.DEPARTMENT_HEAD, department_id=own.id),
        citizen=citizen("intake.anna", ANNA),
        other=citizen("intake.bela", BELA),
        stranger=trust.actor(Role.APPROVER, department_id=elsewhere.id),
    )


def citizen(username: str, citizen_id: str) -> Actor:
    key = trust_api.add_citizen(
        username=username, name=username, citizen_id=citizen_id, password=PASSWORD, actor=PLATFORM, at=AT
    )
    return trust_api.actor_of(official_id=key)


def offer(
    place: Hall,
    *,
    code: str,
    joint: Iterable[str] = (),
    case_kind: CaseKind = CaseKind.INSTANT,
    is_certified: bool = False,
) -> ServiceItem:
    """Offer an item by one of the shipped case types."""
    casework.load_case_types(folder=PACKS / code, at=AT)
    item = ServiceItem.objects.create(
        code=code,
        name=code,
        department_id=place.department,
        department_name="经办部门",
        authority_id=place.authority,
        level=ItemLevel.CITY.value,
        kind=ItemKind.PUBLIC_SERVICE.value,
        audiences=["1"],
        case_kind=case_kind.value,
        case_type=code,
        is_online=True,
        state=ItemState.PUBLISHED.value,
        origin="tests",
        changed_at=AT,
        published_at=AT,
    )
    ItemVersion.objects.create(
        item=item,
        number=1,
        state=VersionState.PUBLISHED.value,
        effective_from=date(2026, 1, 1),
        elements={
            "joint_bodies": [{"name": one, "code": one} for one in joint],
            "outcomes": [{"name": code, "certificate_type": code}] if is_certified else [],
        },
        changed_by="tests",
        changed_at=AT,
        published_by="tests",
        published_at=AT,
    )
    return item


def retire(code: str) -> None:
    """Offer an item no more."""
    ServiceItem.objects.filter(code=code).update(
        state=ItemState.RETIRED.value, retired_at=AT, retired_reason="不再办理"
    )


def leader(place: Hall) -> Actor:
    return trust.actor(Role.LEADER, department_id=place.authority)


FOUND = {"insurances": "工伤保险", "status": "参保缴费", "findings": "核对了缴费记录。"}
"""What an official finds out where the register of the insured told nothing."""


def demanding(folder: Path, *, field: str) -> None:
    """Let certificates of insurance have to say what their type leaves open, by another version of it."""
    shipped = Path(settings.PACKS_FOLDER) / "certificate-types" / "insured-certificate"
    copied = Path(copytree(shipped, folder / shipped.name))
    lines = (copied / "type.yaml").read_text("utf-8").splitlines()
    asked = [line.replace(", required: false", "") if f"code: {field}," in line else line for line in lines]
    (copied / "type.yaml").write_text("\n".join(asked), "utf-8")
    certificates.load_types(folder=folder, at=timezone.now())


def reviewed(case_id: CaseId, *, by: Actor, **found: str) -> casework.CaseRecord:
    """Have the certificate of insurance issued with what an official found out."""
    case = casework.case(case_id=case_id, actor=by, at=timezone.now())
    return casework.complete_by_form(
        task_id=case.open_tasks[0].id,
        outcome="issue",
        answers={key: (value,) for key, value in {**FOUND, **found}.items()},
        actor=by,
        at=timezone.now(),
    )


def closed_event(case: casework.CaseRecord, *, actor: Actor, at: datetime) -> CaseClosed:
    """Return what a case that has ended announces."""
    return CaseClosed(
        at=at,
        actor=actor,
        subject=Subject(kind="case", id=str(case.id), label=case.number),
        department_id=actor.department_id,
        case_id=case.id,
        case_type=case.type,
        about_kind=case.subject.kind,
        about_id=case.subject.id,
        end=case.state,
    )


def certify(place: Hall, code: str) -> None:
    """Let the department issue certificates of a type, with a seal that its head allows."""
    now = timezone.now()
    certificates.load_types(folder=Path(settings.PACKS_FOLDER) / "certificate-types", at=now)
    seal = seals.made(place.head)
    certificates.name_issuer(type_code=code, department_id=place.department, actor=PLATFORM, at=now)
    certificates.allow_seal(type_code=code, seal_id=seal, actor=place.head, at=now)


def certified(code: str, *, kind: str = "", renews: str = "") -> None:
    """Let an item that is offered without a certificate end in one, or in a renewed one, by a second version."""
    first = ItemVersion.objects.get(item__code=code)
    ItemVersion.objects.create(
        item=first.item,
        number=2,
        state=first.state,
        effective_from=first.effective_from,
        elements={
            **first.elements,
            "outcomes": [{"name": code, "certificate_type": kind or code, "renews": renews}],
        },
        changed_by="tests",
        changed_at=AT,
        published_by="tests",
        published_at=AT,
    )


FIRM_CODE = trust.credit_code(910_001)
REGISTERED = {
    "legal-representative": "许望川",
    "registration-status": "存续（在营、开业、在册）",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """An enterprise and its delegate."""

    id: UUID
    delegate: Actor


def firm() -> Firm:
    enterprise = trust_api.add_enterprise(code=FIRM_CODE, name="望川餐饮服务有限公司", actor=PLATFORM, at=AT)
    key = trust_api.add_delegate(
        username="intake.cleo",
        name="许望川",
        citizen_id="470302199003033455",
        enterprise_id=enterprise,
        password=PASSWORD,
        actor=PLATFORM,
        at=AT,
    )
    return Firm(id=enterprise, delegate=trust_api.actor_of(official_id=key))


CLEO = CitizenId.parse("470302199003033455")


def credit_code() -> CreditCode:
    return CreditCode.parse(FIRM_CODE)
