"""Lock-out: failures in a row close a name for a while, whether or not it exists."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zhengshu.kernel.errors import Kind, Refused


class SignInLocked(Refused):
    """Too many failures; wait, or ask the security administrator to unlock the account."""

    code = "trust.sign-in-locked"
    kind = Kind.FORBIDDEN
    message = (
        "Too many failed attempts. Try again in %(minutes)s minutes, or ask your security administrator to"
        " unlock the account."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LockRules:
    """After how many failures a name is closed, and for how long."""

    after_failures: int = 5
    minutes: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """The attempts at one name that were not followed by a success.

    Attributes:
        failures: how many in a row.
        last_at: when the last one was.
        locked_until: the end of the lock, None when there is none.
    """

    failures: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None


def begin(state: Attempts, *, rules: LockRules, at: datetime) -> Attempts:
    """Count an attempt before its outcome is known, so that many at once cannot slip through.

    The attempt that reaches the limit is still made; whoever comes after it waits. A success is `Attempts()`.

    Raises:
        SignInLocked: the name is closed.
    """
    if state.locked_until is not None and at < state.locked_until:
        raise SignInLocked(minutes=minutes_left(state, at=at))
    is_stale = state.last_at is not None and at - state.last_at >= timedelta(minutes=rules.minutes)
    if state.locked_until is not None or is_stale:
        state = Attempts()
    counted = replace(state, failures=state.failures + 1, last_at=at)
    if counted.failures < rules.after_failures:
        return counted
    return replace(counted, locked_until=at + timedelta(minutes=rules.minutes))


def minutes_left(state: Attempts, *, at: datetime) -> int:
    """Return the minutes until the lock ends, rounded up; 0 when there is none."""
    if state.locked_until is None or at >= state.locked_until:
        return 0
    return -(-(state.locked_until - at) // timedelta(minutes=1))
