"""What follows for an enterprise here from its registration: that it exists, its name, and who represents it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from zhengshu.contexts.trust.application.add_account import add_enterprise
from zhengshu.contexts.trust.application.private_people import person_digest
from zhengshu.contexts.trust.application.queries import AccountNotFound
from zhengshu.contexts.trust.application.records import subject_label
from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.domain.kinds import AccountKind
from zhengshu.contexts.trust.events import (
    AccountAdded,
    DelegationEnded,
    DelegationGiven,
    EnterpriseRenamed,
    RoleAssigned,
)
from zhengshu.contexts.trust.models import Account, Delegation, Enterprise, RoleAssignment
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.identity import new_id
from zhengshu.kernel.text import seen

SUFFIX = "-firm"
"""What is added to a citizen's user name for the account with which he acts for enterprises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """An enterprise that somebody represents, and the account with which he does."""

    enterprise_id: UUID
    code: str
    name: str
    username: str


@transaction
def found_enterprise(*, code: str, name: str, founder_id: UUID, actor: Actor, at: datetime) -> UUID:
    """Add an enterprise that was registered, with the person who asked for it as its legal representative.

    He acts with the account for enterprises that he has. Who has none gets one: with his own citizen ID, his user
    name with a suffix and the password that he has now, which he changes at the first sign-in. A second time changes
    nothing, and whom another person represents already is left alone.

    Args:
        code: the unified social credit code.
        name: as registered.
        founder_id: the account of the person who asked.
        actor: the platform.
        at: now.

    Raises:
        NotYourDuty: the actor does not administer accounts.
        CreditCodeInvalid: the code does not keep GB 32100.
        AccountNotFound: there is no such active account, it was opened without a citizen ID, or the one for
            enterprises was closed.
    """
    require(actor, Role.SYSTEM_ADMIN)
    enterprise_id = add_enterprise(code=code, name=name, actor=actor, at=at)
    enterprise = Enterprise.objects.select_for_update().get(id=enterprise_id)
    if not _representatives(enterprise, at=at).exists():
        _succeed(_delegate(founder_id, actor=actor, at=at), enterprise, actor=actor, at=at)
    return enterprise.id


@transaction
def change_enterprise(
    *, code: str, name: str, representative: CitizenId | None = None, actor: Actor, at: datetime
) -> None:
    """Take over what a change of the registration says; a second time changes nothing.

    A new representative who has an account for enterprises takes the former one's place at once. One who has none
    takes nobody's place before he has: an enterprise is not left without anybody who can let others act.

    Args:
        code: the unified social credit code.
        name: as registered from now on.
        representative: who represents it from now on; None where that stays.
        actor: the platform.
        at: now.

    Raises:
        NotYourDuty: the actor does not administer accounts.
    """
    require(actor, Role.SYSTEM_ADMIN)
    enterprise = Enterprise.objects.select_for_update().filter(code=code).first()
    if enterprise is None:
        return
    if seen(name) and enterprise.name != seen(name):
        enterprise.name = seen(name)
        enterprise.save(update_fields=["name"])
        publish(
            EnterpriseRenamed(
                at=at, actor=actor, subject=Subject("enterprise", str(enterprise.id), enterprise.name)
            )
        )
    account = _account_of(representative) if representative is not None else None
    if account is not None:
        _succeed(account, enterprise, actor=actor, at=at)


def representations_of(*, account_id: UUID, codes: Iterable[str], at: datetime) -> tuple[Representation, ...]:
    """Return which of some enterprises the person of an account represents now, with the account that he uses."""
    digest = Account.objects.filter(id=account_id).exclude(person_digest=None).values("person_digest")
    rows = _present(at).filter(
        is_legal_representative=True, account__person_digest__in=digest, enterprise__code__in=set(codes)
    )
    return tuple(
        Representation(
            enterprise_id=row.enterprise_id,
            code=row.enterprise.code,
            name=row.enterprise.name,
            username=row.account.username,
        )
        for row in rows.select_related("account", "enterprise").order_by("enterprise__code")
    )


def _succeed(account: Account, enterprise: Enterprise, *, actor: Actor, at: datetime) -> None:
    """Let somebody represent an enterprise in the place of whoever did; his own former powers end with that."""
    former = _representatives(enterprise, at=at)
    if former.filter(account=account).exists():
        return
    ending = former | _present(at).filter(account=account, enterprise=enterprise)
    for row in ending.select_related("account"):
        row.active_to = at
        row.save(update_fields=["active_to"])
        subject = Subject("account", str(row.account_id), subject_label(row.account))
        publish(DelegationEnded(at=at, actor=actor, subject=subject, enterprise_code=enterprise.code))
    Delegation.objects.create(
        account=account, enterprise=enterprise, is_legal_representative=True, active_from=at
    )
    subject = Subject("account", str(account.id), subject_label(account))
    publish(DelegationGiven(at=at, actor=actor, subject=subject, enterprise_code=enterprise.code))


def _delegate(founder_id: UUID, *, actor: Actor, at: datetime) -> Account:
    """Return the account with which a person acts for enterprises; open it where there is none."""
    founder = Account.objects.filter(id=founder_id, is_active=True).exclude(person_digest=None).first()
    if founder is None or founder.kind == AccountKind.OFFICIAL:
        raise AccountNotFound
    if founder.kind == AccountKind.DELEGATE:
        return founder
    known = Account.objects.filter(
        kind=AccountKind.DELEGATE, person_digest=bytes(founder.person_digest or b"")
    )
    account = known.first()
    if account is None:
        return _open(founder, actor=actor, at=at)
    if not account.is_active:
        raise AccountNotFound
    return account


def _account_of(person: CitizenId) -> Account | None:
    rows = Account.objects.filter(
        kind=AccountKind.DELEGATE, person_digest=person_digest(person), is_active=True
    )
    return rows.first()


def _open(founder: Account, *, actor: Actor, at: datetime) -> Account:
    account = Account(
        id=new_id(),
        username=_free_name(founder.username),
        name=founder.name,
        kind=AccountKind.DELEGATE.value,
        person_digest=founder.person_digest,
        password=founder.password,
        must_change_password=True,
        created_at=at,
    )
    account.citizen_id = founder.citizen_id
    account.save(force_insert=True)
    subject = Subject("account", str(account.id), subject_label(account))
    publish(AccountAdded(at=at, actor=actor, subject=subject, department_id=None, kind=account.kind))
    role = Role.ENTERPRISE_DELEGATE.value
    RoleAssignment.objects.create(account=account, role=role, active_from=at, assigned_by=actor.id)
    publish(RoleAssigned(at=at, actor=actor, subject=subject, department_id=None, role=role))
    return account


def _free_name(username: str) -> str:
    """Return a user name that nobody has, of at most 64 letters."""
    stem = f"{username[:54]}{SUFFIX}"
    taken = set(Account.objects.filter(username__startswith=stem).values_list("username", flat=True))
    return next(one for one in (stem, *(f"{stem}{n}" for n in range(2, 1000))) if one not in taken)


def _representatives(enterprise: Enterprise, *, at: datetime) -> QuerySet[Delegation]:
    return _present(at).filter(enterprise=enterprise, is_legal_representative=True)


def _present(at: datetime) -> QuerySet[Delegation]:
    return Delegation.objects.filter(Q(active_to__isnull=True) | Q(active_to__gt=at), active_from__lte=at)
