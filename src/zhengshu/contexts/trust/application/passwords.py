"""Setting passwords under the policy."""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password

from zhengshu.contexts.trust.application.policy import password_rules, policy
from zhengshu.contexts.trust.domain import passwords
from zhengshu.contexts.trust.domain.passwords import PasswordFault, PasswordTooWeak
from zhengshu.contexts.trust.models import Account, PasswordRecord


def password_faults(account: Account, password: str) -> tuple[PasswordFault, ...]:
    """Return what is wrong with a new password of an account."""
    rules = password_rules(policy())

    def was_used(candidate: str) -> bool:
        former = PasswordRecord.objects.filter(account_id=account.id).order_by("-id")
        hashes = former.values_list("password", flat=True)[: rules.history]
        return any(check_password(candidate, one) for one in hashes)

    return passwords.faults(password, username=account.username, rules=rules, was_used=was_used)


def check_new_password(account: Account, password: str) -> None:
    """Check a new password.

    Raises:
        PasswordTooWeak: it does not keep the rules.
    """
    if found := password_faults(account, password):
        raise PasswordTooWeak(faults=passwords.sentence_of(found))


def store_password(account: Account, password: str, *, at: datetime, must_change: bool) -> None:
    """Give an account a password and remember its hash; the account is saved by the caller."""
    account.password = make_password(password)
    account.must_change_password = must_change
    account.password_changed_at = None if must_change else at


def demand_new_password_when_old(*, account: Account, at: datetime) -> None:
    """Mark the password that was just used as one to change, where it is older than the policy allows."""
    rules = password_rules(policy())
    if passwords.is_expired(changed_at=account.password_changed_at, rules=rules, at=at):
        account.must_change_password = True
        account.save(update_fields=["must_change_password"])


def remember_password(account: Account, *, at: datetime) -> None:
    """Remember the hash of the password in force, and forget those older than any policy asks for."""
    PasswordRecord.objects.create(account=account, password=account.password, set_at=at)
    kept = PasswordRecord.objects.filter(account=account).order_by("-id").values("id")[:KEPT]
    PasswordRecord.objects.filter(account=account).exclude(id__in=kept).delete()


KEPT = 24
"""The longest history that the database lets a policy ask for."""
