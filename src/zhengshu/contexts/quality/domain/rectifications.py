"""When failing rows become a matter of the department that owns them, and how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from zhengshu.contexts.quality.domain.rules import Severity
from zhengshu.kernel.errors import Kind, Refused

_ORDER = (Severity.HINT, Severity.WARNING, Severity.ERROR)


class RectificationState(StrEnum):
    """Where a rectification stands."""

    OPEN = "open"
    OBJECTED = "objected"
    CORRECTED = "corrected"
    """A new assessment found none of the rows failing any more; the platform closes it itself."""
    RULE_AT_FAULT = "rule_at_fault"


UNDER_WAY = (RectificationState.OPEN, RectificationState.OBJECTED)


class Policy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When failing rows become a case.

    Attributes:
        severity: from which severity on rows are to be rectified.
        least_rows: how many rows make a case.
    """

    code: str
    name: str
    basis: str
    severity: Severity = Severity.ERROR
    least_rows: int = 1

    def concerns(self, severity: str) -> bool:
        """Whether rows that fail a rule of a severity are to be rectified."""
        return _ORDER.index(Severity(severity)) >= _ORDER.index(self.severity)


class RectificationNotFound(Refused):
    """There is no such rectification, or the actor may not see it."""

    code = "quality.rectification-not-found"
    kind = Kind.NOT_FOUND
    message = "There is no such rectification, or it belongs to another department."


class RectificationOver(Refused):
    """The rectification has ended; nothing of it can be changed any more."""

    code = "quality.rectification-over"
    kind = Kind.CONFLICT
    message = "This rectification has ended. If rows fail again, a new one is opened."


class TableChanged(Refused):
    """The table was delivered anew since its last assessment, so that numbers of rows speak of other rows."""

    code = "quality.table-changed"
    kind = Kind.CONFLICT
    message = "The table has changed since its last assessment. Wait for the new one, then correct what still fails."


class CorrectionNotYours(Refused):
    """Rows are corrected by data officers of the department that owns them."""

    code = "quality.correction-not-yours"
    kind = Kind.FORBIDDEN
    message = "Only data officers of the department that owns the rows may correct them."


class NothingCorrected(Refused):
    """No value differs from what the table holds."""

    code = "quality.nothing-corrected"
    message = "No value was changed. Enter the right values, or take a row out, and send again."


class RowsNotOfRectification(Refused):
    """A corrected row is not one of those that fail."""

    code = "quality.rows-not-of-rectification"
    message = "Row %(row)s is not one of the rows that are to be rectified. Nothing was changed."


class RowNumbersMissing(Refused):
    """The file has no column with the numbers of rows, so that nobody knows which rows it corrects."""

    code = "quality.row-numbers-missing"
    message = "The file lacks the column “%(column)s”. Download the rows, correct them there, and send that file back."


class RuleNotOfRectification(Refused):
    """The objection names a rule that blames none of the rows."""

    code = "quality.rule-not-of-rectification"
    message = "Name one of the rules that blame the rows of this rectification."


@dataclass(frozen=True, slots=True, kw_only=True)
class RowVerdict:
    """How a corrected row did when it alone was checked again.

    Attributes:
        fails: the names of the rules that it still fails, by column.
    """

    place: int
    fails: Mapping[str, str]

    @property
    def passes(self) -> bool:
        """Whether it fails nothing that one row answers."""
        return not self.fails
