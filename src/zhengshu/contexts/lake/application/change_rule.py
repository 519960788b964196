"""Whether a resource takes batches with faulty rows."""

from datetime import datetime

from zhengshu.contexts.lake.application.access import deliverable
from zhengshu.contexts.lake.events import DeliveryRuleChanged
from zhengshu.contexts.lake.models import DeliveryRule
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor


@transaction
def change_rule(*, resource_code: str, is_all_or_nothing: bool, actor: Actor, at: datetime) -> None:
    """Let a resource take batches only whole, or set faulty rows aside.

    Raises:
        DeliveryNotYours: the resource is another department's.
    """
    resource = deliverable(resource_code=resource_code, actor=actor)
    DeliveryRule.objects.update_or_create(
        resource_id=resource.id, defaults={"is_all_or_nothing": is_all_or_nothing}
    )
    publish(
        DeliveryRuleChanged(
            at=at,
            actor=actor,
            subject=Subject("resource", str(resource.id), resource.name),
            department_id=resource.department_id,
            resource_id=resource.id,
            is_all_or_nothing=is_all_or_nothing,
        )
    )
