"""One things in the tests' platform: run as a program in its environment.

`fill` adds people, items, registers and seals; `decide BUNDLE` lets the departments' officials decide part after part.
"""

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

import yaml
from django.conf import settings
from django.utils import timezone

from tests.e2e.cast import PASSWORD
from tests.e2e.certificates_cast import seal_types
from tests.e2e.shared import actor, collect, grant, publish
from tests.kit.platform import until
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId

MOTHER, COOK, DELEGATE = "bundle.mother", "bundle.cook", "bundle.firm"
MOTHER_ID, COOK_ID = "470302199404056324", "470302198807076237"
FIRM = "明州市听雨软件有限公司"
BORN_ON = (datetime.now(UTC) - timedelta(days=9)).date()
RESOURCE: Final = "出生医学证明信息"
OURS: Final = {
    "11470500MB4709113E": "consumer",
    "11470500MB47104804": "consumer",
    "11470500MB4711854B": "consumer",
    "11470500MB472281XK": "consumer",
    "12470500MB4731038L": "consumer",
    "11470500MB4713227X": "provider",
    "11470500MB471596XC": "provider",
    "11470500MB4728293L": "provider",
    "11470500MB4729667U": "authority",
}
"""The demonstration city's organs → who plays them here."""
ITEMS: Final = (
    *("birth-certificate", "household-registration", "newborn-social-card", "newborn-medical-insurance"),
    *("business-licence", "food-permit", "fire-safety-promise", "signboard"),
    *("enterprise-change", "tax-information-change", "insurance-unit-change", "fund-unit-change"),
)
ISSUED: Final = {
    "provider": ("birth-certificate", "business-licence", "food-permit", "fire-safety-opinion"),
    "consumer": ("household-page", "social-card", "medical-insurance"),
    "authority": ("signboard-permit",),
}
Step = tuple[str, str, Mapping[str, str]]
DECISIONS: Final[Mapping[tuple[str, str], Step]] = {
    ("birth-certificate", "review"): ("provider.officer", "issue", {}),
    ("household-registration", "review"): (
        "consumer.officer",
        "issue",
        {
            "child_citizen_id": "470302202611200020",
            "registered_address": "明州市青禾区书院路1号",
            "registered_on": "2026-11-25",
        },
    ),
    ("newborn-social-card", "review"): ("consumer.officer", "issue", {"card_number": "A12345678"}),
    ("newborn-medical-insurance", "review"): ("consumer.officer", "issue", {}),
    ("business-licence", "review"): (
        "provider.officer",
        "issue",
        {"new_credit_code": "", "founded_on": "2026-11-25"},
    ),
    ("food-permit", "acceptance"): ("provider.officer", "accept", {}),
    ("food-permit", "inspection"): (
        "provider.officer",
        "finish",
        {"inspected_on": "2026-11-26", "inspectors": "甲、乙丙", "layout": "meets", "findings": "布局合理"},
    ),
    ("food-permit", "opinion"): ("authority.data", "answer", {}),
    ("food-permit", "decision"): ("provider.head", "grant", {}),
    ("signboard", "review"): ("authority.data", "issue", {}),
    ("enterprise-change", "review"): ("provider.officer", "issue", {}),
}
"""Item and task → who decides, how, with which answers."""


def fill() -> None:
    """Add the people, offer the items, deliver the births and let seals be used."""
    from zhengshu.contexts.casework import api as casework
    from zhengshu.contexts.certificates import api as certificates

    at = timezone.now()
    _people()
    for code in ITEMS:
        _offer(code, at)
        casework.load_case_types(folder=settings.PACKS_FOLDER / "case-types" / code, at=at)
    certificates.load_types(folder=settings.PACKS_FOLDER / "certificate-types", at=at)
    for office, types in ISSUED.items():
        seal_types(_office(office), types)
    _births()
    _licence()


def decide(bundle: str) -> None:
    """Let officials do what is open until the bundle has ended."""
    from zhengshu.contexts.services.models import Bundle

    def is_over() -> bool:
        _decide_open(UUID(bundle))
        return Bundle.objects.get(pk=bundle).ended_at is not None

    assert until(is_over, seconds=60)


def _decide_open(bundle: UUID) -> None:
    from zhengshu.contexts.casework import api as casework
    from zhengshu.contexts.services.models import BundlePart
    from zhengshu.contexts.trust.tests.factories import credit_code
    from zhengshu.kernel.identity import CaseId

    for part in BundlePart.objects.filter(bundle_id=bundle, case_id__isnull=False, state="open"):
        assert part.case_id is not None
        case = casework.case(
            case_id=CaseId(part.case_id), actor=Actor.platform("tests.bundles"), at=timezone.now()
        )
        for task in case.open_tasks:
            username, outcome, answers = DECISIONS[part.item, task.task]
            told = {key: value or credit_code(930_001) for key, value in answers.items()}
            if told:
                casework.complete_by_form(
                    task_id=task.id,
                    outcome=outcome,
                    answers={key: (value,) for key, value in told.items()},
                    actor=actor(username),
                    at=timezone.now(),
                )
            else:
                casework.complete_task(
                    case_id=case.id,
                    task=task.task,
                    outcome=outcome,
                    reason="无意见",
                    actor=actor(username),
                    at=timezone.now(),
                )


def _office(key: str) -> UUID:
    from zhengshu.contexts.trust import api as trust

    username = {
        "provider": "provider.officer",
        "consumer": "consumer.officer",
        "authority": "authority.reviewer",
    }
    found = trust.official_by_username(username=username[key]).department_id
    assert found is not None
    return UUID(str(found))


def _people() -> None:
    from zhengshu.contexts.trust import api as trust
    from zhengshu.contexts.trust.tests.factories import credit_code
    from zhengshu.kernel.actors import Role

    at, who = timezone.now(), Actor.platform("tests.bundles")
    for username, name, number in ((MOTHER, "苏晚晴", MOTHER_ID), (COOK, "许望川", COOK_ID)):
        trust.add_citizen(
            username=username, name=name, citizen_id=number, password=PASSWORD, actor=who, at=at
        )
    trust.add_official(
        username="authority.data",
        name="程远",
        department_id=trust.official_by_username(username="authority.reviewer").department_id,
        roles=[Role.DATA_OFFICER],
        password=PASSWORD,
        must_change_password=False,
        actor=who,
        at=at,
    )
    enterprise = trust.add_enterprise(code=credit_code(931_001), name=FIRM, actor=who, at=at)
    trust.add_delegate(
        username=DELEGATE,
        name="林听雨",
        citizen_id="470302198001016016",
        enterprise_id=enterprise,
        is_legal_representative=True,
        password=PASSWORD,
        actor=who,
        at=at,
    )


def _offer(item: str, at: datetime) -> None:
    """Offer an item under the name that its pack gives it; registers of all its elements are not to be had here."""
    from zhengshu.contexts.services.models import ItemVersion, ServiceItem
    from zhengshu.contexts.trust import api as trust

    declared = yaml.safe_load((settings.PACKS_FOLDER / "service-items" / f"{item}.yaml").read_text("utf-8"))
    heard = trust.department(department_id=DepartmentId(_office("authority")))
    row = ServiceItem.objects.create(
        code=item,
        name=declared["name"],
        department_id=_office(OURS[declared["department"]]),
        department_name="经办部门",
        authority_id=_office("authority"),
        level=declared["level"],
        kind=declared["kind"],
        audiences=declared["audiences"],
        case_kind=declared["case_kind"],
        case_type=item,
        is_online=True,
        state="published",
        origin="tests",
        changed_at=at,
        published_at=at,
    )
    ItemVersion.objects.create(
        item=row,
        number=1,
        state="published",
        effective_from=date(2026, 1, 1),
        elements={"joint_bodies": [{"name": heard.name, "code": heard.code}]},
        changed_by="tests",
        changed_at=at,
        published_by="tests",
        published_at=at,
    )


def _births() -> None:
    """Publish the register of births, deliver the mother's newborn, and grant it to the police's system of ours."""
    from zhengshu.contexts.catalog import api as catalog

    sensitive = {"grade": catalog.Grade.GENERAL_3, "personal": catalog.PersonalClass.SENSITIVE}
    items = (
        catalog.ItemDraft(
            name="母亲证件号码",
            column="mother_id",
            length=18,
            is_key=True,
            is_required=True,
            **sensitive,  # type: ignore[arg-type]  # the names stand above
        ),
        catalog.ItemDraft(name="新生儿性别", column="child_gender", length=1),
        catalog.ItemDraft(name="出生时间", column="born_at", length=20),
        catalog.ItemDraft(name="签发机构", column="issuer", length=100),
    )
    draft = catalog.ResourceDraft(
        name=RESOURCE,
        summary="新生儿的出生情况",
        classification="306001",
        items=items,
        format_type="CSV",
        update_cycle=catalog.UpdateCycle.DAILY,
        sharing_class=catalog.SharingClass.CONDITIONAL,
        sharing_scope="全市各级行政机关",
        sharing_purposes="办理公共服务事项",
    )
    code = publish(draft)
    head = ("mother_id", "child_gender", "born_at", "issuer")
    collect(code, head, ((MOTHER_ID, "2", f"{BORN_ON.isoformat()} 08:20", "澄川市妇幼保健院"),))
    grant(
        code,
        system=settings.FORMS_SYSTEM,
        legal_basis="《中华人民共和国户口登记条例》第七条",
        scenario="新生儿出生一件事：母亲办理时取得新生儿的性别、出生日期和出生医院",
        columns=("child_gender", "born_at", "issuer"),
    )


def _licence() -> None:
    """Let the firm hold a licence, whose place a new one will take."""
    from zhengshu.contexts.certificates import api as certificates
    from zhengshu.contexts.trust.tests.factories import credit_code

    certificates.issue(
        type_code="business-licence",
        holder=certificates.Holder.enterprise(name=FIRM, credit_code=credit_code(931_001)),
        values={
            "enterprise_type": "有限责任公司",
            "legal_representative": "林听雨",
            "registered_on": "2020-05-06",
            "address": "明州市青禾区书院路1号",
            "scope": "软件开发",
        },
        case_id=None,
        actor=actor("provider.officer"),
        at=timezone.now(),
    )


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    acts: dict[str, Callable[..., None]] = {"fill": fill, "decide": decide}
    acts[sys.argv[1]](*sys.argv[2:])
