"""A street office and a citizen who asks it for a permit: run as a program in the platform's environment."""

import shutil
import tempfile
from pathlib import Path

from django.utils import timezone

from tests.e2e.cast import PASSWORD

PACK = Path(__file__).parents[1] / "packs" / "stall-permit"
CITIZENS = {"citizen.zhang": ("张三", "11010519491231002X"), "citizen.li": ("李四", "110105198001010016")}


def fill() -> None:
    """Let citizens have accounts, once for all files, and load the case type for the department of human resources."""
    from zhengshu.contexts.casework import api as casework
    from zhengshu.contexts.trust import api as trust
    from zhengshu.contexts.trust.models import Account
    from zhengshu.contexts.trust.tests.factories import credit_code
    from zhengshu.kernel.actors import Actor

    at = timezone.now()
    known = set(Account.objects.filter(username__in=CITIZENS).values_list("username", flat=True))
    for username, (name, citizen_id) in CITIZENS.items():
        if username in known:
            continue
        trust.add_citizen(
            username=username,
            name=name,
            citizen_id=citizen_id,
            password=PASSWORD,
            actor=Actor.platform("tests.street"),
            at=at,
        )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(PACK, Path(folder) / "stall-permit"))
        form = copy / "application.form.json"
        form.write_text(form.read_text(encoding="utf-8").replace("OFFICE", credit_code(3)), encoding="utf-8")
        casework.load_case_types(folder=copy, at=at)


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    fill()
