"""A hall: an item that its clerk takes in, a person who comes, and the register that knows him; run as a program."""

import json
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from tests.e2e.cast import PASSWORD
from tests.e2e.shared import (
    actor,
    change,
    collect,
    general,
    grant,
    name_source,
    publish,
    resource,
    sensitive,
)
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId

ITEM, NAME = "hall-proof", "参保证明（大厅）"
PERSON, PERSON_NAME, PERSON_ID = "hall.person", "乔安澜", "470302198811220246"
WRONG_ID = PERSON_ID[:-1] + "5"
INSURANCE: Final = "企业职工基本养老保险"
INSURED_ON: Final = "2015-07-01"
RESOURCE: Final = "参保人员登记信息"


def fill() -> None:
    """Let the person, the register and the item be there; a second time nothing is done."""
    from zhengshu.contexts.trust import api as trust
    from zhengshu.contexts.trust.models import Account

    if Account.objects.filter(username=PERSON).exists():
        return
    trust.add_citizen(
        username=PERSON,
        name=PERSON_NAME,
        citizen_id=PERSON_ID,
        password=PASSWORD,
        actor=Actor.platform("tests.hall"),
        at=timezone.now(),
    )
    _register()
    _case_type()
    _offer()


def _register() -> None:
    """Publish who is insured since when, and let the clerk's department read it for its forms."""
    from zhengshu.contexts.catalog import api as catalog

    number = catalog.ItemDraft(
        name="公民身份号码", column="citizen_id", length=18, element_code="citizen-id",
        is_key=True, is_required=True,
    )  # fmt: skip
    kind = catalog.ItemDraft(name="险种", column="kind", length=50, element_code="insurance-name")
    since = catalog.ItemDraft(name="参保日期", column="since", length=10, element_code="insured-on")
    items = (sensitive(number), general(kind), general(since))
    code = publish(resource(RESOURCE, "谁从何时起参保", items))
    name_source(code, "insurance-name", "insured-on")
    collect(code, ("citizen_id", "kind", "since"), ((PERSON_ID, INSURANCE, INSURED_ON),))
    grant(
        code,
        system=settings.FORMS_SYSTEM,
        legal_basis="《中华人民共和国社会保险法》第七十四条",
        scenario="窗口为本人出具参保证明，不再要求申请人填写",
        columns=("kind", "since"),
    )


def _case_type() -> None:
    """Load the shipped proof of insurance under a name of its own, asking only what the register here knows."""
    from zhengshu.contexts.casework import api as casework

    with tempfile.TemporaryDirectory() as folder:
        shipped = settings.PACKS_FOLDER / "case-types" / "insured-certificate"
        copy = Path(shutil.copytree(shipped, Path(folder) / ITEM))
        change(copy / "type.yaml", "code: insured-certificate", f"code: {ITEM}")
        change(copy / "type.yaml", "prefix: CB", "prefix: DT")
        change(copy / "texts" / "zh-hans.yaml", "社会保险参保证明", NAME)
        form = copy / "application.form.json"
        tree = json.loads(form.read_text("utf-8"))
        tree["components"] = [one for one in tree["components"] if one["id"] != "status_field"]
        for one in tree["components"]:
            if one["id"] in ("is_found_field", "is_insured_field"):
                one["properties"]["calculate"] = 'insurances != ""'
        form.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
        casework.load_case_types(folder=copy, at=timezone.now())


def _offer() -> None:
    from zhengshu.contexts.services.models import ItemVersion, ServiceItem
    from zhengshu.contexts.trust import api as trust

    at, clerk = timezone.now(), actor("clerk")
    assert clerk.department_id is not None
    office = trust.department(department_id=DepartmentId(UUID(str(clerk.department_id))))
    row = ServiceItem.objects.create(
        code=ITEM, name=NAME, department_id=office.id, department_name=office.name, level="3", kind="20",
        audiences=["1"], case_kind="1", case_type=ITEM, is_online=True, state="published", origin="tests",
        changed_at=at, published_at=at,
    )  # fmt: skip
    ItemVersion.objects.create(
        item=row, number=1, state="published", effective_from=date(2026, 1, 1), elements={},
        changed_by="tests", changed_at=at, published_by="tests", published_at=at,
    )  # fmt: skip


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    fill()
