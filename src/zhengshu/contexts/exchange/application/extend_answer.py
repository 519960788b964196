"""Consent, as the data authority, to a later answer."""

from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.application import steps
from zhengshu.contexts.exchange.domain.requests import RequestState
from zhengshu.contexts.exchange.events import AnswerExtended
from zhengshu.contexts.exchange.models.requests import ShareRequest
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, RequestId


@transaction
def extend_answer(*, request_id: RequestId, actor: Actor, at: datetime) -> datetime | None:
    """Give the provider the longer limit for which it asked; the requester sees why and until when.

    Basis: Decree 809, article 21: at most ten working days more, with the consent of the data authority of the
    same level and notice to the requester.

    Raises:
        RequestNotFound: the actor may not see such a request.
        NotYourStep: the actor is no reviewer of the data authority in charge.
        StepNotOpen: no extension is asked for, or it was given before.
        Refused: by casework: the class has no extension, or the clock has ended.
    """
    request = ShareRequest.objects.visible_to(actor).locked(request_id)
    steps.must_act_for(request.authority_department_id, actor=actor, roles=[Role.REVIEWER])
    steps.must_be_at(request, RequestState.PROVIDER_ANSWER)
    if request.extension_asked_at is None or request.extended_at is not None:
        raise steps.StepNotOpen
    clock = casework.extend_clock(
        case_id=steps.case_of(request), clock="answer", reason=request.extension_reason, actor=actor, at=at
    )
    request.extended_at, request.due_at = at, clock.due_at
    request.touch(at=at)
    publish(
        AnswerExtended(
            at=at,
            actor=actor,
            subject=steps.subject_of(request),
            department_id=DepartmentId(request.consumer_department_id),
            request=steps.reference_of(request),
            reason=request.extension_reason,
        )
    )
    return request.due_at
