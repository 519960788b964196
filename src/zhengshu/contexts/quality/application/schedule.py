"""When tables are assessed anew by schedule, as far as the actor may see it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application.queries import may_view
from zhengshu.contexts.quality.application.tables import asked_of, rules_in_force
from zhengshu.contexts.quality.domain.plans import MINUTE, Plan, next_round
from zhengshu.contexts.quality.domain.runs import OPEN_STATES
from zhengshu.contexts.quality.models import OwnRule, Run, TablePlan
from zhengshu.kernel.actors import Actor

__all__ = ["MINUTE", "Scheduled", "schedule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A served table with its plan.

    Attributes:
        last_at: when it was last asked for, whatever the occasion.
        next_at: when the schedule asks for it; None where it never does.
        is_under_way: whether it waits or runs now.
        has_rules: whether any rule speaks of it.
    """

    resource_id: UUID
    resource_code: str
    resource_name: str
    department_id: UUID
    plan: Plan
    last_at: datetime | None
    next_at: datetime | None
    is_under_way: bool
    has_rules: bool


def schedule(*, actor: Actor, at: datetime) -> tuple[Scheduled, ...]:
    """Return the served tables whose results the actor may see, the next one first."""
    served = catalog.resources(ids=lake.served_resources()).values()
    shown = [one for one in served if not one.is_retired and may_view(actor, one.department_id)]
    ids = [one.id for one in shown]
    plans = {row.resource_id: row.plan for row in TablePlan.objects.filter(resource_id__in=ids)}
    asked = Run.objects.filter(resource_id__in=ids).values("resource_id").annotate(last=Max("asked_at"))
    last = {row["resource_id"]: row["last"] for row in asked.order_by("resource_id")}
    running = Run.objects.filter(resource_id__in=ids, state__in=OPEN_STATES)
    open_ones = set(running.values_list("resource_id", flat=True))
    own = set(OwnRule.objects.in_force().values_list("resource_id", flat=True))
    loaded = rules_in_force()
    found = []
    for one in shown:
        plan, last_at = plans.get(one.id, Plan()), last.get(one.id)
        has_rules = one.id in own or bool(asked_of(one, loaded, own=()).rules)
        found.append(
            Scheduled(
                resource_id=one.id,
                resource_code=one.code,
                resource_name=one.name,
                department_id=one.department_id,
                plan=plan,
                last_at=last_at,
                next_at=next_round(plan, last_at, at=at) if has_rules else None,
                is_under_way=one.id in open_ones,
                has_rules=has_rules,
            )
        )
    return tuple(sorted(found, key=_first))


def _first(one: Scheduled) -> tuple[bool, float, str]:
    return (one.next_at is None, one.next_at.timestamp() if one.next_at else 0.0, one.resource_name)
