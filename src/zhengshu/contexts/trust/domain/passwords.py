"""Rules for passwords, as assessors ask of a system of level 3 (regulation: GB/T 22239-2019)."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from zhengshu.kernel.errors import Refused

LETTERS_OF_A_NAME_THAT_COUNT = 3
"""A shorter user name occurs in any password by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRules:
    """What a password must be; the security administrator sets the numbers."""

    min_length: int = 8
    min_classes: int = 3
    history: int = 5
    age_days: int = 90


class PasswordFault(StrEnum):
    """What is wrong with a password."""

    TOO_SHORT = "too_short"
    TOO_FEW_CLASSES = "too_few_classes"
    CONTAINS_NAME = "contains_name"
    USED_BEFORE = "used_before"


class PasswordTooWeak(Refused):
    """The password does not keep the rules; choose another."""

    code = "trust.password-too-weak"
    message = "The password does not keep the rules: %(faults)s."


def classes(password: str) -> int:
    """Return how many of the four classes occur: capital letters, small letters, digits, all else."""
    kinds = {_class(letter) for letter in password}
    return len(kinds)


def faults(
    password: str, *, username: str, rules: PasswordRules, was_used: Callable[[str], bool] = lambda _: False
) -> tuple[PasswordFault, ...]:
    """Return everything that is wrong with a password, cheapest check first.

    Args:
        password: the new password.
        username: whose it shall be.
        rules: the rules in force.
        was_used: answers whether it is one of the last ones; asked only when all else is right, because
            comparing with hashes is slow on purpose.
    """
    found: list[PasswordFault] = []
    if len(password) < rules.min_length:
        found.append(PasswordFault.TOO_SHORT)
    if classes(password) < rules.min_classes:
        found.append(PasswordFault.TOO_FEW_CLASSES)
    if _contains(password, username):
        found.append(PasswordFault.CONTAINS_NAME)
    if not found and was_used(password):
        found.append(PasswordFault.USED_BEFORE)
    return tuple(found)


def is_expired(*, changed_at: datetime | None, rules: PasswordRules, at: datetime) -> bool:
    """Whether a password is older than the rules allow; one that was never set by its owner is."""
    return changed_at is None or at - changed_at >= timedelta(days=rules.age_days)


def sentence_of(found: Iterable[PasswordFault]) -> str:
    """Return the faults' codes in one text, for a refusal outside of a form."""
    return ", ".join(fault.value for fault in found)


def _class(letter: str) -> str:
    category = unicodedata.category(letter)
    return {"Lu": "capital", "Ll": "small", "Nd": "digit"}.get(category, "other")


def _contains(password: str, username: str) -> bool:
    name, text = username.casefold(), password.casefold()
    return len(name) >= LETTERS_OF_A_NAME_THAT_COUNT and (name in text or name[::-1] in text)
