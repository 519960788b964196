"""Asking who somebody is before he fills in what an act needs; `complete_task` itself demands it in any case."""

from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.domain.records import TaskKind, TaskRecord
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.assurance import require_assured


def ask_before(task: TaskRecord, *, kind: LoadedType, actor: Actor) -> None:
    """Ask, before a to-do's page is shown, for the level that all its outcomes need.

    Raises:
        StepUpDue: the actor has not shown lately, or not surely enough, who he is.
    """
    rule = kind.definition.tasks.get(task.task) if task.kind == TaskKind.FLOW else None
    level = rule.asks_assurance() if rule else None
    if level is not None:
        require_assured(actor, level=level)
