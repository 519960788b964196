"""A form that a source fills, with and without a grant: run as a program in the platform's environment."""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from django.utils import timezone

from tests.e2e.shared import change, collect, general, grant, name_source, publish, resource, sensitive
from tests.e2e.street import PACK

TYPE, NAME, RESOURCE = "insured-stall", "参保人员摊位许可", "社会保险参保状态信息"
ROWS = (("11010519491231002X", "正常参保"), ("110105198001010016", "停止参保"))
FIELD = {
    "type": "textfield",
    "id": "insurance_status",
    "key": "insurance_status",
    "label": "参保状态",
    "properties": {"label_en": "Insurance status", "element": "insurance-status", "from": "source"},
}


def fill() -> None:
    """Publish the resource, name it the source of the element, and load the case type whose form is bound to it."""
    from zhengshu.contexts.catalog import api as catalog

    number = catalog.ItemDraft(
        name="公民身份号码",
        column="citizen_id",
        length=18,
        element_code="citizen-id",
        is_key=True,
        is_required=True,
    )
    status = catalog.ItemDraft(
        name="参保状态", column="insurance_status", length=20, element_code="insurance-status"
    )
    code = publish(resource(RESOURCE, "参加社会保险的人员及其状态", (sensitive(number), general(status))))
    name_source(code, "insurance-status")
    collect(code, ("citizen_id", "insurance_status"), ROWS)
    _load_type()
    print(code)  # noqa: T201 - the test reads it


def _load_type() -> None:
    from zhengshu.contexts.casework import api as casework
    from zhengshu.contexts.trust.tests.factories import credit_code

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(PACK, Path(folder) / TYPE))
        change(copy / "type.yaml", "code: stall-permit", f"code: {TYPE}\npurposes: [public_service]")
        change(copy / "type.yaml", "prefix: TW", "prefix: CB")
        change(copy / "texts" / "zh-hans.yaml", "临时摊位许可", NAME)
        form = copy / "application.form.json"
        tree = json.loads(form.read_text(encoding="utf-8").replace("OFFICE", credit_code(3)))
        place = next(n for n, one in enumerate(tree["components"]) if one.get("key") == "citizen_id")
        tree["components"][place]["properties"]["element"] = "citizen-id"
        tree["components"].insert(place + 1, FIELD)
        form.write_text(json.dumps(tree, ensure_ascii=False), encoding="utf-8")
        casework.load_case_types(folder=copy, at=timezone.now())


def lend(code: str) -> None:
    """Let the street office's department register the platform as its system, and get a grant for it."""
    from django.conf import settings

    grant(
        code,
        system=settings.FORMS_SYSTEM,
        legal_basis="《政务数据共享条例》第十九条",
        scenario="办理摊位许可时由数源部门提供参保状态，不再要求申请人填写",
        columns=("insurance_status",),
    )


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    if len(sys.argv) > 1:
        lend(sys.argv[1])
    else:
        fill()
