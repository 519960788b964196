"""Check characters as rules ask them: read as people type them, decided by the kernel where it knows the number."""

import re
from collections.abc import Callable, Mapping

from zhengshu.contexts.quality.domain.checks import Scheme
from zhengshu.kernel.checks import mod_37_36
from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.text import compact

_ALPHANUMERIC = re.compile("[0-9A-Z]{2,}")
_DIGITS = re.compile("[0-9]{2,}")
_DIGITS_OR_X = re.compile("[0-9]+[0-9X]")


def has_right_check(text: str, *, scheme: Scheme) -> bool:
    """Whether the check character of a text fits; width, case, blanks and hyphens do not matter.

    >>> has_right_check("6222 0212 3456 7894", scheme=Scheme.LUHN)
    False
    """
    return _SCHEMES[scheme](text)


def _mod_11_2(text: str) -> bool:
    number = compact(text)
    if not _DIGITS_OR_X.fullmatch(number):
        return False
    total = 0
    for digit in number[:-1]:
        total = (total + int(digit)) * 2 % 11
    return (total + (10 if number[-1] == "X" else int(number[-1]))) % 11 == 1


def _mod_37_36(text: str) -> bool:
    number = compact(text)
    return _ALPHANUMERIC.fullmatch(number) is not None and mod_37_36(number[:-1]) == number[-1]


def _mod_97_10(text: str) -> bool:
    number = compact(text)
    return _DIGITS.fullmatch(number) is not None and len(number) > 2 and int(number) % 97 == 1  # noqa: PLR2004 - two check digits


def _luhn(text: str) -> bool:
    number = compact(text)
    if not _DIGITS.fullmatch(number):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0  # noqa: PLR2004 - the sum of its digits


_SCHEMES: Mapping[Scheme, Callable[[str], bool]] = {
    Scheme.CITIZEN_ID: CitizenId.is_valid,
    Scheme.CREDIT_CODE: CreditCode.is_valid,
    Scheme.CITIZEN_ID_OR_CREDIT_CODE: lambda text: CitizenId.is_valid(text) or CreditCode.is_valid(text),
    Scheme.MOD_11_2: _mod_11_2,
    Scheme.MOD_37_36: _mod_37_36,
    Scheme.MOD_97_10: _mod_97_10,
    Scheme.LUHN: _luhn,
}
