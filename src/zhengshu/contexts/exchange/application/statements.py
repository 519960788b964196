"""What a request states and what an answer grants, between the domain's types and the columns of a row."""

import msgspec

from zhengshu.contexts.exchange.domain.answers import Terms
from zhengshu.contexts.exchange.domain.requests import Delivery, Frequency, Statement
from zhengshu.contexts.exchange.domain.requests_scope import Condition, OfferedField
from zhengshu.contexts.exchange.models.requests import ShareRequest
from zhengshu.kernel.identity import SystemId


def statement_of(request: ShareRequest) -> Statement:
    """Return what a request states."""
    return Statement(
        legal_basis=request.legal_basis,
        scenario=request.scenario,
        purpose=request.purpose,
        columns=tuple(request.columns),
        conditions=msgspec.convert(request.conditions, tuple[Condition, ...]),
        delivery=Delivery(request.delivery),
        frequency=Frequency(request.frequency),
        valid_until=request.valid_until,
        system_id=SystemId(request.system_id) if request.system_id else None,
        per_second=request.per_second,
        per_day=request.per_day,
        is_declared=request.is_declared,
    )


def state(request: ShareRequest, statement: Statement) -> None:
    """Write a statement into the row of a request, unsaved."""
    request.legal_basis = statement.legal_basis.strip()
    request.scenario = statement.scenario.strip()
    request.purpose = statement.purpose
    request.columns = list(statement.columns)
    request.conditions = msgspec.to_builtins(statement.conditions)
    request.delivery = statement.delivery
    request.frequency = statement.frequency
    request.valid_until = statement.valid_until
    request.system_id = statement.system_id
    request.per_second = statement.per_second
    request.per_day = statement.per_day
    request.is_declared = statement.is_declared


def offered_of(request: ShareRequest) -> tuple[OfferedField, ...]:
    """Return the resource's items as they were when the request was last judged."""
    return msgspec.convert(request.fields, tuple[OfferedField, ...])


def terms_of(request: ShareRequest) -> Terms | None:
    """Return what a yes grants, or None while there is none."""
    return None if request.terms is None else msgspec.convert(request.terms, Terms)
