"""Row rules as conditions of SQL: true where a row passes, NULL where it is not asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from zhengshu.contexts.quality.application.engine.expressions import Fields, day_literal, sql_of
from zhengshu.contexts.quality.application.engine.prechecks import Precheck
from zhengshu.contexts.quality.application.engine.values import Field, fits, identifier, quoted
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
    Scheme,
    ValueType,
)
from zhengshu.contexts.quality.domain.judging import DAYS, SHAPES
from zhengshu.contexts.quality.domain.language import parse
from zhengshu.contexts.quality.domain.rules import TODAY, CodeTable, Rule, has_days, members
from zhengshu.contexts.quality.domain.values import day_of

FEW: Final = 24
"""Up to so many values are written into the query; more become a table that is joined, at a thousandth of the cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What conditions are compiled with.

    Attributes:
        today: the day of the assessment.
        tables: the code tables that rules name.
        lists: filled with the values that have to stand in tables, by the tables' names.
        programs: filled with what the compiled function is asked of columns, by the names of variables.
        check_function: scheme → the name of the function that computes check characters.
        prechecks: filled with the check characters that are looked at before the pass, by the names of the tables of
            wrong places; None to call the functions within the query.
        is_compiled: whether the compiled function is there.
    """

    today: date
    tables: Mapping[str, CodeTable]
    lists: dict[str, frozenset[str]] = field(default_factory=dict)
    programs: dict[str, bytes] = field(default_factory=dict)
    check_function: Mapping[Scheme, str]
    prechecks: dict[str, Precheck] | None = None
    is_compiled: bool = False


def condition_of(rule: Rule, fields: Fields, around: Surroundings) -> str:
    """Return the condition of a row rule."""
    check = rule.check
    match check:
        case Holds(holds=text):
            return sql_of(parse(text), fields, today=around.today)
        case Complete():
            return f"({fields[rule.column].name} IS NOT NULL)"
        case CompleteWhen(when=text):
            applies = sql_of(parse(text), fields, today=around.today)
            return f"CASE WHEN {applies} THEN {fields[rule.column].name} IS NOT NULL END"
        case DateOrder(not_after=other):
            last = day_literal(around.today) if other == TODAY else fields[other].day
            return f"(({fields[rule.column].day}) <= ({last}))"
        case CheckDigit() if around.prechecks is not None:
            own = fields[rule.column]
            source = Field(identifier(rule.column), own.type)
            name = _prechecked(Precheck(text=_checked(check, source), scheme=check.scheme), around.prechecks)
            return f"CASE WHEN {own.name} IS NOT NULL THEN place NOT IN (SELECT place FROM {name}) END"  # noqa: S608 - our own names
        case _:
            own = fields[rule.column]
            return f"CASE WHEN {own.name} IS NOT NULL THEN {_of_field(check, own, around)} END"


def _prechecked(asked: Precheck, known: dict[str, Precheck]) -> str:
    name = next((name for name, one in known.items() if one == asked), f"wrong_{len(known)}")
    known[name] = asked
    return name


def _checked(check: CheckDigit, own: Field) -> str:
    """Return the text whose check character is asked."""
    first, last = check.places or (1, 0)
    return f"substring({own.text}, {first}, {last - first + 1})" if check.places else own.text


def _of_field(check: Check, own: Field, around: Surroundings) -> str:
    match check:
        case HasType(type=kind):
            return _of_type(kind, own)
        case HasLength(least=least, most=most):
            return f"(length({own.text}) BETWEEN {least} AND {most if most is not None else 2**31})"
        case Matches(pattern=pattern, forbids=forbids):
            return f"(NOT {fits(own.text, pattern)})" if forbids else fits(own.text, pattern)
        case Listed():
            return _among(members(check, tables=around.tables), own, around)
        case InRange():
            return _in_range(check, own, around)
        case CheckDigit(scheme=scheme):
            return f"{around.check_function[scheme]}({_checked(check, own)})"
    message = f"{type(check).__name__} is not a kind that one row answers"
    raise TypeError(message)


def _of_type(kind: ValueType, own: Field) -> str:
    if kind is ValueType.DATE and own.type == "DATE":
        return f"(({own.day}) IS NOT NULL)"
    shape = fits(own.text, SHAPES[kind])
    return f"({shape} AND ({own.day}) IS NOT NULL)" if kind in DAYS else shape


def _among(values: frozenset[str], own: Field, around: Surroundings) -> str:
    if len(values) <= FEW:
        return f"({own.text} IN ({', '.join(quoted(value) for value in sorted(values))}))"
    name = next(
        (name for name, known in around.lists.items() if known == values), f"list_{len(around.lists)}"
    )
    around.lists[name] = values
    return f"({own.text} IN (SELECT value FROM {name}))"  # noqa: S608 - our own names


def _in_range(check: InRange, own: Field, around: Surroundings) -> str:
    if has_days(check):
        days = [around.today if limit == TODAY else day_of(limit) for limit in (check.least, check.most)]
        least, most = (day_literal(day) if day else "" for day in days)
        value = own.day
    else:
        least, most, value = check.least, check.most, own.number
    parts = [f"({value}) >= {least}"] if least else []
    parts += [f"({value}) <= {most}"] if most else []
    return f"({' AND '.join(parts)})"
