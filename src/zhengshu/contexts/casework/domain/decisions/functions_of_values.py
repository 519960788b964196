"""Functions of FEEL about truths, days, durations and contexts."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from zhengshu.contexts.casework.domain.decisions.durations import (
    Months,
    Seconds,
    day_of,
    months_between,
    read_day,
    read_duration,
)
from zhengshu.contexts.casework.domain.decisions.functions_of_numbers import whole
from zhengshu.contexts.casework.domain.decisions.values import Feel, as_list

Work = Callable[..., Feel]
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def _date(*parts: Feel) -> Feel:
    if len(parts) == 1:
        only = parts[0]
        return read_day(only) if isinstance(only, str) else only if isinstance(only, date) else None
    year, month, day = (whole(part) for part in parts)
    return None if year is None or month is None or day is None else day_of(year, month, day)


def _of_day(work: Callable[[date], Feel]) -> Work:
    return lambda day: work(day) if isinstance(day, date) else None


def _duration(text: Feel) -> Feel:
    if isinstance(text, Months | Seconds):
        return text
    return read_duration(text) if isinstance(text, str) else None


def _months_between(start: Feel, end: Feel) -> Feel:
    return months_between(start, end) if isinstance(start, date) and isinstance(end, date) else None


def _entry(context: Feel, key: Feel) -> Feel:
    return context.get(key) if isinstance(context, Mapping) and isinstance(key, str) else None


def _with_entry(context: Feel, key: Feel, value: Feel) -> Feel:
    if not isinstance(context, Mapping):
        return None
    if isinstance(key, str):
        return {**context, key: value}
    if not isinstance(key, tuple) or not key or not isinstance(key[0], str):
        return None
    inner = value if len(key) == 1 else _with_entry(context.get(key[0]), key[1:], value)
    return None if inner is None and len(key) > 1 else {**context, key[0]: inner}


def _entries(context: Feel) -> Feel:
    if not isinstance(context, Mapping):
        return None
    return tuple({"key": key, "value": value} for key, value in context.items())


def _context(entries: Feel) -> Feel:
    found: dict[str, Feel] = {}
    for one in as_list(entries):
        key = one.get("key") if isinstance(one, Mapping) else None
        if not isinstance(one, Mapping) or not isinstance(key, str) or "value" not in one or key in found:
            return None
        found[key] = one["value"]
    return found if entries is not None else None


def _merged(contexts: Feel) -> Feel:
    found: dict[str, Feel] = {}
    for one in as_list(contexts):
        if not isinstance(one, Mapping):
            return None
        found |= one
    return found if contexts is not None else None


def _with_one_entry(context: Feel, key: Feel, value: Feel) -> Feel:
    return _with_entry(context, key, value) if isinstance(key, str) else None


NAMED: Mapping[str, Work] = {"context put(context, key, value)": _with_one_entry}
"""Functions that mean something narrower when they are called with these names."""
VALUES: Mapping[str, tuple[str, Work]] = {
    "not": ("negand", lambda value: not value if isinstance(value, bool) else None),
    "date": ("from | year, month, day", _date),
    "duration": ("from", _duration),
    "years and months duration": ("from, to", _months_between),
    "day of year": ("date", _of_day(lambda day: Decimal(day.timetuple().tm_yday))),
    "day of week": ("date", _of_day(lambda day: _DAYS[day.weekday()])),
    "month of year": ("date", _of_day(lambda day: _MONTHS[day.month - 1])),
    "week of year": ("date", _of_day(lambda day: Decimal(day.isocalendar().week))),
    "get value": ("m, key", _entry),
    "get entries": ("m", _entries),
    "context": ("entries", _context),
    "context put": ("context, key, value | context, keys, value", _with_entry),
    "context merge": ("contexts", _merged),
}
