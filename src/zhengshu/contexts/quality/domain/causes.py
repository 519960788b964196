"""Why a value probably fails, and what it should be where that is certain.

A correction is only proposed where the corrected value passes the very rule that blames the value, and where no other
reading that is as harmless would pass as well.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhengshu.contexts.quality.domain.checks import (
    Agrees,
    Alike,
    Complete,
    CompleteWhen,
    DateOrder,
    HasType,
    Holds,
    InRange,
    Refers,
    Unique,
    ValueType,
)
from zhengshu.contexts.quality.domain.evaluating import Row
from zhengshu.contexts.quality.domain.judging import Verdict, judge
from zhengshu.contexts.quality.domain.rules import CodeTable, Rule
from zhengshu.contexts.quality.domain.values import day_of, is_empty


class Cause(StrEnum):
    """What probably went wrong."""

    MISSING = "missing"
    SHIFTED = "shifted"
    FULL_WIDTH = "full_width"
    BLANKS = "blanks"
    LETTER_CASE = "letter_case"
    WRONG_ENCODING = "wrong_encoding"
    DAY_AND_MONTH = "day_and_month"
    DATE_SPELLING = "date_spelling"
    NUMBER_SPELLING = "number_spelling"
    PREFIX_MISSING = "prefix_missing"
    REPEATED = "repeated"
    NOT_FOUND = "not_found"
    CONTRADICTION = "contradiction"
    OUT_OF_RANGE = "out_of_range"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What is thought of a value.

    Attributes:
        correction: what it should be; empty where that is not certain.
    """

    cause: Cause
    correction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """With what values are judged.

    Attributes:
        prefixes: column → the beginning that nearly all of its values share.
    """

    today: date
    tables: Mapping[str, CodeTable]
    prefixes: Mapping[str, str]


SHIFTED_COLUMNS = 3
"""A row that fails in so many columns at once was probably moved sideways."""
_YEAR_DAY_MONTH = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_NUMBER = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)\s*(?:元|人民币)?")
_LATIN = re.compile(r"[\u0080-\u00ff]{2,}")
_REPLACED = "\ufffd"
_GARBLED = re.compile(r"[锟斤拷鐨勬槸涓浗鍏徃闄]{2,}|" + _REPLACED)


def guess(rule: Rule, row: Row, *, blamed_columns: int, setting: Setting) -> Guess:
    """Return why a row probably fails a rule.

    Args:
        rule: the rule that blames it.
        row: its values.
        blamed_columns: in how many columns rules blame it.
        setting: the day, code tables, common beginnings.
    """
    if blamed_columns >= SHIFTED_COLUMNS:
        return Guess(cause=Cause.SHIFTED)
    simple = _by_kind(rule)
    if simple is not None:
        return Guess(cause=simple)
    text = row.get(rule.column) or ""
    if is_empty(text):
        return Guess(cause=Cause.MISSING)
    for cause, candidates in _readings(rule, text, setting):
        fitting = {
            one for one in candidates if one != text and _passes(rule, {**row, rule.column: one}, setting)
        }
        if fitting:
            return Guess(cause=cause, correction=fitting.pop() if len(fitting) == 1 else "")
    return Guess(cause=_without_correction(rule, text))


def _without_correction(rule: Rule, text: str) -> Cause:
    if _GARBLED.search(text):
        return Cause.WRONG_ENCODING
    if unicodedata.normalize("NFKC", text) != text:
        return Cause.FULL_WIDTH
    return Cause.OUT_OF_RANGE if isinstance(rule.check, InRange) else Cause.OTHER


def _by_kind(rule: Rule) -> Cause | None:
    match rule.check:
        case Complete() | CompleteWhen():
            return Cause.MISSING
        case Unique() | Alike():
            return Cause.REPEATED
        case Refers() | Agrees():
            return Cause.NOT_FOUND
        case Holds() | DateOrder():
            return Cause.CONTRADICTION
        case _:
            return None if rule.is_row_rule and rule.column else Cause.OTHER


def _readings(rule: Rule, text: str, setting: Setting) -> Iterator[tuple[Cause, tuple[str, ...]]]:
    """Yield what the value may have been meant as, the most harmless first; of several at once none is certain."""
    narrow = unicodedata.normalize("NFKC", text)
    dense = "".join(narrow.split())
    yield Cause.FULL_WIDTH, (narrow,)
    yield Cause.BLANKS, (dense,)
    yield Cause.LETTER_CASE, (dense.upper(),)
    if isinstance(rule.check, HasType):
        yield from _spellings(rule.check.type, narrow)
    yield Cause.WRONG_ENCODING, tuple(found for decode in _DECODINGS if (found := decode(text)) is not None)
    if prefix := setting.prefixes.get(rule.column, ""):
        yield Cause.PREFIX_MISSING, (prefix + narrow,)


def _spellings(wanted: ValueType, text: str) -> Iterator[tuple[Cause, tuple[str, ...]]]:
    day = day_of(text)
    if wanted in {ValueType.DATE, ValueType.COMPACT_DATE}:
        form = "%Y-%m-%d" if wanted is ValueType.DATE else "%Y%m%d"
        if day is not None:
            yield Cause.DATE_SPELLING, (day.strftime(form),)
        elif (found := _YEAR_DAY_MONTH.fullmatch(text)) and (
            swapped := day_of(f"{found[1]}-{int(found[4]):02}-{int(found[3]):02}")
        ):
            yield Cause.DAY_AND_MONTH, (swapped.strftime(form),)
    if wanted in {ValueType.INTEGER, ValueType.DECIMAL} and (found := _NUMBER.fullmatch(text)):
        yield Cause.NUMBER_SPELLING, (found[1].replace(",", ""),)


def _passes(rule: Rule, row: Row, setting: Setting) -> bool:
    return judge(rule, row, today=setting.today, tables=setting.tables) is Verdict.PASSES


def _utf8_read_as_latin(text: str) -> str | None:
    if not _LATIN.search(text):
        return None
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return None


def _utf8_read_as_gbk(text: str) -> str | None:
    try:
        found = text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return None
    return found if found != text and not found.isascii() else None


_DECODINGS: tuple[Callable[[str], str | None], ...] = (_utf8_read_as_latin, _utf8_read_as_gbk)


def common_prefix(values: Sequence[str], *, least_share: float = 0.99, least: int = 4) -> str:
    """Return the longest beginning that nearly all values share; empty where there is none worth the name.

    >>> common_prefix(["470301001", "470302002", "470399003", "470311004"])
    '4703'
    """
    if len(values) < least:
        return ""
    best = ""
    longest = max(len(value) for value in values)
    for length in range(2, longest):
        counts: dict[str, int] = {}
        for value in values:
            if len(value) > length:
                counts[value[:length]] = counts.get(value[:length], 0) + 1
        prefix, count = max(counts.items(), key=lambda pair: pair[1], default=("", 0))
        if count < least_share * len(values):
            break
        best = prefix
    return best
