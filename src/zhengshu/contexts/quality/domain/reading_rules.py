"""Reading one rule of a pack."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

import msgspec

from zhengshu.contexts.quality.domain import language, patterns
from zhengshu.contexts.quality.domain.checks import (
    ELEMENT_KINDS,
    NEEDS_COLUMN,
    Check,
    CheckDigit,
    CompleteWhen,
    DateOrder,
    HasLength,
    Holds,
    InRange,
    Listed,
    Matches,
    OwnSql,
    Refers,
)
from zhengshu.contexts.quality.domain.evaluating import Row
from zhengshu.contexts.quality.domain.faults import Fault, Reason
from zhengshu.contexts.quality.domain.indicators import INDICATORS
from zhengshu.contexts.quality.domain.rules import TODAY, Example, Rule, Severity, has_days
from zhengshu.contexts.quality.domain.values import day_of, number_of

MOST_WEIGHT: Final = 100
MOST_SQL: Final = 4_000
"""The longest statement of a rule in SQL."""
ELEMENT_COLUMN: Final = "value"
"""The column of the examples of a data element's rule."""

_CODE = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST_CODE = 80
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>[^`]*)`")
_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]*)`")
_INVALID = re.compile(r"Invalid (?:enum )?value '(?P<value>[^']*)'(?: - at `\$\.(?P<field>[^`]*)`)?")


class ExampleUnfit(ValueError):
    """An example is not written as examples are; the reason says how."""

    def __init__(self, message: str, **details: object) -> None:
        """Keep the reason, to be told in the reader's language."""
        self.reason = Reason(message=message, details=details)
        super().__init__(self.reason.text())


class _About(msgspec.Struct, frozen=True, kw_only=True):
    """What every rule says, whatever its kind."""

    code: str
    name: str
    indicator: str
    basis: str
    name_en: str = ""
    basis_en: str = ""
    severity: Severity = Severity.ERROR
    weight: int = 1
    column: str = ""
    passes: tuple[object, ...] = ()
    fails: tuple[object, ...] = ()


_SHARED = frozenset(_About.__struct_fields__)


def read_rule(
    entry: object, *, file: str, place: str, element: str, columns: frozenset[str]
) -> tuple[Rule | None, list[Fault]]:
    """Return a rule, or None with its faults.

    Args:
        entry: what YAML holds.
        file: the file, for the faults.
        place: where in it.
        element: the data element that it is written for, or an empty text.
        columns: the columns of the table that it is written for.
    """
    if not isinstance(entry, dict):
        return None, [Fault(file=file, place=place, message="A rule is written as names and values.")]
    try:
        about = msgspec.convert({key: entry[key] for key in entry if key in _SHARED}, _About)
        check = msgspec.convert({key: entry[key] for key in entry if key not in _SHARED}, Check)
        rule = _rule(about, check, element=element)
    except ExampleUnfit as fault:
        return None, _faults(file, place, [_unreadable(fault.reason)])
    except (msgspec.ValidationError, ValueError) as fault:
        return None, _faults(file, place, [_reason(str(fault))])
    known = columns or frozenset({rule.column})
    reasons = [*_faults_of(rule), *_faults_of_columns(rule, known), *_faults_of_check(rule.check)]
    faults = _faults(file, place, reasons)
    return (None if faults else rule), faults


def _faults(file: str, place: str, reasons: Iterable[Reason]) -> list[Fault]:
    return [Fault(file=file, place=place, message=one.message, details=one.details) for one in reasons]


def _rule(about: _About, check: Check, *, element: str) -> Rule:
    column = ELEMENT_COLUMN if element else about.column
    return Rule(
        code=about.code,
        name=about.name,
        check=check,
        indicator=about.indicator,
        severity=about.severity,
        weight=about.weight,
        basis=about.basis,
        name_en=about.name_en,
        basis_en=about.basis_en,
        column=column,
        element=element,
        passes=tuple(_example(example, column) for example in about.passes),
        fails=tuple(_example(example, column) for example in about.fails),
    )


def _example(entry: object, column: str) -> Example:
    """Read an example: one text, one row, a list of rows, or rows with other tables, a day and former values."""
    if isinstance(entry, list):
        return Example(rows=tuple(_row(row, column) for row in entry))
    if not isinstance(entry, dict) or "rows" not in entry:
        return Example(rows=(_row(entry, column),))
    rows, others, today = entry["rows"], entry.get("others", {}), entry.get("today")
    former = entry.get("former", [])
    if not isinstance(rows, list) or not isinstance(others, dict) or not isinstance(former, list):
        raise ExampleUnfit("an example holds “rows” as a list, “others” by table, “former” as a list")
    return Example(
        rows=tuple(_row(row, column) for row in rows),
        others={str(table): tuple(_row(row, "") for row in there) for table, there in others.items()},
        today=today if isinstance(today, date) else day_of(str(today)) if today else None,
        former=tuple(_text(value) for value in former),
    )


def _row(entry: object, column: str) -> Row:
    if isinstance(entry, dict):
        return {str(name): _text(value) for name, value in entry.items()}
    return {column: _text(entry)}


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    raise ExampleUnfit(
        "write “%(value)s” within quotation marks; a field of an example is a text", value=value
    )


def _reason(fault: str) -> Reason:
    if found := _MISSING.search(fault):
        return Reason(message="“%(field)s” is missing.", details={"field": found["field"]})
    if found := _UNKNOWN.search(fault):
        return Reason(message="A rule of this kind has no “%(field)s”.", details={"field": found["field"]})
    if found := _INVALID.search(fault):
        return Reason(
            message="“%(value)s” is not one of the words that can stand here.",
            details={"value": found["value"]},
        )
    return _unreadable(fault)


def _unreadable(what: object) -> Reason:
    return Reason(message="The rule cannot be read: %(what)s.", details={"what": what})


def _faults_of(rule: Rule) -> Iterator[Reason]:
    if not _CODE.fullmatch(rule.code) or len(rule.code) > _LONGEST_CODE:
        yield Reason(message="A code has small letters, digits and single hyphens, at most 80.")
    if rule.indicator not in INDICATORS:
        yield Reason(
            message="“%(indicator)s” is no indicator of GB/T 36344; write its four digits within quotation marks.",
            details={"indicator": rule.indicator},
        )
    if not 1 <= rule.weight <= MOST_WEIGHT:
        yield Reason(message="A weight is a whole number from 1 to %(most)s.", details={"most": MOST_WEIGHT})
    if not rule.basis.strip():
        yield Reason(message="Say what the rule follows from: a standard and its clause, or a decision.")
    if not rule.name.strip():
        yield Reason(message="Say in “name” what the rule demands.")
    if not rule.passes or not rule.fails:
        yield Reason(message="Give at least one example that passes and one that fails.")


def _faults_of_columns(rule: Rule, known: frozenset[str]) -> Iterator[Reason]:
    if rule.element and not isinstance(rule.check, ELEMENT_KINDS) and not _asks_today(rule.check):
        yield Reason(message="A rule of this kind belongs to a table, for it speaks of other columns.")
        return
    if isinstance(rule.check, NEEDS_COLUMN) and not rule.column:
        yield Reason(message="Name the column that the rule speaks of.")
    try:
        named = rule.columns
    except language.OutsideTheLanguage:
        return  # said of the check itself
    for column in named:
        if column not in known:
            yield Reason(message="The table has no column “%(column)s”.", details={"column": column})
    for example in (*rule.passes, *rule.fails):
        for column in sorted({name for row in example.rows for name in row} - known):
            yield Reason(
                message="An example names a column “%(column)s” that the table does not have.",
                details={"column": column},
            )


def _asks_today(check: Check) -> bool:
    return isinstance(check, DateOrder) and check.not_after == TODAY


def _faults_of_check(check: Check) -> Iterator[Reason]:
    match check:
        case Matches(pattern=pattern):
            yield from _faults_of_pattern(pattern)
        case Holds(holds=text) | CompleteWhen(when=text):
            yield from _faults_of_expression(text)
        case Refers():
            yield from _faults_of_reference(check)
        case HasLength(least=least, most=most):
            if least < 0 or (most is not None and most < max(least, 1)) or (least == 0 and most is None):
                yield Reason(message="A length runs from “least” to “most”; give at least one of them.")
        case InRange():
            yield from _faults_of_range(check)
        case Listed(table="", values=()):
            yield Reason(message="Name a code table, or the values themselves.")
        case _:
            yield from _faults_of_numbers(check)


def _faults_of_numbers(check: Check) -> Iterator[Reason]:
    match check:
        case CheckDigit(places=(first, last)):
            if not 1 <= first <= last <= language.MOST_PLACES:
                yield Reason(message="Places run from small to large, counted from 1.")
        case OwnSql(select=text):
            if not text.strip() or len(text) > MOST_SQL:
                yield Reason(
                    message="A statement has from 1 to %(most)s characters.", details={"most": MOST_SQL}
                )


def _faults_of_pattern(pattern: str) -> Iterator[Reason]:
    try:
        patterns.parse(pattern)
    except patterns.PatternUnfit as fault:
        yield Reason(
            message="The pattern is outside of the language of patterns: %(what)s.",
            details={"what": fault.reason},
        )


def _faults_of_expression(text: str) -> Iterator[Reason]:
    try:
        language.parse(text)
    except language.OutsideTheLanguage as fault:
        yield Reason(
            message="The expression is outside of the language of rules: %(what)s.",
            details={"what": fault.reason},
        )


def _faults_of_reference(check: Refers) -> Iterator[Reason]:
    for condition in (check.when, check.where):
        if condition:
            yield from _faults_of_expression(condition)
    if len(check.their_columns) != max(1, len(check.columns)):
        yield Reason(message="A reference names as many columns of the other table as of its own.")


def _faults_of_range(check: InRange) -> Iterator[Reason]:
    read = day_of if has_days(check) else number_of
    limits = [limit for limit in (check.least, check.most) if limit]
    if not limits:
        yield Reason(message="A range has “least”, “most” or both.")
    for limit in limits:
        if limit != TODAY and read(limit) is None:
            yield Reason(message="“%(limit)s” is neither a number nor a day.", details={"limit": limit})
