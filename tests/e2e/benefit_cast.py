"""The demonstration city's old and its small firms in the tests' platform: run as a program in its environment.

Without words it delivers the files and grants them to the consumer; `compare CODE` prints what the truth says of a
benefit against whom the last dry run found.
"""

import csv
import json
import re
import shutil
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from tests.e2e.shared import actor, publish, system_of

if TYPE_CHECKING:
    from zhengshu.contexts.catalog.api import ResourceDraft
    from zhengshu.project.demo_city.platform_content import Resource

ALLOWANCE: Final = "old-age-allowance"
RELIEF: Final = "small-enterprise-relief"
PERSONS, SEED = 3_000, 101
OLD, DELEGATE = "old.person", "firms.delegate"

GRANTED: Final = (
    (ALLOWANCE, "elders", ("citizen_id", "name", "birth_date", "region_code", "household_state")),
    (ALLOWANCE, "deaths", ("died_on",)),
    (RELIEF, "small-firms", ("credit_code", "enterprise_name", "region_code", "staff")),
    (RELIEF, "enterprises", ("registration_state",)),
)
"""Benefit, resource of the demonstration city, and the columns that the benefit needs of it."""

WORDS: Final = {
    ALLOWANCE: ("《中华人民共和国老年人权益保障法》第三十三条", "高龄津贴免申即享：查找符合条件的老人"),
    RELIEF: ("《优化营商环境条例》第二十四条", "小微企业减征免申即享：查找名录内企业"),
}
"""On which basis and for what the consumer asks."""


def city(folder: Path) -> Path:
    """Build a small city."""
    from zhengshu.project.demo_city.build import build_city

    build_city(folder=folder, persons=PERSONS, seed=SEED)
    return folder


def verdicts(folder: Path, code: str) -> dict[str, tuple[str, str]]:
    """Return the truth: citizen ID or credit code → verdict and the day from which it holds."""
    import pyarrow.parquet as pq

    rows = pq.read_table(folder / "truth" / "benefits.parquet").to_pylist()
    return {
        str(row["subject"]): (str(row["verdict"]), str(row["entitled_from"]))
        for row in rows
        if row["benefit"] == code
    }


def fill(folder: Path) -> None:
    """Publish and deliver the registers, grant them to the consumer's system of the platform, load the benefits."""
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

    for benefit, key, columns in GRANTED:
        _grant(deliver(resources[key]), columns, words=WORDS[benefit])
    _load()
    _account(folder)
    _delegate(folder)


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


def _grant(code: str, columns: tuple[str, ...], *, words: tuple[str, str]) -> None:
    from django.conf import settings

    from zhengshu.contexts.exchange import api as exchange
    from zhengshu.kernel.masks import Mask

    at, officer, consumer = timezone.now(), actor("provider.officer"), actor("consumer.officer")
    statement = exchange.Statement(
        legal_basis=words[0],
        scenario=words[1],
        purpose="proactive_benefit",
        columns=columns,
        valid_until=at + timedelta(days=90),
        system_id=system_of("consumer.officer", settings.FORMS_SYSTEM),
        is_declared=True,
        per_second=200,
        per_day=100_000,
    )
    request_id = exchange.draft_request(resource_code=code, statement=statement, actor=consumer, at=at)
    exchange.submit_request(request_id=request_id, actor=consumer, at=at)
    exchange.approve_request(request_id=request_id, is_approved=True, actor=actor("consumer.head"), at=at)
    masks = {"citizen_id": Mask.NONE} if "citizen_id" in columns else {}
    yes = exchange.Answer(kind=exchange.AnswerKind.AGREE, reason="须以完整号码识别本人", masks=masks)
    state = exchange.request(request_id=request_id, actor=officer).state
    if state is exchange.RequestState.PROVIDER_ANSWER:
        exchange.answer_request(request_id=request_id, answer=yes, actor=officer, at=at)
    if masks:
        exchange.review_request(
            request_id=request_id, is_confirmed=True, actor=actor("authority.reviewer"), at=at
        )
    exchange.deliver_request(request_id=request_id, actor=officer, at=at)


def _load() -> None:
    """Load the benefits as the consumer's, over the regions of the demonstration city."""
    from django.conf import settings

    from zhengshu.contexts.services import api as services
    from zhengshu.contexts.trust import api as trust

    consumer = actor("consumer.officer").department_id
    assert consumer is not None
    ours = trust.department(department_id=consumer).code
    with tempfile.TemporaryDirectory() as folder:
        for code in (ALLOWANCE, RELIEF):
            copy = Path(shutil.copy(settings.PACKS_FOLDER / "benefits" / f"{code}.yaml", folder))
            text = re.sub(
                r"(?m)^department: .*$",
                f'department: {ours}\nregion: "470500"',
                copy.read_text(encoding="utf-8"),
            )
            copy.write_text(text, encoding="utf-8")
        services.load_benefits(folder=Path(folder), at=timezone.now())


def _account(folder: Path) -> None:
    from tests.e2e.cast import PASSWORD
    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.actors import Actor

    number = _entitled(folder, ALLOWANCE)[0]
    trust.add_citizen(
        username=OLD,
        name="钱奶奶",
        citizen_id=number,
        password=PASSWORD,
        actor=Actor.platform("tests.cast"),
        at=timezone.now(),
    )


def _delegate(folder: Path) -> None:
    """Let one person act for two of the firms that are entitled."""
    from tests.e2e.cast import PASSWORD
    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.actors import Actor

    at, platform = timezone.now(), Actor.platform("tests.cast")
    first, second = (
        trust.add_enterprise(code=code, name=name, actor=platform, at=at) for code, name in firms(folder)
    )
    account = trust.add_delegate(
        username=DELEGATE,
        name="孙会计",
        citizen_id="470502198801012348",
        enterprise_id=first,
        is_legal_representative=True,
        password=PASSWORD,
        actor=platform,
        at=at,
    )
    trust.give_delegation(account_id=account, enterprise_id=second, actor=platform, at=at)


def firms(folder: Path) -> list[tuple[str, str]]:
    """Return code and name of the first two firms that are entitled."""
    wanted = _entitled(folder, RELIEF)[:2]
    with (folder / "market" / "small_firms.csv").open(encoding="utf-8-sig") as file:
        names = {row["统一社会信用代码"]: row["企业名称"] for row in csv.DictReader(file)}
    return [(code, names[code]) for code in wanted]


def _entitled(folder: Path, code: str) -> list[str]:
    today = date.today().isoformat()  # noqa: DTZ011 - the platform of the tests lives now
    return [
        number
        for number, (verdict, since) in verdicts(folder, code).items()
        if verdict == "entitled" and since <= today
    ]


def unread(folder: Path) -> set[str]:
    """Return the firms of which the register of enterprises tells nothing: their line was spoilt on purpose."""
    import pyarrow.parquet as pq

    truth, register = folder / "truth", "market/enterprises.csv"
    spoilt = {
        row["row"]
        for row in pq.read_table(truth / "faults.parquet").to_pylist()
        if row["file"] == register and row["fault"] in {"check_digit_wrong", "row_shifted"}
    }
    firms_of = {
        row["subject"]
        for row in pq.read_table(truth / "records.parquet").to_pylist()
        if row["file"] == register and row["kind"] == "enterprise" and row["row"] in spoilt
    }
    return {
        str(row["credit_code"])
        for row in pq.read_table(truth / "enterprises.parquet").to_pylist()
        if row["enterprise"] in firms_of
    }


def compare(folder: Path, code: str) -> str:
    """Return who was found although not entitled, who was missed, and the same for those left to a person."""
    from zhengshu.contexts.services.models.benefits import BenefitRun, Found

    run = BenefitRun.objects.filter(benefit_id=code, is_dry=True).latest("started_at")
    on = run.on.isoformat()
    told = {number: verdict for number, (verdict, since) in verdicts(folder, code).items() if since <= on}
    left = unread(folder) if code == RELIEF else set()
    said = {
        "entitled": {number for number, verdict in told.items() if verdict == "entitled"} - left,
        "check": {number for number, verdict in told.items() if verdict == "doubtful" or number in left},
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
    match sys.argv[1:]:
        case ["compare", benefit]:
            print(compare(built, benefit))  # noqa: T201 - the test reads it
        case _:
            fill(built)
            print(json.dumps([name for _code, name in firms(built)]))  # noqa: T201 - the test reads it
