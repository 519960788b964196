"""The values of FEEL that we know, and how they compare: in three-valued logic, with numbers as decimals."""

import decimal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from zhengshu.contexts.casework.domain.decisions.durations import Months, Seconds, written_duration

MOST_ITEMS = 1000
"""Elements of a list; longer ones are refused."""


Ordered: TypeAlias = Decimal | str | date | Months | Seconds
Feel: TypeAlias = "bool | Ordered | Range | tuple[Feel, ...] | Mapping[str, Feel] | None"


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an end that is missing is open to that side."""

    low: Ordered | None
    high: Ordered | None
    is_low_in: bool = False
    is_high_in: bool = False


ARITHMETIC = decimal.Context(
    prec=34,
    Emax=6144,
    Emin=-6143,
    rounding=decimal.ROUND_HALF_EVEN,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
"""Decimal128, as the standard demands; whatever leaves it is null."""


def kind_of(value: Feel) -> str:  # noqa: PLR0911 - one line for each type
    """Return the name of a value's type in FEEL."""
    match value:
        case None:
            return "Null"
        case bool():
            return "boolean"
        case Decimal():
            return "number"
        case str():
            return "string"
        case date():
            return "date"
        case Months():
            return "years and months duration"
        case Seconds():
            return "days and time duration"
        case Range():
            return "range"
        case tuple():
            return "list"
    return "context"


def is_equal(left: Feel, right: Feel) -> bool | None:
    """Whether two values are equal; None where they cannot be compared."""
    if left is None or right is None:
        return left is None and right is None
    if kind_of(left) != kind_of(right):
        return None
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and _all_equal(zip(left, right, strict=True))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and _all_equal((left[key], right[key]) for key in left)
    return left == right


def _all_equal(pairs: Iterable[tuple[Feel, Feel]]) -> bool:
    return all(is_equal(left, right) is True for left, right in pairs)


def order(left: Feel, right: Feel) -> int | None:
    """Return -1, 0 or 1 as the first value is less, equal or greater; None where they have no order."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _sign(left > right, left < right)
    if isinstance(left, str) and isinstance(right, str):
        return _sign(left > right, left < right)
    if isinstance(left, date) and isinstance(right, date):
        return _sign(left > right, left < right)
    if isinstance(left, Months) and isinstance(right, Months):
        return _sign(left > right, left < right)
    if isinstance(left, Seconds) and isinstance(right, Seconds):
        return _sign(left > right, left < right)
    return None


def _sign(is_more: bool, is_less: bool) -> int:  # noqa: FBT001 - two comparisons
    return is_more - is_less


def is_within(value: Feel, interval: Range) -> bool | None:
    """Whether a value lies in an interval; None where it cannot be compared with its ends."""
    if value is None:
        return None
    result = True
    for end, is_in, side in ((interval.low, interval.is_low_in, 1), (interval.high, interval.is_high_in, -1)):
        if end is None:
            continue
        found = order(value, end)
        if found is None:
            return None
        result = result and (found == side or (found == 0 and is_in))
    return result


def both(parts: "list[bool | None]") -> bool | None:
    """Return the conjunction of three-valued truths."""
    if False in parts:
        return False
    return None if None in parts else True


def either(parts: "list[bool | None]") -> bool | None:
    """Return the disjunction of three-valued truths."""
    if True in parts:
        return True
    return None if None in parts else False


def truth(value: Feel) -> bool | None:
    """Return a value as a truth; everything but true and false is unknown."""
    return value if isinstance(value, bool) else None


def as_list(value: Feel) -> tuple[Feel, ...]:
    """Return a list as it is, null as an empty one, and anything else as a list of itself."""
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def written(value: Feel) -> str:  # noqa: PLR0911 - as `kind_of`
    """Return a value as an expression would write it."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case Decimal():
            return plain(value)
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case date():
            return f'date("{value.isoformat()}")'
        case Months() | Seconds():
            return f'duration("{written_duration(value)}")'
        case Range():
            low = ("[" if value.is_low_in else "(") + (written(value.low) if value.low is not None else "")
            high = (written(value.high) if value.high is not None else "") + (
                "]" if value.is_high_in else ")"
            )
            return f"{low}..{high}"
        case tuple():
            return "[" + ", ".join(written(part) for part in value) + "]"
    return "{" + ", ".join(f"{_key(key)}: {written(part)}" for key, part in value.items()) + "}"


def _key(name: str) -> str:
    return name if all(part.isidentifier() for part in name.split()) and name else written(name)


def plain(number: Decimal) -> str:
    """Return a number in digits, without an exponent where that is short enough to read."""
    tidy = number.normalize(ARITHMETIC)
    digits = f"{tidy:f}"
    return digits if len(digits) < 60 else str(tidy)  # noqa: PLR2004 - a line of digits
