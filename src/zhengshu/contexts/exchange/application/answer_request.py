"""Answer a share request as its provider."""

from datetime import datetime

import msgspec

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.application import statements, steps
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.domain import answers
from zhengshu.contexts.exchange.domain.answers import Answer, AnswerKind, Outcome, RequestFacts
from zhengshu.contexts.exchange.domain.requests import RequestState
from zhengshu.contexts.exchange.events import ShareRequestAnswered
from zhengshu.contexts.exchange.models.requests import ShareRequest
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, RequestId


@transaction
def answer_request(*, request_id: RequestId, answer: Answer, actor: Actor, at: datetime) -> Outcome:
    """Answer a share request: agree, refuse, or ask once for completion.

    Basis: Decree 809, article 21.

    Raises:
        RequestNotFound: the actor may not see such a request.
        NotYourStep: the actor is no data officer or head of the provider.
        StepNotOpen: an answer was given before, or the request has not come so far.
        Refused: the answer breaks the article; the errors of `domain.answers` say how.
        StepUpDue: by casework: the case type asks that the actor shows lately who he is.
    """
    request = ShareRequest.objects.visible_to(actor).locked(request_id)
    steps.must_act_for(
        request.provider_department_id, actor=actor, roles=[Role.DATA_OFFICER, Role.DEPARTMENT_HEAD]
    )
    steps.must_be_at(request, RequestState.PROVIDER_ANSWER)
    outcome = answers.decide(facts_of(request), answer=answer, at=at)
    case = casework.complete_task(
        case_id=steps.case_of(request),
        task="provider_answer",
        outcome=outcome.kind.value,
        reason=outcome.reason,
        basis=outcome.basis,
        actor=actor,
        at=at,
    )
    _record(request, outcome, at=at)
    steps.follow(request, case, at=at)
    publish(
        ShareRequestAnswered(
            at=at,
            actor=actor,
            subject=steps.subject_of(request),
            department_id=DepartmentId(request.provider_department_id),
            request=steps.reference_of(request),
            outcome=outcome.kind.value,
            ground=outcome.ground or "",
        )
    )
    return outcome


def facts_of(request: ShareRequest) -> RequestFacts:
    """Return what an answer to the request is judged by."""
    purpose = purposes().get(request.purpose)
    return RequestFacts(
        statement=statements.statement_of(request),
        sharing_class=request.sharing_class,
        fields=statements.offered_of(request),
        was_completion_asked=request.completion_asked_at is not None,
        purpose_needs_case=purpose is not None and purpose.needs_case,
    )


def _record(request: ShareRequest, outcome: Outcome, *, at: datetime) -> None:
    if outcome.kind is AnswerKind.ASK_COMPLETION:
        request.completion_notice, request.completion_asked_at = outcome.reason, at
        return
    request.answer_kind = outcome.kind
    request.answer_reason = outcome.reason
    request.answer_ground = outcome.ground or ""
    request.answer_basis = outcome.basis
    request.answered_at = at
    request.answer_due_at = request.due_at
    request.terms = msgspec.to_builtins(outcome.terms)
