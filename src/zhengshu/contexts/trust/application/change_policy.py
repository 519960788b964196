"""The security policy, changed by the security administrator only."""

from dataclasses import asdict
from datetime import datetime

from zhengshu.contexts.trust.application.policy import policy
from zhengshu.contexts.trust.domain import policies
from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.domain.policies import PolicyValues
from zhengshu.contexts.trust.events import PolicyChanged
from zhengshu.contexts.trust.models import SecurityPolicy
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.assurance import require_assured

SUBJECT = Subject("security_policy", "1", "")


@transaction
def change_policy(*, values: PolicyValues, actor: Actor, at: datetime) -> None:
    """Put new numbers in force, for every process at its next request.

    Basis: GB/T 22239-2019, level 3: the authorised subject sets the policy.

    Raises:
        NotYourDuty: the actor is not the security administrator.
        PolicyOutOfRange: a number is weaker than the floor.
        StepUpDue: the actor has not shown lately who he is.
    """
    require(actor, Role.SECURITY_ADMIN)
    require_assured(actor)
    policies.check(values)
    SecurityPolicy.objects.get_or_create(id=1)
    row = SecurityPolicy.objects.select_for_update().get(id=1)
    before, after = policies.differences(values_of(row), values)
    if not after:
        return
    for field, value in asdict(values).items():
        setattr(row, field, value)
    row.updated_at, row.updated_by = at, actor.id
    row.save()
    publish(PolicyChanged(at=at, actor=actor, subject=SUBJECT, before=before, after=after))


def policy_values() -> PolicyValues:
    """Return the policy in force."""
    return values_of(policy())


def values_of(row: SecurityPolicy) -> PolicyValues:
    """Return the values of a row."""
    return PolicyValues(
        password_min_length=row.password_min_length,
        password_min_classes=row.password_min_classes,
        password_history=row.password_history,
        password_age_days=row.password_age_days,
        lock_after_failures=row.lock_after_failures,
        lock_minutes=row.lock_minutes,
        idle_minutes=row.idle_minutes,
        session_hours=row.session_hours,
        sessions_at_once=row.sessions_at_once,
        stale_after_days=row.stale_after_days,
        second_factor=SecondFactorRule(row.second_factor),
        step_up_minutes=row.step_up_minutes,
        key_max_days=row.key_max_days,
        key_overlap_max_hours=row.key_overlap_max_hours,
        witness_quorum=row.witness_quorum,
        witness_minutes=row.witness_minutes,
        encrypt_from_grade=row.encrypt_from_grade,
    )
