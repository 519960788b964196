"""Rules, the tables that they speak of, and packs of both."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from zhengshu.contexts.quality.domain.checks import (
    Agrees,
    Check,
    CompleteWhen,
    DateOrder,
    Holds,
    InRange,
    Listed,
    Refers,
    RowCheck,
    Unique,
)
from zhengshu.contexts.quality.domain.evaluating import Row
from zhengshu.contexts.quality.domain.indicators import INDICATORS, Indicator
from zhengshu.contexts.quality.domain.language import columns_of, parse

TODAY = "today"
"""Stands for the day of the assessment where a rule names a day."""


class Severity(StrEnum):
    """What a failing row means."""

    ERROR = "error"
    """The value is wrong; it has to be corrected."""
    WARNING = "warning"
    """The value is doubtful; somebody has to look."""
    HINT = "hint"
    """The value is right but inconvenient, for instance a spelling that every reader must convert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Rows that a rule must pass, or of which it must blame at least one.

    Attributes:
        rows: the rows of the rule's table.
        others: the rows of the other tables that it names.
        today: the day of the assessment, where the rule asks it.
        former: the values of the rule's column in the former run, one a row, for kinds that compare runs.
    """

    rows: tuple[Row, ...]
    others: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    today: date | None = None
    former: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    Attributes:
        code: its name within the pack; rules of a data element carry the column behind a colon once bound.
        name: what it demands, in the words of the office that owns it.
        check: what it asks.
        indicator: the code of the indicator of GB/T 36344.
        severity: what a failing row means.
        weight: how much it counts among the rules of its indicator.
        basis: the standard and clause, or the decision, that it follows from.
        name_en, basis_en: the same in English; empty where only the office's own words are known.
        column: the column that it speaks of; empty where it speaks of rows or of the table.
        element: the data element for which it was written; empty where it was written for a table.
        passes: examples that fulfil it.
        fails: examples that do not.
    """

    code: str
    name: str
    check: Check
    indicator: str
    severity: Severity = Severity.ERROR
    weight: int = 1
    basis: str
    name_en: str = ""
    basis_en: str = ""
    column: str = ""
    element: str = ""
    passes: tuple[Example, ...] = ()
    fails: tuple[Example, ...] = ()

    @property
    def measures(self) -> Indicator:
        """The indicator that it counts towards."""
        return INDICATORS[self.indicator]

    @property
    def is_row_rule(self) -> bool:
        """Whether one row answers it."""
        return isinstance(self.check, RowCheck)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it reads."""
        return tuple(dict.fromkeys((*((self.column,) if self.column else ()), *_named_in(self.check))))

    def bound(self, column: str) -> "Rule":
        """Return the rule of a data element for one column that uses the element."""
        return replace(self, code=f"{self.code}:{column}", column=column)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    """A column of a table: its field name, how people head it, and the data element that it uses."""

    name: str
    headings: tuple[str, ...] = ()
    element: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table that a pack speaks of; `resource` is the code of its resource in the catalogue where it has one."""

    code: str
    name: str
    columns: tuple[TableColumn, ...]
    rules: tuple[Rule, ...] = ()
    resource: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTable:
    """A code table as rules use it."""

    code: str
    codes: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A folder of rules.

    Attributes:
        code: the folder's name.
        name: what it is for.
        elements: the rules of each data element.
        tables: the tables that it describes, by code.
        includes: the packs whose rules of data elements it uses too.
    """

    code: str
    name: str
    includes: tuple[str, ...] = ()
    elements: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules as they are written, those of elements once."""
        return (
            *(rule for rules in self.elements.values() for rule in rules),
            *(rule for table in self.tables.values() for rule in table.rules),
        )

    def rules_of(self, table: Table) -> tuple[Rule, ...]:
        """Return what a table is asked: the rules of its columns' elements, then its own."""
        bound = (
            rule.bound(column.name)
            for column in table.columns
            for rule in self.elements.get(column.element, ())
        )
        return (*bound, *table.rules)


def _named_in(check: Check) -> tuple[str, ...]:
    match check:
        case CompleteWhen(when=text) | Holds(holds=text):
            return columns_of(parse(text))
        case DateOrder(not_after=other):
            return () if other == TODAY else (other,)
        case Unique(columns=columns):
            return columns
        case Refers(columns=columns, when=condition):
            return (*columns, *(columns_of(parse(condition)) if condition else ()))
        case Agrees(key=key):
            return (key,)
        case _:
            return ()


def has_days(check: InRange) -> bool:
    """Whether the limits of a range are days."""
    return any(limit == TODAY or "-" in limit[1:] for limit in (check.least, check.most))


def members(check: Listed, *, tables: Mapping[str, CodeTable]) -> frozenset[str]:
    """Return the values that a code-table rule allows."""
    if not check.table:
        return frozenset(check.values)
    table = tables[check.table]
    found = {"code": table.codes, "name": table.names, "either": table.codes | table.names}[check.by]
    return found | frozenset(check.values)
