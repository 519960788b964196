"""Certificates of the browser tests: run as a program, in the environment of the platform that it fills.

`fill` names issuers and issues; `take_over` lets another office use a permit; it prints what the test needs.
Each test has a certificate of its own to use up: they run in any order.
"""

import sys
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from tests.e2e.cast import PASSWORD
from zhengshu.kernel.actors import Actor, Role

if TYPE_CHECKING:
    from zhengshu.contexts.certificates import api

HOLDER, DELEGATE, NOBODY = "holder.citizen", "holder.firm", "holder.without"
APPROVER = "provider.approver"
NAME, NUMBER = "孟听澜", "47030219900307234X"
FIRM = "明州市望川餐饮服务有限公司"
FOOD = {
    "person_in_charge": "许望川",
    "address": "明州市青禾区文昌街道书院路18号",
    "place": "明州市青禾区文昌街道书院路18号一层",
    "business_kind": "餐饮服务经营者",
    "projects": "热食类食品制售；冷食类食品制售；自制饮品制售",
    "supervisor": "青禾区市场监督管理局文昌监督管理所",
}
INSURED = {
    "employer": FIRM,
    "insurances": "企业职工基本养老保险、失业保险、工伤保险",
    "status": "正常参保",
    "insured_on": "2019-09-02",
    "months": "86",
}


def fill() -> None:
    """Let the provider issue, and people hold certificates; print what `Issued` of the test names."""
    from zhengshu.contexts.certificates import api
    from zhengshu.contexts.trust import api as trust
    from zhengshu.contexts.trust.tests.factories import credit_code

    at, actor = timezone.now(), Actor.platform("tests.certificates")
    office = trust.official_by_username(username="provider.head").department_id
    trust.add_official(
        username=APPROVER, name="宋明理", department_id=office, roles=[Role.APPROVER], password=PASSWORD,
        must_change_password=False, actor=actor, at=at,
    )  # fmt: skip
    code = credit_code(88_001)
    enterprise = trust.add_enterprise(code=code, name=FIRM, actor=actor, at=at)
    trust.add_delegate(
        username=DELEGATE, name="许望川", citizen_id="470302198001016219", enterprise_id=enterprise,
        is_legal_representative=True, password=PASSWORD, actor=actor, at=at,
    )  # fmt: skip
    for username, name, number in ((HOLDER, NAME, NUMBER), (NOBODY, "未有证", "470302198505054323")):
        trust.add_citizen(
            username=username, name=name, citizen_id=number, password=PASSWORD, actor=actor, at=at
        )
    seal_types(office, ("insured-certificate", "food-permit"))
    permit = _issue("food-permit", api.Holder.enterprise(name=FIRM, credit_code=code), FOOD)
    closing = _issue(
        "food-permit", api.Holder.enterprise(name="明州市归帆小吃店", credit_code=credit_code(88_002)), FOOD
    )
    insured = _issue("insured-certificate", api.Holder.person(name=NAME, citizen_id=NUMBER), INSURED)
    old = _issue(
        "insured-certificate", api.Holder.person(name=NAME, citizen_id=NUMBER), {**INSURED, "months": "80"}
    )
    approver = trust.actor_of(official_id=trust.official_by_username(username=APPROVER).id)
    api.revoke(
        certificate_id=old.id,
        ending=api.Ending.REVOKED,
        reason="参保数据有误，依法撤销",
        actor=approver,
        at=at,
    )
    print(permit.id, closing.id, insured.id, insured.number)  # noqa: T201 - it is read by the test


def take_over() -> None:
    """Let another office take the permit over into an application for a signboard."""
    from zhengshu.contexts.certificates import api
    from zhengshu.contexts.trust.tests.factories import credit_code
    from zhengshu.kernel.identity import CaseId, new_id

    api.supply(
        holder=api.Holder.enterprise(name=FIRM, credit_code=credit_code(88_001)),
        type_code="food-permit",
        fields=("name", "credit_code", "place"),
        case_id=CaseId(new_id()),
        purpose="户外招牌设置许可",
        actor=Actor.platform("tests.certificates"),
        at=timezone.now(),
        who="明州市城市管理局",
    )


def code(certificate_id: str) -> None:
    """Print where a fresh code of the holder leads."""
    from zhengshu.contexts.certificates.application.present_certificate import present
    from zhengshu.contexts.trust import api as trust
    from zhengshu.contexts.trust.models import Account

    holder = trust.actor_of(official_id=Account.objects.get(username=HOLDER).id)
    made = present(certificate_id=UUID(certificate_id), actor=holder, at=timezone.now())
    print(made.address)  # noqa: T201 - it is read by the test


def age(certificate_id: str) -> None:
    """Let the codes of a certificate be older than a minute."""
    from zhengshu.contexts.certificates.models import Presentation

    minute = timezone.now() - timedelta(seconds=61)
    Presentation.objects.filter(certificate_id=UUID(certificate_id), used_at=None).update(expires_at=minute)


def seal_types(office: UUID, types: tuple[str, ...]) -> None:
    from zhengshu.contexts.certificates import api
    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.identity import DepartmentId, new_id

    at, actor = timezone.now(), Actor.platform("tests.certificates")
    name = trust.department(department_id=DepartmentId(office)).name
    wanted = trust.WantedSeal(
        kind=trust.SealKind.DEPARTMENT, name=name, caption="行政审批专用章", active_from=at,
        active_to=at + timedelta(days=900),
    )  # fmt: skip
    seal_id = trust.apply_for_seal(wanted=wanted, department_id=DepartmentId(office), actor=actor, at=at)
    case_id = new_id()
    trust.note_seal_case(seal_id=seal_id, case_id=case_id, number="YZ-88001")
    trust.make_seal(case_id=case_id, actor=actor, at=at)
    for one in types:
        api.name_issuer(type_code=one, department_id=DepartmentId(office), actor=actor, at=at)
        api.allow_seal(type_code=one, seal_id=seal_id, actor=actor, at=timezone.now())


def _issue(code: str, holder: "api.Holder", values: dict[str, str]) -> "api.CertificateRecord":
    from zhengshu.contexts.certificates import api
    from zhengshu.kernel.identity import CaseId, new_id

    return api.issue(
        type_code=code, holder=holder, values=values, case_id=CaseId(new_id()),
        actor=Actor.platform("tests.certificates"), at=timezone.now(),
    )  # fmt: skip


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    acts: dict[str, Callable[..., None]] = {"fill": fill, "take_over": take_over, "age": age, "code": code}
    acts[sys.argv[1]](*sys.argv[2:])
