"""Ask the data authority for more time to answer."""

from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.application import steps
from zhengshu.contexts.exchange.domain.requests import RequestState
from zhengshu.contexts.exchange.events import ExtensionAsked
from zhengshu.contexts.exchange.models.requests import ShareRequest
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, RequestId


@transaction
def ask_extension(*, request_id: RequestId, reason: str, actor: Actor, at: datetime) -> None:
    """Ask, as the provider, to answer later than the limit; the data authority of the same level decides.

    Basis: Decree 809, article 21.

    Raises:
        RequestNotFound: the actor may not see such a request.
        NotYourStep: the actor is no data officer or head of the provider.
        StepNotOpen: the request does not wait for the answer.
        Refused: by casework: no reason, the limit has passed, the class has no extension, asked already.
    """
    request = ShareRequest.objects.visible_to(actor).locked(request_id)
    steps.must_act_for(
        request.provider_department_id, actor=actor, roles=[Role.DATA_OFFICER, Role.DEPARTMENT_HEAD]
    )
    steps.must_be_at(request, RequestState.PROVIDER_ANSWER)
    case = casework.ask_extension(
        case_id=steps.case_of(request), clock=steps.ANSWER_CLOCK, reason=reason.strip(), actor=actor, at=at
    )
    request.extension_reason, request.extension_asked_at = reason.strip(), at
    steps.follow(request, case, at=at)
    publish(
        ExtensionAsked(
            at=at,
            actor=actor,
            subject=steps.subject_of(request),
            department_id=DepartmentId(request.provider_department_id),
            request=steps.reference_of(request),
        )
    )
