"""Dates and times as people type them, and a sentence where they cannot be read."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import ClassVar, Final

from zhengshu.kernel.errors import Refused
from zhengshu.kernel.text import narrow

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The zone of times that state none."""

_EARLIEST_YEAR: Final = 1800
_LATEST_YEAR: Final = 2999
_REPUBLIC: Final = 1911
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_EXCEL_LAST: Final = 2_958_465
"""The serial of 9999-12-31 in a spreadsheet."""

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SEPARATED = re.compile(r"(\d{4}) ?([-/.年]) ?(\d{1,2}) ?([-/.月]) ?(\d{1,2}) ?[日号]?")
_REPUBLICAN = re.compile(r"(?:中华)?民国 ?(\d{1,3}|元) ?[年./-] ?(\d{1,2}) ?[月./-] ?(\d{1,2}) ?日?")
_SERIAL = re.compile(r"\d{1,7}(?:\.\d+)?")
_INCOMPLETE = re.compile(r"(?:1[89]|2[01])\d{2} ?[-/.年]? ?(\d{1,2} ?月?)?")
_DAY_FIRST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
_SHORT_YEAR = re.compile(r"\d{2}[年.-]\d{1,2}[月.-]\d{1,2}日?|\d{6}")
_TIME = re.compile(
    r"(?P<part>凌晨|早上|上午|中午|下午|晚上|AM|PM)? ?(?P<hour>\d{1,2}) ?[:时点] ?"
    r"(?:(?P<minute>\d{1,2}) ?分?(?: ?:? ?(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))? ?秒?)?)?"
    r" ?(?P<zone>Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_COMPACT_TIME = re.compile(r"(\d{2})(\d{2})(\d{2})?")
_CUT = re.compile(
    r"(?P<date>.*?[\d日号])(?:T|\s+|(?<=[日号])\s*)(?P<time>(?:[凌早上中下晚]\S|AM|PM|\d).*)", re.IGNORECASE
)
_NUMERALS = {letter: str(value) for value, letter in enumerate("〇一二三四五六七八九")}
_NUMERALS |= {letter: str(value) for value, letter in enumerate("零壹贰叁肆伍陆柒捌玖")}
_NUMERALS |= {"○": "0", "两": "2", "拾": "十"}
_TENS = re.compile(r"([0-9]?)(十|廿|卅)([0-9]?)")
_TENS_VALUE = {"十": 1, "廿": 2, "卅": 3}


class DateUnreadable(Refused):
    """The text has none of the forms that stand for one day."""

    code: ClassVar[str] = "kernel.date-unreadable"
    message: ClassVar[str] = "This is not a date. Write year, month and day: 2024-03-05 or 2024年3月5日."


class DateImpossible(Refused):
    """Year, month and day were read, but there is no such day; often the 30th of February."""

    code: ClassVar[str] = "kernel.date-impossible"
    message: ClassVar[str] = "There is no such day in the calendar; check the year, the month and the day."


class DateIncomplete(Refused):
    """The day, or the month too, is missing."""

    code: ClassVar[str] = "kernel.date-incomplete"
    message: ClassVar[str] = "The date does not say which day; write year, month and day."


class DateAmbiguous(Refused):
    """The year does not stand in front with four digits, so the text can mean several days."""

    code: ClassVar[str] = "kernel.date-ambiguous"
    message: ClassVar[str] = "The date can mean several days; write the year first, with four digits."


class TimeUnreadable(Refused):
    """The time of the day cannot be read or does not exist."""

    code: ClassVar[str] = "kernel.time-unreadable"
    message: ClassVar[str] = "The time of day cannot be read; write it as 2024-03-05 14:30:00."


def read_date(text: str, *, serials: bool = False) -> date:
    """Read the day that a person typed, or that a program wrote.

    Understood are ``2024-03-05``, ``20240305``, ``2024/3/5``, ``2024.3.5``, ``2024年3月5日``,
    ``2024 年 3 月 5 号``, ``二〇二四年三月五日``, ``民国113年3月5日``, full-width digits, and each of them
    followed by a time of day. The refusals do not repeat the text, which may be personal.

    Args:
        text: what was typed.
        serials: read numbers as days of a spreadsheet (45356 is 2024-03-05); only where told.

    Raises:
        DateUnreadable: no such form.
        DateImpossible: no such day.
        DateIncomplete: only a year, or a year and a month.
        DateAmbiguous: the year is short or not in front.
    """
    found = _ISO.fullmatch(text)
    if found:
        return _day(found[1], found[2], found[3])
    typed = narrow(text)
    if serials and _SERIAL.fullmatch(typed):
        return _from_serial(typed)
    day = _read_day(typed)
    if day is None:
        cut = _CUT.fullmatch(_arabic(typed))
        day = _read_day(cut["date"]) if cut and _read_time(cut["time"], CHINA) is not None else None
    if day is None:
        raise _why_not(typed)
    return day


def read_datetime(text: str, *, zone: tzinfo = CHINA) -> datetime:
    """Read an instant; a time without zone is taken in the given one, a date without time at its midnight.

    Understood is each form of `read_date`, alone or followed by ``14:30``, ``14:30:05.5``, ``14时30分``,
    ``下午2点30分``, with ``Z`` or ``+08:00``; and ``20240305143005`` of GB/T 39046.

    Raises:
        DateUnreadable: see `read_date`, which has its further refusals.
        TimeUnreadable: no such time of day.
    """
    typed = _arabic(narrow(text))
    if typed.isdecimal() and len(typed) in {12, 14}:
        clock = _COMPACT_TIME.fullmatch(typed[8:])
        moment = None if clock is None else _moment(int(clock[1]), int(clock[2]), int(clock[3] or 0), 0, zone)
        return datetime.combine(read_date(typed[:8]), _found(moment))
    day = _read_day(typed)
    if day is not None:
        return datetime.combine(day, time(), zone)
    cut = _CUT.fullmatch(typed)
    if cut is None:
        return datetime.combine(read_date(typed), time(), zone)
    return datetime.combine(read_date(cut["date"]), _found(_read_time(cut["time"], zone)))


def _read_day(typed: str) -> date | None:
    found = _COMPACT.fullmatch(typed)
    if found:
        return _day(found[1], found[2], found[3])
    plain = _arabic(typed)
    separated = _SEPARATED.fullmatch(plain)
    if separated and (separated[2], separated[4]) in {("-", "-"), ("/", "/"), (".", "."), ("年", "月")}:
        return _day(separated[1], separated[3], separated[5])
    republican = _REPUBLICAN.fullmatch(plain)
    if republican:
        year = _REPUBLIC + (1 if republican[1] == "元" else int(republican[1]))
        return _day(str(year), republican[2], republican[3])
    return None


def _day(year: str, month: str, day: str) -> date:
    if _EARLIEST_YEAR <= int(year) <= _LATEST_YEAR:
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            pass
    raise DateImpossible


def _from_serial(typed: str) -> date:
    serial = int(typed.partition(".")[0])
    if not 61 <= serial <= _EXCEL_LAST:  # noqa: PLR2004 - before 1 March 1900 spreadsheets count a day that never was
        raise DateImpossible
    return _EXCEL_EPOCH + timedelta(days=serial)


def _why_not(typed: str) -> type[Refused]:
    plain = _arabic(typed)
    if _DAY_FIRST.fullmatch(plain) or _SHORT_YEAR.fullmatch(plain):
        return DateAmbiguous if not _is_year_and_month(plain) else DateIncomplete
    return DateIncomplete if _INCOMPLETE.fullmatch(plain) else DateUnreadable


def _is_year_and_month(plain: str) -> bool:
    return len(plain) == 6 and plain[:2] in {"18", "19", "20"} and "01" <= plain[4:] <= "12"  # noqa: PLR2004 - 202403


def _arabic(typed: str) -> str:
    """Return the text with Chinese numerals as digits: 二〇二四年十二月廿一日 is 2024年12月21日."""
    if typed.isascii():
        return typed
    digits = "".join(_NUMERALS.get(letter, letter) for letter in typed)
    return _TENS.sub(_from_tens, digits)


def _from_tens(found: re.Match[str]) -> str:
    return str(int(found[1] or 1) * 10 * _TENS_VALUE[found[2]] + int(found[3] or 0))


def _read_time(typed: str, zone: tzinfo) -> time | None:
    found = _TIME.fullmatch(typed.strip().replace("点半", "点30分"))
    if found is None:
        return None
    hour, half = int(found["hour"]), (found["part"] or "").upper()
    if half in {"下午", "晚上", "PM"} and hour < 12:  # noqa: PLR2004 - hours of half a day
        hour += 12
    elif half in {"凌晨", "AM"} and hour == 12:  # noqa: PLR2004 - as above
        hour = 0
    microsecond = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    stated = _zone(found["zone"]) if found["zone"] else zone
    return _moment(hour, int(found["minute"] or 0), int(found["second"] or 0), microsecond, stated)


def _zone(text: str) -> tzinfo:
    if text in {"Z", "z"}:
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _moment(hour: int, minute: int, second: int, microsecond: int, zone: tzinfo) -> time | None:
    try:
        return time(hour, minute, second, microsecond, zone)
    except ValueError:
        return None


def _found(moment: time | None) -> time:
    if moment is None:
        raise TimeUnreadable
    return moment
