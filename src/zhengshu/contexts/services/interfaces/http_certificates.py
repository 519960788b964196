"""Management API of `services`: making the certificate of an application again that could not be made."""

from uuid import UUID

from django.utils import timezone
from ninja import Router, Schema

from zhengshu.contexts.services.application.retry_certificate import MENDERS, retry_certificate
from zhengshu.foundation.http.api_auth import official
from zhengshu.foundation.http.requests import ActorRequest

router = Router(tags=["services"])


class MadeOut(Schema):
    """The certificate of an application; without an id it is not made, and the reason says why it could not be."""

    number: str
    state: str
    certificate_id: UUID | None
    reason: str
    reason_en: str


@router.post(
    "/applications/{application_id}/certificate",
    auth=official(*MENDERS),
    response=MadeOut,
    summary="Make the certificate of what was granted again; where it is there, nothing changes",
)
def make_certificate(request: ActorRequest, application_id: UUID) -> MadeOut:
    """Try to make it, for officials of the department that granted it; what is still in the way is said."""
    found = retry_certificate(application_id=application_id, actor=request.actor, at=timezone.now())
    words = ("", "") if found.certificate_id else (*found.certificate_words, "", "")
    return MadeOut(
        number=found.number,
        state=found.state.value,
        certificate_id=found.certificate_id,
        reason=words[0],
        reason_en=words[1],
    )
