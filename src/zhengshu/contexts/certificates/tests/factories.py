"""Certificates as tests need them: types loaded, an issuer with a seal, holders, certificates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from zhengshu.contexts.certificates import api
from zhengshu.contexts.trust import api as trust
from zhengshu.contexts.trust.tests import factories as people
from zhengshu.contexts.trust.tests import seals
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import CaseId, DepartmentId, new_id

PLATFORM = people.PLATFORM
FIRM = api.Holder.enterprise(name="临江市望川餐饮服务有限公司", credit_code="91470300MA9990001M")
ZHAO = api.Holder.person(name="赵敏行", citizen_id="470302199001011236")
FOOD = {
    "person_in_charge": "许望川",
    "address": "临江市青禾区文昌街道书院路18号",
    "place": "临江市青禾区文昌街道书院路18号一层",
    "business_kind": "餐饮服务经营者",
    "projects": "热食类食品制售；冷食类食品制售",
}
INSURED = {
    "employer": "临江市望川餐饮服务有限公司",
    "insurances": "企业职工基本养老保险、失业保险、工伤保险",
    "status": "正常参保",
    "insured_on": "2019-09-02",
    "months": "86",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """A department that issues, its head and an approver of it."""

    department_id: DepartmentId
    head: Actor
    approver: Actor
    seal_id: UUID


def load() -> None:
    """Load the types of the packs."""
    api.load_types(folder=settings.PACKS_FOLDER / "certificate-types", at=timezone.now())


def issuer(*type_codes: str) -> Issuer:
    """Return a department that issues types, with the seal that its head has allowed for them."""
    load()
    head = seals.official(Role.DEPARTMENT_HEAD)
    assert head.department_id is not None
    approver = seals.official(Role.APPROVER, department_id=head.department_id)
    seal_id, at = seals.made(head), timezone.now()
    for code in type_codes:
        api.name_issuer(type_code=code, department_id=head.department_id, actor=PLATFORM, at=at)
        api.allow_seal(type_code=code, seal_id=seal_id, actor=head, at=at)
    return Issuer(department_id=head.department_id, head=head, approver=approver, seal_id=seal_id)


def food(
    by: Issuer,
    *,
    holder: api.Holder = FIRM,
    case_id: CaseId | None = None,
    at: datetime | None = None,
    active_from: datetime | None = None,
    more: Mapping[str, str] | None = None,
    **values: str,
) -> api.CertificateRecord:
    """Return a food permit that was issued by a case of its own."""
    return api.issue(
        type_code="food-permit",
        holder=holder,
        values={**FOOD, **values, **(more or {})},
        case_id=case_id or CaseId(new_id()),
        department_id=by.department_id,
        actor=PLATFORM,
        at=at or timezone.now(),
        active_from=active_from,
    )


def insured(
    by: Issuer, *, holder: api.Holder = ZHAO, at: datetime | None = None, **values: str
) -> api.CertificateRecord:
    """Return a certificate of insurance that was issued by a case of its own."""
    return api.issue(
        type_code="insured-certificate",
        holder=holder,
        values={**INSURED, **values},
        case_id=CaseId(new_id()),
        department_id=by.department_id,
        actor=PLATFORM,
        at=at or timezone.now(),
    )


def citizen(*, name: str = ZHAO.name, citizen_id: str = ZHAO.number, username: str = "") -> Actor:
    """Return a citizen with an account."""
    at = timezone.now()
    account_id = trust.add_citizen(
        username=username or f"holder.{new_id().hex[-8:]}",
        name=name,
        citizen_id=citizen_id,
        password=people.PASSWORD,
        actor=PLATFORM,
        at=at,
    )
    return trust.actor_of(official_id=account_id)


def delegate(
    *, code: str = FIRM.number, name: str = FIRM.name, citizen_id: str = "360426199101010071"
) -> Actor:
    """Return the legal representative of an enterprise."""
    at = timezone.now()
    enterprise = trust.add_enterprise(code=code, name=name, actor=PLATFORM, at=at)
    account_id = trust.add_delegate(
        username=f"delegate.{new_id().hex[-8:]}",
        name="许望川",
        citizen_id=citizen_id,
        enterprise_id=enterprise,
        is_legal_representative=True,
        password=people.PASSWORD,
        actor=PLATFORM,
        at=at,
    )
    return trust.actor_of(official_id=account_id)


def sample(found: api.CertificateType, *, skip: tuple[str, ...] = ()) -> dict[str, str]:
    """Return a value for each field of a type that its holder does not fill."""
    fitting = {
        "date": "2026-11-12",
        "name": "林若溪",
        "citizen_id": ZHAO.number,
        "credit_code": FIRM.number,
        "address": "临江市青禾区文昌街道书院路18号",
    }
    return {
        one.code: fitting.get(one.kind.value, "某某")[: one.most]
        for one in found.fields
        if not one.fill and one.code not in skip
    }
