"""Counts attempts to sign in, locks names, unlocks accounts."""

import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from zhengshu.contexts.trust.application.policy import lock_rules, policy
from zhengshu.contexts.trust.application.queries import AccountNotFound
from zhengshu.contexts.trust.application.records import subject_label
from zhengshu.contexts.trust.domain import lockouts
from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.domain.lockouts import Attempts
from zhengshu.contexts.trust.events import AccountLocked, AccountUnlocked, SignInFailed
from zhengshu.contexts.trust.models import Account, SignInGuard
from zhengshu.foundation.crypto.sealing import derived_key
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId


class Step(StrEnum):
    """The step of a sign-in that is guarded; each has its own count, or one would clear the other's."""

    PASSWORD = "password"  # noqa: S105 - the name of a step
    SECOND_FACTOR = "second_factor"
    DEVICE = "device"


@transaction
def begin_attempt(*, username: str, step: Step, at: datetime) -> None:
    """Count an attempt before its outcome is known; concurrent attempts at one name wait for each other.

    Raises:
        SignInLocked: too many attempts were made; the same for names that do not exist.
    """
    rules = lock_rules(policy())
    digest = _digest(username, step)
    SignInGuard.objects.bulk_create([SignInGuard(name_digest=digest)], ignore_conflicts=True)
    row = SignInGuard.objects.select_for_update().get(name_digest=digest)
    _store(row, lockouts.begin(_state(row), rules=rules, at=at))


@transaction
def fail_attempt(*, username: str, step: Step, visitor: Actor, at: datetime) -> None:
    """Record for the audit that an attempt failed, and that the name is locked where that was the last one."""
    row = SignInGuard.objects.filter(name_digest=_digest(username, step)).first()
    state = _state(row) if row else Attempts()
    account = Account.objects.filter(username=username.strip().lower()).first()
    subject, owner = Subject("account", "unknown", ""), None
    if account is not None:
        subject = Subject("account", str(account.id), subject_label(account))
        owner = DepartmentId(account.department_id) if account.department_id else None
    publish(
        SignInFailed(
            at=at,
            actor=visitor,
            subject=subject,
            department_id=owner,
            step=step.value,
            failures=state.failures,
        )
    )
    if minutes := lockouts.minutes_left(state, at=at):
        publish(AccountLocked(at=at, actor=visitor, subject=subject, department_id=owner, minutes=minutes))


def clear_attempts(*, username: str, step: Step) -> None:
    """Forget the failures of a name after a success."""
    SignInGuard.objects.filter(name_digest=_digest(username, step)).delete()


@transaction
def unlock_account(*, account_id: UUID, actor: Actor, at: datetime) -> None:
    """Let an account that was locked after failures try again at once.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        AccountNotFound: the actor may not see such an account.
    """
    require(actor, Role.SECURITY_ADMIN)
    account = Account.objects.visible_to(actor).filter(id=account_id).first()
    if account is None:
        raise AccountNotFound
    digests = [_digest(account.username, step) for step in Step]
    if SignInGuard.objects.filter(name_digest__in=digests).delete()[0]:
        owner = DepartmentId(account.department_id) if account.department_id else None
        subject = Subject("account", str(account.id), subject_label(account))
        publish(AccountUnlocked(at=at, actor=actor, subject=subject, department_id=owner))


def locked_until(*, accounts: Iterable[Account], at: datetime) -> Mapping[UUID, datetime]:
    """Return which of the accounts are locked and until when, in one query."""
    owners = {_digest(account.username, step): account.id for account in accounts for step in Step}
    rows = SignInGuard.objects.filter(name_digest__in=list(owners), locked_until__gt=at)
    return {owners[bytes(row.name_digest)]: row.locked_until for row in rows if row.locked_until}


def _digest(username: str, step: Step) -> bytes:
    name = f"{step.value}:{username.strip().lower()}"
    return hmac.digest(derived_key(b"trust.sign-in"), name.encode(), sha256)


def _state(row: SignInGuard) -> Attempts:
    return Attempts(failures=row.failures, last_at=row.last_failed_at, locked_until=row.locked_until)


def _store(row: SignInGuard, state: Attempts) -> None:
    row.failures, row.last_failed_at, row.locked_until = state.failures, state.last_at, state.locked_until
    row.save(update_fields=["failures", "last_failed_at", "locked_until"])
