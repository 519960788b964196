"""Withdraw a share request."""

from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.application import steps
from zhengshu.contexts.exchange.domain.answers import ReasonMissing
from zhengshu.contexts.exchange.domain.requests import RequestState
from zhengshu.contexts.exchange.events import ShareRequestWithdrawn
from zhengshu.contexts.exchange.models.requests import ShareRequest
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, RequestId


@transaction
def withdraw_request(*, request_id: RequestId, reason: str, actor: Actor, at: datetime) -> None:
    """Take a request back; a draft is thrown away, a submitted request stays in the records.

    Raises:
        RequestNotFound: the actor may not see such a request.
        NotYourStep: the actor is no officer or head of the requester.
        StepNotOpen: the request is already decided.
        ReasonMissing: a submitted request without a reason.
    """
    request = ShareRequest.objects.visible_to(actor).locked(request_id)
    steps.must_act_for(
        request.consumer_department_id, actor=actor, roles=[Role.DATA_OFFICER, Role.DEPARTMENT_HEAD]
    )
    event = ShareRequestWithdrawn(
        at=at,
        actor=actor,
        subject=steps.subject_of(request),
        department_id=DepartmentId(request.consumer_department_id),
        request=steps.reference_of(request),
    )
    if request.state == RequestState.DRAFT:
        request.delete()
        publish(event)
        return
    if request.is_closed:
        raise steps.StepNotOpen
    if not reason.strip():
        raise ReasonMissing
    case = casework.withdraw_case(case_id=steps.case_of(request), reason=reason.strip(), actor=actor, at=at)
    steps.follow(request, case, at=at)
    publish(event)
