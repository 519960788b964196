"""A snack bar that asks for its permit: run as a program in the platform's environment.

`fill` adds people, register, item and seals; `count DRAFT` prints how often what was sent is there; `granted` adds a
permit, and prints by what one would look for it; `unseal` and `seal ID` take the seal for permits away and give it
back.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import yaml
from django.conf import settings
from django.utils import timezone

from tests.e2e.cast import PASSWORD
from tests.e2e.certificates_cast import seal_types
from tests.e2e.shared import actor, change, collect, general, name_source, publish, resource, system_of
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId

ITEM, NAME = "snack-permit", "小吃店食品经营许可"
OWNER, STRANGER = "snack.owner", "snack.stranger"
OWNER_NAME, OWNER_ID = "许小满", "470302199206014529"
FIRM, ADDRESS = "明州市小满小吃店", "明州市青禾区书院路6号"
RESOURCE: Final = "经营主体登记信息"
ANSWERS: Final = {
    "place": (ADDRESS,),
    "area": ("26",),
    "business_kind": ("餐饮服务经营者",),
    "projects": ("热食类食品制售",),
    "promise": ("on",),
}
STATE: Final = "存续（在营、开业、在册）"


def fill() -> None:
    """Let the owner, a stranger, the register, the item and its certificate be there; a second time nothing is done."""
    from zhengshu.contexts.trust.models import Account

    if Account.objects.filter(username=OWNER).exists():
        return
    code = _people()
    _register(code)
    _licence(code)
    with tempfile.TemporaryDirectory() as folder:
        _case_type(Path(folder))
        _item(Path(folder))


def count(draft: str) -> None:
    """Print how many applications, cases and messages of receipt the form of a draft has led to."""
    from zhengshu.contexts.casework.models import Case, Message
    from zhengshu.contexts.services.models import Application

    cases = Case.objects.filter(subject_id=draft)
    received = Message.objects.filter(case__in=cases, code="received")
    counted = (Application.objects.filter(draft_id=draft), cases, received)
    print(*(rows.count() for rows in counted))  # noqa: T201 - the test reads it


def granted() -> None:
    """Let the owner apply and the office grant it, without a page; print number, case and certificate."""
    from zhengshu.contexts.casework import api as casework
    from zhengshu.contexts.certificates import api as certificates
    from zhengshu.contexts.services import api as services
    from zhengshu.contexts.trust import api as trust
    from zhengshu.contexts.trust.models import Account

    owner = trust.actor_of(official_id=Account.objects.get(username=OWNER).id)
    key = casework.prepare_form(case_type=ITEM, answers=ANSWERS, actor=owner, at=timezone.now())
    found = services.submit_application(
        draft_id=key, channel=services.Channel.WEB, actor=owner, at=timezone.now()
    )
    certificate = certificates.issue(
        type_code="food-permit",
        holder=certificates.Holder.enterprise(name=FIRM, credit_code=_credit_code()),
        values={
            "person_in_charge": OWNER_NAME,
            "place": ADDRESS,
            "business_kind": "餐饮",
            "projects": "热食",
        },
        case_id=found.case_id,
        actor=actor("provider.officer"),
        at=timezone.now(),
    )
    print(found.number, found.case_id, certificate.id)  # noqa: T201 - the test reads it


def unseal() -> None:
    """Take back from the platform the seal for the office's permits, and print which it was."""
    from zhengshu.contexts.trust import api as trust

    office, at = actor("provider.officer").department_id, timezone.now()
    for one in trust.standing_uses(document_kinds=["certificates.food-permit"]):
        if one.department_id == office:
            trust.end_standing_use(standing_use_id=one.id, actor=Actor.platform("tests.services"), at=at)
            print(one.seal_id)  # noqa: T201 - the test reads it


def seal(seal_id: str) -> None:
    """Allow it again."""
    from zhengshu.contexts.certificates import api as certificates

    certificates.allow_seal(
        type_code="food-permit",
        seal_id=UUID(seal_id),
        actor=Actor.platform("tests.services"),
        at=timezone.now(),
    )


def _credit_code() -> str:
    from zhengshu.contexts.trust.tests.factories import credit_code

    return str(credit_code(932_001))


def _people() -> str:
    """Add the owner with his firm, and a stranger with another one; return the credit code of the former."""
    from zhengshu.contexts.trust import api as trust
    from zhengshu.contexts.trust.tests.factories import credit_code

    at, who = timezone.now(), Actor.platform("tests.services")
    people = (
        (OWNER, OWNER_NAME, OWNER_ID, FIRM, 932_001),
        (STRANGER, "甄莫问", "470302199103021232", "明州市莫问便利店", 932_002),
    )
    for username, name, number, firm, digits in people:
        enterprise = trust.add_enterprise(code=credit_code(digits), name=firm, actor=who, at=at)
        trust.add_delegate(
            username=username, name=name, citizen_id=number, enterprise_id=enterprise,
            is_legal_representative=True, password=PASSWORD, actor=who, at=at,
        )  # fmt: skip
    return _credit_code()


def _register(code: str) -> None:
    """Publish the register of businesses, and let its own department read it for forms."""
    from zhengshu.contexts.catalog import api as catalog
    from zhengshu.contexts.exchange import api as exchange

    at = timezone.now()
    items = (
        catalog.ItemDraft(
            name="统一社会信用代码", column="credit_code", length=18, element_code="credit-code",
            is_key=True, is_required=True,
        ),
        general(
            catalog.ItemDraft(
                name="法定代表人（负责人）", column="person", length=50, element_code="legal-representative"
            )
        ),
        catalog.ItemDraft(name="登记状态", column="state", length=30, element_code="registration-status"),
    )  # fmt: skip
    register = publish(resource(RESOURCE, "经营主体的登记情况", items))
    name_source(register, "legal-representative", "registration-status")
    collect(register, ("credit_code", "person", "state"), ((code, OWNER_NAME, STATE),))
    exchange.allow_own_use(
        resource_code=register, system_id=system_of("provider.officer", settings.FORMS_SYSTEM),
        columns=("person", "state"), purpose="administrative_licensing", valid_until=at + timedelta(days=90),
        actor=actor("provider.head"), at=timezone.now(),
    )  # fmt: skip


def _licence(code: str) -> None:
    """Let the office issue permits, and the owner's firm hold its licence."""
    from zhengshu.contexts.certificates import api as certificates

    certificates.load_types(folder=settings.PACKS_FOLDER / "certificate-types", at=timezone.now())
    office = actor("provider.officer").department_id
    assert office is not None
    seal_types(office, ("business-licence", "food-permit"))
    certificates.issue(
        type_code="business-licence",
        holder=certificates.Holder.enterprise(name=FIRM, credit_code=code),
        values={
            "enterprise_type": "个体工商户",
            "legal_representative": OWNER_NAME,
            "registered_on": "2026-10-08",
            "address": ADDRESS,
            "scope": "餐饮服务",
        },
        case_id=None,
        actor=actor("provider.officer"),
        at=timezone.now(),
    )


def _case_type(folder: Path) -> None:
    """Load the shipped food permit under a name of its own, so that no other file's item stands behind it."""
    from zhengshu.contexts.casework import api as casework

    copy = Path(shutil.copytree(settings.PACKS_FOLDER / "case-types" / "food-permit", folder / ITEM))
    change(copy / "type.yaml", "code: food-permit", f"code: {ITEM}")
    change(copy / "type.yaml", "prefix: SP", "prefix: XC")
    change(copy / "texts" / "zh-hans.yaml", "name: 食品经营许可\n", f"name: {NAME}\n")
    casework.load_case_types(folder=copy, at=timezone.now())


def _item(folder: Path) -> None:
    """Offer the shipped item under its own name by the departments that are here."""
    from zhengshu.contexts.services.application.learn_meanings import learn_meanings
    from zhengshu.contexts.services.application.load_items import load_items
    from zhengshu.contexts.trust import api as trust

    def organ(username: str) -> trust.DepartmentRecord:
        found = actor(username).department_id
        assert found is not None
        return trust.department(department_id=DepartmentId(found))

    shipped = settings.PACKS_FOLDER / "service-items"
    declared = yaml.safe_load((shipped / "food-permit.yaml").read_text("utf-8"))
    handler, heard = organ("provider.officer"), organ("consumer.officer")
    materials = [one for one in declared["materials"] if one["name"] != "法定代表人或者经营者身份信息"]
    materials[0]["elements"] = ["legal-representative", "registration-status"]
    declared |= {
        "name": NAME,
        "name_en": "Food permit for a snack bar",
        "words": ["开小吃店", "开早餐店", "卖小吃"],
        "department": str(handler.code),
        "case_type": ITEM,
        "joint_bodies": [{"name": heard.name, "code": str(heard.code)}],
        "materials": materials,
    }
    items = folder / "items"
    items.mkdir()
    shutil.copy(shipped / "themes.yaml", items)
    (items / f"{ITEM}.yaml").write_text(yaml.safe_dump(declared, allow_unicode=True), encoding="utf-8")
    load_items(folder=items, at=timezone.now())
    learn_meanings(at=timezone.now())


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    acts: dict[str, Callable[..., None]] = {
        "fill": fill,
        "count": count,
        "granted": granted,
        "unseal": unseal,
        "seal": seal,
    }
    acts[sys.argv[1]](*sys.argv[2:])
