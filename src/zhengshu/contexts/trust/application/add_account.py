"""Accounts: officials, citizens, enterprises with their delegates."""

import re
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from zhengshu.contexts.trust.application.passwords import (
    check_new_password,
    remember_password,
    store_password,
)
from zhengshu.contexts.trust.application.private_people import person_digest
from zhengshu.contexts.trust.application.queries import AccountNotFound, DepartmentNotFound
from zhengshu.contexts.trust.application.records import subject_label
from zhengshu.contexts.trust.domain.duties import check_roles, require
from zhengshu.contexts.trust.domain.kinds import AccountKind
from zhengshu.contexts.trust.events import (
    AccountAdded,
    DelegationEnded,
    DelegationGiven,
    EnterpriseAdded,
    RoleAssigned,
)
from zhengshu.contexts.trust.models import Account, Delegation, Department, Enterprise, RoleAssignment
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId, OfficialId, new_id
from zhengshu.kernel.text import seen

USERNAME = re.compile(r"[\w][\w.@-]{2,63}")


class UsernameUnfit(Refused):
    """A user name has 3 to 64 letters, digits, dots, hyphens; choose another."""

    code = "trust.username-unfit"
    message = "A user name has 3 to 64 letters, digits, dots, hyphens or underlines, and starts with a letter or digit."


class UsernameTaken(Refused):
    """Another account has the name; choose another."""

    code = "trust.username-taken"
    kind = Kind.CONFLICT
    message = "The user name is taken. Choose another one."


class PersonHasAccount(Refused):
    """One person has one account of a kind; look the other one up."""

    code = "trust.person-has-account"
    kind = Kind.CONFLICT
    message = "This person has an account of this kind already. One person uses one account."


@transaction
def add_official(
    *,
    username: str,
    name: str,
    department_id: UUID,
    roles: Iterable[Role] = (),
    password: str,
    must_change_password: bool = True,
    citizen_id: str | None = None,
    actor: Actor,
    at: datetime,
) -> OfficialId:
    """Add an official; the system administrator does so without roles, which the security administrator gives.

    Args:
        username: what is typed to sign in; kept in small letters.
        name: the person's name.
        department_id: where the person works.
        roles: roles to hold from now on; only the platform (first administrators, demonstration) may give them here.
        password: the first password.
        must_change_password: whether it must be changed at the first sign-in.
        citizen_id: when given, the person cannot get a second official account.
        actor: the system administrator, or the platform.
        at: now.

    Raises:
        NotYourDuty: the actor does not administer accounts, or gives roles.
        DepartmentNotFound: there is no such active department.
        UsernameUnfit: the name has letters that a user name cannot have.
        UsernameTaken: another account has the name.
        PersonHasAccount: the person has an official account.
        RoleDoesNotFit: a role that officials do not hold.
        DutiesCombined: an administrator with a second role.
        PasswordTooWeak: the password does not keep the rules.
    """
    require(actor, Role.SYSTEM_ADMIN)
    held = frozenset(roles)
    if held:
        require(actor, Role.SECURITY_ADMIN)
    check_roles(held, kind=AccountKind.OFFICIAL)
    if not Department.objects.filter(id=department_id, is_active=True).exists():
        raise DepartmentNotFound
    account = _add(
        Account(
            username=username,
            name=name,
            kind=AccountKind.OFFICIAL.value,
            department_id=department_id,
            created_at=at,
        ),
        password=password,
        must_change=must_change_password,
        citizen_id=citizen_id,
        roles=held,
        actor=actor,
    )
    return OfficialId(account.id)


@transaction
def add_citizen(
    *,
    username: str,
    name: str,
    citizen_id: str,
    password: str,
    must_change_password: bool = False,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Add a citizen, whose ID number is kept sealed.

    Raises:
        NotYourDuty: the actor does not administer accounts.
        CitizenIdInvalid: the number does not keep GB 11643.
        UsernameUnfit: the name has letters that a user name cannot have.
        UsernameTaken: another account has the name.
        PersonHasAccount: the person has a citizen's account.
        PasswordTooWeak: the password does not keep the rules.
    """
    require(actor, Role.SYSTEM_ADMIN)
    return open_citizen(
        username=username,
        name=name,
        citizen_id=citizen_id,
        password=password,
        must_change_password=must_change_password,
        actor=actor,
        at=at,
    )


def open_citizen(
    *,
    username: str,
    name: str,
    citizen_id: str,
    password: str,
    must_change_password: bool,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Open a citizen's account in the transaction of whoever has asked whether the actor may."""
    return _add(
        Account(username=username, name=name, kind=AccountKind.CITIZEN.value, created_at=at),
        password=password,
        must_change=must_change_password,
        citizen_id=citizen_id,
        roles=frozenset({Role.CITIZEN}),
        actor=actor,
    ).id


@transaction
def add_enterprise(*, code: str, name: str, actor: Actor, at: datetime) -> UUID:
    """Add an enterprise, or return the one that has the code.

    Raises:
        NotYourDuty: the actor does not administer accounts.
        CreditCodeInvalid: the code does not keep GB 32100.
    """
    require(actor, Role.SYSTEM_ADMIN)
    row, is_new = Enterprise.objects.get_or_create(
        code=str(CreditCode.parse(code)), defaults={"name": seen(name), "created_at": at}
    )
    if is_new:
        publish(EnterpriseAdded(at=at, actor=actor, subject=Subject("enterprise", str(row.id), row.name)))
    return row.id


@transaction
def add_delegate(
    *,
    username: str,
    name: str,
    citizen_id: str,
    enterprise_id: UUID,
    is_legal_representative: bool = False,
    password: str,
    must_change_password: bool = False,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Add a person who acts for an enterprise.

    Raises:
        NotYourDuty: the actor does not administer accounts.
        CitizenIdInvalid: the number does not keep GB 11643.
        UsernameUnfit: the name has letters that a user name cannot have.
        UsernameTaken: another account has the name.
        PersonHasAccount: the person has a delegate's account; give it a further delegation.
        PasswordTooWeak: the password does not keep the rules.
    """
    require(actor, Role.SYSTEM_ADMIN)
    account_id = open_delegate(
        username=username,
        name=name,
        citizen_id=citizen_id,
        password=password,
        must_change_password=must_change_password,
        actor=actor,
        at=at,
    )
    give_delegation(
        account_id=account_id,
        enterprise_id=enterprise_id,
        is_legal_representative=is_legal_representative,
        actor=actor,
        at=at,
    )
    return account_id


def open_delegate(
    *,
    username: str,
    name: str,
    citizen_id: str,
    password: str,
    must_change_password: bool,
    actor: Actor,
    at: datetime,
) -> UUID:
    """Open an account for enterprises, without a power, in the transaction of whoever has asked whether he may."""
    return _add(
        Account(username=username, name=name, kind=AccountKind.DELEGATE.value, created_at=at),
        password=password,
        must_change=must_change_password,
        citizen_id=citizen_id,
        roles=frozenset({Role.ENTERPRISE_DELEGATE}),
        actor=actor,
    ).id


@transaction
def give_delegation(
    *,
    account_id: UUID,
    enterprise_id: UUID,
    is_legal_representative: bool = False,
    actor: Actor,
    at: datetime,
) -> None:
    """Let a delegate act for an enterprise from now on.

    Raises:
        NotYourDuty: the actor does not administer accounts.
        AccountNotFound: there is no such delegate or enterprise.
    """
    require(actor, Role.SYSTEM_ADMIN)
    account = Account.objects.filter(id=account_id, kind=AccountKind.DELEGATE, is_active=True).first()
    enterprise = Enterprise.objects.filter(id=enterprise_id).first()
    if account is None or enterprise is None:
        raise AccountNotFound
    _, is_new = Delegation.objects.get_or_create(
        account=account,
        enterprise=enterprise,
        active_to=None,
        defaults={"active_from": at, "is_legal_representative": is_legal_representative},
    )
    if is_new:
        subject = Subject("account", str(account.id), subject_label(account))
        publish(DelegationGiven(at=at, actor=actor, subject=subject, enterprise_code=enterprise.code))


@transaction
def end_delegation(*, account_id: UUID, enterprise_id: UUID, actor: Actor, at: datetime) -> None:
    """End the power of a delegate to act for an enterprise.

    Raises:
        NotYourDuty: the actor does not administer accounts.
        AccountNotFound: there is no such delegation.
    """
    require(actor, Role.SYSTEM_ADMIN)
    rows = Delegation.objects.select_for_update().select_related("account", "enterprise")
    row = rows.filter(account_id=account_id, enterprise_id=enterprise_id, active_to=None).first()
    if row is None:
        raise AccountNotFound
    row.active_to = at
    row.save(update_fields=["active_to"])
    subject = Subject("account", str(row.account_id), subject_label(row.account))
    publish(DelegationEnded(at=at, actor=actor, subject=subject, enterprise_code=row.enterprise.code))


def _add(
    account: Account,
    *,
    password: str,
    must_change: bool,
    citizen_id: str | None,
    roles: frozenset[Role],
    actor: Actor,
) -> Account:
    account.id, at = new_id(), account.created_at
    account.username, account.name = account.username.strip().lower(), seen(account.name)
    _check_username(account.username)
    if citizen_id is not None:
        _attach_person(account, CitizenId.parse(citizen_id))
    check_new_password(account, password)
    store_password(account, password, at=at, must_change=must_change)
    account.save(force_insert=True)
    remember_password(account, at=at)
    subject = Subject("account", str(account.id), subject_label(account))
    owner = DepartmentId(account.department_id) if account.department_id else None
    publish(AccountAdded(at=at, actor=actor, subject=subject, department_id=owner, kind=account.kind))
    for role in sorted(roles):
        RoleAssignment.objects.create(account=account, role=role.value, active_from=at, assigned_by=actor.id)
        publish(RoleAssigned(at=at, actor=actor, subject=subject, department_id=owner, role=role.value))
    return account


def _check_username(username: str) -> None:
    if not USERNAME.fullmatch(username):
        raise UsernameUnfit
    if Account.objects.filter(username=username).exists():
        raise UsernameTaken


def _attach_person(account: Account, citizen_id: CitizenId) -> None:
    digest = person_digest(citizen_id)
    if Account.objects.filter(kind=account.kind, person_digest=digest).exists():
        raise PersonHasAccount
    account.person_digest = digest
    account.citizen_id = str(citizen_id)
