"""Switching a benefit on and off: by the head, after a dry run that somebody else started."""

from datetime import datetime

from zhengshu.contexts.services.application.benefit_case_type import check_case_type
from zhengshu.contexts.services.application.benefit_faults import (
    BenefitNotFound,
    DryRunMissing,
    FourEyesOfBenefit,
    NotYourBenefit,
)
from zhengshu.contexts.services.application.entitle_found import definition_of
from zhengshu.contexts.services.events import BenefitSwitched
from zhengshu.contexts.services.models.benefits import Benefit, BenefitRun
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role


@transaction
def switch_benefit(*, code: str, is_on: bool, actor: Actor, at: datetime) -> None:
    """Switch a benefit on or off; a second time changes nothing.

    Raises:
        BenefitNotFound: there is no such benefit of the actor's department.
        NotYourBenefit: the actor is not the department's head.
        DryRunMissing: no dry run of the present rules has finished.
        FourEyesOfBenefit: the actor started that dry run.
        BenefitCaseTypeMissing, BenefitCaseTypeUnfit: its cases could not be opened or answered.
    """
    if not actor.has(Role.DEPARTMENT_HEAD):
        raise NotYourBenefit
    benefit = Benefit.objects.kept_by(actor).select_for_update().filter(code=code).first()
    if benefit is None:
        raise BenefitNotFound
    if benefit.is_on == is_on:
        return
    if is_on:
        check_case_type(definition_of(benefit.definition))
        _must_be_looked_at(benefit, actor=actor)
    benefit.is_on, benefit.decided_at = is_on, at
    benefit.decided_by, benefit.decided_by_name = actor.id, actor.name
    benefit.save(update_fields=["is_on", "decided_at", "decided_by", "decided_by_name"])
    publish(
        BenefitSwitched(at=at, actor=actor, subject=Subject("benefit", code, code), benefit=code, is_on=is_on)
    )


def _must_be_looked_at(benefit: Benefit, *, actor: Actor) -> None:
    dry = BenefitRun.objects.filter(
        benefit=benefit, is_dry=True, digest=benefit.digest, state=BenefitRun.State.FINISHED
    )
    latest = dry.order_by("-started_at").first()
    if latest is None:
        raise DryRunMissing
    if latest.started_by == actor.id:
        raise FourEyesOfBenefit
