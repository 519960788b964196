"""Raise a dispute about a share request, a grant or a correction."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.exchange.application import grant_queries, request_queries
from zhengshu.contexts.exchange.application.matters import open_matter, reference_of, subject_of
from zhengshu.contexts.exchange.application.steps import NotYourStep
from zhengshu.contexts.exchange.domain.disputes import Contested, DisputeAbout, DisputeUnderWay
from zhengshu.contexts.exchange.domain.matters import stated
from zhengshu.contexts.exchange.events import DisputeRaised
from zhengshu.contexts.exchange.models import CorrectionRequest, Dispute
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId, new_id


@transaction
def raise_dispute(
    *, about: DisputeAbout, about_id: UUID, claim: str, wanted: str, actor: Actor, at: datetime
) -> UUID:
    """Contest what the other side did; return the id of the dispute.

    It is negotiated first; the data authority of both sides mediates, which across levels and regions is their
    common superior; the people's government of that level decides.

    Basis: Decree 809, article 28.

    Raises:
        RequestNotFound, GrantNotFound, MatterNotFound: the actor may not see such a matter.
        NotASide: the actor's department is on no side of it.
        DisputeUnderWay: its dispute about it is open.
        DataAuthorityUnknown: no data authority stands above both sides.
        StatementMissing: no claim, or not what is wanted.
    """
    found = contested(about=about, about_id=about_id, actor=actor, at=at)
    respondent = found.other_side(actor.department_id)
    if actor.department_id is None:
        raise NotYourStep
    under_way = Dispute.objects.filter(
        about_id=about_id, claimant_department_id=actor.department_id, closed_at=None
    ).first()
    if under_way is not None:
        raise DisputeUnderWay(number=under_way.number)
    sides = [actor.department_id, respondent]
    authority = trust.common_data_authority(department_ids=sides, other_than=sides)
    parties = {
        "claimant": actor.department_id,
        "respondent": respondent,
        "authority": authority.id,
        "government": trust.government_for(authority_id=authority.id).id,
    }
    row = Dispute(
        id=new_id(),
        about=about,
        about_id=about_id,
        about_name=found.name,
        claim=stated(claim, what="claim"),
        wanted=stated(wanted, what="wanted"),
        **{f"{party}_department_id": department for party, department in parties.items()},
    )
    open_matter(row, parties=parties, actor=actor, at=at)
    publish(
        DisputeRaised(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=actor.department_id,
            matter=reference_of(row),
            claimant_id=actor.department_id,
            respondent_id=respondent,
            authority_id=authority.id,
        )
    )
    return row.id


def contested(*, about: DisputeAbout, about_id: UUID, actor: Actor, at: datetime) -> Contested:
    """Return what a dispute would be about, as far as the actor may see it.

    Raises:
        RequestNotFound, GrantNotFound, MatterNotFound: the actor may not see such a matter.
    """
    if about is DisputeAbout.REQUEST:
        asked = request_queries.request(request_id=about_id, actor=actor)
        name, sides = f"{asked.resource_name} {asked.number}", (asked.consumer_id, asked.provider_id)
    elif about is DisputeAbout.GRANT:
        grant = grant_queries.grant(grant_id=about_id, actor=actor, at=at)
        name, sides = f"{grant.resource_name} → {grant.system_name}", (grant.consumer_id, grant.provider_id)
    else:
        row = CorrectionRequest.objects.visible_to(actor).one(about_id)
        name = f"{row.resource_name} {row.number}"
        sides = DepartmentId(row.requester_department_id), DepartmentId(row.provider_department_id)
    return Contested(about=about, id=about_id, name=name, sides=sides)
