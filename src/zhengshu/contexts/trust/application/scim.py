"""Officials' accounts kept by a program of another place, by SCIM 2.0 (RFC 7643, 7644)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db.models import QuerySet

from zhengshu.contexts.trust.application.add_account import add_official
from zhengshu.contexts.trust.application.manage_account import (
    deactivate_account,
    first_password,
    move_official,
    reactivate_account,
)
from zhengshu.contexts.trust.application.queries import DepartmentNotFound
from zhengshu.contexts.trust.application.records import subject_label
from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.models import Account, AccountSource, Department, SourcedAccount
from zhengshu.contexts.trust.sign_on_events import AccountRenamed, AccountSourceAdded, AccountSourceClosed
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import require_assured
from zhengshu.kernel.errors import Kind, Refused


class SourceNotFound(Refused):
    """There is no such source at work."""

    code = "trust.source-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such source of accounts, or it was closed."


class SourceNameTaken(Refused):
    """A source of this name exists; choose another."""

    code = "trust.source-name-taken"
    kind = Kind.CONFLICT
    message = "A source of accounts has this name. Choose another one."


class SourcedAccountNotFound(Refused):
    """The source keeps no such account; it sees no other's."""

    code = "trust.sourced-account-not-found"
    kind = Kind.NOT_FOUND
    message = "This source keeps no such account."


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An official as a source writes and reads it."""

    username: str
    name: str
    department: str
    is_active: bool = True
    external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedPerson:
    """An official of a source with its id here."""

    id: UUID
    person: Person
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source as the list shows it."""

    id: UUID
    name: str
    has_token: bool
    is_active: bool
    people: int
    seen_at: datetime | None


@transaction
def add_source(*, name: str, actor: Actor, at: datetime) -> str:
    """Let a program keep accounts, and return its token, which is shown this once.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        StepUpDue: the actor has not shown lately who he is.
        SourceNameTaken: one has the name.
    """
    require(actor, Role.SECURITY_ADMIN)
    require_assured(actor)
    if AccountSource.objects.filter(name=name.strip()).exists():
        raise SourceNameTaken
    token = secrets.token_hex(32)
    row = AccountSource.objects.create(name=name.strip(), token_digest=_digest(token), created_at=at)
    publish(AccountSourceAdded(at=at, actor=actor, subject=Subject("account_source", str(row.id), row.name)))
    return token


@transaction
def close_source(*, source_id: UUID, actor: Actor, at: datetime) -> None:
    """Let a program keep accounts no more; the accounts stay and are everybody's again.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        SourceNotFound: there is none such at work.
    """
    require(actor, Role.SECURITY_ADMIN)
    row = AccountSource.objects.select_for_update().filter(id=source_id, is_active=True).first()
    if row is None:
        raise SourceNotFound
    row.is_active, row.token_digest = False, None
    row.save(update_fields=["is_active", "token_digest"])
    publish(AccountSourceClosed(at=at, actor=actor, subject=Subject("account_source", str(row.id), row.name)))


def sources(*, actor: Actor) -> tuple[SourceRow, ...]:
    """Return the sources, those at work first.

    Raises:
        NotYourDuty: the actor is not the security administrator.
    """
    require(actor, Role.SECURITY_ADMIN)
    rows = AccountSource.objects.order_by("-is_active", "name").prefetch_related("accounts")
    return tuple(
        SourceRow(
            id=row.id,
            name=row.name,
            has_token=row.token_digest is not None,
            is_active=row.is_active,
            people=len(row.accounts.all()),
            seen_at=row.seen_at,
        )
        for row in rows
    )


def source_of_token(token: str, *, at: datetime) -> AccountSource | None:
    """Return whose token it is."""
    row = AccountSource.objects.filter(token_digest=_digest(token), is_active=True).first() if token else None
    if row is not None:
        AccountSource.objects.filter(pk=row.pk).update(seen_at=at)
    return row


def people_of(
    source: AccountSource, *, wanted: Mapping[str, str], first: int, most: int
) -> tuple[int, tuple[SourcedPerson, ...]]:
    """Return how many accounts of a source match, and some of them.

    Args:
        source: the source.
        wanted: exact values by field: `username`, `external_id`.
        first: the first to return, from 1.
        most: how many at most.
    """
    rows = _kept(source).order_by("account_id")
    if "username" in wanted:
        rows = rows.filter(account__username=wanted["username"].lower())
    if "external_id" in wanted:
        rows = rows.filter(external_id=wanted["external_id"])
    return rows.count(), tuple(_person(row) for row in rows[first - 1 : first - 1 + most])


def person_of(source: AccountSource, *, account_id: UUID) -> SourcedPerson:
    """Return one account of a source.

    Raises:
        SourcedAccountNotFound: it keeps no such account.
    """
    return _person(_one(source, account_id))


@transaction
def add_person(source: AccountSource, *, person: Person, at: datetime) -> SourcedPerson:
    """Add an official without roles; he gets a password from an administrator, or comes by another provider.

    Raises:
        DepartmentNotFound: no department at work has the code.
        UsernameTaken: an account has the name, whoever keeps it.
        UsernameUnfit: the name has letters that a user name cannot have.
    """
    actor = _actor(source)
    made = add_official(
        username=person.username,
        name=person.name,
        department_id=_department(person.department),
        password=first_password(),
        actor=actor,
        at=at,
    )
    row = SourcedAccount.objects.create(account_id=made, source=source, external_id=person.external_id)
    if not person.is_active:
        deactivate_account(account_id=made, actor=actor, at=at)
    return _person(_one(source, row.account_id))


@transaction
def change_person(source: AccountSource, *, account_id: UUID, person: Person, at: datetime) -> SourcedPerson:
    """Change an official; a leaver's sessions, tokens and access end at once. The user name stays.

    Raises:
        SourcedAccountNotFound: the source keeps no such account.
        DepartmentNotFound: no department at work has the code.
        LastAdministrator: an administrator's post would be empty.
    """
    row, actor = _one(source, account_id), _actor(source)
    before = _person(row).person
    if person.external_id != before.external_id:
        row.external_id = person.external_id
        row.save(update_fields=["external_id"])
    if person.name != before.name:
        Account.objects.filter(pk=account_id).update(name=person.name)
        subject = Subject("account", str(account_id), subject_label(row.account))
        publish(AccountRenamed(at=at, actor=actor, subject=subject))
    if person.is_active and not before.is_active:
        reactivate_account(account_id=account_id, actor=actor, at=at)
    if person.department != before.department:
        move_official(account_id=account_id, department_id=_department(person.department), actor=actor, at=at)
    if before.is_active and not person.is_active:
        deactivate_account(account_id=account_id, actor=actor, at=at)
    return _person(_one(source, account_id))


@transaction
def remove_person(source: AccountSource, *, account_id: UUID, at: datetime) -> None:
    """Deactivate an official and keep him no more; the account stays for the audit.

    Raises:
        SourcedAccountNotFound: the source keeps no such account.
        LastAdministrator: an administrator's post would be empty.
    """
    row = _one(source, account_id)
    deactivate_account(account_id=account_id, actor=_actor(source), at=at)
    row.delete()


def _kept(source: AccountSource) -> QuerySet[SourcedAccount]:
    return SourcedAccount.objects.filter(source=source).select_related("account__department")


def _one(source: AccountSource, account_id: UUID) -> SourcedAccount:
    row = _kept(source).filter(account_id=account_id).first()
    if row is None:
        raise SourcedAccountNotFound
    return row


def _person(row: SourcedAccount) -> SourcedPerson:
    account = row.account
    return SourcedPerson(
        id=account.id,
        person=Person(
            username=account.username,
            name=account.name,
            department=account.department.code if account.department else "",
            is_active=account.is_active,
            external_id=row.external_id,
        ),
        created_at=account.created_at,
    )


def _department(code: str) -> UUID:
    found = Department.objects.filter(code=code.upper(), is_active=True).values_list("id", flat=True).first()
    if found is None:
        raise DepartmentNotFound
    return found


def _actor(source: AccountSource) -> Actor:
    return Actor.platform(f"scim: {source.name}"[:100])


def _digest(token: str) -> bytes:
    return sha256(b"zhengshu scim:" + token.encode()).digest()


def department_codes(*, most: int) -> tuple[str, ...]:
    """Return the codes of the departments that an account may be of; none where there are more than `most`."""
    rows = Department.objects.filter(is_active=True).order_by("code")[: most + 1]
    codes = tuple(rows.values_list("code", flat=True))
    return codes if len(codes) <= most else ()
