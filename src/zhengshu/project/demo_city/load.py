"""Installing the city: everything goes through the use cases that officials use, and a second time changes nothing."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from shutil import which
from typing import Final

from django.conf import settings

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services import api as services
from zhengshu.foundation.storage import data_folder
from zhengshu.kernel.actors import Role
from zhengshu.project.demo_city.accounts import (
    DemoAccount,
    demo_accounts,
    install_departments,
    install_officials,
    install_public,
)
from zhengshu.project.demo_city.asking import install_own_uses, install_requests
from zhengshu.project.demo_city.assessing import assess_tables
from zhengshu.project.demo_city.build import Progress, build_city
from zhengshu.project.demo_city.certifying import install_certificates
from zhengshu.project.demo_city.content import read_content
from zhengshu.project.demo_city.declaring import (
    deliver_files,
    install_resources,
    install_sources,
    install_standards,
)
from zhengshu.project.demo_city.platform_content import read_platform
from zhengshu.project.demo_city.public_site import install_public_site
from zhengshu.project.demo_city.returning import install_returned
from zhengshu.project.demo_city.sealing import install_seals
from zhengshu.project.demo_city.size import DEFAULT_SEED

Say = Callable[[str], None]
NAME: Final = "zhengshu"
_HISTORY: Final = timedelta(days=40)
"""How long before its installation the city began to keep a catalogue."""

_ASSESSED_BEFORE: Final = timedelta(hours=1)
"""How long before its installation the tables were assessed."""

_FIRST_TO_SHOW: Final = (
    "data.reviewer",
    "data.system",
    "data.security",
    "data.audit",
    "police.officer",
    "police.head",
    "market.officer",
    "social.officer",
    "social.head",
    "approval.officer",
    "approval.clerk",
    "office.leader",
)
"""The accounts with which the platform is understood fastest."""


def install_city(
    *,
    at: datetime,
    say: Say,
    persons: int | None = None,
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
) -> None:
    """Build the city's files where they are missing, and bring the platform to the state that the pack describes.

    What is there already is left as it is, so that an interrupted installation goes on where it stopped.

    Args:
        at: now; the city's history ends here.
        say: told of each step that is done.
        persons: how many live in the city; by default the setting `CITY_PERSONS`.
        seed: which city.
        progress: told of each file that is built.
    """
    content, platform = read_content(), read_platform()
    folder = data_folder("demo-city", "files")
    size = persons or settings.CITY_PERSONS
    begins = at - _HISTORY
    casework.load_case_types(folder=settings.PACKS_FOLDER / "case-types", at=begins)
    ids = install_departments(content.city, at=begins)
    install_officials(content.city, ids, at=begins)
    install_standards(content.city, at=begins)
    services.load_benefits(folder=settings.PACKS_FOLDER / "benefits", at=begins)
    codes = install_resources(platform, ids, at=begins + timedelta(days=1), say=say)
    install_sources(platform, codes, at=begins + timedelta(days=3))
    services.load_items(folder=settings.PACKS_FOLDER / "service-items", at=begins + timedelta(days=4))
    build_city(folder=folder, persons=size, seed=seed, progress=progress or _spoken(say), content=content)
    install_public(content.city, folder, at=begins)
    deliver_files(platform, codes, folder, at=begins + timedelta(days=4), say=say)
    assess_tables(platform, codes, at=at - _ASSESSED_BEFORE, say=say)
    install_requests(platform, codes, at=at, say=say)
    install_own_uses(platform, codes, at=begins + timedelta(days=5))
    install_returned(codes, at=at, say=say)
    install_seals(at=at, say=say)
    install_certificates(ids, folder, at=at, say=say)
    install_public_site(at=at, say=say)


def demo_account_list() -> tuple[DemoAccount, ...]:
    """Return all accounts of the city with their roles and the password of this installation."""
    return demo_accounts(read_content().city)


def account_lines() -> list[str]:
    """Return what is shown of the accounts when the platform starts."""
    accounts = {account.username: account for account in demo_account_list()}
    shown = [accounts[username] for username in _FIRST_TO_SHOW if username in accounts]
    shown += [account for account in accounts.values() if account.roles[0] in _PUBLIC]
    password = next((account.password for account in accounts.values()), "")
    lines = [f"Accounts   password of all: {password or 'as set before'}"]
    lines += [f"  {one.username:<18} {one.name}  {one.department}  {one.roles[0].value}" for one in shown]
    lines.append(f"  … and {len(accounts) - len(shown)} more: {_called()} city accounts")
    lines.append("\nTo be tried with them: docs/demo-city.md")
    return lines


def _called() -> str:
    """Return how this program is called here: by its name where the shell finds it, else by its place."""
    if which(NAME):
        return NAME
    place = Path(sys.executable).with_name(NAME)
    here = Path.cwd()
    return str(place.relative_to(here) if place.is_relative_to(here) else place)


_PUBLIC: Final = frozenset({Role.CITIZEN, Role.ENTERPRISE_DELEGATE})


def _spoken(say: Say) -> Progress:
    def told(step: str, done: int, total: int) -> None:
        if done < total:
            say(f"building the city: {step} ({done + 1}/{total})")

    return told
