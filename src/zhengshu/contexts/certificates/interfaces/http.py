"""Management API of `certificates`: check one by its identifier."""

from datetime import datetime

from django.utils import timezone
from ninja import Router, Schema

from zhengshu.contexts.certificates import api
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest

router = Router(tags=["certificates"])


class VerifiedOut(Schema):
    """What anybody learns of a certificate."""

    number: str
    type: str
    type_name: str
    holder_name: str
    office_name: str
    is_valid: bool
    standing: api.Standing
    ending: str
    active_from: datetime
    active_to: datetime | None
    issued_at: datetime
    facts: list[tuple[str, str]]
    successor_number: str


@router.get("/verify", auth=official(), response=VerifiedOut, summary="Check a certificate by its identifier")
def verify(request: ActorRequest, number: str) -> VerifiedOut:
    """Say whether a certificate was issued here and where it stands; personal details in part only."""
    found = api.verify(number=number, actor=request.actor, at=timezone.now())
    return VerifiedOut(
        number=found.number,
        type=found.type_code,
        type_name=found.type_name,
        holder_name=found.holder_name,
        office_name=found.office_name,
        is_valid=found.is_valid,
        standing=found.standing,
        ending=found.ending,
        active_from=found.active_from,
        active_to=found.active_to,
        issued_at=found.issued_at,
        facts=list(found.facts),
        successor_number=found.successor_number,
    )
