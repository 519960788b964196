"""The platform itself with the demonstration city: its web, gateway, workers and log run beside what is measured."""

import csv
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from uuid import UUID

from tests.kit.platform import Platform, until

from bench.harness import WORK

if TYPE_CHECKING:
    from zhengshu.kernel.actors import Actor

PERSONS = 6_000
ITEM = "insured-certificate"

SETTINGS = {"ZHENGSHU_CITY_PERSONS": str(PERSONS), "ZHENGSHU_WORKER_NICE": "10"}
ASKING = 24
"""How many people of each state of insurance ask, in turn."""
INSURED, ENDED = "参保缴费", "终止参保"
PASSWORD = "Chengchuan-bench-7"  # noqa: S105 - nobody signs in with it


@contextmanager
def running() -> Iterator[None]:
    """Run the platform, let this process and those that it forks work in it, and stop it afterwards.

    The first time it is filled and its own people's applications are waited for, some two minutes.
    """
    folder = WORK / "city"
    folder.mkdir(parents=True, exist_ok=True)
    platform = Platform.start(folder, arguments=(), settings=SETTINGS, is_from_nothing=True)
    try:
        os.environ.update(platform.environment)
        os.environ.pop("DATABASE_URL", None)
        use()
        _settle()
        yield
    finally:
        platform.stop()


def use() -> None:
    """Let this process work in the platform that runs."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "zhengshu.project.settings"
    from zhengshu.project import database

    database.ensure()
    import django

    django.setup()


def people(status: str) -> "list[Actor]":
    """Return people whose insurance has this state by the register, with an account each."""
    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.citizen_id import CitizenId

    found = []
    for name, number in _listed(status):
        with suppress(trust.PersonHasAccount, trust.UsernameTaken):
            _add(name, number)
        person = trust.private_person(citizen_id=CitizenId.parse(number))
        found.append(trust.actor_of(official_id=person.account_id))
    return found


def prepare(actor: "Actor") -> UUID:
    """Begin a form, let the register fill it in through the gateway, and return its id."""
    from django.utils import timezone

    from zhengshu.contexts.casework import api as casework

    return casework.prepare_form(
        case_type=ITEM, answers={"purpose": ("落户",)}, actor=actor, at=timezone.now()
    )


def submit(draft_id: UUID, actor: "Actor") -> bool:
    """Send a form, and say whether it was granted with its certificate."""
    from django.utils import timezone

    from zhengshu.contexts.services import api

    found = api.submit_application(
        draft_id=draft_id, channel=api.Channel.MOBILE, actor=actor, at=timezone.now()
    )
    return found.certificate_id is not None


def _settle() -> None:
    """Wait until the city's people have asked for what they ask, and the platform has nothing left to do."""
    from zhengshu.foundation.models import OutboxDelivery
    from zhengshu.project.demo_city.applying import are_applications_due

    def is_idle() -> bool:
        return not are_applications_due() and not OutboxDelivery.objects.filter(attempts=0).exists()

    if not until(is_idle, seconds=300):
        message = "the city's applications were not done in five minutes"
        raise RuntimeError(message)


def _listed(status: str) -> list[tuple[str, str]]:
    """Return name and number of the first people whom the department's file names once, with this state."""
    from zhengshu.foundation.storage import data_folder
    from zhengshu.kernel.citizen_id import CitizenId
    from zhengshu.kernel.errors import Refused

    file = next(data_folder("demo-city").rglob("social/insurance.csv"))
    rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    times = Counter(row["证件号码"] for row in rows)
    found: list[tuple[str, str]] = []
    for row in rows:
        number = row["证件号码"]
        if row["参保状态"] == status and times[number] == 1:
            with suppress(Refused):
                found.append((row["姓名"], CitizenId.parse(number).text))
    return found[:ASKING]


def _add(name: str, number: str) -> None:
    from django.utils import timezone

    from zhengshu.contexts.trust import api as trust
    from zhengshu.kernel.actors import Actor

    trust.add_citizen(
        username=f"bench.{number[-8:].lower()}",
        name=name,
        citizen_id=number,
        password=PASSWORD,
        actor=Actor.platform("bench"),
        at=timezone.now(),
    )
