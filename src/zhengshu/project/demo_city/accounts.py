"""The departments of the city and everybody's accounts; one password for all, drawn when the city is installed."""

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.storage import data_folder
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId
from zhengshu.project.demo_city.account_holders import PublicPerson, choose_holders
from zhengshu.project.demo_city.content import City, Department, Official

PLATFORM: Final = Actor.platform("demo-city.install")
_NAMES_OF_ROLES: Final[Mapping[Role, str]] = {
    Role.DATA_OFFICER: "officer",
    Role.DEPARTMENT_HEAD: "head",
    Role.REVIEWER: "reviewer",
    Role.WINDOW_CLERK: "clerk",
    Role.APPROVER: "approver",
    Role.OPERATOR: "operator",
    Role.LEADER: "leader",
    Role.SYSTEM_ADMIN: "system",
    Role.SECURITY_ADMIN: "security",
    Role.AUDIT_ADMIN: "audit",
}
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are read as one another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """An account of the city, to be shown to whoever tries it out.

    Attributes:
        password: empty when this installation did not draw it.
    """

    username: str
    name: str
    department: str
    roles: tuple[Role, ...]
    password: str


class _Kept(msgspec.Struct, frozen=True):
    password: str
    public: tuple[PublicPerson, ...] = ()


def username_of(department: Department, official: Official) -> str:
    """Return the user name of an official: ``police.officer``."""
    return f"{department.key}.{_NAMES_OF_ROLES[official.role]}"


def demo_accounts(city: City) -> tuple[DemoAccount, ...]:
    """Return all accounts of the city, officials first."""
    kept = _kept()
    officials = [
        DemoAccount(
            username=username_of(department, official),
            name=official.name,
            department=department.short,
            roles=(official.role,),
            password=kept.password,
        )
        for department in city.departments
        for official in department.officials
    ]
    public = [
        DemoAccount(
            username=person.username,
            name=person.name,
            department=person.firm,
            roles=(Role.ENTERPRISE_DELEGATE if person.code else Role.CITIZEN,),
            password=kept.password,
        )
        for person in kept.public
    ]
    return (*officials, *public)


def install_departments(city: City, *, at: datetime) -> Mapping[str, DepartmentId]:
    """Add the departments that are missing; return the ids by key."""
    present = {record.code: record.id for record in trust.departments().values()}
    ids: dict[str, DepartmentId] = {}
    for department in city.departments:
        if department.code not in present:
            present[department.code] = _add_department(department, city, ids, at=at)
        ids[department.key] = present[department.code]
    return ids


def install_officials(city: City, ids: Mapping[str, DepartmentId], *, at: datetime) -> None:
    """Add the officials' accounts that are missing."""
    present = {one.username for key in ids for one in trust.officials(department_id=ids[key])}
    password = ""
    for department in city.departments:
        for official in department.officials:
            username = username_of(department, official)
            if username not in present:
                password = password or _password()
                trust.add_official(
                    username=username,
                    name=official.name,
                    department_id=ids[department.key],
                    roles=[official.role],
                    password=password,
                    must_change_password=False,
                    actor=PLATFORM,
                    at=at,
                )


def install_public(city: City, folder: Path, *, at: datetime) -> None:
    """Give some of the city's people and firms an account, unless they have one.

    Who was given one by an older version keeps it; whom that version did not know of is added.
    """
    kept = _kept()
    if not kept.password:
        return
    people = (*kept.public, *_missing(city, folder, kept.public))
    for person in people:
        with suppress(trust.UsernameTaken, trust.PersonHasAccount):
            _add_public(person, password=kept.password, at=at)
    if people != kept.public:
        _keep(_Kept(kept.password, people))


def public_numbers() -> frozenset[str]:
    """Return the citizen IDs of the people who have an account, and the codes of the firms for which they act."""
    kept = _kept().public
    return frozenset(one.code or one.citizen_id for one in kept)


def public_people() -> tuple[PublicPerson, ...]:
    """Return the people who have an account; none where the city was installed elsewhere."""
    return _kept().public


def official_actor(username: str) -> Actor:
    """Return an official as an actor."""
    return trust.actor_of(official_id=trust.official_by_username(username=username).id)


def _add_department(
    department: Department, city: City, ids: Mapping[str, DepartmentId], *, at: datetime
) -> DepartmentId:
    is_city = department.region == city.city.code
    return trust.add_department(
        code=department.code,
        name=department.name,
        short_name=department.short,
        region=department.region,
        level=trust.Level.CITY if is_city else trust.Level.COUNTY,
        parent_id=None if department.key == "office" else ids["office"],
        is_data_authority=department.is_data_authority,
        actor=PLATFORM,
        at=at,
    ).id


def _missing(city: City, folder: Path, known: Sequence[PublicPerson]) -> Iterator[PublicPerson]:
    if len(known) >= city.public_accounts.total:
        return
    usernames = {one.username for one in known}
    numbers = {one.citizen_id for one in known}
    for person in choose_holders(city, folder):
        if person.username not in usernames and person.citizen_id not in numbers:
            yield person


def _add_public(person: PublicPerson, *, password: str, at: datetime) -> None:
    if not person.code:
        trust.add_citizen(
            username=person.username,
            name=person.name,
            citizen_id=person.citizen_id,
            password=password,
            actor=PLATFORM,
            at=at,
        )
        return
    enterprise = trust.add_enterprise(code=person.code, name=person.firm, actor=PLATFORM, at=at)
    trust.add_delegate(
        username=person.username,
        name=person.name,
        citizen_id=person.citizen_id,
        enterprise_id=enterprise,
        is_legal_representative=True,
        password=password,
        actor=PLATFORM,
        at=at,
    )


def _password() -> str:
    kept = _kept()
    if not kept.password:
        drawn = "".join(secrets.choice(_LETTERS) for _ in range(8))
        kept = _Kept(f"Chengchuan-{drawn}7")
        _keep(kept)
    return kept.password


def _file() -> Path:
    return data_folder("demo-city") / "accounts.json"


def _kept() -> _Kept:
    file = _file()
    return msgspec.json.decode(file.read_bytes(), type=_Kept) if file.is_file() else _Kept("")


def _keep(kept: _Kept) -> None:
    """Write the password where only the owner of the installation can read it."""
    opened = os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "wb") as out:
        out.write(msgspec.json.encode(kept))
