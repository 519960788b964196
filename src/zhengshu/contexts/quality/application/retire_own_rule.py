"""Retire a rule in SQL: assessments ask it no more; what it found stays where it was found."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.quality.application.ask_own_sql import OwnSqlNotYours
from zhengshu.contexts.quality.domain.own_rules import OwnRuleNotFound, OwnRuleRetired
from zhengshu.contexts.quality.events import OwnRuleWithdrawn
from zhengshu.contexts.quality.models import OwnRule
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import ResourceId


@transaction
def retire_own_rule(*, rule_id: UUID, actor: Actor, at: datetime) -> None:
    """Take a rule in SQL out of force.

    Raises:
        OwnSqlNotYours: the actor is not of the data authority.
        OwnRuleNotFound: there is no such rule.
        OwnRuleRetired: it is not in force.
    """
    if not actor.has(Role.REVIEWER):
        raise OwnSqlNotYours
    row = OwnRule.objects.visible_to(actor).select_for_update().filter(id=rule_id).first()
    if row is None:
        raise OwnRuleNotFound
    if row.retired_at is not None:
        raise OwnRuleRetired
    row.retired_at, row.retired_by_name = at, actor.name
    row.save(update_fields=["retired_at", "retired_by_name"])
    resource = catalog.resources(ids=[ResourceId(row.resource_id)])[ResourceId(row.resource_id)]
    publish(
        OwnRuleWithdrawn(
            at=at,
            actor=actor,
            subject=Subject("own_rule", str(row.id), f"{row.code} {row.resource_name}"),
            department_id=resource.department_id,
            rule_code=row.code,
            resource_id=row.resource_id,
            resource_code=row.resource_code,
        )
    )
