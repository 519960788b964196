"""Confirm or refuse the release of graded data as the data authority."""

from datetime import datetime

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.application import steps
from zhengshu.contexts.exchange.domain.answers import AnswerKind, BasisMissing, ReasonMissing
from zhengshu.contexts.exchange.domain.requests import RequestState
from zhengshu.contexts.exchange.events import ShareRequestReviewed
from zhengshu.contexts.exchange.models.requests import ShareRequest
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, RequestId


@transaction
def review_request(
    *,
    request_id: RequestId,
    is_confirmed: bool,
    reason: str = "",
    basis: str = "",
    actor: Actor,
    at: datetime,
) -> RequestState:
    """Confirm a release to which the provider agreed, or refuse it with reason and legal basis.

    Basis: Decree 809, articles 8 and 21.

    Raises:
        RequestNotFound: the actor may not see such a request.
        NotYourStep: the actor is no reviewer of the data authority in charge.
        StepNotOpen: the request is not at this step.
        ReasonMissing: a refusal without its reason.
        BasisMissing: a refusal without its legal basis.
    """
    request = ShareRequest.objects.visible_to(actor).locked(request_id)
    steps.must_act_for(request.authority_department_id, actor=actor, roles=[Role.REVIEWER])
    steps.must_be_at(request, RequestState.AUTHORITY_REVIEW)
    if not is_confirmed:
        _explained(reason=reason, basis=basis)
        request.answer_kind = AnswerKind.REFUSE
        request.answer_reason, request.answer_basis = reason.strip(), basis.strip()
    outcome = "confirm" if is_confirmed else "refuse"
    case = casework.complete_task(
        case_id=steps.case_of(request),
        task="authority_review",
        outcome=outcome,
        reason=reason.strip(),
        basis=basis.strip(),
        actor=actor,
        at=at,
    )
    steps.follow(request, case, at=at)
    publish(
        ShareRequestReviewed(
            at=at,
            actor=actor,
            subject=steps.subject_of(request),
            department_id=DepartmentId(request.authority_department_id),
            request=steps.reference_of(request),
            outcome=outcome,
        )
    )
    return RequestState(request.state)


def _explained(*, reason: str, basis: str) -> None:
    if not reason.strip():
        raise ReasonMissing
    if not basis.strip():
        raise BasisMissing
