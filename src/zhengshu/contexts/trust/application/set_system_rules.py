"""What is asked of a consuming system's calls, and what it may hand in."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.trust.application.issue_key import KEEPERS
from zhengshu.contexts.trust.application.queries import SystemNotFound
from zhengshu.contexts.trust.application.records import ConsumingSystemRecord
from zhengshu.contexts.trust.domain.duties import NotYourDuty, require
from zhengshu.contexts.trust.domain.kinds import OfficialRule
from zhengshu.contexts.trust.events import SystemRuleChanged
from zhengshu.contexts.trust.models import ConsumingSystem
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId, SystemId


@transaction
def set_official_rule(
    *, system_id: UUID, rule: OfficialRule, actor: Actor, at: datetime
) -> ConsumingSystemRecord:
    """Say whether a system's calls for data must name the official who asks; gateways know within a second.

    Raises:
        SystemNotFound: the actor may not see such a system.
        NotYourDuty: the actor neither looks after the department's systems nor administers security.
    """
    row = _locked(system_id, actor)
    require(actor, *KEEPERS, Role.SECURITY_ADMIN)
    if not actor.has(Role.SECURITY_ADMIN) and actor.department_id != row.department_id:
        raise NotYourDuty
    before, row.official_rule = row.official_rule, rule.value
    return _changed(row, "official_rule", before=before, after=rule.value, actor=actor, at=at)


@transaction
def set_may_report(*, system_id: UUID, may_report: bool, actor: Actor, at: datetime) -> ConsumingSystemRecord:
    """Let a system hand in what its department's monitor of the proof log found, or let it no longer.

    Raises:
        SystemNotFound: there is no such system.
        NotYourDuty: the actor is not the security administrator.
    """
    require(actor, Role.SECURITY_ADMIN)
    row = _locked(system_id, actor)
    before, row.may_report = row.may_report, may_report
    return _changed(row, "may_report", before=str(before), after=str(may_report), actor=actor, at=at)


def systems_asked_for_officials() -> tuple[SystemId, ...]:
    """Return the systems whose calls without an official are answered and counted."""
    rows = ConsumingSystem.objects.filter(official_rule=OfficialRule.REPORTED.value)
    return tuple(SystemId(pk) for pk in rows.values_list("pk", flat=True))


def _changed(
    row: ConsumingSystem, rule: str, *, before: str, after: str, actor: Actor, at: datetime
) -> ConsumingSystemRecord:
    if before != after:
        row.save(update_fields=[rule])
        publish(
            SystemRuleChanged(
                at=at,
                actor=actor,
                subject=Subject("consuming_system", str(row.id), row.name),
                department_id=DepartmentId(row.department_id),
                rule=rule,
                before=before,
                after=after,
            )
        )
    return ConsumingSystemRecord.of(row)


def _locked(system_id: UUID, actor: Actor) -> ConsumingSystem:
    row = ConsumingSystem.objects.visible_to(actor).select_for_update().filter(id=system_id).first()
    if row is None:
        raise SystemNotFound
    return row
