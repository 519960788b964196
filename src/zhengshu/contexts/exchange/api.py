"""The door of `exchange`: share requests, grants, and who called what."""

from zhengshu.contexts.exchange.application.answer_request import answer_request
from zhengshu.contexts.exchange.application.approve_request import approve_request
from zhengshu.contexts.exchange.application.ask_extension import ask_extension
from zhengshu.contexts.exchange.application.call_queries import call_counts, calls
from zhengshu.contexts.exchange.application.complete_request import complete_request
from zhengshu.contexts.exchange.application.decide_extension import decide_extension
from zhengshu.contexts.exchange.application.deliver_request import (
    FieldNotServed,
    ResourceNotServed,
    UseOver,
    deliver_request,
)
from zhengshu.contexts.exchange.application.draft_request import draft_request
from zhengshu.contexts.exchange.application.grant_queries import GrantState, grant, grants
from zhengshu.contexts.exchange.application.grants import GrantNotActive, GrantNotFound
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.application.records import (
    CallCount,
    CallRecord,
    FieldRecord,
    GrantRecord,
    MeasureRecord,
    RequestRecord,
    RequestSummary,
)
from zhengshu.contexts.exchange.application.request_queries import request, requests, requests_by_state
from zhengshu.contexts.exchange.application.resume_grant import resume_grant
from zhengshu.contexts.exchange.application.review_request import review_request
from zhengshu.contexts.exchange.application.revoke_grant import revoke_grant
from zhengshu.contexts.exchange.application.steps import NotYourStep, StepNotOpen
from zhengshu.contexts.exchange.application.submit_request import submit_request
from zhengshu.contexts.exchange.application.suspend_grant import suspend_grant
from zhengshu.contexts.exchange.application.withdraw_request import withdraw_request
from zhengshu.contexts.exchange.domain.answers import Answer, AnswerKind, RefusalGround
from zhengshu.contexts.exchange.domain.requests import (
    Delivery,
    Frequency,
    Purpose,
    RequestState,
    ResourceWithheld,
    Statement,
)
from zhengshu.contexts.exchange.domain.requests_scope import Condition, Operator
from zhengshu.contexts.exchange.models.requests import RequestNotFound

__all__ = [
    "Answer",
    "AnswerKind",
    "CallCount",
    "CallRecord",
    "Condition",
    "Delivery",
    "FieldNotServed",
    "FieldRecord",
    "Frequency",
    "GrantNotActive",
    "GrantNotFound",
    "GrantRecord",
    "GrantState",
    "MeasureRecord",
    "NotYourStep",
    "Operator",
    "Purpose",
    "RefusalGround",
    "RequestNotFound",
    "RequestRecord",
    "RequestState",
    "RequestSummary",
    "ResourceNotServed",
    "ResourceWithheld",
    "Statement",
    "StepNotOpen",
    "UseOver",
    "answer_request",
    "approve_request",
    "ask_extension",
    "call_counts",
    "calls",
    "complete_request",
    "decide_extension",
    "deliver_request",
    "draft_request",
    "grant",
    "grants",
    "purposes",
    "request",
    "requests",
    "requests_by_state",
    "resume_grant",
    "review_request",
    "revoke_grant",
    "submit_request",
    "suspend_grant",
    "withdraw_request",
]
