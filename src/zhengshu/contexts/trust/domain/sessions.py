"""When a signed-in session is over, and what it owes before anything else."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.kernel.actors import ADMINISTRATORS, OFFICIALS, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRules:
    """How long a session lives without a request, and at all."""

    idle_minutes: int = 15
    hours: int = 12


class Ending(StrEnum):
    """Why a session is over."""

    IDLE = "idle"
    TOO_LONG = "too_long"


def ending(*, started_at: datetime, seen_at: datetime, rules: SessionRules, at: datetime) -> Ending | None:
    """Return why a session is over, or None while it is not."""
    if at - started_at >= timedelta(hours=rules.hours):
        return Ending.TOO_LONG
    if at - seen_at >= timedelta(minutes=rules.idle_minutes):
        return Ending.IDLE
    return None


def needs_second_factor(rule: SecondFactorRule, *, roles: frozenset[Role]) -> bool:
    """Whether the holder of the roles must have a second factor."""
    if rule is SecondFactorRule.NONE:
        return False
    concerned = ADMINISTRATORS if rule is SecondFactorRule.ADMINISTRATORS else OFFICIALS
    return not roles.isdisjoint(concerned)
