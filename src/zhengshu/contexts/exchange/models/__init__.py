"""Tables of `exchange`: share requests, grants, records of calls, and the matters about shared data."""

from zhengshu.contexts.exchange.models.calls import CallRecord
from zhengshu.contexts.exchange.models.corrections import CorrectionRequest
from zhengshu.contexts.exchange.models.demands import DataDemand
from zhengshu.contexts.exchange.models.disputes import Dispute
from zhengshu.contexts.exchange.models.grants import Grant
from zhengshu.contexts.exchange.models.misuses import Misuse
from zhengshu.contexts.exchange.models.requests import GrantMeasure, ShareRequest

__all__ = [
    "CallRecord",
    "CorrectionRequest",
    "DataDemand",
    "Dispute",
    "Grant",
    "GrantMeasure",
    "Misuse",
    "ShareRequest",
]
