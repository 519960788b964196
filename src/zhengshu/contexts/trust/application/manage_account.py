"""What happens to accounts after they were added: moved, deactivated, given new passwords and factors."""

import secrets
import string
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator

from zhengshu.contexts.trust.application.issue_trial_key import end_trial_keys_of
from zhengshu.contexts.trust.application.keep_sessions import end_sessions_of
from zhengshu.contexts.trust.application.passwords import (
    check_new_password,
    remember_password,
    store_password,
)
from zhengshu.contexts.trust.application.queries import AccountNotFound, DepartmentNotFound, roles_of
from zhengshu.contexts.trust.application.records import subject_label
from zhengshu.contexts.trust.domain.duties import LastAdministrator, require
from zhengshu.contexts.trust.domain.kinds import AccountKind
from zhengshu.contexts.trust.events import (
    AccountDeactivated,
    AccountMoved,
    AccountReactivated,
    PasswordChanged,
    PasswordReset,
    RoleEnded,
    SecondFactorRemoved,
)
from zhengshu.contexts.trust.models import Account, Department, RoleAssignment
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import ADMINISTRATORS, Actor, Role
from zhengshu.kernel.assurance import require_assured
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId

FIRST_PASSWORD_LETTERS = 16


class OwnAccount(Refused):
    """Nobody administers the own account; ask another administrator."""

    code = "trust.own-account"
    kind = Kind.FORBIDDEN
    message = "You cannot do this to your own account. Ask another administrator."


class AdministratorProtected(Refused):
    """One administrator must not be able to become another by resetting a password or factor.

    Whoever runs the servers does it at the console: `zhengshu account reset-password`, which is audited as well.
    """

    code = "trust.administrator-protected"
    kind = Kind.FORBIDDEN
    message = (
        "This account belongs to another administrator. So that no administrator can take another's place, it is"
        " reset at the server's console only."
    )


@transaction
def deactivate_account(*, account_id: UUID, actor: Actor, at: datetime) -> None:
    """Close an account to its owner: sessions and trial keys end at once, roles stay recorded.

    Raises:
        NotYourDuty: the actor is not the system administrator.
        AccountNotFound: there is no such account.
        OwnAccount: it is the actor's own.
        LastAdministrator: it holds an administrator's post that nobody else holds.
    """
    account = _locked(account_id, actor, Role.SYSTEM_ADMIN)
    if account.id == actor.id:
        raise OwnAccount
    for role in sorted(roles_of(account_id=account.id, at=at) & ADMINISTRATORS):
        if _other_holders(role, account=account) == 0:
            raise LastAdministrator(role=role.value)
    if account.is_active:
        account.is_active = False
        account.save(update_fields=["is_active"])
        end_sessions_of(account, reason="deactivated", by=actor, at=at)
        end_trial_keys_of(account.id, by=actor, at=at)
        publish(
            AccountDeactivated(at=at, actor=actor, subject=_subject(account), department_id=_owner(account))
        )


@transaction
def reactivate_account(*, account_id: UUID, actor: Actor, at: datetime) -> None:
    """Open a deactivated account again.

    Raises:
        NotYourDuty: the actor is not the system administrator.
        AccountNotFound: there is no such account.
    """
    account = _locked(account_id, actor, Role.SYSTEM_ADMIN)
    if not account.is_active:
        account.is_active = True
        account.save(update_fields=["is_active"])
        publish(
            AccountReactivated(at=at, actor=actor, subject=_subject(account), department_id=_owner(account))
        )


@transaction
def reset_password(*, account_id: UUID, actor: Actor, at: datetime) -> str:
    """Give an account a new first password, shown once, which its owner must change; all its sessions end.

    Raises:
        NotYourDuty: the actor is not the system administrator.
        AccountNotFound: there is no such account.
        OwnAccount: one's own password is changed, not reset.
        AdministratorProtected: the account belongs to another administrator.
        StepUpDue: the actor has not shown lately who he is.
    """
    account = _locked(account_id, actor, Role.SYSTEM_ADMIN)
    require_assured(actor)
    _protect(account, actor=actor, at=at)
    password = first_password()
    store_password(account, password, at=at, must_change=True)
    account.save(update_fields=["password", "must_change_password", "password_changed_at"])
    remember_password(account, at=at)
    end_sessions_of(account, reason="password_reset", by=actor, at=at)
    publish(PasswordReset(at=at, actor=actor, subject=_subject(account), department_id=_owner(account)))
    return password


@transaction
def change_own_password(
    *, account_id: UUID, password: str, session_key: str, actor: Actor, at: datetime
) -> None:
    """Change one's own password; all other sessions end.

    Raises:
        AccountNotFound: the account is gone.
        PasswordTooWeak: the password does not keep the rules.
    """
    account = Account.objects.select_for_update().filter(id=account_id).first()
    if account is None:
        raise AccountNotFound
    check_new_password(account, password)
    store_password(account, password, at=at, must_change=False)
    account.save(update_fields=["password", "must_change_password", "password_changed_at"])
    remember_password(account, at=at)
    end_sessions_of(account, reason="password_changed", by=actor, at=at, but=session_key)
    publish(PasswordChanged(at=at, actor=actor, subject=_subject(account), department_id=_owner(account)))


@transaction
def remove_second_factors(*, account_id: UUID, actor: Actor, at: datetime) -> None:
    """Take away the second factors of somebody who lost them, so that new ones can be set up.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        AccountNotFound: there is no such account.
        OwnAccount: one's own factors are changed on one's own page.
        AdministratorProtected: the account belongs to another administrator.
        StepUpDue: the actor has not shown lately who he is.
    """
    account = _locked(account_id, actor, Role.SECURITY_ADMIN)
    require_assured(actor)
    _protect(account, actor=actor, at=at)
    if Authenticator.objects.filter(user_id=account.id).delete()[0]:
        end_sessions_of(account, reason="second_factor_removed", by=actor, at=at)
        publish(
            SecondFactorRemoved(
                at=at, actor=actor, subject=_subject(account), department_id=_owner(account), factor="all"
            )
        )


@transaction
def move_official(*, account_id: UUID, department_id: UUID, actor: Actor, at: datetime) -> None:
    """Move an official to another department; the roles of the former one end.

    Raises:
        NotYourDuty: the actor is not the system administrator.
        AccountNotFound: there is no such official.
        OwnAccount: it is the actor's own.
        DepartmentNotFound: there is no such active department.
        LastAdministrator: it holds an administrator's post that nobody else holds.
    """
    account = _locked(account_id, actor, Role.SYSTEM_ADMIN)
    if account.kind != AccountKind.OFFICIAL:
        raise AccountNotFound
    if account.id == actor.id:
        raise OwnAccount
    if not Department.objects.filter(id=department_id, is_active=True).exists():
        raise DepartmentNotFound
    if account.department_id == department_id:
        return
    former, citizen_id = account.department_id, account.citizen_id
    account.department_id = department_id
    account.citizen_id = citizen_id
    account.save(update_fields=["department", "sealed_citizen_id"])
    for row in RoleAssignment.objects.filter(account=account, active_to=None):
        role = Role(row.role)
        if role in ADMINISTRATORS and _other_holders(role, account=account) == 0:
            raise LastAdministrator(role=role.value)
        row.active_to, row.ended_by = at, actor.id
        row.save(update_fields=["active_to", "ended_by"])
        publish(
            RoleEnded(
                at=at, actor=actor, subject=_subject(account), department_id=_owner(account), role=row.role
            )
        )
    publish(
        AccountMoved(
            at=at,
            actor=actor,
            subject=_subject(account),
            department_id=_owner(account),
            from_department=str(former),
            to_department=str(department_id),
        )
    )


def first_password() -> str:
    """Return a random password of all four classes that reads well aloud: no 0, O, 1, l or I."""
    letters = "".join(letter for letter in string.ascii_letters + string.digits if letter not in "0O1lI")
    drawn = "".join(secrets.choice(letters) for _ in range(FIRST_PASSWORD_LETTERS - 4))
    return f"{secrets.choice('ABCDEFGH')}{drawn[:6]}-{drawn[6:]}{secrets.choice('abcdefgh')}{secrets.choice('2345')}"


def _locked(account_id: UUID, actor: Actor, role: Role) -> Account:
    require(actor, role)
    account = Account.objects.visible_to(actor).select_for_update().filter(id=account_id).first()
    if account is None:
        raise AccountNotFound
    return account


def _protect(account: Account, *, actor: Actor, at: datetime) -> None:
    if actor.is_platform:
        return
    if account.id == actor.id:
        raise OwnAccount
    if not roles_of(account_id=account.id, at=at).isdisjoint(ADMINISTRATORS):
        raise AdministratorProtected


def _other_holders(role: Role, *, account: Account) -> int:
    rows = RoleAssignment.objects.filter(role=role.value, active_to=None, account__is_active=True)
    return rows.exclude(account=account).count()


def _owner(account: Account) -> DepartmentId | None:
    return DepartmentId(account.department_id) if account.department_id else None


def _subject(account: Account) -> Subject:
    return Subject("account", str(account.id), subject_label(account))
