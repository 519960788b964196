"""What a row rule says of one row: the reference that every engine is held to."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

from zhengshu.contexts.quality.domain import patterns, values
from zhengshu.contexts.quality.domain.check_digits import has_right_check
from zhengshu.contexts.quality.domain.checks import (
    Check,
    CheckDigit,
    Complete,
    CompleteWhen,
    DateOrder,
    HasLength,
    HasType,
    Holds,
    InRange,
    Listed,
    Matches,
    ValueType,
)
from zhengshu.contexts.quality.domain.evaluating import Row, answer
from zhengshu.contexts.quality.domain.language import parse
from zhengshu.contexts.quality.domain.rules import TODAY, CodeTable, Rule, has_days, members
from zhengshu.contexts.quality.domain.values import day_of, is_empty, number_of

BOOLEANS = frozenset({"true", "false", "1", "0", "是", "否"})

SHAPES: Mapping[ValueType, str] = {
    ValueType.INTEGER: values.INTEGER,
    ValueType.DECIMAL: values.NUMBER,
    ValueType.DATE: values.ISO_DAY,
    ValueType.COMPACT_DATE: values.COMPACT_DAY,
    ValueType.DATETIME: values.INSTANT,
    ValueType.BOOLEAN: "|".join(sorted(BOOLEANS)),
}
"""How a value of a type is written; days must exist besides."""

DAYS = frozenset({ValueType.DATE, ValueType.COMPACT_DATE, ValueType.DATETIME})


class Verdict(StrEnum):
    """What a rule says of a row."""

    PASSES = "passes"
    FAILS = "fails"
    NOT_ASKED = "not_asked"


def judge(rule: Rule, row: Row, *, today: date, tables: Mapping[str, CodeTable]) -> Verdict:
    """Return what a row rule says of a row.

    Args:
        rule: a rule that one row answers.
        row: the fields of the row.
        today: the day of the assessment.
        tables: the code tables that rules name.
    """
    holds = _holds(rule, row, today, tables)
    if holds is None:
        return Verdict.NOT_ASKED
    return Verdict.PASSES if holds else Verdict.FAILS


def _holds(rule: Rule, row: Row, today: date, tables: Mapping[str, CodeTable]) -> bool | None:
    text = row.get(rule.column)
    match rule.check:
        case Complete():
            return not is_empty(text)
        case CompleteWhen(when=condition):
            return not is_empty(text) if answer(parse(condition), row, today=today) else None
        case Holds(holds=expression):
            return answer(parse(expression), row, today=today)
        case DateOrder(not_after=other):
            return _in_order(_filled(text), _filled(row.get(other)), today=today if other == TODAY else None)
        case _:
            filled = _filled(text)
            return None if filled is None else _of_text(rule.check, filled, today, tables)


def _filled(text: str | None) -> str | None:
    return None if is_empty(text) else text


def _of_text(check: Check, text: str, today: date, tables: Mapping[str, CodeTable]) -> bool | None:
    match check:
        case HasType(type=kind):
            is_written = patterns.fits(SHAPES[kind], text)
            return is_written and (kind not in DAYS or day_of(text) is not None)
        case HasLength(least=least, most=most):
            return least <= len(text) and (most is None or len(text) <= most)
        case Matches(pattern=pattern, forbids=forbids):
            return patterns.fits(pattern, text) is not forbids
        case Listed():
            return text in members(check, tables=tables)
        case InRange():
            return _in_range(check, text, today)
        case CheckDigit(scheme=scheme, places=places):
            first, last = places or (1, len(text))
            return has_right_check(text[first - 1 : last], scheme=scheme)
    message = f"{type(check).__name__} is not a kind that one row answers"
    raise TypeError(message)


def _in_order(text: str | None, other: str | None, *, today: date | None) -> bool | None:
    first = day_of(text) if text is not None else None
    last = today or (day_of(other) if other is not None else None)
    return None if first is None or last is None else first <= last


def _in_range(check: InRange, text: str, today: date) -> bool | None:
    if has_days(check):
        day = day_of(text)
        limits = [today if limit == TODAY else day_of(limit) for limit in (check.least, check.most)]
        return None if day is None else (limits[0] or day) <= day <= (limits[1] or day)
    number = number_of(text)
    if number is None:
        return None
    least = Decimal(check.least) if check.least else number
    return least <= number <= (Decimal(check.most) if check.most else number)
