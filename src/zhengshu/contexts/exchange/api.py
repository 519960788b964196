"""The door of `exchange`: share requests, grants, and who called what."""

from zhengshu.contexts.exchange.application.allow_own_use import allow_own_use
from zhengshu.contexts.exchange.application.answer_request import answer_request
from zhengshu.contexts.exchange.application.approve_request import approve_request
from zhengshu.contexts.exchange.application.ask_extension import ask_extension
from zhengshu.contexts.exchange.application.call_queries import call_counts, calls
from zhengshu.contexts.exchange.application.complete_request import complete_request
from zhengshu.contexts.exchange.application.decide_extension import decide_extension
from zhengshu.contexts.exchange.application.declare_overdue import NotOverdue, declare_overdue
from zhengshu.contexts.exchange.application.deliver_request import (
    FieldNotServed,
    ResourceNotServed,
    UseOver,
    deliver_request,
)
from zhengshu.contexts.exchange.application.draft_request import draft_request
from zhengshu.contexts.exchange.application.given import BatchUnfit, SourceMissing
from zhengshu.contexts.exchange.application.grant_queries import GrantState, count_grants, grant, grants
from zhengshu.contexts.exchange.application.grants import GrantNotActive, GrantNotFound, MisuseUnderWay
from zhengshu.contexts.exchange.application.matter_queries import corrections_of, matter, matters
from zhengshu.contexts.exchange.application.matter_records import (
    CorrectionRecord,
    CorrectionsOfResource,
    DemandRecord,
    DisputeRecord,
    MatterRecord,
    MatterSummary,
    MisuseRecord,
)
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.application.raise_demand import raise_demand
from zhengshu.contexts.exchange.application.raise_dispute import raise_dispute
from zhengshu.contexts.exchange.application.read_rows import (
    Register,
    RowsNotGranted,
    RowsNotRead,
    RowsRead,
    open_register,
)
from zhengshu.contexts.exchange.application.records import (
    CallCount,
    CallRecord,
    FieldRecord,
    GrantRecord,
    MeasureRecord,
    RequestRecord,
    RequestSummary,
)
from zhengshu.contexts.exchange.application.report_misuse import RectifyLimitUnfit, report_misuse
from zhengshu.contexts.exchange.application.request_correction import request_correction
from zhengshu.contexts.exchange.application.request_queries import request, requests, requests_by_state
from zhengshu.contexts.exchange.application.review_request import review_request
from zhengshu.contexts.exchange.application.revoke_grant import revoke_grant
from zhengshu.contexts.exchange.application.show_values import show_values
from zhengshu.contexts.exchange.application.steps import NotYourStep, StepNotOpen
from zhengshu.contexts.exchange.application.submit_request import submit_request
from zhengshu.contexts.exchange.application.take_step import take_step
from zhengshu.contexts.exchange.application.withdraw_matter import withdraw_matter
from zhengshu.contexts.exchange.application.withdraw_request import withdraw_request
from zhengshu.contexts.exchange.domain.answers import Answer, AnswerKind, RefusalGround
from zhengshu.contexts.exchange.domain.corrections import (
    Claim,
    ClaimedFieldUnknown,
    FaultKind,
    NothingClaimed,
    OwnDataWrong,
    RowNotNamed,
)
from zhengshu.contexts.exchange.domain.demands import (
    Demanded,
    DemandedByItself,
    PromiseUnfit,
    ResourceNotTheirs,
    ResponsibleMissing,
)
from zhengshu.contexts.exchange.domain.disputes import DisputeAbout, DisputeUnderWay, NotASide
from zhengshu.contexts.exchange.domain.matters import CallNotOfMatter, MatterKind, StatementMissing, Step
from zhengshu.contexts.exchange.domain.measures import MeasureNotYours
from zhengshu.contexts.exchange.domain.requests import (
    Delivery,
    Frequency,
    Purpose,
    RequestState,
    ResourceWithheld,
    Statement,
)
from zhengshu.contexts.exchange.domain.requests_scope import Condition, Operator
from zhengshu.contexts.exchange.models.matters import MatterNotFound
from zhengshu.contexts.exchange.models.requests import RequestNotFound

__all__ = [
    "Answer",
    "AnswerKind",
    "BatchUnfit",
    "CallCount",
    "CallNotOfMatter",
    "CallRecord",
    "Claim",
    "ClaimedFieldUnknown",
    "Condition",
    "CorrectionRecord",
    "CorrectionsOfResource",
    "Delivery",
    "DemandRecord",
    "Demanded",
    "DemandedByItself",
    "DisputeAbout",
    "DisputeRecord",
    "DisputeUnderWay",
    "FaultKind",
    "FieldNotServed",
    "FieldRecord",
    "Frequency",
    "GrantNotActive",
    "GrantNotFound",
    "GrantRecord",
    "GrantState",
    "MatterKind",
    "MatterNotFound",
    "MatterRecord",
    "MatterSummary",
    "MeasureNotYours",
    "MeasureRecord",
    "MisuseRecord",
    "MisuseUnderWay",
    "NotASide",
    "NotOverdue",
    "NotYourStep",
    "NothingClaimed",
    "Operator",
    "OwnDataWrong",
    "PromiseUnfit",
    "Purpose",
    "RectifyLimitUnfit",
    "RefusalGround",
    "Register",
    "RequestNotFound",
    "RequestRecord",
    "RequestState",
    "RequestSummary",
    "ResourceNotServed",
    "ResourceNotTheirs",
    "ResourceWithheld",
    "ResponsibleMissing",
    "RowNotNamed",
    "RowsNotGranted",
    "RowsNotRead",
    "RowsRead",
    "SourceMissing",
    "Statement",
    "StatementMissing",
    "Step",
    "StepNotOpen",
    "UseOver",
    "allow_own_use",
    "answer_request",
    "approve_request",
    "ask_extension",
    "call_counts",
    "calls",
    "complete_request",
    "corrections_of",
    "count_grants",
    "decide_extension",
    "declare_overdue",
    "deliver_request",
    "draft_request",
    "grant",
    "grants",
    "matter",
    "matters",
    "open_register",
    "purposes",
    "raise_demand",
    "raise_dispute",
    "report_misuse",
    "request",
    "request_correction",
    "requests",
    "requests_by_state",
    "review_request",
    "revoke_grant",
    "show_values",
    "submit_request",
    "take_step",
    "withdraw_matter",
    "withdraw_request",
]
