"""What a share request must state, and in which state it is (Decree 809, articles 20 to 22)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from zhengshu.contexts.exchange.domain.requests_scope import (
    Condition,
    OfferedField,
    check_conditions,
    choose_fields,
)
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId, ResourceId, SystemId

MOST_PER_SECOND = 500
"""Technical: what one consuming system may ask of the gateways in one second."""
MOST_PER_DAY = 10_000_000
MOST_LETTERS = 2000

WITHHELD = "withheld"
CONDITIONAL = "conditional"
UNCONDITIONAL = "unconditional"
"""Sharing classes, spelled as the catalogue spells them."""

SENSITIVE_GRADE = 3
"""From here on a conditional release is confirmed by the data authority, and a weaker mask needs a reason."""
IMPORTANT_GRADE = 5
"""Important data always needs the data authority, whatever the sharing class."""


class Delivery(StrEnum):
    """How the data reaches the consumer (Decree 809, article 22)."""

    API = "api"
    TABLE = "table"
    FILE = "file"


class Frequency(StrEnum):
    """How often the consumer will use the data."""

    PER_CASE = "per_case"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    ONCE = "once"


class RequestState(StrEnum):
    """Where a share request is; the tasks of the case type ``share-request`` decide the open ones."""

    DRAFT = "draft"
    HEAD_APPROVAL = "head_approval"
    PROVIDER_ANSWER = "provider_answer"
    COMPLETION = "completion"
    AUTHORITY_REVIEW = "authority_review"
    DELIVERY = "delivery"
    DELIVERED = "delivered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self not in CLOSED

    @property
    def is_editable(self) -> bool:
        """Whether the requester may still change what the request states."""
        return self in EDITABLE


CLOSED = frozenset({RequestState.DELIVERED, RequestState.REFUSED, RequestState.WITHDRAWN})
EDITABLE = frozenset({RequestState.DRAFT, RequestState.COMPLETION})

STATE_OF_TASK: Mapping[str, RequestState] = {
    "head_approval": RequestState.HEAD_APPROVAL,
    "provider_answer": RequestState.PROVIDER_ANSWER,
    "complete_request": RequestState.COMPLETION,
    "authority_review": RequestState.AUTHORITY_REVIEW,
    "deliver": RequestState.DELIVERY,
}
"""The task that is open in the case → the state of the request."""


class RequestFault(Refused):
    """A statement of the request is missing or wrong; `field` names the form field to correct."""

    field: ClassVar[str] = ""


class ResourceWithheld(RequestFault):
    """The resource is in the class that is not shared; no request is possible while its basis stands."""

    code = "exchange.resource-withheld"
    kind = Kind.FORBIDDEN
    message = "“%(resource)s” is not shared, on this basis: %(basis)s."
    field = "resource"


class OwnResource(RequestFault):
    """A department needs no grant for its own resource."""

    code = "exchange.own-resource"
    kind = Kind.INVALID
    message = "“%(resource)s” belongs to your own department; no request is needed."
    field = "resource"


class LegalBasisMissing(RequestFault):
    """Article 20 demands the legal basis of the use."""

    code = "exchange.legal-basis-missing"
    kind = Kind.INVALID
    message = "State the legal basis: the law or document and the article on which the use rests."
    field = "legal_basis"


class ScenarioMissing(RequestFault):
    """Article 20 demands the scenario of the use."""

    code = "exchange.scenario-missing"
    kind = Kind.INVALID
    message = "Describe the scenario: for which matter, at which step, by whom the data is used."
    field = "scenario"


class StatementTooLong(RequestFault):
    """A statement is longer than can be read in a review."""

    code = "exchange.statement-too-long"
    kind = Kind.INVALID
    message = "At most %(most)s characters are possible here."
    field = "scenario"


class PurposeMissing(RequestFault):
    """The requester named no purpose."""

    code = "exchange.purpose-missing"
    kind = Kind.INVALID
    message = "Choose the purpose for which the data is used."
    field = "purpose"


class PurposeUnknown(RequestFault):
    """The purpose is not one of the platform's list; the list is content of `packs/purposes.yaml`."""

    code = "exchange.purpose-unknown"
    kind = Kind.INVALID
    message = "There is no purpose “%(purpose)s”. Choose one from the list."
    field = "purpose"


class SystemNotYours(RequestFault):
    """The consuming system is not registered for the requester's department, or is switched off."""

    code = "exchange.system-not-yours"
    kind = Kind.INVALID
    message = "Choose an active information system of your own department, or register one."
    field = "system"


class ValidityWrong(RequestFault):
    """The use must end in the future, and no later than the purpose allows."""

    code = "exchange.validity-wrong"
    kind = Kind.INVALID
    message = "The use must end after today and within %(longest_days)s days."
    field = "valid_until"


class QuotaWrong(RequestFault):
    """The expected quota is not between one call and what the gateways grant to one system."""

    code = "exchange.quota-wrong"
    kind = Kind.INVALID
    message = "The quota must be between 1 and %(most)s."
    field = "per_day"


class DeclarationMissing(RequestFault):
    """Article 20: the requester answers for truth, legality and necessity."""

    code = "exchange.declaration-missing"
    kind = Kind.INVALID
    message = "Declare that the request is true, lawful and necessary (Decree 809, article 20)."
    field = "is_declared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """One code of the platform's list of purposes.

    Attributes:
        code: what a call carries in ``Zhengshu-Purpose``.
        name: in Chinese.
        name_en: in English.
        basis: the law on which uses of this kind rest.
        needs_case: whether each call must name the case that it serves.
        longest_days: how long a grant for it may last before the need is stated anew, in calendar days.
    """

    code: str
    name: str
    name_en: str
    basis: str
    needs_case: bool
    longest_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The published resource as far as a request is judged by it."""

    resource_id: ResourceId
    code: str
    name: str
    version: int
    department_id: DepartmentId
    sharing_class: str
    conditions: str
    basis: str
    fields: tuple[OfferedField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Everything that a share request states (Decree 809, article 20).

    Attributes:
        legal_basis: law or document and article.
        scenario: for which matter, at which step, by whom.
        purpose: a code of the list of purposes.
        columns: the fields asked for.
        conditions: the rows asked for; empty for all.
        delivery: how.
        frequency: how often.
        valid_until: the instant at which the use ends, exclusive.
        system_id: the consuming information system.
        per_second: expected calls a second.
        per_day: expected calls a day.
        is_declared: the declaration of truth, legality and necessity.
    """

    legal_basis: str
    scenario: str
    purpose: str
    columns: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    delivery: Delivery = Delivery.API
    frequency: Frequency = Frequency.PER_CASE
    valid_until: datetime | None = None
    system_id: SystemId | None = None
    per_second: int = 10
    per_day: int = 10_000
    is_declared: bool = False


def check_resource(offer: Offer, *, requester: DepartmentId) -> None:
    """Refuse a resource that cannot be requested at all.

    Basis: Decree 809, articles 14 and 15.

    Raises:
        ResourceWithheld: a resource of the withheld class.
        OwnResource: the requester's own resource.
    """
    if offer.sharing_class == WITHHELD:
        raise ResourceWithheld(resource=offer.name, basis=offer.basis)
    if offer.department_id == requester:
        raise OwnResource(resource=offer.name)


def faults(
    statement: Statement,
    *,
    offer: Offer,
    purposes: Mapping[str, Purpose],
    systems: Iterable[SystemId],
    at: datetime,
) -> Iterator[Refused]:
    """Yield every fault of a statement, so that a form can show them all at once."""
    yield from _text_faults(statement)
    yield from _purpose_faults(statement, purposes=purposes, at=at)
    try:
        choose_fields(statement.columns, offered=offer.fields)
        check_conditions(statement.conditions, offered=offer.fields)
    except Refused as fault:
        yield fault
    if statement.system_id not in set(systems):
        yield SystemNotYours()
    for quota, most in ((statement.per_second, MOST_PER_SECOND), (statement.per_day, MOST_PER_DAY)):
        if not 1 <= quota <= most:
            yield QuotaWrong(most=most)
    if not statement.is_declared:
        yield DeclarationMissing()


def check(
    statement: Statement,
    *,
    offer: Offer,
    purposes: Mapping[str, Purpose],
    systems: Iterable[SystemId],
    at: datetime,
) -> None:
    """Refuse a statement that may not be submitted, by its first fault.

    Basis: Decree 809, article 20.

    Raises:
        Refused: the first of `faults`.
    """
    for fault in faults(statement, offer=offer, purposes=purposes, systems=systems, at=at):
        raise fault


def needs_authority(offer: Offer, *, columns: Iterable[str]) -> bool:
    """Whether the data authority confirms the release, by the sharing class and the grades asked for.

    A conditional resource with items from grade 3 on, and important or core data of any class.
    """
    chosen = set(columns)
    highest = max((item.grade for item in offer.fields if item.column in chosen), default=1)
    return highest >= IMPORTANT_GRADE or (offer.sharing_class == CONDITIONAL and highest >= SENSITIVE_GRADE)


def _text_faults(statement: Statement) -> Iterator[Refused]:
    for text, missing in ((statement.legal_basis, LegalBasisMissing), (statement.scenario, ScenarioMissing)):
        if not text.strip():
            yield missing()
        elif len(text) > MOST_LETTERS:
            yield StatementTooLong(most=MOST_LETTERS)


def _purpose_faults(
    statement: Statement, *, purposes: Mapping[str, Purpose], at: datetime
) -> Iterator[Refused]:
    purpose = purposes.get(statement.purpose)
    if not statement.purpose:
        yield PurposeMissing()
    elif purpose is None:
        yield PurposeUnknown(purpose=statement.purpose[:40])
    elif not _is_valid_until(statement.valid_until, longest_days=purpose.longest_days, at=at):
        yield ValidityWrong(longest_days=purpose.longest_days)


def _is_valid_until(valid_until: datetime | None, *, longest_days: int, at: datetime) -> bool:
    return valid_until is not None and at < valid_until <= at + timedelta(days=longest_days)
