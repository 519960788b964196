"""Sign a share request as the requester's head."""

from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.application import steps
from zhengshu.contexts.exchange.domain.answers import ReasonMissing
from zhengshu.contexts.exchange.domain.requests import RequestState
from zhengshu.contexts.exchange.events import ShareRequestApproved
from zhengshu.contexts.exchange.models.requests import ShareRequest
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, RequestId


@transaction
def approve_request(
    *, request_id: RequestId, is_approved: bool, reason: str = "", actor: Actor, at: datetime
) -> RequestState:
    """Let a request of one's own department go to the provider, or return it to its officer.

    Basis: Decree 809, article 20: the head of the department's sharing office signs.

    Raises:
        RequestNotFound: the actor may not see such a request.
        NotYourStep: the actor is no head of the requester.
        StepNotOpen: the request is not at this step.
        ReasonMissing: a return without its reason.
        Refused: by casework: the head's own request.
        StepUpDue: by casework: the case type asks that the actor shows lately who he is.
    """
    request = ShareRequest.objects.visible_to(actor).locked(request_id)
    steps.must_act_for(request.consumer_department_id, actor=actor, roles=[Role.DEPARTMENT_HEAD])
    steps.must_be_at(request, RequestState.HEAD_APPROVAL)
    if not is_approved and not reason.strip():
        raise ReasonMissing
    request.return_reason = "" if is_approved else reason.strip()
    outcome = "approve" if is_approved else "return"
    case = casework.complete_task(
        case_id=steps.case_of(request),
        task="head_approval",
        outcome=outcome,
        reason=reason.strip(),
        actor=actor,
        at=at,
    )
    steps.follow(request, case, at=at)
    publish(
        ShareRequestApproved(
            at=at,
            actor=actor,
            subject=steps.subject_of(request),
            department_id=DepartmentId(request.consumer_department_id),
            request=steps.reference_of(request),
            outcome=outcome,
        )
    )
    return RequestState(request.state)
