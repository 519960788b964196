"""A firm whose food permit ends soon, and the office that renews it: run as a program in the platform's environment.

`fill` lets the office offer the shipped item under a name of its own, and the firm hold a permit of which forty working
days are left; it prints the number on it.
"""

import shutil
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import yaml
from django.conf import settings
from django.utils import timezone

from tests.e2e.cast import PASSWORD
from tests.e2e.certificates_cast import FOOD, seal_types
from tests.e2e.shared import actor, change
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId

ITEM, NAME = "snack-permit-renewal", "小吃店食品经营许可延续"
OWNER, APPROVER, FIRM = "renewal.owner", "renewal.approver", "明州市听泉小吃店"
LEFT = 40


def fill() -> None:
    """Add people, item and permit."""
    from zhengshu.contexts.trust import api as trust
    from zhengshu.contexts.trust.tests.factories import credit_code

    at, who = timezone.now(), Actor.platform("tests.renewal")
    office = actor("provider.officer").department_id
    assert office is not None
    trust.add_official(
        username=APPROVER, name="宋知行", department_id=office, roles=[Role.APPROVER], password=PASSWORD,
        must_change_password=False, actor=who, at=at,
    )  # fmt: skip
    code = credit_code(933_001)
    firm = trust.add_enterprise(code=code, name=FIRM, actor=who, at=at)
    trust.add_delegate(
        username=OWNER, name="许望川", citizen_id="470302198807183171", enterprise_id=firm,
        is_legal_representative=True, password=PASSWORD, actor=who, at=at,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        _offer(Path(folder), office)
    _permit(str(code), office)


def _offer(folder: Path, office: DepartmentId) -> None:
    from zhengshu.contexts.casework import api as casework
    from zhengshu.contexts.certificates import api as certificates
    from zhengshu.contexts.services.application.load_items import load_items
    from zhengshu.contexts.trust import api as trust

    certificates.load_types(folder=settings.PACKS_FOLDER / "certificate-types", at=timezone.now())
    shipped = "food-permit-renewal"
    copy = Path(shutil.copytree(settings.PACKS_FOLDER / "case-types" / shipped, folder / ITEM))
    change(copy / "type.yaml", f"code: {shipped}", f"code: {ITEM}")
    change(copy / "type.yaml", "prefix: SY", "prefix: XY")
    casework.load_case_types(folder=copy, at=timezone.now())
    items = settings.PACKS_FOLDER / "service-items"
    declared = yaml.safe_load((items / f"{shipped}.yaml").read_text("utf-8"))
    declared |= {
        "name": NAME,
        "department": str(trust.department(department_id=office).code),
        "case_type": ITEM,
        "materials": [one for one in declared["materials"] if one["source"] != "register"],
    }
    (folder / "items").mkdir()
    shutil.copy(items / "themes.yaml", folder / "items")
    text = yaml.safe_dump(declared, allow_unicode=True)
    (folder / "items" / f"{ITEM}.yaml").write_text(text, encoding="utf-8")
    load_items(folder=folder / "items", at=timezone.now())


def _permit(code: str, office: DepartmentId) -> None:
    from zhengshu.contexts.certificates import api as certificates
    from zhengshu.foundation.calendars import work_calendar

    seal_types(office, ("food-permit",))
    last = work_calendar().add_working_days(timezone.localdate(), LEFT)
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), datetime.min.time()))
    found = certificates.issue(
        type_code="food-permit",
        holder=certificates.Holder.enterprise(name=FIRM, credit_code=code),
        values=FOOD,
        case_id=None,
        department_id=office,
        actor=actor("provider.officer"),
        at=timezone.now(),
        active_from=end.replace(year=end.year - 5),
    )
    print(found.serial)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    {"fill": fill}[sys.argv[1]](*sys.argv[2:])
