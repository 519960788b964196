"""Tables of `exchange`: share requests, grants, records of calls."""

from zhengshu.contexts.exchange.models.calls import CallRecord
from zhengshu.contexts.exchange.models.grants import Grant
from zhengshu.contexts.exchange.models.requests import GrantMeasure, ShareRequest

__all__ = ["CallRecord", "Grant", "GrantMeasure", "ShareRequest"]
