"""What people read for what came of a call."""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy, pgettext

from zhengshu.contexts.exchange.domain.refusals import BY_CODE, OK
from zhengshu.contexts.exchange.interfaces.labels import Labels

VERDICTS: Labels = {
    "exchange.resource-not-granted": gettext_lazy("Resource not granted"),
    "exchange.purpose-not-granted": gettext_lazy("Purpose not granted"),
    "exchange.field-not-granted": gettext_lazy("Field not granted"),
    "exchange.operation-not-granted": gettext_lazy("Operation not granted"),
    "exchange.case-missing": gettext_lazy("Case missing"),
    "exchange.grant-revoked": gettext_lazy("Grant revoked"),
    "exchange.grant-expired": gettext_lazy("Grant expired"),
    "exchange.grant-not-active-yet": gettext_lazy("Grant not valid yet"),
    "exchange.quota-per-second-used-up": gettext_lazy("Quota of the second used up"),
    "exchange.quota-per-day-used-up": gettext_lazy("Quota of the day used up"),
    "exchange.call-replayed": gettext_lazy("Replayed"),
    "exchange.signature-too-old": gettext_lazy("Signature too old"),
    "exchange.key-expired": gettext_lazy("Key expired"),
    "exchange.body-changed": gettext_lazy("Body changed"),
    "exchange.key-missing": gettext_lazy("No key values"),
    "exchange.key-unknown": gettext_lazy("Unknown key column"),
    "exchange.value-unreadable": gettext_lazy("Value unreadable"),
    "exchange.purpose-missing": gettext_lazy("Purpose missing"),
}
"""The verdicts that callers meet; rarer ones are shown by their code."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the developer's table of problems."""

    code: str
    status: int
    sentence: str


def verdict_label(verdict: str) -> str:
    """Return what a person reads for the verdict of a call."""
    if verdict == OK:
        return pgettext("call", "Answered")
    return str(VERDICTS.get(verdict, verdict))


def problems() -> tuple[Problem, ...]:
    """Return every problem that a caller can meet, in the order in which the gateway checks."""
    return tuple(
        Problem(code=code, status=refusal.status, sentence=_plain(gettext(refusal.message)))
        for code, refusal in BY_CODE.items()
    )


def _plain(message: str) -> str:
    """Return the sentence with dots where a call's own data stands."""
    return message % _Dots() if "%(" in message else message


class _Dots(dict[str, str]):
    """Stands in for the data of a call."""

    def __missing__(self, key: str) -> str:
        """Return dots."""
        return "…"
