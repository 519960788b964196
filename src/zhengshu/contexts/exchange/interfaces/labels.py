"""What people read for the closed vocabularies of the exchange."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengshu.contexts.exchange.domain.answers import AnswerKind, RefusalGround
from zhengshu.contexts.exchange.domain.measures import MeasureKind
from zhengshu.contexts.exchange.domain.requests import Delivery, Frequency, RequestState
from zhengshu.contexts.exchange.domain.requests_scope import Operator
from zhengshu.kernel.masks import Mask

Labels = Mapping[str, Promise]

STATES: Labels = {
    RequestState.DRAFT: _("Draft"),
    RequestState.HEAD_APPROVAL: _("Waits for own head"),
    RequestState.PROVIDER_ANSWER: _("Waits for the provider"),
    RequestState.COMPLETION: _("To be completed"),
    RequestState.AUTHORITY_REVIEW: _("With the data authority"),
    RequestState.DELIVERY: _("Being delivered"),
    RequestState.DELIVERED: _("Delivered"),
    RequestState.REFUSED: _("Request refused"),
    RequestState.WITHDRAWN: _("Withdrawn"),
}
STATE_COLORS: Mapping[str, str] = {
    RequestState.DRAFT: "grey",
    RequestState.COMPLETION: "yellow",
    RequestState.DELIVERED: "green",
    RequestState.REFUSED: "red",
    RequestState.WITHDRAWN: "grey",
}
CLASSES: Labels = {
    "unconditional": _("Unconditional"),
    "conditional": _("Conditional"),
    "withheld": _("Withheld"),
}
DELIVERIES: Labels = {
    Delivery.API: _("Service interface (API)"),
    Delivery.TABLE: _("Table exchange"),
    Delivery.FILE: _("File download"),
}
FREQUENCIES: Labels = {
    Frequency.PER_CASE: _("With each case"),
    Frequency.DAILY: _("Daily"),
    Frequency.WEEKLY: _("Weekly"),
    Frequency.MONTHLY: _("Monthly"),
    Frequency.ONCE: _("Once"),
}
OPERATORS: Labels = {
    Operator.EQUALS: _("equals"),
    Operator.ONE_OF: _("is one of"),
    Operator.AT_LEAST: _("is at least"),
    Operator.AT_MOST: _("is at most"),
    Operator.STARTS_WITH: _("starts with"),
}
TYPES: Labels = {
    "text": _("text"),
    "integer": _("integer"),
    "decimal": _("decimal"),
    "date": _("date"),
    "datetime": _("date and time"),
    "boolean": _("yes or no"),
}
GRADES: Mapping[int, Promise] = {
    1: _("general 1"),
    2: _("general 2"),
    3: _("general 3"),
    4: _("general 4"),
    5: _("important"),
    6: _("core"),
}
MASKS: Labels = {
    Mask.NONE: _("in full"),
    Mask.FULL: _("nothing shown"),
    Mask.NAME: _("first letter of the name"),
    Mask.CITIZEN_ID: _("first 6 and last 4"),
    Mask.PHONE: _("first 3 and last 4"),
    Mask.ADDRESS: _("down to the street"),
    Mask.DATE_YEAR: _("year only"),
    Mask.CREDIT_CODE: _("in full"),
}
ANSWERS: Labels = {
    AnswerKind.AGREE: _("Agreed"),
    AnswerKind.REFUSE: _("Request refused"),
    AnswerKind.ASK_COMPLETION: _("Completion asked"),
}
GROUNDS: Labels = {
    RefusalGround.LAW_FORBIDS: _("A law, regulation or State Council decision forbids this use"),
    RefusalGround.CONDITIONS_NOT_MET: _("The published sharing conditions are not met"),
    RefusalGround.BEYOND_DUTIES: _("The use lies beyond the requester's statutory duties"),
    RefusalGround.NOT_NECESSARY: _("The data is not necessary for the stated matter"),
    RefusalGround.NOT_COMPLETED: _("The request was not completed after the one-time notice"),
}
GRANT_STATES: Labels = {
    "active": _("In force"),
    "upcoming": _("Not yet in force"),
    "expired": _("Expired"),
    "suspended": _("Suspended"),
    "revoked": pgettext_lazy("grant", "Revoked"),
}
GRANT_COLORS: Mapping[str, str] = {
    "active": "green",
    "upcoming": "blue",
    "expired": "grey",
    "suspended": "yellow",
    "revoked": "red",
}
MEASURES: Labels = {
    MeasureKind.SUSPEND: _("Suspended"),
    MeasureKind.RESUME: _("Resumed"),
    MeasureKind.REVOKE: pgettext_lazy("grant", "Revoked"),
}
OPERATIONS: Labels = {
    "records": _("Records"),
    "verify": _("Verification"),
    "receipt": _("Receipt"),
    "ping": _("Ping"),
    "report": _("Report of a monitor"),
}


def label(labels: Mapping[str, Promise], value: str) -> str:
    """Return what a person reads for a value; the value itself where nothing is known of it."""
    return str(labels.get(value, value))


def grade(value: int) -> str:
    """Return what a person reads for a grade."""
    return str(GRADES.get(value, value))


def choices(labels: Labels) -> list[tuple[str, Promise]]:
    """Return the choices of a form field."""
    return [(str(value), text) for value, text in labels.items()]
