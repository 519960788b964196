"""Making a certificate that could not be made: by an official who has mended what was in the way, or of itself."""

from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from zhengshu.contexts.services.application.application_queries import ApplicationNotFound
from zhengshu.contexts.services.application.application_records import ApplicationRecord, application_of
from zhengshu.contexts.services.application.certificate_faults import PATIENCE, PLATFORM, make_or_note
from zhengshu.contexts.services.application.issue_certificate import issue_of
from zhengshu.contexts.services.application.issue_results import issue_of_part
from zhengshu.contexts.services.application.one_thing_pack import part_of_item
from zhengshu.contexts.services.domain.applications import ApplicationState
from zhengshu.contexts.services.models import Application
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused

MENDERS: Final = (Role.APPROVER, Role.DATA_OFFICER, Role.DEPARTMENT_HEAD)
MENDED_BY_A_SEAL: Final = frozenset(
    {
        "certificates.issuer-unknown",
        "trust.no-standing-use",
        "trust.seal-not-in-use",
        "trust.seal-out-of-time",
    }
)
"""What keeps a certificate from being made until an issuer is named or a seal is allowed."""


class NotYourCertificate(Refused):
    """Only officials of the department that granted it have a certificate made again."""

    code: ClassVar[str] = "services.not-your-certificate"
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    message: ClassVar[str] = "The certificate is made by the department that granted the application."


def may_retry(found: ApplicationRecord, *, actor: Actor) -> bool:
    """Whether the actor may have the certificate of an application made again."""
    return actor.has(*MENDERS) and actor.department_id == found.department_id


@transaction
def retry_certificate(*, application_id: UUID, actor: Actor, at: datetime) -> ApplicationRecord:
    """Try to make the certificate of what was granted; where it is there already, nothing changes.

    What is in the way is noted anew and stands in the record that is returned.

    Raises:
        ApplicationNotFound: there is none that the actor may see.
        NotYourCertificate: the actor is no official of the department that granted it.
    """
    rows = Application.objects.visible_to(actor).select_related("item").select_for_update(of=("self",))
    row = rows.filter(pk=application_id).first()
    if row is None:
        raise ApplicationNotFound
    if not may_retry(application_of(row), actor=actor):
        raise NotYourCertificate
    _again(row, actor=actor, at=at)
    return application_of(row)


def retry_waiting(*, at: datetime) -> int:
    """Make what waited for an issuer or a seal, one by one; return how many were made."""
    waiting = Application.objects.filter(
        certificate_id=None, state=ApplicationState.GRANTED.value, certificate_fault__in=MENDED_BY_A_SEAL
    ).order_by("submitted_at")
    return sum(_one(key, at=at) for key in list(waiting.values_list("pk", flat=True)))


@transaction
def _one(key: UUID, *, at: datetime) -> bool:
    rows = Application.objects.select_related("item").select_for_update(of=("self",), skip_locked=True)
    row = rows.filter(pk=key).first()
    if row is not None:
        _again(row, actor=PLATFORM, at=at)
    return row is not None and row.certificate_id is not None


def _again(row: Application, *, actor: Actor, at: datetime) -> None:
    if row.certificate_id is not None or row.state != ApplicationState.GRANTED.value:
        return
    part = part_of_item(row.item.code)
    decided_at = row.decided_at or at

    def make() -> None:
        if part is not None and part.result is not None:
            issue_of_part(row, part.result, actor=actor, decided_at=decided_at, at=at)
        else:
            issue_of(row, actor=actor, at=at)

    make_or_note(row, make, since=at - PATIENCE, at=at)
