"""Queue of a hall: what a ticket is called, how it moves, and how long one who waits may have to wait."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from math import ceil
from statistics import median
from typing import Final

LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What a window group is called by; without those that are heard or read as numbers."""

_WRITTEN: Final = re.compile(r"([A-Z])[ -]*0*([1-9][0-9]{0,4})")
ROUND: Final = 5
"""A foreseen wait is told in whole steps of so many minutes; more would be a promise."""


class TicketState(StrEnum):
    """How far a ticket has come on its day."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    SERVED = "served"
    SKIPPED = "skipped"


AT_HAND: Final = frozenset({TicketState.CALLED, TicketState.SERVING})
"""What a clerk has before him; one at a time."""


class Step(StrEnum):
    """What a clerk does with a ticket."""

    CALL = "call"
    RECALL = "recall"
    SKIP = "skip"
    SERVE = "serve"
    END = "end"


_AFTER: Final[Mapping[tuple[TicketState, Step], TicketState]] = {
    (TicketState.WAITING, Step.CALL): TicketState.CALLED,
    (TicketState.SKIPPED, Step.CALL): TicketState.CALLED,
    (TicketState.CALLED, Step.RECALL): TicketState.CALLED,
    (TicketState.CALLED, Step.SKIP): TicketState.SKIPPED,
    (TicketState.CALLED, Step.SERVE): TicketState.SERVING,
    (TicketState.SERVING, Step.END): TicketState.SERVED,
}


def after(state: TicketState, step: Step) -> TicketState | None:
    """Return the state to which a step leads; None where the step is not to be done."""
    return _AFTER.get((state, step))


def label_of(letter: str, number: int) -> str:
    """Return a ticket's number as it is printed and called: `A007`."""
    return f"{letter}{number:03}"


def read_label(text: str) -> tuple[str, int] | None:
    """Return letter and number of a ticket however somebody types them; None where it is no ticket's number."""
    written = unicodedata.normalize("NFKC", text).strip().upper()
    found = _WRITTEN.fullmatch(written)
    return (found[1], int(found[2])) if found and found[1] in LETTERS else None


def foreseen_wait(*, ahead: int, windows: int, served: Sequence[float]) -> int | None:
    """Return for how many minutes somebody may have to wait; None while nobody can know.

    Args:
        ahead: how many wait before him.
        windows: how many windows call this group now.
        served: how many minutes each of the last visits took.
    """
    if not served or windows < 1:
        return None
    return ceil(median(served) * ahead / windows / ROUND) * ROUND
