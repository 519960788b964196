"""What a demand for data states, and what a department promises (供需对接, the three lists)."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from zhengshu.contexts.exchange.domain.matters import stated
from zhengshu.kernel.errors import Kind, Refused

MOST_PROMISED_DAYS = 365

RESPONSIBLE = ("publish_resource", "fulfilled")
"""States in which a department answers for the demand: the responsibility list (责任清单)."""

WITHHELD = ("withheld",)
"""The negative list (负面清单)."""

LISTED = (*RESPONSIBLE, *WITHHELD, "offered")
"""What all departments may read."""


class PromiseUnfit(Refused):
    """A promise is a day from tomorrow on, and not further away than a year."""

    code = "exchange.promise-unfit"
    kind = Kind.INVALID
    message = "Promise a day from tomorrow on, at most %(most)s days ahead."


class ResponsibleMissing(Refused):
    """The data authority names the department whose duty the data is."""

    code = "exchange.responsible-missing"
    kind = Kind.INVALID
    message = "Choose the department that is responsible."


class DemandedByItself(Refused):
    """Who needs the data cannot be the one who provides them."""

    code = "exchange.demanded-by-itself"
    kind = Kind.INVALID
    message = "The department that needs the data cannot be responsible for them. Choose another one."


class ResourceNotTheirs(Refused):
    """A demand is fulfilled by a published resource of the department that is responsible."""

    code = "exchange.resource-not-theirs"
    kind = Kind.INVALID
    message = "“%(code)s” is not a published resource of %(department)s. Publish it first."


class ListKind(StrEnum):
    """The three lists."""

    DEMANDS = "demands"
    RESPONSIBILITIES = "responsibilities"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demanded:
    """What a department needs.

    Attributes:
        wanted: which fields of which rows, in its own words.
        freshness: a code of the catalogue's update cycles.
    """

    name: str
    legal_basis: str
    scenario: str
    wanted: str
    freshness: str


def check_demand(demanded: Demanded) -> Demanded:
    """Return a demand with its texts trimmed.

    Raises:
        StatementMissing: something is not stated.
    """
    return replace(
        demanded,
        name=stated(demanded.name, what="name"),
        legal_basis=stated(demanded.legal_basis, what="legal_basis"),
        scenario=stated(demanded.scenario, what="scenario"),
        wanted=stated(demanded.wanted, what="wanted"),
    )


def promised_days(promised_on: date | None, *, today: date) -> int:
    """Return how many calendar days a promise takes.

    Raises:
        PromiseUnfit: no day, not in the future, or more than a year ahead.
    """
    days = 0 if promised_on is None else (promised_on - today).days
    if not 1 <= days <= MOST_PROMISED_DAYS:
        raise PromiseUnfit(most=MOST_PROMISED_DAYS)
    return days
