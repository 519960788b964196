"""Management API of `certificates`: show one by a code, open such a code, check one by its identifier."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from ninja import Router, Schema, Status

from zhengshu.contexts.certificates import api
from zhengshu.contexts.certificates.application.present_certificate import open_presentation, present
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.kernel.actors import Role

router = Router(tags=["certificates"])
MOST_LETTERS = 500
"""Of an address that a QR code holds."""


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
    ended_at: datetime | None
    ended_because: str
    active_from: datetime
    active_to: datetime | None
    issued_at: datetime
    facts: list[tuple[str, str]]
    predecessor_number: str
    successor_number: str


class PresentationIn(Schema):
    """Which certificate is shown."""

    certificate_id: UUID


class PresentationOut(Schema):
    """A fresh code: what its QR code leads to, and until when it opens."""

    id: UUID
    address: str
    expires_at: datetime


class CodeIn(Schema):
    """A code that was shown: the address in the QR code, or its last part."""

    code: str


class ShownOut(Schema):
    """A certificate, whole."""

    number: str
    type: str
    type_name: str
    holder_name: str
    holder_number: str
    office_name: str
    is_valid: bool
    standing: api.Standing
    active_from: datetime
    active_to: datetime | None
    issued_at: datetime
    values: dict[str, str]


@router.post(
    "/presentations",
    auth=official(Role.CITIZEN, Role.ENTERPRISE_DELEGATE),
    response={201: PresentationOut},
    summary="Make a code that shows a certificate of one's own for a minute, once",
)
def make_presentation(request: ActorRequest, wanted: PresentationIn) -> Status[PresentationOut]:
    """Return a code; it is kept nowhere, and a second try of it is refused, told to the holder and audited."""
    made = present(certificate_id=wanted.certificate_id, actor=request.actor, at=timezone.now())
    return Status(201, PresentationOut(id=made.id, address=made.address, expires_at=made.expires_at))


@router.post(
    "/presentations/open",
    auth=official(),
    response=ShownOut,
    summary="Open a code that a holder shows, and use it up",
)
def open_code(request: ActorRequest, wanted: CodeIn) -> ShownOut:
    """Return the certificate whole, once; who opened it is told to the holder and audited."""
    token = wanted.code[:MOST_LETTERS].rstrip("/").rpartition("/")[2]
    found = open_presentation(token=token, actor=request.actor, at=timezone.now())
    return ShownOut(
        number=found.number,
        type=found.type_code,
        type_name=found.type_name,
        holder_name=found.holder.name,
        holder_number=found.holder.number,
        office_name=found.office_name,
        is_valid=found.is_valid,
        standing=found.standing,
        active_from=found.active_from,
        active_to=found.active_to,
        issued_at=found.issued_at,
        values=dict(found.values),
    )


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
        ended_at=found.ended_at,
        ended_because=found.ended_because,
        active_from=found.active_from,
        active_to=found.active_to,
        issued_at=found.issued_at,
        facts=list(found.facts),
        predecessor_number=found.predecessor_number,
        successor_number=found.successor_number,
    )
