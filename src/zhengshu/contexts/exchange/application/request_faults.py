"""What a draft still lacks."""

from datetime import datetime

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange.application import statements, steps
from zhengshu.contexts.exchange.application.purposes import purposes
from zhengshu.contexts.exchange.domain.requests import faults
from zhengshu.contexts.exchange.models.requests import ShareRequest
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused
from zhengshu.kernel.identity import RequestId, SystemId


def own_systems(*, actor: Actor) -> tuple[trust.ConsumingSystemRecord, ...]:
    """Return the active information systems of the actor's own department."""
    return tuple(
        system
        for system in trust.consuming_systems(actor=actor)
        if system.is_active and system.department_id == actor.department_id
    )


def request_faults(*, request_id: RequestId, actor: Actor, at: datetime) -> tuple[Refused, ...]:
    """Return everything that keeps a draft from being submitted, for the form that shows it at once.

    Raises:
        RequestNotFound: the actor may not see such a request.
    """
    row = ShareRequest.objects.visible_to(actor).one(request_id)
    offer = steps.offer_of(catalog.published_by_code(code=row.resource_code))
    systems = [SystemId(system.id) for system in own_systems(actor=actor)]
    stated = statements.statement_of(row)
    return tuple(faults(stated, offer=offer, purposes=purposes(), systems=systems, at=at))
