"""Which entitlements are somebody's own: his, and those of enterprises for which he may act in such matters."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Q, QuerySet

from zhengshu.contexts.services.application.benefit_faults import BenefitNotFound
from zhengshu.contexts.services.models.benefits import Benefit, Entitlement, subject_digest
from zhengshu.contexts.trust import api as trust
from zhengshu.kernel.actors import Actor


def own_numbers(actor: Actor, *, matter: str) -> Mapping[str, UUID | None]:
    """Return the numbers by which entitlements are the actor's own: his, and his enterprises' with their ids.

    Args:
        actor: a citizen, or whoever acts for enterprises.
        matter: the kind of matter, a case type's code; an enterprise counts where the delegation reaches it.
    """
    codes = trust.enterprise_codes(ids=actor.enterprises_in(matter))
    numbers: dict[str, UUID | None] = dict(trust.enterprise_ids(codes=codes))
    own = trust.own_citizen_id(actor=actor)
    return numbers if own is None else {**numbers, str(own): None}


def own_entitlements(actor: Actor) -> QuerySet[Entitlement]:
    """Return the actor's own entitlements."""
    own = Q(pk=None)
    for code, matter in Benefit.objects.values_list("code", "definition__case_type"):
        digests = [subject_digest(number) for number in own_numbers(actor, matter=matter)]
        own |= Q(benefit_id=code, subject__in=digests)
    return Entitlement.objects.filter(own).select_related("benefit", "last_run")


def own_entitlement(*, entitlement_id: UUID, actor: Actor, is_locked: bool = False) -> Entitlement:
    """Return one of the actor's own entitlements.

    Raises:
        BenefitNotFound: it is somebody else's, or there is none.
    """
    rows = own_entitlements(actor)
    if is_locked:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(pk=entitlement_id).first()
    if row is None:
        raise BenefitNotFound
    return row
