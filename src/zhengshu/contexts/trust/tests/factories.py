"""Departments, accounts and systems as tests need them."""

from datetime import UTC, datetime
from itertools import count
from uuid import UUID

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.api import ConsumingSystemRecord, DepartmentRecord, Level
from zhengshu.contexts.trust.models import Account, Delegation
from zhengshu.kernel.actors import Actor, Role

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "Correct-Horse-7"
PLATFORM = Actor.platform("tests")

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_numbers = count(1)


def credit_code(number: int) -> str:
    """Return the credit code of a made-up organ."""
    body = "11470300" + f"{number:09d}"
    total = sum(_ALPHABET.index(letter) * pow(3, place, 31) for place, letter in enumerate(body))
    return body + _ALPHABET[(31 - total % 31) % 31]


def department(
    *,
    name: str = "",
    region: str = "470300",
    level: Level = Level.CITY,
    parent_id: UUID | None = None,
    is_data_authority: bool = False,
) -> DepartmentRecord:
    number = next(_numbers)
    return api.add_department(
        code=credit_code(number),
        name=name or f"第{number}局",
        short_name="",
        region=region,
        level=level,
        parent_id=parent_id,
        is_data_authority=is_data_authority,
        actor=PLATFORM,
        at=AT,
    )


def account(
    *roles: Role, department_id: UUID | None = None, username: str = "", must_change: bool = False
) -> Account:
    number = next(_numbers)
    account_id = api.add_official(
        username=username or f"user{number}",
        name=f"职员{number}",
        department_id=department_id or department().id,
        roles=roles,
        password=PASSWORD,
        must_change_password=must_change,
        actor=PLATFORM,
        at=AT,
    )
    return Account.objects.get(id=account_id)


def actor(*roles: Role, department_id: UUID | None = None) -> Actor:
    return api.actor_of(official_id=account(*roles, department_id=department_id).id)


def system(*, department_id: UUID | None = None, name: str = "") -> ConsumingSystemRecord:
    return api.register_consuming_system(
        name=name or f"系统{next(_numbers)}",
        department_id=department_id or department().id,
        actor=PLATFORM,
        at=AT,
    )


def account_of(person: Actor) -> Account:
    """Return the account of somebody who can sign in."""
    return Account.objects.get(pk=person.id)


def handler(
    username: str,
    citizen_id: str,
    *,
    enterprise_id: UUID,
    scope: tuple[str, ...],
    active_from: datetime = AT,
    active_to: datetime | None = None,
) -> Actor:
    """Return a delegate of an enterprise of his own who also has a power of this scope for another one."""
    own = api.add_enterprise(
        code=credit_code(910_000 + next(_numbers)), name=f"{username}的公司", actor=PLATFORM, at=AT
    )
    key = api.add_delegate(
        username=username,
        name=username,
        citizen_id=citizen_id,
        enterprise_id=own,
        password=PASSWORD,
        actor=PLATFORM,
        at=AT,
    )
    Delegation.objects.create(
        account_id=key,
        enterprise_id=enterprise_id,
        scope=list(scope),
        active_from=active_from,
        active_to=active_to,
    )
    return api.actor_of(official_id=key)
