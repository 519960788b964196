"""Complete a share request whose provider or head found something missing."""

from dataclasses import replace
from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.application import statements, steps
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.application.request_faults import own_systems
from zhengshu.contexts.exchange.domain.requests import Offer, RequestState, Statement, check, needs_authority
from zhengshu.contexts.exchange.domain.requests_scope import check_conditions
from zhengshu.contexts.exchange.events import ShareRequestCompleted
from zhengshu.contexts.exchange.models.requests import ShareRequest
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, RequestId, ResourceId


@transaction
def complete_request(
    *, request_id: RequestId, statement: Statement, reply: str, actor: Actor, at: datetime
) -> RequestState:
    """Supply what the notice named, and send the request on.

    The resource and its version stay those of the submission; whether the data authority confirms the release is
    judged anew by the fields that are asked for now.

    Basis: Decree 809, article 21.

    Raises:
        RequestNotFound: the actor may not see such a request.
        NotYourStep: the actor is no data officer of the requester.
        StepNotOpen: no completion is asked for.
        Refused: a statement is missing or wrong.
    """
    request = ShareRequest.objects.visible_to(actor).locked(request_id)
    steps.must_act_for(request.consumer_department_id, actor=actor, roles=[Role.DATA_OFFICER])
    steps.must_be_at(request, RequestState.COMPLETION)
    offer = _offer(request)
    statement = replace(statement, conditions=check_conditions(statement.conditions, offered=offer.fields))
    systems = [system.id for system in own_systems(actor=actor)]
    check(statement, offer=offer, purposes=purposes(), systems=systems, at=at)
    statements.state(request, statement)
    request.completion_reply = reply.strip()
    case = casework.complete_task(
        case_id=steps.case_of(request),
        task="complete_request",
        outcome="submit",
        data={"needs_authority": needs_authority(offer, columns=statement.columns)},
        reason=request.completion_reply,
        actor=actor,
        at=at,
    )
    steps.follow(request, case, at=at)
    publish(
        ShareRequestCompleted(
            at=at,
            actor=actor,
            subject=steps.subject_of(request),
            department_id=DepartmentId(request.consumer_department_id),
            request=steps.reference_of(request),
        )
    )
    return RequestState(request.state)


def _offer(request: ShareRequest) -> Offer:
    return Offer(
        resource_id=ResourceId(request.resource_id),
        code=request.resource_code,
        name=request.resource_name,
        version=request.resource_version,
        department_id=DepartmentId(request.provider_department_id),
        sharing_class=request.sharing_class,
        conditions="",
        basis="",
        fields=statements.offered_of(request),
    )
