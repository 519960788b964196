"""Keys of systems: how long one lives, and how the old and the new overlap while a system changes over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhengshu.kernel.errors import Kind, Refused


class OverlapTooLong(Refused):
    """The old key would live longer than the security policy allows; choose a shorter overlap."""

    code = "trust.overlap-too-long"
    message = "The old key may stay valid for at most %(hours)s hours beside the new one."


class KeyAlreadyEnded(Refused):
    """The key was revoked or has run out; there is nothing to revoke."""

    code = "trust.key-already-ended"
    kind = Kind.CONFLICT
    message = "The key has already ended."


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRules:
    """Limits of keys; the security administrator sets the numbers."""

    max_days: int = 365
    overlap_max_hours: int = 168


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPeriod:
    """When a key is valid, half-open."""

    key_id: str
    active_from: datetime
    active_to: datetime

    def is_active(self, at: datetime) -> bool:
        """Whether the key is valid at an instant."""
        return self.active_from <= at < self.active_to


def rotate(
    existing: Iterable[KeyPeriod], *, new_key_id: str, rules: KeyRules, overlap: timedelta, at: datetime
) -> tuple[KeyPeriod, tuple[KeyPeriod, ...]]:
    """Return the new key's period, and the shortened periods of keys that live on for the overlap.

    A key that would end sooner anyway keeps its end.

    Raises:
        OverlapTooLong: longer than the policy allows, or negative.
    """
    if not timedelta(0) <= overlap <= timedelta(hours=rules.overlap_max_hours):
        raise OverlapTooLong(hours=rules.overlap_max_hours)
    new = KeyPeriod(key_id=new_key_id, active_from=at, active_to=at + timedelta(days=rules.max_days))
    end = at + overlap
    shortened = tuple(
        KeyPeriod(key_id=key.key_id, active_from=key.active_from, active_to=max(end, key.active_from))
        for key in existing
        if at < key.active_to and end < key.active_to
    )
    return new, shortened
