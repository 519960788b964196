"""How a field is read: empty or not, as a number, as a day. Every engine is held to these functions.

A field is a text or nothing. Values of typed columns are their canonical texts (``2024-03-05``, ``1.50``, ``true``),
so that a rule means the same over a Parquet file with types and over a CSV file without.
"""

import re
from datetime import date
from decimal import Decimal

EDGES = " \t\r\n\v\f\u00a0\u3000\ufeff\u200b"
"""What is trimmed before a field is looked at for emptiness; the same in every engine."""

NOTHING = frozenset(
    {"", "N/A", "#N/A", "NA", "NULL", r"\N", "NONE", "NAN", "-", "--", "—", "——", "/", "无", "空", "暂无"}
)
"""What people write where there is no value, in capitals."""

WHOLE_DIGITS = 20
DECIMAL_PLACES = 8
"""A number has at most so many digits before and behind the point; others are no numbers here."""

NUMBER = rf"[+-]?[0-9]{{1,{WHOLE_DIGITS}}}([.][0-9]{{1,{DECIMAL_PLACES}}})?"
INTEGER = rf"[+-]?[0-9]{{1,{WHOLE_DIGITS}}}"
YEAR = "(1[89]|2[0-9])[0-9]{2}"
ISO_DAY = rf"{YEAR}-[0-9]{{2}}-[0-9]{{2}}"
COMPACT_DAY = rf"{YEAR}[0-9]{{4}}"
CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?"
ZONE = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)?"
INSTANT = rf"{ISO_DAY}[ T]{CLOCK}{ZONE}"
SEPARATED_DAYS = tuple(
    rf"{YEAR}{first}[0-9]{{1,2}}{second}[0-9]{{1,2}}{last}"
    for first, second, last in (("-", "-", ""), ("/", "/", ""), ("[.]", "[.]", ""), ("年", "月", "日"))
)

_NUMBER = re.compile(NUMBER)
_DAY = re.compile(f"{ISO_DAY}|{INSTANT}")
_COMPACT = re.compile(COMPACT_DAY)
_SEPARATED = re.compile("|".join(SEPARATED_DAYS))
_SIGNS = str.maketrans("/.年月日", "---- ")


def is_empty(text: str | None) -> bool:
    """Whether a field holds nothing: no text, blanks, or a word that says so.

    >>> is_empty("　n/a ")
    True
    """
    # Only ASCII letters occur in the words, and engines differ in how they capitalize others.
    return text is None or text.strip(EDGES).upper() in NOTHING


def number_of(text: str) -> Decimal | None:
    """Return the number that a text is, without separators of thousands or units; None where it is none."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def day_of(text: str) -> date | None:
    """Return the day that a text names in one of the spellings that are certain; None for others.

    >>> day_of("2024年3月5日")
    datetime.date(2024, 3, 5)
    """
    if _DAY.fullmatch(text):
        return _calendar_day(text[:4], text[5:7], text[8:10])
    if _COMPACT.fullmatch(text):
        return _calendar_day(text[:4], text[4:6], text[6:])
    if _SEPARATED.fullmatch(text):
        return _calendar_day(*text.translate(_SIGNS).strip().split("-"))
    return None


def _calendar_day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
