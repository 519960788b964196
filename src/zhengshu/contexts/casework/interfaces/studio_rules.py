"""Who does what, and by when, as the approver of a case type reads it."""

from dataclasses import dataclass

from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.domain.diagram import NodeKind
from zhengshu.contexts.casework.interfaces import words


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """One task in words."""

    name: str
    who: str
    outcomes: str
    limits: str


def rules_of(kind: LoadedType) -> tuple[RuleLine, ...]:
    """Return the tasks of a case type in the order of the flow, each with people, outcomes and limits."""
    tasks = kind.definition.tasks
    return tuple(
        RuleLine(
            name=kind.task_name(node.id),
            who=_who(kind, node.id),
            outcomes=" / ".join(kind.outcome_names(node.id).values()),
            limits="; ".join(_limits(kind, node.id)),
        )
        for node in kind.flow.of_kind(NodeKind.USER_TASK)
        if node.id in tasks
    )


def _who(kind: LoadedType, task: str) -> str:
    lane = kind.flow.lane_of(task)
    rule = kind.definition.lanes.get(lane)
    return f"{kind.text(f'lanes.{lane}')} · {kind.text(f'parties.{rule.party}')}" if rule else ""


def _limits(kind: LoadedType, task: str) -> list[str]:
    return [
        f"{limit.value} {words.unit(limit.unit.value)} ({limit.basis})"
        for clock in kind.definition.clocks.values()
        if task in clock.covers
        for limit in clock.limits
    ]
