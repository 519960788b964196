"""Ask a provider to correct shared data."""

from datetime import datetime
from uuid import UUID

import msgspec

from zhengshu.contexts.catalog import api as catalog
from zhengshu.contexts.exchange.application import steps
from zhengshu.contexts.exchange.application.matters import open_matter, reference_of, subject_of
from zhengshu.contexts.exchange.domain.corrections import Claim, OwnDataWrong, SealedClaim, check_claim
from zhengshu.contexts.exchange.domain.matters import CallNotOfMatter
from zhengshu.contexts.exchange.events import CorrectionRequested
from zhengshu.contexts.exchange.models import CallRecord, CorrectionRequest
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.identity import DepartmentId, new_id


@transaction
def request_correction(
    *, resource_code: str, claim: Claim, call_id: UUID | None = None, actor: Actor, at: datetime
) -> UUID:
    """Tell the provider of a resource that a row is wrong or incomplete; return the id of the correction.

    The key, the right values and the evidence are stored sealed, for they may be personal data.

    Basis: Decree 809, article 26.

    Raises:
        ResourceNotFound: the actor may not see such a resource.
        NotPublished: it is not (or no longer) published.
        OwnDataWrong: it is the actor's own department's.
        CallNotOfMatter: the receipt is not that of a call of this resource that the actor may see.
        NotYourTask: by casework: the actor's role does not report faults.
        Refused: the errors of `domain.corrections.check_claim`.
    """
    offer = steps.offer_of(_published(resource_code, actor=actor))
    if actor.department_id is None or offer.department_id == actor.department_id:
        raise OwnDataWrong(resource=offer.name)
    checked = check_claim(claim, offered=offer.fields, has_receipt=call_id is not None)
    _check_call(call_id, code=offer.code, actor=actor)
    row = CorrectionRequest(
        id=new_id(),
        requester_department_id=actor.department_id,
        provider_department_id=offer.department_id,
        authority_department_id=trust.data_authority_for(department_id=offer.department_id).id,
        resource_id=offer.resource_id,
        resource_code=offer.code,
        resource_name=offer.name,
        fault=checked.fault,
        columns=list(checked.columns),
        fields=msgspec.to_builtins(offer.fields),
        call_id=call_id,
    )
    row.claim = SealedClaim(key=dict(checked.key), right=dict(checked.right), evidence=checked.evidence)
    open_matter(
        row, parties={"requester": actor.department_id, "provider": offer.department_id}, actor=actor, at=at
    )
    publish(
        CorrectionRequested(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=actor.department_id,
            matter=reference_of(row),
            resource_id=offer.resource_id,
            resource_code=offer.code,
            requester_id=actor.department_id,
            provider_id=DepartmentId(offer.department_id),
        )
    )
    return row.id


def _published(code: str, *, actor: Actor) -> catalog.ResourceRecord:
    """Return the published version of a resource that the actor may see."""
    return catalog.published_by_code(code=catalog.resource(code=code, actor=actor).code)


def _check_call(call_id: UUID | None, *, code: str, actor: Actor) -> None:
    if call_id is None:
        return
    calls = CallRecord.objects.visible_to(actor).answered()
    if not calls.filter(id=call_id, resource_code=code).exists():
        raise CallNotOfMatter(receipt=str(call_id))
