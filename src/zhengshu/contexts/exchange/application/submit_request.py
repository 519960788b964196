"""Submit a share request."""

from datetime import datetime

import msgspec

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange.application import statements, steps
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.application.request_faults import own_systems
from zhengshu.contexts.exchange.domain.requests import (
    Offer,
    RequestState,
    check,
    check_resource,
    needs_authority,
)
from zhengshu.contexts.exchange.events import ShareRequestSubmitted
from zhengshu.contexts.exchange.models.requests import ShareRequest
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import CaseId, DepartmentId, RequestId


@transaction
def submit_request(*, request_id: RequestId, actor: Actor, at: datetime) -> CaseId:
    """Submit a draft: its case begins with the requester's own head.

    Submitting again what was submitted returns the same case.

    Basis: Decree 809, article 20.

    Raises:
        RequestNotFound: the actor may not see such a request.
        NotYourStep: the actor is no data officer of the requester.
        ResourceWithheld: the resource is not shared any more.
        Refused: a statement is missing or wrong; `domain.requests.faults` lists them.
    """
    request = ShareRequest.objects.visible_to(actor).locked(request_id)
    steps.must_act_for(request.consumer_department_id, actor=actor, roles=[Role.DATA_OFFICER])
    if request.case_id is not None:
        return CaseId(request.case_id)
    steps.must_be_at(request, RequestState.DRAFT)
    offer = _checked(request, actor=actor, at=at)
    case = casework.open_case(
        case_type=steps.CASE_TYPE,
        subject=casework.CaseSubject(
            kind="share_request",
            id=request.id,
            title=request.resource_name,
            path=f"/exchange/requests/{request.id}/",
        ),
        parties={
            "requester": DepartmentId(request.consumer_department_id),
            "provider": DepartmentId(request.provider_department_id),
            "authority": DepartmentId(request.authority_department_id),
        },
        data={
            "sharing_class": request.sharing_class,
            "needs_authority": needs_authority(offer, columns=request.columns),
        },
        actor=actor,
        at=at,
    )
    request.case_id, request.number, request.submitted_at = case.id, case.number, at
    steps.follow(request, case, at=at)
    publish(
        ShareRequestSubmitted(
            at=at,
            actor=actor,
            subject=steps.subject_of(request),
            department_id=DepartmentId(request.consumer_department_id),
            request=steps.reference_of(request),
            case_id=case.id,
            purpose=request.purpose,
        )
    )
    return case.id


def _checked(request: ShareRequest, *, actor: Actor, at: datetime) -> Offer:
    """Judge the draft by the resource as it is published now, and keep that version."""
    offer = steps.offer_of(catalog.published_by_code(code=request.resource_code))
    check_resource(offer, requester=DepartmentId(request.consumer_department_id))
    check(
        statements.statement_of(request),
        offer=offer,
        purposes=purposes(),
        systems=[system.id for system in own_systems(actor=actor)],
        at=at,
    )
    request.resource_version, request.sharing_class = offer.version, offer.sharing_class
    request.fields = msgspec.to_builtins(offer.fields)
    return offer
