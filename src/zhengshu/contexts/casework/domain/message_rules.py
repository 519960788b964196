"""Whom a case type tells of what, by which channel: the keys ``messages`` and ``notices`` of `type.yaml`."""

from enum import StrEnum

import msgspec

Code = str


class Occasion(StrEnum):
    """What people may be told of."""

    OPENED = "opened"
    """The case was opened."""
    TASK_OPENED = "task_opened"
    """A to-do appeared."""
    TASK_HANDED_OVER = "task_handed_over"
    """A to-do was handed to somebody."""
    TASK_DONE = "task_done"
    """A to-do ended, in one of the outcomes that are named."""
    ESCALATED = "escalated"
    """A clock nears its end or has passed it."""
    URGED = "urged"
    """A department was urged."""
    DOCUMENT_ADDED = "document_added"
    """A document was added that the applicant sees."""
    COMMENTED = "commented"
    """A comment was written that the applicant sees."""
    CLOCK_PAUSED = "clock_paused"
    """A clock was stopped by hand; what stands still while a to-do is open is told by that to-do."""
    CLOCK_RESUMED = "clock_resumed"
    """A clock that was stopped by hand goes on."""
    CLOCK_EXTENDED = "clock_extended"
    """A time limit was extended."""
    CLOSED = "closed"
    """The case ended, in one of the ends that are named."""


OF_TASKS = frozenset({Occasion.TASK_OPENED, Occasion.TASK_HANDED_OVER, Occasion.TASK_DONE})
WITH_DOERS = frozenset({Occasion.TASK_OPENED, Occasion.TASK_HANDED_OVER, Occasion.ESCALATED, Occasion.URGED})
"""Occasions that concern certain people: who may do the to-do, to whom it was handed, who is to know of the delay."""


class Channel(StrEnum):
    """How a message reaches somebody; each person also chooses, the site excepted."""

    SITE = "site"
    EMAIL = "email"
    SMS = "sms"


DOERS, OPENER = "doers", "opener"
"""Recipients besides the lanes and ``applicant``: whom the occasion concerns, and whoever opened the case."""


class MessageRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One occasion, and who is told of it."""

    occasion: Occasion
    task: Code = ""
    """Only of this task; empty: of every one."""
    outcomes: tuple[Code, ...] = ()
    """Only of these outcomes of the task."""
    ends: tuple[Code, ...] = ()
    """Only of these ends of the case."""
    to: tuple[Code, ...]
    """Lanes of the type, ``applicant``, `OPENER`, `DOERS`."""
    by: tuple[Channel, ...] = (Channel.SITE,)

    def covers(self, occasion: Occasion, *, task: str = "", outcome: str = "") -> bool:
        """Whether the rule tells of what happened; `outcome` is that of the task, or the end of the case."""
        if occasion != self.occasion or (self.task and task != self.task):
            return False
        wanted = self.ends if occasion == Occasion.CLOSED else self.outcomes
        return not wanted or outcome in wanted


class NoticeRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notice in writing that is issued when a task ends with one of these outcomes."""

    task: Code
    outcomes: tuple[Code, ...]
