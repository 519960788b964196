"""Roles: given and taken by the security administrator."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.trust.application.queries import AccountNotFound, roles_of
from zhengshu.contexts.trust.application.records import subject_label
from zhengshu.contexts.trust.domain.duties import OwnRole, check_assignment, check_end, require
from zhengshu.contexts.trust.domain.kinds import AccountKind
from zhengshu.contexts.trust.events import RoleAssigned, RoleEnded
from zhengshu.contexts.trust.models import Account, RoleAssignment
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import require_assured
from zhengshu.kernel.identity import DepartmentId


@transaction
def assign_role(*, account_id: UUID, role: Role, actor: Actor, at: datetime) -> None:
    """Give a role to an account from now on.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        AccountNotFound: there is no such active account.
        OwnRole: it is the actor's own account.
        RoleDoesNotFit: a role of another kind of account.
        DutiesCombined: an administrator with a second role.
        StepUpDue: the actor has not shown lately who he is.
    """
    account = _locked(account_id, actor)
    require_assured(actor)
    held = roles_of(account_id=account.id, at=at)
    if role in held:
        return
    check_assignment(role, held=held, kind=AccountKind(account.kind))
    RoleAssignment.objects.create(account=account, role=role.value, active_from=at, assigned_by=actor.id)
    publish(
        RoleAssigned(
            at=at, actor=actor, subject=_subject(account), department_id=_owner(account), role=role.value
        )
    )


@transaction
def end_role(*, account_id: UUID, role: Role, actor: Actor, at: datetime) -> None:
    """Take a role from an account at once.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        AccountNotFound: there is no such account.
        OwnRole: it is the actor's own account.
        LastAdministrator: the post of an administrator would be empty.
        StepUpDue: the actor has not shown lately who he is.
    """
    account = _locked(account_id, actor, must_be_active=False)
    require_assured(actor)
    rows = RoleAssignment.objects.select_for_update().filter(role=role.value, active_to=None)
    mine = next((row for row in rows.filter(account=account)), None)
    if mine is None:
        return
    check_end(role, holders=len(rows.filter(account__is_active=True)))
    mine.active_to, mine.ended_by = max(at, mine.active_from), actor.id
    mine.save(update_fields=["active_to", "ended_by"])
    publish(
        RoleEnded(
            at=at, actor=actor, subject=_subject(account), department_id=_owner(account), role=role.value
        )
    )


def _locked(account_id: UUID, actor: Actor, *, must_be_active: bool = True) -> Account:
    require(actor, Role.SECURITY_ADMIN)
    account = Account.objects.visible_to(actor).select_for_update().filter(id=account_id).first()
    if account is None or (must_be_active and not account.is_active):
        raise AccountNotFound
    if account.id == actor.id:
        raise OwnRole
    return account


def _owner(account: Account) -> DepartmentId | None:
    return DepartmentId(account.department_id) if account.department_id else None


def _subject(account: Account) -> Subject:
    return Subject("account", str(account.id), subject_label(account))
