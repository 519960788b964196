"""How surely a session knows who sits there: levels, methods, and what is asked before something sensitive."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhengshu.kernel.levels import Assurance


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that somebody did to show who he is.

    Attributes:
        method: `password`, `totp`, `recovery_codes`, `webauthn` or `provider`.
        at: when.
        level: of a provider's sign-in, the level that the provider is trusted for.
    """

    method: str
    at: datetime
    level: Assurance = Assurance.ONE_FACTOR


AMR = {
    "password": ("pwd",),
    "totp": ("otp", "mfa"),
    "recovery_codes": ("otp", "mfa"),
    "webauthn": ("hwk", "user", "mfa"),
    "provider": ("fed",),
}
"""Methods as RFC 8176 names them; `fed` is ours, for who came from another provider."""

SECOND = frozenset({"totp", "recovery_codes"})


def level_of(steps: Iterable[Step]) -> Assurance:
    """Return the level that the steps of a session add up to."""
    done = tuple(steps)
    methods = {step.method for step in done}
    if "webauthn" in methods:
        return Assurance.BOUND_KEY
    reached = max((step.level for step in done if step.method == "provider"), default=Assurance.ONE_FACTOR)
    if not methods.isdisjoint(SECOND):
        return max(reached, Assurance.TWO_FACTORS)
    return reached


def methods_of(steps: Iterable[Step]) -> tuple[str, ...]:
    """Return the methods of a session for `amr`, each once."""
    return tuple(dict.fromkeys(name for step in steps for name in AMR.get(step.method, ())))


def asked_level(acr_values: str) -> Assurance | None:
    """Return the least of the levels that a relying party asks for; None when it names none that we know."""
    known = {level.acr: level for level in Assurance}
    named = [known[value] for value in acr_values.split() if value in known]
    return min(named) if named else None


def fresh_level(*, steps: Iterable[Step], started_at: datetime, within: timedelta, at: datetime) -> Assurance:
    """Return the level of what somebody did lately; the beginning of a session counts as one factor.

    Whoever did nothing lately is at the lowest level too: `is_assured` tells him apart.
    """
    done = (*steps, Step(method="password", at=started_at))
    return level_of(step for step in done if at - step.at < within)


def is_assured(
    *,
    steps: Iterable[Step],
    started_at: datetime,
    needs_second: bool,
    within: timedelta,
    at: datetime,
) -> bool:
    """Whether somebody showed who he is lately and closely enough for a sensitive act.

    Args:
        steps: what was done in this session.
        started_at: when the session began, for sessions that know no steps.
        needs_second: whether the person has, or owes, a second factor; then that one must be fresh.
        within: how long a step counts.
        at: now.
    """
    done = tuple(steps)
    if needs_second:
        strong = [step.at for step in done if step.method in SECOND or step.method == "webauthn"]
        return bool(strong) and at - max(strong) < within
    latest = max([started_at, *(step.at for step in done)])
    return at - latest < within
