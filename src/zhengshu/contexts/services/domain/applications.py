"""What follows from the checks of an application, and what it saved."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class PreReview(StrEnum):
    """What the checks of an application say together."""

    NONE = "none"
    """Its case type has no checks."""
    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    PERSON = "person"


class ApplicationState(StrEnum):
    """How far an application has come, for counts; the case says it in words."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    """By an end of the case type that is none of these."""


GRANTING: Final = frozenset({"granted", "issued", "approved"})
"""The ends of case types that give what was asked for, and with it the certificate."""

REFUSING: Final = frozenset({"refused", "not_accepted"})


def together(verdicts: Iterable[str]) -> PreReview:
    """Return what several checks say together: one failure is a failure, one question needs a person.

    >>> together(["pass", "person"]).value
    'person'
    """
    found = set(verdicts)
    for worst in (PreReview.FAIL, PreReview.PERSON, PreReview.PASS):
        if worst.value in found:
            return worst
    return PreReview.NONE


def state_at(end: str) -> ApplicationState:
    """Return the state of an application whose case stands at an end; the empty text and `open` are none."""
    if end in {"", "open"}:
        return ApplicationState.OPEN
    if end in GRANTING:
        return ApplicationState.GRANTED
    if end in REFUSING:
        return ApplicationState.REFUSED
    return ApplicationState.WITHDRAWN if end == "withdrawn" else ApplicationState.ENDED
