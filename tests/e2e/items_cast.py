"""What the tests of service items find in the platform: run as a program in its environment.

Themes, forty items of two organs, and the resource that is the source of what a disability certificate says.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from tests.e2e.shared import actor, name_source, publish, resource, sensitive
from zhengshu.kernel.identity import DepartmentId

RESOURCE: Final = "残疾人证登记信息"
OFFERED: Final = 40
LAMPS: Final = "街道照明设施第{number:02}类报修"


def fill() -> None:
    """Load the themes, name the source and offer the items."""
    from zhengshu.contexts.services import api as services

    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(settings.PACKS_FOLDER / "service-items" / "themes.yaml", folder)
        services.load_items(folder=Path(folder), at=timezone.now())
    _source()
    _offer()


def _source() -> None:
    from zhengshu.contexts.catalog import api as catalog

    kind = catalog.ItemDraft(
        name="残疾类别",
        column="disability_kind",
        length=20,
        element_code="disability-kind",
        is_key=True,
        is_required=True,
    )
    name_source(
        publish(resource(RESOURCE, "持有残疾人证的人员及其残疾类别", (sensitive(kind),))), "disability-kind"
    )


def _offer() -> None:
    from zhengshu.contexts.services.tests.factories import draft, published
    from zhengshu.contexts.trust import api as trust

    authority = actor("authority.reviewer").department_id
    organs = [actor(f"{side}.officer").department_id for side in ("provider", "consumer")]
    now = timezone.now()
    for number in range(OFFERED):
        organ = organs[number % 2]
        assert organ is not None
        published(
            f"e2e-lamp-{number:02}",
            draft(
                name=LAMPS.format(number=number),
                name_en=f"Street light, kind {number:02}",
                themes=["birth"] if number < 3 else [],
                kind="07" if number % 4 == 0 else "20",
            ),
            department_id=DepartmentId(organ),
            authority_id=authority,
            department_name=trust.department(department_id=organ).name,
            since=timezone.localdate(now),
            at=now,
        )


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    fill()
