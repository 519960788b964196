"""Decide, as the data authority, on a later answer."""

from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.application import steps
from zhengshu.contexts.exchange.domain.requests import RequestState
from zhengshu.contexts.exchange.events import ExtensionDecided
from zhengshu.contexts.exchange.models.requests import ShareRequest
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, RequestId


@transaction
def decide_extension(
    *, request_id: RequestId, is_consented: bool, reason: str = "", actor: Actor, at: datetime
) -> datetime | None:
    """Give the provider the longer limit for which it asked, or not; the requester sees why and until when.

    Basis: Decree 809, article 21: at most ten working days more, with the consent of the data authority of the
    same level and notice to the requester.

    Returns:
        When the answer is due now.

    Raises:
        RequestNotFound: the actor may not see such a request.
        NotYourStep: the actor is no reviewer of the data authority in charge.
        StepNotOpen: the request does not wait for the answer.
        Refused: by casework: nothing was asked, a decline without its reason.
    """
    request = ShareRequest.objects.visible_to(actor).locked(request_id)
    steps.must_act_for(request.authority_department_id, actor=actor, roles=[Role.REVIEWER])
    steps.must_be_at(request, RequestState.PROVIDER_ANSWER)
    case = casework.complete_task(
        case_id=steps.case_of(request),
        task=steps.EXTENSION_TASK,
        outcome="consent" if is_consented else "decline",
        reason=reason.strip(),
        actor=actor,
        at=at,
    )
    request.extended_at = at if is_consented else None
    steps.follow(request, case, at=at)
    publish(
        ExtensionDecided(
            at=at,
            actor=actor,
            subject=steps.subject_of(request),
            department_id=DepartmentId(request.consumer_department_id),
            request=steps.reference_of(request),
            is_consented=is_consented,
        )
    )
    return request.due_at
