"""Durations of FEEL: so many months, or so many seconds; and what they do to days."""

import calendar
import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from zhengshu.contexts.casework.domain.decisions.refusals import NotDecidable

DAY = 24 * 3600
MOST = 10**12
"""The longest duration, in months or seconds."""
_MONTHS = re.compile(r"(-?)P(?=\d)(?:(\d{1,12})Y)?(?:(\d{1,12})M)?")
_SECONDS = re.compile(
    r"(-?)P(?=[\dT])(?:(\d{1,12})D)?(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12}(?:\.\d{0,9})?)S)?)?"
)
_DAY = re.compile(r"(-?)(\d{4,9})-(\d{2})-(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """Years and months."""

    count: int


@dataclass(frozen=True, slots=True, order=True)
class Seconds:
    """Days, hours, minutes and seconds."""

    count: Decimal


def read_duration(text: str) -> Months | Seconds | None:
    """Return the duration in an ISO 8601 text; None if it is none."""
    if found := _MONTHS.fullmatch(text):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return Months(-months if found[1] else months)
    found = _SECONDS.fullmatch(text)
    if not found:
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups()[1:4])
    seconds = Decimal(days * DAY + hours * 3600 + minutes * 60) + Decimal(found[5] or 0)
    return Seconds(-seconds if found[1] else seconds)


def written_duration(value: Months | Seconds) -> str:
    """Return a duration in ISO 8601."""
    sign = "-" if value.count < 0 else ""
    if isinstance(value, Months):
        years, months = divmod(abs(value.count), 12)
        return f"{sign}P" + ((f"{years}Y" if years else "") + (f"{months}M" if months else "") or "0M")
    days, rest = divmod(abs(value.count), DAY)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    times = "".join(f"{int(n)}{unit}" for n, unit in ((hours, "H"), (minutes, "M")) if n)
    times += f"{seconds.normalize():f}S" if seconds else ""
    return f"{sign}P" + ((f"{int(days)}D" if days else "") + (f"T{times}" if times else "") or "T0S")


def read_day(text: str) -> date | None:
    """Return the day in an ISO text; None if it is none.

    Raises:
        NotDecidable: it is a day of a year before 1 or after 9999.
    """
    found = _DAY.fullmatch(text)
    if not found or (len(found[2]) > 4 and found[2][0] == "0"):  # noqa: PLR2004 - digits of a year
        return None
    return day_of(int(found[1] + found[2]), int(found[3]), int(found[4]))


def day_of(year: int, month: int, day: int) -> date | None:
    """Return a day; None if the calendar does not have it.

    Raises:
        NotDecidable: as for `read_day`.
    """
    if not 1 <= month <= 12 or not 1 <= day <= 31:  # noqa: PLR2004 - the calendar
        return None
    if not 1 <= year <= 9999:  # noqa: PLR2004 - Python's calendar
        raise NotDecidable(what="days lie between the years 1 and 9999")
    return date(year, month, day) if day <= calendar.monthrange(year, month)[1] else None


def moved(day: date, by: Months | Seconds, *, sign: int) -> date:
    """Return a day that lies a duration later, or earlier; the last day of a month that is too short.

    Raises:
        NotDecidable: as for `read_day`.
    """
    try:
        if isinstance(by, Seconds):
            return day + timedelta(days=math.floor(sign * by.count / DAY))
        year, month = divmod(day.year * 12 + day.month - 1 + sign * by.count, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError) as fault:
        raise NotDecidable(what="days lie between the years 1 and 9999") from fault


def months_between(start: date, end: date) -> Months:
    """Return the whole months from one day to another."""
    if end < start:
        return Months(-months_between(end, start).count)
    count = (end.year - start.year) * 12 + end.month - start.month
    return Months(count - (end.day < start.day))
