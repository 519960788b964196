"""Countersigning (加签): somebody else must agree before a to-do is done; the flow stays as it is."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from zhengshu.contexts.casework.application.working import WorkingCase
from zhengshu.contexts.casework.domain.definitions import OutcomeRule, TaskRule
from zhengshu.contexts.casework.domain.records import TaskKind
from zhengshu.contexts.casework.models import Task
from zhengshu.kernel.errors import Kind, Refused

AGREE, OBJECT = "agree", "object"

COUNTERSIGN = TaskRule(
    outcomes={AGREE: OutcomeRule(tone="primary"), OBJECT: OutcomeRule(needs_reason=True, tone="danger")}
)
"""The rule of a countersignature."""


class CountersignMissing(Refused):
    """The to-do waits for somebody's countersignature."""

    code: ClassVar[str] = "casework.countersign-missing"
    kind: ClassVar[Kind] = Kind.CONFLICT
    message: ClassVar[str] = (
        "%(name)s was asked to countersign and has not agreed yet. Wait, or take the countersigner back with a reason."
    )


class CountersignObjected(CountersignMissing):
    """Whoever was asked to countersign objected."""

    code: ClassVar[str] = "casework.countersign-objected"
    message: ClassVar[str] = (
        "%(name)s objected when asked to countersign. Ask again when the objection is met, or take the countersigner "
        "back with a reason."
    )


def countersigns(case: WorkingCase, row: Task) -> list[Task]:
    """Return the open countersignatures for which a task waits."""
    return [
        task
        for task in case.tasks
        if task.kind == TaskKind.COUNTERSIGN and task.about == row.token and task.state == Task.State.OPEN
    ]


def check_countersigned(row: Task) -> None:
    """Refuse to do a task for which a countersignature is missing.

    Raises:
        CountersignMissing: somebody has not answered.
        CountersignObjected: somebody objected.
    """
    if row.kind != TaskKind.FLOW:
        return
    if row.is_objected:
        raise CountersignObjected(name=row.waits_for)
    if row.waits_for:
        raise CountersignMissing(name=row.waits_for)


def take_answer(case: WorkingCase, row: Task, *, outcome: str) -> None:
    """Let an answer of a countersigner hold back, or let go, the task that waits for it."""
    for task in case.tasks:
        if task.token and task.token == row.about:
            task.is_objected = outcome == OBJECT
            task.waits_for = row.claimed_by_name if task.is_objected else ""


def free(row: Task) -> None:
    """Let a task wait for no countersigner any more."""
    row.waits_for, row.is_objected = "", False


def fresh_countersign(
    case: WorkingCase, row: Task, *, number: int, person_id: UUID, name: str, at: datetime
) -> Task:
    """Return the to-do of a countersigner, not stored yet; the task waits for it from now on."""
    row.waits_for, row.is_objected = name, False
    return Task(
        case=case.row,
        kind=TaskKind.COUNTERSIGN.value,
        code=f"countersign.{number}.{row.code}",
        about=row.token,
        opened_at=at,
        claimed_by=person_id,
        claimed_by_name=name,
        claimed_at=at,
        handed_by=case.actor.id,
        handed_by_name=case.actor.name,
    )
