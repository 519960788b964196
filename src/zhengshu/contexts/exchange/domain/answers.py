"""What follows from a provider's answer to a share request (Decree 809, articles 21 and 22)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zhengshu.contexts.exchange.domain.answers_masks import own_mask, shows_more
from zhengshu.contexts.exchange.domain.requests import SENSITIVE_GRADE, UNCONDITIONAL, Statement
from zhengshu.contexts.exchange.domain.requests_scope import (
    Condition,
    OfferedField,
    check_conditions,
    choose_fields,
)
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.masks import Mask


class ReasonMissing(Refused):
    """Article 21: a refusal states its reason; a notice for completion states what is missing."""

    code = "exchange.reason-missing"
    kind = Kind.INVALID
    message = "State the reason (Decree 809, article 21)."


class BasisMissing(Refused):
    """Article 21: a refusal states the legal basis on which it rests."""

    code = "exchange.basis-missing"
    kind = Kind.INVALID
    message = "State the law, regulation or decision and its article on which the refusal rests."


class GroundMissing(Refused):
    """A refusal rests on one of the grounds of the list."""

    code = "exchange.ground-missing"
    kind = Kind.INVALID
    message = "Choose the ground of the refusal."


class UnconditionalMayNotBeRefused(Refused):
    """An unconditional resource is open to all departments; only a law can forbid a particular use."""

    code = "exchange.unconditional-may-not-be-refused"
    kind = Kind.FORBIDDEN
    message = "The resource is shared unconditionally. It may be refused only where a law forbids the use."


class MissingMaterialIsNoGround(Refused):
    """Article 21: missing material leads to a one-time notice for completion, never to a refusal outright."""

    code = "exchange.missing-material-is-no-ground"
    kind = Kind.CONFLICT
    message = "Missing material is no ground for a refusal before the requester was asked to complete it."


class CompletionAskedBefore(Refused):
    """Article 21: what is missing is named once, all of it."""

    code = "exchange.completion-asked-before"
    kind = Kind.CONFLICT
    message = "The requester was asked for completion before; it can be asked only once."


class FieldNotRequested(Refused):
    """A provider can narrow a request, not widen it."""

    code = "exchange.field-not-requested"
    kind = Kind.INVALID
    message = "The field %(column)s was not requested; an answer can narrow a request, not widen it."


class QuotaBeyondRequest(Refused):
    """A provider can lower the quota, not raise it."""

    code = "exchange.quota-beyond-request"
    kind = Kind.INVALID
    message = "The quota must be between 1 and the requested %(most)s."


class ValidityBeyondRequest(Refused):
    """A provider can shorten the validity, not lengthen it."""

    code = "exchange.validity-beyond-request"
    kind = Kind.INVALID
    message = "The use must end after today and no later than the request asks for."


class UnmaskedWithoutReason(Refused):
    """A sensitive item leaves the department clearer than its grade provides; say why that is necessary."""

    code = "exchange.unmasked-without-reason"
    kind = Kind.INVALID
    message = (
        "“%(name)s” is of grade %(grade)s: state why it is given with a weaker mask than its grade provides."
    )


class AnswerKind(StrEnum):
    """What a provider can answer."""

    AGREE = "agree"
    REFUSE = "refuse"
    ASK_COMPLETION = "ask_completion"


class RefusalGround(StrEnum):
    """Why a request can be refused; not every ground is open for every class."""

    LAW_FORBIDS = "law_forbids"
    CONDITIONS_NOT_MET = "conditions_not_met"
    BEYOND_DUTIES = "beyond_duties"
    NOT_NECESSARY = "not_necessary"
    NOT_COMPLETED = "not_completed"


GROUNDS_FOR_UNCONDITIONAL = frozenset({RefusalGround.LAW_FORBIDS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A provider's answer, as given.

    Attributes:
        kind: yes, no, or what is missing.
        reason: why; for a completion notice, all that is missing.
        ground: of a refusal.
        basis: the legal basis of a refusal.
        columns: the fields granted; None for all that were requested.
        masks: column → mask; columns left out get the mask of their grade.
        conditions: row conditions added to those of the request.
        per_second: quota; None for the requested one.
        per_day: quota; None for the requested one.
        valid_until: end of use; None for the requested one.
        needs_case: whether every call must name its case, beyond what the purpose demands.
    """

    kind: AnswerKind
    reason: str = ""
    ground: RefusalGround | None = None
    basis: str = ""
    columns: tuple[str, ...] | None = None
    masks: Mapping[str, Mask] | None = None
    conditions: tuple[Condition, ...] = ()
    per_second: int | None = None
    per_day: int | None = None
    valid_until: datetime | None = None
    needs_case: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """What a decision is made on."""

    statement: Statement
    sharing_class: str
    fields: tuple[OfferedField, ...]
    was_completion_asked: bool
    purpose_needs_case: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedField:
    """A field that will be delivered, with the mask that the gateway applies."""

    name: str
    column: str
    data_type: str
    grade: int
    mask: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a yes grants."""

    fields: tuple[GrantedField, ...]
    conditions: tuple[Condition, ...]
    per_second: int
    per_day: int
    valid_until: datetime
    needs_case: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A decision that may stand.

    Attributes:
        kind: what was decided.
        reason: its reason.
        ground: of a refusal.
        basis: of a refusal.
        terms: of a yes.
    """

    kind: AnswerKind
    reason: str
    ground: RefusalGround | None = None
    basis: str = ""
    terms: Terms | None = None


def decide(facts: RequestFacts, *, answer: Answer, at: datetime) -> Outcome:
    """Return what follows from a provider's answer.

    Basis: Decree 809, article 21.

    Raises:
        Refused: the answer breaks a rule of the article; the subclasses above say which.
    """
    if answer.kind is AnswerKind.REFUSE:
        return _refusal(facts, answer)
    if answer.kind is AnswerKind.ASK_COMPLETION:
        return _completion_notice(facts, answer)
    return Outcome(kind=answer.kind, reason=answer.reason.strip(), terms=_terms(facts, answer, at=at))


def grounds_for(sharing_class: str) -> tuple[RefusalGround, ...]:
    """Return the grounds on which a resource of this class may be refused."""
    return tuple(
        ground
        for ground in RefusalGround
        if sharing_class != UNCONDITIONAL or ground in GROUNDS_FOR_UNCONDITIONAL
    )


def _refusal(facts: RequestFacts, answer: Answer) -> Outcome:
    if answer.ground is None:
        raise GroundMissing
    if answer.ground not in grounds_for(facts.sharing_class):
        raise UnconditionalMayNotBeRefused
    if answer.ground is RefusalGround.NOT_COMPLETED and not facts.was_completion_asked:
        raise MissingMaterialIsNoGround
    if not answer.reason.strip():
        raise ReasonMissing
    if not answer.basis.strip():
        raise BasisMissing
    return Outcome(
        kind=answer.kind, reason=answer.reason.strip(), ground=answer.ground, basis=answer.basis.strip()
    )


def _completion_notice(facts: RequestFacts, answer: Answer) -> Outcome:
    if facts.was_completion_asked:
        raise CompletionAskedBefore
    if not answer.reason.strip():
        raise ReasonMissing
    return Outcome(kind=answer.kind, reason=answer.reason.strip())


def _terms(facts: RequestFacts, answer: Answer, *, at: datetime) -> Terms:
    requested = choose_fields(facts.statement.columns, offered=facts.fields)
    columns = facts.statement.columns if answer.columns is None else answer.columns
    _only_requested(columns, requested=requested)
    granted = choose_fields(columns, offered=requested)
    added = check_conditions(answer.conditions, offered=facts.fields)
    return Terms(
        fields=tuple(_granted_field(item, answer) for item in granted),
        conditions=(
            *facts.statement.conditions,
            *(item for item in added if item not in facts.statement.conditions),
        ),
        per_second=_quota(answer.per_second, requested=facts.statement.per_second),
        per_day=_quota(answer.per_day, requested=facts.statement.per_day),
        valid_until=_validity(answer.valid_until, requested=facts.statement.valid_until, at=at),
        needs_case=answer.needs_case or facts.purpose_needs_case,
    )


def _only_requested(columns: Sequence[str], *, requested: Sequence[OfferedField]) -> None:
    known = {item.column for item in requested}
    for column in columns:
        if column not in known:
            raise FieldNotRequested(column=column[:63])


def _granted_field(item: OfferedField, answer: Answer) -> GrantedField:
    own = own_mask(item)
    mask = (answer.masks or {}).get(item.column, own)
    if shows_more(mask, than=own) and item.grade >= SENSITIVE_GRADE and not answer.reason.strip():
        raise UnmaskedWithoutReason(name=item.name, grade=item.grade)
    return GrantedField(
        name=item.name, column=item.column, data_type=item.data_type, grade=item.grade, mask=mask
    )


def _quota(asked: int | None, *, requested: int) -> int:
    if asked is None:
        return requested
    if not 1 <= asked <= requested:
        raise QuotaBeyondRequest(most=requested)
    return asked


def _validity(asked: datetime | None, *, requested: datetime | None, at: datetime) -> datetime:
    chosen = asked or requested
    if chosen is None or requested is None or not at < chosen <= requested:
        raise ValidityBeyondRequest
    return chosen
