"""What the matters about shared data have in common: corrections, misuse, demands, disputes; each is a case."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from zhengshu.kernel.errors import Kind, Refused

MOST_CALLS = 50
"""Receipts that one matter may name as evidence."""


class MatterKind(StrEnum):
    """What a matter is; the value is its part of the address."""

    CORRECTION = "corrections"
    MISUSE = "misuses"
    DISPUTE = "disputes"
    DEMAND = "demands"

    @property
    def case_type(self) -> str:
        """The case type that carries it."""
        return CASE_TYPES[self]


CASE_TYPES = {
    MatterKind.CORRECTION: "data-correction",
    MatterKind.MISUSE: "grant-misuse",
    MatterKind.DISPUTE: "data-dispute",
    MatterKind.DEMAND: "data-demand",
}


class StatementMissing(Refused):
    """A matter is opened with everything that the other side needs to answer it."""

    code = "exchange.statement-missing"
    kind = Kind.INVALID
    message = "Fill in “%(what)s”; the other side cannot answer without it."


class CallNotOfMatter(Refused):
    """Evidence is a call of the very data that the matter is about; copy its receipt from the list of calls."""

    code = "exchange.call-not-of-matter"
    kind = Kind.INVALID
    message = "“%(receipt)s” is not the receipt of a call of this data that your department may see."


class TooManyCalls(Refused):
    """Name the calls that show it; the others are in the list of calls."""

    code = "exchange.too-many-calls"
    kind = Kind.INVALID
    message = "Name at most %(most)s receipts; there are %(count)s."


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How somebody ends a to-do of a matter, with what that outcome needs.

    Attributes:
        task, outcome: as in the case type.
        reason: the statement that goes with it.
        basis: the law on which it rests, where the case type demands that.
        department_id: whom the outcome names.
        batch_id: the delivery that has the corrected rows.
        resource_code: the resource that offers what was demanded.
        promised_on: the day until which a department promises what was demanded.
    """

    task: str
    outcome: str
    reason: str = ""
    basis: str = ""
    department_id: UUID | None = None
    batch_id: UUID | None = None
    resource_code: str = ""
    promised_on: date | None = None


def stated(text: str, *, what: str) -> str:
    """Return a statement without blanks around it.

    Raises:
        StatementMissing: nothing is left.
    """
    found = text.strip()
    if not found:
        raise StatementMissing(what=what)
    return found


def receipts(text: str) -> tuple[UUID, ...]:
    """Return the receipts in a text, each once, in their order.

    Raises:
        CallNotOfMatter: a word of it is no receipt.
        TooManyCalls: there are more than `MOST_CALLS`.
    """
    found = tuple(dict.fromkeys(_read(text)))
    if len(found) > MOST_CALLS:
        raise TooManyCalls(most=MOST_CALLS, count=len(found))
    return found


def _read(text: str) -> Iterator[UUID]:
    for word in text.replace(",", " ").replace("，", " ").replace("、", " ").split():
        try:
            yield UUID(word)
        except ValueError as fault:
            raise CallNotOfMatter(receipt=word[:60]) from fault
