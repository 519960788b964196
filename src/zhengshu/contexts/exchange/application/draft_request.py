"""Draft a share request."""

from dataclasses import replace
from datetime import datetime

import msgspec

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange.application import statements, steps
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.domain.requests import (
    MOST_LETTERS,
    MOST_PER_DAY,
    MOST_PER_SECOND,
    Offer,
    PurposeUnknown,
    QuotaWrong,
    RequestState,
    Statement,
    StatementTooLong,
    check_resource,
)
from zhengshu.contexts.exchange.domain.requests_scope import check_conditions, choose_fields
from zhengshu.contexts.exchange.events import ShareRequestDrafted
from zhengshu.contexts.exchange.models.requests import RequestNotFound, ShareRequest
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import RequestId, new_id


@transaction
def draft_request(
    *,
    resource_code: str,
    statement: Statement,
    actor: Actor,
    at: datetime,
    request_id: RequestId | None = None,
) -> RequestId:
    """Save a share request as a draft, a new one or a changed one; it may still be incomplete.

    A new draft whose id is given by the caller is made once, however often it is sent.

    Basis: Decree 809, articles 14, 15 and 20.

    Raises:
        NotYourStep: the actor is no data officer of a department.
        ResourceWithheld: the resource is not shared, with the basis.
        OwnResource: the resource is the department's own.
        FieldUnknown: a field that the resource does not have.
        StepNotOpen: the request was submitted before.
        RequestNotFound: the draft belongs to another department.
    """
    if actor.department_id is None:
        raise steps.NotYourStep
    steps.must_act_for(actor.department_id, actor=actor, roles=[Role.DATA_OFFICER])
    offer = steps.offer_of(catalog.published_by_code(code=resource_code))
    check_resource(offer, requester=actor.department_id)
    statement = _tampering_refused(statement, offer=offer)
    request = _found(request_id, actor=actor) or ShareRequest(
        id=request_id or new_id(),
        consumer_department_id=actor.department_id,
        created_by=actor.id,
        created_at=at,
    )
    steps.must_be_at(request, RequestState.DRAFT)
    _offered(request, offer)
    statements.state(request, statement)
    request.touch(at=at)
    publish(
        ShareRequestDrafted(
            at=at,
            actor=actor,
            subject=steps.subject_of(request),
            department_id=actor.department_id,
            request=steps.reference_of(request),
        )
    )
    return RequestId(request.id)


def _found(request_id: RequestId | None, *, actor: Actor) -> ShareRequest | None:
    """Return the draft of the actor's department under that id; one of another department is not found."""
    if request_id is None:
        return None
    found = ShareRequest.objects.select_for_update().filter(id=request_id).first()
    if found is not None and found.consumer_department_id != actor.department_id:
        raise RequestNotFound
    return found


def _offered(request: ShareRequest, offer: Offer) -> None:
    request.provider_department_id = offer.department_id
    request.authority_department_id = trust.data_authority_for(department_id=offer.department_id).id
    request.resource_id = offer.resource_id
    request.resource_code = offer.code
    request.resource_name = offer.name
    request.resource_version = offer.version
    request.sharing_class = offer.sharing_class
    request.fields = msgspec.to_builtins(offer.fields)


def _tampering_refused(statement: Statement, *, offer: Offer) -> Statement:
    """Return the statement with canonical conditions; what no honest form sends is refused even in a draft."""
    if statement.purpose and statement.purpose not in purposes():
        raise PurposeUnknown(purpose=statement.purpose[:40])
    if statement.columns:
        choose_fields(statement.columns, offered=offer.fields)
    if max(len(statement.scenario), len(statement.legal_basis)) > MOST_LETTERS:
        raise StatementTooLong(most=MOST_LETTERS)
    for quota, most in ((statement.per_second, MOST_PER_SECOND), (statement.per_day, MOST_PER_DAY)):
        if not 1 <= quota <= most:
            raise QuotaWrong(most=most)
    return replace(statement, conditions=check_conditions(statement.conditions, offered=offer.fields))
