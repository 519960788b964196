"""Tables of `exchange`: share requests, grants, records of calls and what watches them, matters about shared data."""

from zhengshu.contexts.exchange.models.calls import CallRecord
from zhengshu.contexts.exchange.models.corrections import CorrectionRequest
from zhengshu.contexts.exchange.models.demands import DataDemand
from zhengshu.contexts.exchange.models.disputes import Dispute
from zhengshu.contexts.exchange.models.grants import Grant
from zhengshu.contexts.exchange.models.misuses import Misuse
from zhengshu.contexts.exchange.models.reports import MonitorReport
from zhengshu.contexts.exchange.models.requests import GrantMeasure, ShareRequest
from zhengshu.contexts.exchange.models.watching import CallDay, Finding, SubjectDay, WatchSetting, WatchState

__all__ = [
    "CallDay",
    "CallRecord",
    "CorrectionRequest",
    "DataDemand",
    "Dispute",
    "Finding",
    "Grant",
    "GrantMeasure",
    "Misuse",
    "MonitorReport",
    "ShareRequest",
    "SubjectDay",
    "WatchSetting",
    "WatchState",
]
