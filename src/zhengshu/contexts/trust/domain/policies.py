"""The security policy: its numbers, and how far each may be moved."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.kernel.errors import Refused


class PolicyOutOfRange(Refused):
    """A number is weaker than assessors accept, or useless; choose one within the range."""

    code = "trust.policy-out-of-range"
    message = "%(field)s must be from %(low)s to %(high)s."


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyValues:
    """All that the security administrator sets; the defaults are what assessors ask of level 3."""

    password_min_length: int = 8
    password_min_classes: int = 3
    password_history: int = 5
    password_age_days: int = 90
    lock_after_failures: int = 5
    lock_minutes: int = 30
    idle_minutes: int = 15
    session_hours: int = 12
    sessions_at_once: int = 3
    stale_after_days: int = 90
    second_factor: SecondFactorRule = SecondFactorRule.ADMINISTRATORS
    step_up_minutes: int = 15
    key_max_days: int = 365
    key_overlap_max_hours: int = 168
    witness_quorum: int = 0
    witness_minutes: int = 10
    encrypt_from_grade: int = 6


RANGES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "password_min_length": (8, 64),
        "password_min_classes": (3, 4),
        "password_history": (5, 24),
        "password_age_days": (1, 365),
        "lock_after_failures": (1, 10),
        "lock_minutes": (5, 1440),
        "idle_minutes": (1, 60),
        "session_hours": (1, 24),
        "sessions_at_once": (1, 20),
        "stale_after_days": (1, 365),
        "step_up_minutes": (1, 60),
        "key_max_days": (1, 1095),
        "key_overlap_max_hours": (0, 720),
        "witness_quorum": (0, 20),
        "witness_minutes": (1, 1440),
        "encrypt_from_grade": (1, 6),
    }
)
"""Least and greatest value of each number; the database checks the same."""


def check(values: PolicyValues) -> None:
    """Check every number against its range.

    Raises:
        PolicyOutOfRange: the first that is outside.
    """
    numbers: Mapping[str, object] = asdict(values)
    for field, (low, high) in RANGES.items():
        value = numbers[field]
        if not isinstance(value, int) or not low <= value <= high:
            raise PolicyOutOfRange(field=field, low=low, high=high)


def differences(before: PolicyValues, after: PolicyValues) -> tuple[dict[str, str], dict[str, str]]:
    """Return what changed, as two mappings from field to value in words."""
    old, new = asdict(before), asdict(after)
    changed = [field for field in new if old[field] != new[field]]
    return {field: str(old[field]) for field in changed}, {field: str(new[field]) for field in changed}
