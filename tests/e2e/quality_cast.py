"""A table with failing rows for the browser tests: run as a program, in the environment of a running platform."""

import tempfile
from pathlib import Path

from django.utils import timezone

NAME = "企业年报信息"
FLAWLESS = "企业联系信息"
"""A table of its own for rules that the data authority writes: what they blame leaves the other as it is."""
HEAD = "统一社会信用代码,企业名称,联系电话,行政区划代码\n"
GOOD, BAD = 881, 882
"""Numbers of made-up organs, whose credit codes are right."""


def fill() -> None:
    """Deliver a table with failing rows, and one without."""
    from zhengshu.contexts.trust.tests.factories import credit_code

    wide = credit_code(BAD).translate({place: place + 0xFEE0 for place in range(0x21, 0x7F)})
    good = f"{credit_code(GOOD)},明州市安平商贸行,13905920731,470502\n"
    _deliver(NAME, good + f"{wide},明州市平安商贸行,13905920732,470521\n")
    _deliver(FLAWLESS, good)


def _deliver(name: str, rows: str) -> None:
    """Declare and deliver a table of the providing department; its assessment follows by itself."""
    from zhengshu.contexts.catalog import api as catalog
    from zhengshu.contexts.lake import api as lake
    from zhengshu.contexts.trust import api as trust

    actor = trust.actor_of(official_id=trust.official_by_username(username="provider.officer").id)
    at = timezone.now()
    draft = catalog.ResourceDraft(
        name=name,
        summary="企业按年度报送的基本情况，供各部门核对使用。",
        classification="101001",
        items=(
            catalog.ItemDraft(
                name="统一社会信用代码",
                column="credit_code",
                length=40,
                element_code="credit-code",
                is_key=True,
            ),
            catalog.ItemDraft(name="企业名称", column="name", length=100, element_code="organization-name"),
            catalog.ItemDraft(
                name="联系电话",
                column="phone",
                length=20,
                element_code="contact-phone",
                grade=catalog.Grade.GENERAL_3,
            ),
            catalog.ItemDraft(
                name="行政区划代码", column="region_code", length=12, element_code="region-code"
            ),
        ),
        format_type="CSV",
        duty_basis="市市场监督管理局职能配置规定",
    )
    code = catalog.draft_resource(draft=draft, actor=actor, at=at).code
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "年报.csv"
        file.write_text(HEAD + rows, encoding="utf-8")
        lake.collect(resource_code=code, source=file, file_name=file.name, actor=actor, at=at)


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    fill()
