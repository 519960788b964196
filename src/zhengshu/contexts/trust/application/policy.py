"""The security policy in force, as the rules of the domain want it."""

from zhengshu.contexts.trust.domain.key_periods import KeyRules
from zhengshu.contexts.trust.domain.lockouts import LockRules
from zhengshu.contexts.trust.domain.passwords import PasswordRules
from zhengshu.contexts.trust.domain.sessions import SessionRules
from zhengshu.contexts.trust.models import SecurityPolicy


def policy() -> SecurityPolicy:
    """Return the policy's row, or the defaults (which are the assessors' numbers) while nobody changed them."""
    return SecurityPolicy.objects.first() or SecurityPolicy()


def password_rules(row: SecurityPolicy) -> PasswordRules:
    """Return the rules for passwords."""
    return PasswordRules(
        min_length=row.password_min_length,
        min_classes=row.password_min_classes,
        history=row.password_history,
        age_days=row.password_age_days,
    )


def lock_rules(row: SecurityPolicy) -> LockRules:
    """Return the rules of the lock-out."""
    return LockRules(after_failures=row.lock_after_failures, minutes=row.lock_minutes)


def session_rules(row: SecurityPolicy) -> SessionRules:
    """Return the limits of a session."""
    return SessionRules(idle_minutes=row.idle_minutes, hours=row.session_hours)


def key_rules(row: SecurityPolicy) -> KeyRules:
    """Return the limits of keys."""
    return KeyRules(max_days=row.key_max_days, overlap_max_hours=row.key_overlap_max_hours)
