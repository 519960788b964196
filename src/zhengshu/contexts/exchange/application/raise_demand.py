"""Demand data that no resource offers."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.catalog.api import UpdateCycle
from zhengshu.contexts.exchange.application.matters import open_matter, reference_of, subject_of
from zhengshu.contexts.exchange.application.steps import NotYourStep
from zhengshu.contexts.exchange.domain.demands import Demanded, check_demand
from zhengshu.contexts.exchange.events import DataDemanded
from zhengshu.contexts.exchange.models import DataDemand
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import new_id


@transaction
def raise_demand(*, demanded: Demanded, actor: Actor, at: datetime) -> UUID:
    """Ask the data authority who is responsible for data that a matter needs; return the id of the demand.

    Basis: Decree 809, article 8: the data authority organises supply and demand.

    Raises:
        NotYourStep: the actor works in no department.
        NotYourTask: by casework: the actor is neither data officer nor head.
        StatementMissing: something is not stated.
        ValueError: an update cycle that the catalogue does not know.
    """
    if actor.department_id is None:
        raise NotYourStep
    checked = check_demand(demanded)
    authority = trust.data_authority_for(department_id=actor.department_id)
    row = DataDemand(
        id=new_id(),
        requester_department_id=actor.department_id,
        authority_department_id=authority.id,
        name=checked.name,
        legal_basis=checked.legal_basis,
        scenario=checked.scenario,
        wanted=checked.wanted,
        freshness=UpdateCycle(checked.freshness),
    )
    open_matter(
        row, parties={"requester": actor.department_id, "authority": authority.id}, actor=actor, at=at
    )
    publish(
        DataDemanded(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=actor.department_id,
            matter=reference_of(row),
            requester_id=actor.department_id,
        )
    )
    return row.id
