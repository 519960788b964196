"""Rules in SQL of the data authority: what a draft must say before it is asked of a table."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from zhengshu.contexts.quality.domain.checks import OwnSql
from zhengshu.contexts.quality.domain.faults import Reason
from zhengshu.contexts.quality.domain.indicators import INDICATORS
from zhengshu.contexts.quality.domain.reading_rules import MOST_SQL, MOST_WEIGHT
from zhengshu.contexts.quality.domain.rules import Rule, Severity
from zhengshu.kernel.errors import Kind, Refused

PREFIX: Final = "own-"
_CODE = re.compile(r"own-[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_CODE: Final = 80


class OwnRuleNotFound(Refused):
    """There is no such rule in SQL, or the actor may not see its statement."""

    code = "quality.own-rule-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such rule in SQL."


class OwnRuleUnfit(Refused):
    """The draft of a rule says something that a rule may not; the sentence says what."""

    code = "quality.own-rule-unfit"
    message = "The rule cannot be used: %(why)s"

    def __init__(self, reason: Reason) -> None:
        """Keep the reason, to be told in the reader's language."""
        self.reason = reason
        super().__init__(why=reason.text())


class OwnRuleCodeTaken(Refused):
    """Another rule has this code already; results tell rules apart by their codes."""

    code = "quality.own-rule-code-taken"
    kind = Kind.CONFLICT
    message = "Another rule has the code “%(rule)s” already."


class OwnRuleRetired(Refused):
    """The rule is not in force any more; saving another edition puts it in force again."""

    code = "quality.own-rule-retired"
    kind = Kind.CONFLICT
    message = "The rule was retired already. Save another edition to put it in force again."


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRuleDraft:
    """A rule in SQL as it is written, before it is asked.

    Attributes:
        resource_code: the table.
        code: with or without its prefix.
    """

    resource_code: str
    code: str
    name: str
    basis: str
    statement: str
    indicator: str
    name_en: str = ""
    basis_en: str = ""
    column: str = ""
    tables: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR
    weight: int = 1

    @property
    def full_code(self) -> str:
        """The code as results have it."""
        return f"{PREFIX}{self.code.removeprefix(PREFIX)}"

    def as_rule(self) -> Rule:
        """Return it as the engine asks it."""
        return Rule(
            code=self.full_code,
            name=self.name,
            name_en=self.name_en,
            check=OwnSql(select=self.statement, tables=self.tables),
            indicator=self.indicator,
            severity=self.severity,
            weight=self.weight,
            basis=self.basis,
            basis_en=self.basis_en,
            column=self.column,
        )

    def require_fit(self, *, columns: Collection[str], tables: Collection[str]) -> None:
        """Refuse what no rule may say.

        Args:
            columns: the columns of the table.
            tables: codes of the other tables that a rule can read.

        Raises:
            OwnRuleUnfit: something is missing or outside of its limits.
        """
        if reason := self._reason(columns, tables):
            raise OwnRuleUnfit(reason)

    def _reason(self, columns: Collection[str], tables: Collection[str]) -> Reason | None:
        strange = [table for table in self.tables if table not in tables]
        said = (
            (
                not _CODE.fullmatch(self.full_code) or len(self.full_code) > _LONGEST_CODE,
                Reason(message="A code has small letters, digits and single hyphens, at most 80."),
            ),
            (not self.name.strip(), Reason(message="Say in “name” what the rule demands.")),
            (
                not self.basis.strip(),
                Reason(message="Say what the rule follows from: a standard and its clause, or a decision."),
            ),
            (
                not 0 < len(self.statement.strip()) <= MOST_SQL,
                Reason(message="A statement has from 1 to %(most)s characters.", details={"most": MOST_SQL}),
            ),
            (
                self.indicator not in INDICATORS,
                Reason(
                    message="“%(indicator)s” is no indicator of GB/T 36344; "
                    "write its four digits within quotation marks.",
                    details={"indicator": self.indicator},
                ),
            ),
            (
                not 1 <= self.weight <= MOST_WEIGHT,
                Reason(
                    message="A weight is a whole number from 1 to %(most)s.", details={"most": MOST_WEIGHT}
                ),
            ),
            (
                bool(self.column) and self.column not in columns,
                Reason(message="The table has no column “%(column)s”.", details={"column": self.column}),
            ),
            (
                bool(strange),
                Reason(
                    message="The rule speaks of the table “%(table)s”, which the pack does not describe.",
                    details={"table": ", ".join(strange)},
                ),
            ),
        )
        return next((reason for is_wrong, reason in said if is_wrong), None)
