"""Steps of the city's people and officials in a case, each by the account whose step it is, at its moment."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from zhengshu.contexts.casework import api as casework
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import CaseId
from zhengshu.project.demo_city.accounts import official_actor

CHINA: Final = ZoneInfo("Asia/Shanghai")
_MORNING: Final = 10
TODAY: Final = "today"
"""Where an answer is the day of its step."""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody does with a to-do, so many hours after the step before; without `by`, the applicant himself.

    Attributes:
        item: the part of one thing that it is about; empty where there is one case.
    """

    task: str
    outcome: str
    hours: int
    item: str = ""
    by: str = ""
    reason: str = ""
    basis: str = ""
    answers: Mapping[str, tuple[str, ...]] = {}


def do_step(step: Step, case_id: CaseId, *, own: Actor, key: str, at: datetime) -> None:
    """Do a to-do, unless rules or an earlier run have done it."""
    doer = official_actor(step.by) if step.by else own
    task = casework.case(case_id=case_id, actor=doer, at=at).task(step.task)
    if task is None:
        return
    if step.answers:
        casework.complete_by_form(
            task_id=task.id,
            answers=on_that_day(step.answers, at),
            outcome=step.outcome,
            reason=step.reason,
            basis=step.basis,
            actor=doer,
            at=at,
        )
        return
    casework.complete_task(
        case_id=case_id,
        task=step.task,
        outcome=step.outcome,
        reason=step.reason,
        basis=step.basis,
        actor=doer,
        at=at,
        idempotency_key=key,
    )


def on_that_day(answers: Mapping[str, tuple[str, ...]], at: datetime) -> dict[str, tuple[str, ...]]:
    """Return answers with the day of the step where they say so."""
    day = at.astimezone(CHINA).date().isoformat()
    return {place: tuple(day if one == TODAY else one for one in texts) for place, texts in answers.items()}


def morning_of(at: datetime, *, days_ago: int) -> datetime:
    """Return ten o'clock in the morning so many days before."""
    day = (at - timedelta(days=days_ago)).astimezone(CHINA)
    return day.replace(hour=_MORNING, minute=0, second=0, microsecond=0)
