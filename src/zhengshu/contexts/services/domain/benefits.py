"""Benefits without application: what a pack declares, and the judgement of one person or firm by its rules.

A rule looks at rows that a register gave. It passes, fails, or leaves a doubt that a person must look into; nothing
else can come of it. Registers of which nothing depends any more are not asked.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from zhengshu.kernel.citizen_id import CitizenId
from zhengshu.kernel.credit_code import CreditCode
from zhengshu.kernel.errors import Refused

Row = Mapping[str, str]


class Audience(StrEnum):
    """Whom a benefit is for."""

    PERSON = "person"
    ENTERPRISE = "enterprise"


class Period(StrEnum):
    """For how long one payment is."""

    MONTH = "month"
    YEAR = "year"


class RuleKind(StrEnum):
    """What a rule looks at."""

    AGE_AT_LEAST = "age_at_least"
    """Full years by the citizen ID."""
    SAME_BIRTH = "same_birth"
    """The day of birth in a column is that of the citizen ID."""
    ONE_OF = "one_of"
    """A column holds one of the values."""
    AT_MOST = "at_most"
    """A column holds a number that is not larger."""
    ABSENT = "absent"
    """The register has no row."""


class OnFail(StrEnum):
    """What follows from a rule that does not hold, or of which the register does not tell whether it holds."""

    NO = "no"
    CHECK = "check"


class Outcome(StrEnum):
    """What a judgement comes to."""

    ENTITLED = "entitled"
    CHECK = "check"
    NO = "no"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One condition, with its words in both languages and the article on which it rests.

    Attributes:
        on_unknown: what follows where the register has no row, or nothing legible in the column.
    """

    code: str
    text: str
    text_en: str
    source: str
    kind: RuleKind
    basis: str = ""
    column: str = ""
    values: tuple[str, ...] = ()
    number: int = 0
    on_fail: OnFail = OnFail.NO
    on_unknown: OnFail = OnFail.NO


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A register that is asked: the resource's name in the catalogue, and the column by which rows are found."""

    resource: str
    key: str
    columns: tuple[str, ...]


class Population(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The register that lists those who may be entitled, area by area.

    Attributes:
        area: the column by which it is read, and the length of its codes.
        subject: the column with the citizen ID or the credit code.
        name: the column with the name.
    """

    source: str
    area: str
    area_length: int
    subject: str
    name: str


class Amount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is paid for a period from an age on, in yuan."""

    yuan: Decimal
    from_age: int = 0


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A benefit as a pack declares it.

    Attributes:
        department: the unified social credit code of whoever grants it.
        region: whose areas are read; empty for the region of the department.
        amounts: by age, ascending; empty for what is not paid but forgone, as a relief.
    """

    code: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    basis: str
    department: str
    audience: Audience
    case_type: str
    purpose: str
    period: Period
    sources: dict[str, Source]
    population: Population
    rules: tuple[Rule, ...]
    amounts: tuple[Amount, ...] = ()
    region: str = ""

    def __post_init__(self) -> None:
        """Refuse a declaration that cannot work."""
        if self.population.source not in self.sources:
            raise ValueError(f"{self.code}: the population's source is not declared")
        for rule in self.rules:
            if rule.source not in self.sources:
                raise ValueError(f"{self.code}: rule {rule.code} reads a source that is not declared")

    def checked_elsewhere(self) -> tuple[str, ...]:
        """Return the registers besides the population's that are asked about one subject at a time."""
        order = dict.fromkeys(rule.source for rule in self.rules)
        return tuple(source for source in order if source != self.population.source)


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a register gave about one subject.

    Attributes:
        source: the register's name, in words.
        receipt: the record of the call in the proof log.
    """

    rows: tuple[Row, ...]
    source: str
    at: datetime
    receipt: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule came to, with who said so and when.

    Attributes:
        is_known: whether the register said anything that the rule could look at.
    """

    rule: str
    text: str
    text_en: str
    basis: str
    passed: bool
    source: str
    at: datetime
    receipt: str
    is_known: bool = True


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """The judgement of one subject.

    Attributes:
        doubt: the rules that left a doubt, with what they looked at; the same text is the same doubt.
    """

    outcome: Outcome
    findings: tuple[Finding, ...]
    doubt: str = ""

    @property
    def failed(self) -> str:
        """Return the code of the first rule that did not hold; empty where all did."""
        return next((one.rule for one in self.findings if not one.passed), "")


def judge(definition: Definition, *, subject: str, on: date, given: Mapping[str, Given]) -> Verdict:
    """Return what follows from what the registers gave; rules of registers that were not asked are left out."""
    findings: list[Finding] = []
    doubts: list[object] = []
    outcome = Outcome.ENTITLED
    for rule in definition.rules:
        said = given.get(rule.source)
        if said is None:
            continue
        holds = _holds(rule, subject=subject, on=on, rows=said.rows)
        findings.append(
            Finding(
                rule=rule.code,
                text=rule.text,
                text_en=rule.text_en,
                basis=rule.basis,
                passed=holds is True,
                source=said.source,
                at=said.at,
                receipt=said.receipt,
                is_known=holds is not None,
            )
        )
        if not holds:
            outcome = _worse(outcome, rule.on_unknown if holds is None else rule.on_fail)
            doubts.append([rule, sorted(row.get(rule.column, "") for row in said.rows)])
    doubt = msgspec.json.encode(doubts).decode() if outcome is Outcome.CHECK else ""
    return Verdict(outcome=outcome, findings=tuple(findings), doubt=doubt)


def amount_of(definition: Definition, *, subject: str, on: date) -> Decimal | None:
    """Return what is paid for the period of a day; None where nothing is paid."""
    if not definition.amounts:
        return None
    age = age_on(subject, on) if definition.audience is Audience.PERSON else 0
    fitting = [one.yuan for one in definition.amounts if (age or 0) >= one.from_age]
    return fitting[-1] if fitting else None


def period_of(definition: Definition, on: date) -> str:
    """Return the name of the period of a day: ``2026-11`` or ``2026``."""
    return f"{on:%Y-%m}" if definition.period is Period.MONTH else f"{on:%Y}"


def age_on(citizen_id: str, on: date) -> int | None:
    """Return the full years on a day; None where the number is none.

    Somebody born on 29 February becomes a year older on 1 March of a year that has no such day.
    """
    try:
        born = CitizenId.parse(citizen_id).born_on
    except Refused:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def is_subject(definition: Definition, text: str) -> bool:
    """Whether a text can be the number of somebody whom the benefit is for."""
    if definition.audience is Audience.PERSON:
        return CitizenId.is_valid(text)
    return CreditCode.is_valid(text)


AGE_GROUPS: Final = (80, 85, 90, 95, 100)


def age_group(citizen_id: str, on: date) -> str:
    """Return the group of five years in which counts are shown; empty for firms."""
    age = age_on(citizen_id, on)
    if age is None:
        return ""
    begins = max((one for one in AGE_GROUPS if one <= age), default=0)
    if begins == 0:
        return f"<{AGE_GROUPS[0]}"
    return f"{begins}+" if begins == AGE_GROUPS[-1] else f"{begins}–{begins + 4}"


def _worse(outcome: Outcome, on_fail: OnFail) -> Outcome:
    if outcome is Outcome.NO or on_fail is OnFail.NO:
        return Outcome.NO
    return Outcome.CHECK


def _age_at_least(rule: Rule, subject: str, on: date, rows: Sequence[Row]) -> bool:
    del rows
    age = age_on(subject, on)
    return age is not None and age >= rule.number


def _same_birth(rule: Rule, subject: str, on: date, rows: Sequence[Row]) -> bool:
    del on
    try:
        born = CitizenId.parse(subject).born_on.isoformat()
    except Refused:
        return False
    return bool(rows) and all(row.get(rule.column) == born for row in rows)


def _one_of(rule: Rule, subject: str, on: date, rows: Sequence[Row]) -> bool | None:
    del subject, on
    said = [text for row in rows if (text := row.get(rule.column))]
    if any(text not in rule.values for text in said):
        return False
    return True if said and len(said) == len(rows) else None


def _at_most(rule: Rule, subject: str, on: date, rows: Sequence[Row]) -> bool | None:
    del subject, on
    said = [int(text) for row in rows if (text := row.get(rule.column, "")).isdecimal()]
    if any(number > rule.number for number in said):
        return False
    return True if said and len(said) == len(rows) else None


def _absent(rule: Rule, subject: str, on: date, rows: Sequence[Row]) -> bool:
    del rule, subject, on
    return not rows


_TESTS: Final[Mapping[RuleKind, Callable[[Rule, str, date, Sequence[Row]], bool | None]]] = {
    RuleKind.AGE_AT_LEAST: _age_at_least,
    RuleKind.SAME_BIRTH: _same_birth,
    RuleKind.ONE_OF: _one_of,
    RuleKind.AT_MOST: _at_most,
    RuleKind.ABSENT: _absent,
}


def _holds(rule: Rule, *, subject: str, on: date, rows: Sequence[Row]) -> bool | None:
    """Return whether a rule holds; None where the register does not tell."""
    return _TESTS[rule.kind](rule, subject, on, rows)
