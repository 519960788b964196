"""When a table is assessed, and what its resource demands of a batch before it is published."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhengshu.contexts.quality.domain.rules import Severity
from zhengshu.kernel.errors import Refused

WEEK = 7
MOST_DAYS = 366
MINUTE = 17
"""The minute of each hour at which the schedule looks for tables that are due."""
HIGHEST = 100.0
_ORDER = (Severity.HINT, Severity.WARNING, Severity.ERROR)


class ScoreTooLow(Refused):
    """The rows of the batch score less than their resource demands; correct the named rows and deliver again."""

    code = "quality.score-too-low"
    message = (
        "The rows score %(score)s, and this resource demands at least %(least)s. Most of it is owed to: %(rules)s. "
        "Nothing was changed; correct them and deliver again."
    )


class SevereFaults(Refused):
    """Rows fail rules of a severity that their resource does not tolerate."""

    code = "quality.severe-faults"
    message = (
        "%(rows)s rows fail rules that this resource demands of every row: %(rules)s. "
        "Nothing was changed; correct them and deliver again."
    )


class PlanUnfit(Refused):
    """The plan has a number outside of its limits."""

    code = "quality.plan-unfit"
    message = "Days lie between 0 and 366, and the least score between 0 and 100."


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When a table is assessed and what it demands of its batches.

    Attributes:
        is_on_batch: whether each new batch is followed by an assessment.
        every_days: after how many days without one it is assessed; 0 for never.
        is_paused: whether the schedule stands still meanwhile; batches are assessed all the same.
        least_score: the score that a batch must reach; None to demand none.
        no_failure_of: the severity from which no row of a batch may fail; None to tolerate all.
    """

    is_on_batch: bool = True
    every_days: int = WEEK
    is_paused: bool = False
    least_score: float | None = None
    no_failure_of: Severity | None = None

    @property
    def is_scheduled(self) -> bool:
        """Whether it is assessed anew after some days."""
        return bool(self.every_days) and not self.is_paused

    @property
    def has_gate(self) -> bool:
        """Whether a batch is judged before it is published."""
        return self.least_score is not None or self.no_failure_of is not None

    def require_fit(self) -> None:
        """Refuse numbers outside of their limits.

        Raises:
            PlanUnfit: one is.
        """
        score = 0 if self.least_score is None else self.least_score
        if not 0 <= self.every_days <= MOST_DAYS or not 0 <= score <= HIGHEST:
            raise PlanUnfit


def next_round(plan: Plan, last_at: datetime | None, *, at: datetime) -> datetime | None:
    """Return when the schedule asks for a table next: at the first look after its days are over.

    Args:
        plan: its plan.
        last_at: when it was last asked for; None for never.
        at: now.
    """
    if not plan.is_scheduled:
        return None
    due = max(at, last_at + timedelta(days=plan.every_days)) if last_at else at
    look = due.replace(minute=MINUTE, second=0, microsecond=0)
    return look if look >= due else look + timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a rule found in a batch."""

    name: str
    severity: Severity
    failed: int


def judge_batch(plan: Plan, *, score: float | None, found: Iterable[Found]) -> None:
    """Decide whether a batch may be published.

    Raises:
        SevereFaults: rows fail rules that the resource does not tolerate.
        ScoreTooLow: the score is less than demanded.
    """
    failing = sorted(
        (one for one in found if one.failed), key=lambda one: (-_ORDER.index(one.severity), -one.failed)
    )
    if plan.no_failure_of is not None:
        least = _ORDER.index(plan.no_failure_of)
        severe = [one for one in failing if _ORDER.index(one.severity) >= least]
        if severe:
            raise SevereFaults(rows=max(one.failed for one in severe), rules=_named(severe))
    if plan.least_score is not None and score is not None and score < plan.least_score:
        raise ScoreTooLow(score=f"{score:.2f}", least=f"{plan.least_score:g}", rules=_named(failing))


def _named(found: list[Found]) -> str:
    shown = "；".join(f"{one.name} ({one.failed:,})" for one in found[:5])
    return shown + (" …" if len(found) > 5 else "")  # noqa: PLR2004 - as above
