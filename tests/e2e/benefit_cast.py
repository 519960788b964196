"""The demonstration city's old in the tests' platform, granted to the consumer: run as a program in its environment.

`fill` delivers the files, `truth` prints what the truth says against what the platform found.
"""

import json
import shutil
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from tests.e2e.shared import actor, publish

if TYPE_CHECKING:
    from zhengshu.contexts.catalog.api import ResourceDraft
    from zhengshu.project.demo_city.platform_content import Resource

ALLOWANCE: Final = "old-age-allowance"
PERSONS, SEED = 3_000, 101
OLD = "old.person"


def city(folder: Path) -> Path:
    """Build a small city."""
    from zhengshu.project.demo_city.build import build_city

    build_city(folder=folder, persons=PERSONS, seed=SEED)
    return folder


def verdicts(folder: Path) -> dict[str, tuple[str, str]]:
    """Return the truth: citizen ID → verdict and the day from which it holds."""
    import pyarrow.parquet as pq

    rows = pq.read_table(folder / "truth" / "benefits.parquet").to_pylist()
    return {
        str(row["subject"]): (str(row["verdict"]), str(row["entitled_from"]))
        for row in rows
        if row["benefit"] == ALLOWANCE
    }


def fill(folder: Path) -> None:
    """Publish and deliver both registers, grant them to the consumer's system of the platform, load the benefit."""
    from zhengshu.contexts.lake import api as lake
    from zhengshu.project.demo_city.platform_content import read_platform

    _regions()
    resources = {one.key: one for one in read_platform().resources}

    def deliver(resource: "Resource") -> str:
        code = publish(_draft(resource))
        lake.collect(
            resource_code=code,
            source=folder / resource.file,
            file_name=Path(resource.file).name,
            actor=actor("provider.officer"),
            at=timezone.now(),
        )
        return code

    for key, columns in (
        ("elders", ("citizen_id", "name", "birth_date", "region_code", "household_state")),
        ("deaths", ("died_on",)),
    ):
        _grant(deliver(resources[key]), columns)
    _load()
    _account(folder)


def _draft(resource: "Resource") -> "ResourceDraft":
    from zhengshu.contexts.catalog import api as catalog

    return catalog.ResourceDraft(
        name=resource.name,
        summary=resource.summary,
        classification=resource.classification,
        items=tuple(item.draft() for item in resource.items),
        format_type=resource.format,
        update_cycle=resource.update_cycle,
        sharing_class=resource.sharing,
        sharing_scope=resource.scope,
        sharing_purposes=resource.purposes,
    )


def _regions() -> None:
    from zhengshu.contexts.catalog import api as catalog
    from zhengshu.project.demo_city.content import read_content
    from zhengshu.project.demo_city.declaring import install_standards

    try:
        catalog.code_table(code="region")
    except catalog.CodeTableNotFound:
        install_standards(read_content().city, at=timezone.now())


def _grant(code: str, columns: tuple[str, ...]) -> None:
    from django.conf import settings

    from zhengshu.contexts.exchange import api as exchange
    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.identity import SystemId
    from zhengshu.kernel.masks import Mask

    at, officer, consumer = timezone.now(), actor("provider.officer"), actor("consumer.officer")
    assert consumer.department_id is not None
    ours = [
        one
        for one in trust.consuming_systems(actor=consumer)
        if one.name == settings.FORMS_SYSTEM and one.department_id == consumer.department_id
    ]
    system = (
        ours[0]
        if ours
        else trust.register_consuming_system(
            name=settings.FORMS_SYSTEM, department_id=consumer.department_id, actor=consumer, at=at
        )
    )
    statement = exchange.Statement(
        legal_basis="《中华人民共和国老年人权益保障法》第三十三条",
        scenario="高龄津贴免申即享：查找符合条件的老人",
        purpose="proactive_benefit",
        columns=columns,
        valid_until=at + timedelta(days=90),
        system_id=SystemId(system.id),
        is_declared=True,
        per_second=200,
        per_day=100_000,
    )
    request_id = exchange.draft_request(resource_code=code, statement=statement, actor=consumer, at=at)
    exchange.submit_request(request_id=request_id, actor=consumer, at=at)
    exchange.approve_request(request_id=request_id, is_approved=True, actor=actor("consumer.head"), at=at)
    masks = {"citizen_id": Mask.NONE} if "citizen_id" in columns else {}
    yes = exchange.Answer(kind=exchange.AnswerKind.AGREE, reason="须以完整号码识别本人", masks=masks)
    exchange.answer_request(request_id=request_id, answer=yes, actor=officer, at=at)
    if masks:
        exchange.review_request(
            request_id=request_id, is_confirmed=True, actor=actor("authority.reviewer"), at=at
        )
    exchange.deliver_request(request_id=request_id, actor=officer, at=at)


def _load() -> None:
    """Load the benefit as the consumer's, over the regions of the demonstration city."""
    from django.conf import settings

    from zhengshu.contexts.services import api as services
    from zhengshu.contexts.trust import api as trust

    consumer = actor("consumer.officer").department_id
    assert consumer is not None
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(settings.PACKS_FOLDER / "benefits" / f"{ALLOWANCE}.yaml", folder))
        text = copy.read_text(encoding="utf-8")
        ours = trust.department(department_id=consumer).code
        text = text.replace("department: 11470500MB47173322", f'department: {ours}\nregion: "470500"')
        copy.write_text(text, encoding="utf-8")
        services.load_benefits(folder=Path(folder), at=timezone.now())


def _account(folder: Path) -> None:
    from tests.e2e.cast import PASSWORD
    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.actors import Actor

    today = date.today().isoformat()  # noqa: DTZ011 - the platform of the tests lives now
    number = next(
        number
        for number, (verdict, since) in verdicts(folder).items()
        if verdict == "entitled" and since <= today
    )
    trust.add_citizen(
        username=OLD,
        name="钱奶奶",
        citizen_id=number,
        password=PASSWORD,
        actor=Actor.platform("tests.cast"),
        at=timezone.now(),
    )


def compare(folder: Path) -> str:
    """Return who was found although not entitled, who was missed, and the same for those left to a person."""
    from zhengshu.contexts.services.models.benefits import BenefitRun, Found

    run = BenefitRun.objects.filter(benefit_id=ALLOWANCE, is_dry=True).latest("started_at")
    on = run.on.isoformat()
    told = {number: verdict for number, (verdict, since) in verdicts(folder).items() if since <= on}
    said = {
        "entitled": {number for number, verdict in told.items() if verdict == "entitled"},
        "check": {number for number, verdict in told.items() if verdict == "doubtful"},
    }
    found = {
        outcome: {row.number for row in Found.objects.filter(run=run, outcome=outcome)} for outcome in said
    }
    return json.dumps(
        {
            outcome: {
                "true": len(said[outcome]),
                "wrong": len(found[outcome] - said[outcome]),
                "missed": len(said[outcome] - found[outcome]),
            }
            for outcome in said
        }
    )


if __name__ == "__main__":
    import os

    import django

    from zhengshu.project import database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhengshu.project.settings")
    database.ensure()
    django.setup()
    from zhengshu.foundation.storage import data_folder

    built = city(data_folder("tests-city"))
    if sys.argv[1:] == ["compare"]:
        print(compare(built))  # noqa: T201 - the test reads it
    else:
        fill(built)
