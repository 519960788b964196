"""Follow a case that moved by other hands than ours: its own pages, the inbox, a consent to a longer clock."""

import msgspec

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.casework.events import CaseClosed, CaseEvent, ClockExtended, TaskCompleted
from zhengshu.contexts.exchange.application import steps
from zhengshu.contexts.exchange.application.answer_request import facts_of
from zhengshu.contexts.exchange.domain import answers
from zhengshu.contexts.exchange.domain.answers import Answer, AnswerKind
from zhengshu.contexts.exchange.models.requests import ShareRequest
from zhengshu.foundation.events import on
from zhengshu.kernel.actors import Actor

FOLLOWER = Actor.platform("exchange.follow-case")


@on(TaskCompleted)
def task_completed(event: TaskCompleted) -> None:
    """Bring the request in line with its case."""
    follow_case(event)


@on(ClockExtended)
def clock_extended(event: ClockExtended) -> None:
    """Bring the request's due date in line with its case."""
    follow_case(event)


@on(CaseClosed)
def case_closed(event: CaseClosed) -> None:
    """Bring the request in line with its case."""
    follow_case(event)


def follow_case(event: CaseEvent) -> None:
    """Bring the request of a case in line with the case as it now stands; repeating it changes nothing."""
    if event.case_type != steps.CASE_TYPE:
        return
    request = ShareRequest.objects.select_for_update().filter(case_id=event.case_id).first()
    if request is None:
        return
    case = casework.case(case_id=event.case_id, actor=FOLLOWER, at=event.at)
    before = (request.state, request.due_at)
    _learn(request, case)
    steps.bring_in_line(request, case)
    if before != (request.state, request.due_at):
        request.touch(at=event.at)


def _learn(request: ShareRequest, case: casework.CaseRecord) -> None:
    """Take over from the timeline what was decided elsewhere: a yes grants what was asked, a no has its reason."""
    for step in case.timeline:
        if step.task == "provider_answer" and not request.answer_kind:
            _learn_answer(request, step)
        elif step.task == "authority_review" and step.outcome == AnswerKind.REFUSE:
            _learn_refusal(request, step)


def _learn_answer(request: ShareRequest, step: casework.Step) -> None:
    if step.outcome == AnswerKind.AGREE:
        outcome = answers.decide(facts_of(request), answer=Answer(kind=AnswerKind.AGREE), at=step.at)
        request.answer_kind, request.answered_at = outcome.kind, step.at
        request.terms = msgspec.to_builtins(outcome.terms)
    elif step.outcome == AnswerKind.ASK_COMPLETION:
        request.completion_notice, request.completion_asked_at = step.reason, step.at
    elif step.outcome == AnswerKind.REFUSE:
        _learn_refusal(request, step)


def _learn_refusal(request: ShareRequest, step: casework.Step) -> None:
    if request.answer_kind == AnswerKind.REFUSE:
        return
    request.answer_kind, request.answered_at = AnswerKind.REFUSE, request.answered_at or step.at
    request.answer_reason, request.answer_basis = step.reason, step.basis
