"""Who is meant by the recipients that a rule of messages names."""

from collections.abc import Iterable
from uuid import UUID

from zhengshu.contexts.casework.application.naming import LoadedType
from zhengshu.contexts.casework.domain.completing import Holder
from zhengshu.contexts.casework.domain.definitions import APPLICANT
from zhengshu.contexts.casework.domain.message_rules import DOERS, OPENER, MessageRule
from zhengshu.contexts.casework.models import Case, Task
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import NOBODY, Actor, Role
from zhengshu.kernel.identity import DepartmentId

MOST_RECIPIENTS = 500
"""People who are told of one occasion; a lane with more of them is a mistake of the type."""


def recipients(case: Case, kind: LoadedType, rule: MessageRule, *, doers: Iterable[UUID]) -> frozenset[UUID]:
    """Return the accounts that a rule reaches."""
    found: set[UUID] = set()
    for one in rule.to:
        if one == DOERS:
            found |= set(doers)
        elif one == OPENER:
            found.add(case.opened_by)
        elif one == APPLICANT:
            found |= _applicants(case)
        else:
            lane = kind.definition.lanes[one]
            if lane.party == APPLICANT:
                found |= _applicants(case)
                continue
            parties = case.parties.filter(name=lane.party, is_supervisor=False)
            for department in parties.values_list("department_id", flat=True):
                found |= _officials(DepartmentId(department), (role.value for role in lane.roles))
    return frozenset(sorted(found - {NOBODY})[:MOST_RECIPIENTS])


def doers_of(task: Task) -> frozenset[UUID]:
    """Return who may do an open to-do: who holds it, else all whom nothing bars."""
    if task.claimed_by is not None:
        return frozenset({task.claimed_by})
    holder: Holder = task.holder
    if holder.department_id is None:
        return frozenset(_applicants(task.case)) if holder.person_id else frozenset()
    return frozenset(_officials(holder.department_id, holder.roles) - set(task.barred))


def heads_of(department_id: DepartmentId, role: Role) -> frozenset[UUID]:
    """Return the holders of a role in a department."""
    return frozenset(_officials(department_id, [role.value]))


def is_official(actor: Actor) -> bool:
    """Whether an account is that of an official."""
    return actor.department_id is not None


def _applicants(case: Case) -> set[UUID]:
    """Return whoever asked, with all present delegates of the enterprise for which he did."""
    if case.applicant_id is None:
        return set()
    if case.enterprise_id is None:
        return {case.applicant_id}
    return set(trust.delegates_of(enterprise_id=case.enterprise_id, matter=case.type_code))


def _officials(department_id: DepartmentId, roles: Iterable[str]) -> set[UUID]:
    return set(trust.officials_with(department_id=department_id, roles=roles))
