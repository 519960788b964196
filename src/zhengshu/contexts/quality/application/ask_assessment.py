"""Ask that a table be assessed; a job does it."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError
from django.db import transaction as django_transaction

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.lake import api as lake
from zhengshu.contexts.quality.application.tables import asked_of, rules_in_force, table_of
from zhengshu.contexts.quality.domain.runs import (
    OPEN_STATES,
    AssessmentNotYours,
    NoRuleFits,
    NothingToAssess,
    RunCause,
    RunState,
    RunUnderWay,
)
from zhengshu.contexts.quality.events import AssessmentAsked
from zhengshu.contexts.quality.models import Run
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId


@transaction
def ask_assessment(
    *, resource_code: str, actor: Actor, at: datetime, cause: RunCause = RunCause.HAND
) -> UUID:
    """Note that a table is to be assessed by all rules that fit it; return the id of the run.

    Basis: Decree 809, article 19.

    Raises:
        ResourceNotFound: there is none that the actor may see.
        AssessmentNotYours: it is another department's.
        NothingToAssess: nothing of it is served.
        NoRuleFits: no rule speaks of it.
        RunUnderWay: it is being assessed already.
    """
    resource = table_of(resource_code, actor=actor)
    if not may_assess(actor, resource.department_id):
        raise AssessmentNotYours
    if lake.serving(resource_id=resource.id) is None:
        raise NothingToAssess
    if not asked_of(resource, rules_in_force()).rules:
        raise NoRuleFits
    return open_run(resource, actor=actor, at=at, cause=cause).id


def open_run(resource: catalog.ResourceRecord, *, actor: Actor, at: datetime, cause: RunCause) -> Run:
    """Note a run of a resource.

    Raises:
        RunUnderWay: one is waiting or running.
    """
    run = Run(
        resource_id=resource.id,
        resource_code=resource.code,
        resource_name=resource.name,
        department_id=resource.department_id,
        region=trust.department(department_id=resource.department_id).region,
        cause=cause,
        state=RunState.WAITING,
        by_id=actor.id,
        by_name=actor.name,
        asked_at=at,
    )
    if Run.objects.filter(resource_id=resource.id, state__in=OPEN_STATES).exists():
        raise RunUnderWay
    try:
        with django_transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError as fault:
        raise RunUnderWay from fault
    publish(
        AssessmentAsked(
            at=at,
            actor=actor,
            subject=subject_of(run),
            department_id=DepartmentId(run.department_id),
            run_id=run.id,
            resource_id=run.resource_id,
            resource_code=run.resource_code,
            cause=cause,
        )
    )
    return run


def may_assess(actor: Actor, department_id: UUID) -> bool:
    """Whether an actor may have a department's tables assessed: its officers and heads, and the data authority."""
    if actor.is_platform or actor.has(Role.REVIEWER):
        return True
    return actor.department_id == department_id and actor.has(Role.DATA_OFFICER, Role.DEPARTMENT_HEAD)


def subject_of(run: Run) -> Subject:
    """Return what the audit shows of a run."""
    return Subject("assessment", str(run.id), run.resource_name)
