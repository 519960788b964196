"""Change when a table is assessed and what its resource demands of a batch."""

from datetime import datetime

from zhengshu.contexts.quality.application.ask_assessment import may_assess
from zhengshu.contexts.quality.application.tables import table_of
from zhengshu.contexts.quality.domain.plans import Plan
from zhengshu.contexts.quality.domain.runs import AssessmentNotYours
from zhengshu.contexts.quality.events import TablePlanChanged
from zhengshu.contexts.quality.models import TablePlan
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor


@transaction
def change_plan(*, resource_code: str, plan: Plan, actor: Actor, at: datetime) -> None:
    """Set the plan of a table.

    Basis: Decree 809, article 19.

    Raises:
        ResourceNotFound: there is none that the actor may see.
        AssessmentNotYours: it is another department's.
        PlanUnfit: a number is outside of its limits.
    """
    resource = table_of(resource_code, actor=actor)
    if not may_assess(actor, resource.department_id):
        raise AssessmentNotYours
    plan.require_fit()
    TablePlan.objects.update_or_create(
        resource_id=resource.id,
        defaults={
            "department_id": resource.department_id,
            "is_on_batch": plan.is_on_batch,
            "every_days": plan.every_days,
            "is_paused": plan.is_paused,
            "least_score": plan.least_score,
            "no_failure_of": plan.no_failure_of.value if plan.no_failure_of else "",
            "changed_at": at,
            "changed_by": actor.id,
            "changed_by_name": actor.name,
        },
    )
    publish(
        TablePlanChanged(
            at=at,
            actor=actor,
            subject=Subject("table_plan", str(resource.id), resource.name),
            department_id=resource.department_id,
            resource_id=resource.id,
            is_on_batch=plan.is_on_batch,
            every_days=plan.every_days,
            is_paused=plan.is_paused,
            least_score=plan.least_score,
            no_failure_of=plan.no_failure_of.value if plan.no_failure_of else "",
        )
    )
