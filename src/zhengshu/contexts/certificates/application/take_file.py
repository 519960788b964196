"""The files of a certificate: the sealed PDF is there from the first moment, the OFD follows at once."""

from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO, ClassVar
from uuid import UUID

from zhengshu.contexts.certificates.application.issue_certificate import subject_of
from zhengshu.contexts.certificates.application.keep_issuers import document_kind
from zhengshu.contexts.certificates.application.queries import visible_row
from zhengshu.contexts.certificates.application.setting import sealable
from zhengshu.contexts.certificates.application.use_certificate import note_use
from zhengshu.contexts.certificates.events import CertificateTaken
from zhengshu.contexts.certificates.models import Certificate, UseKind
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId

SEALER = Actor.platform("certificates.seal")


class FileNotReady(Refused):
    """The file is being made, or could not be made; the PDF is there."""

    code: ClassVar[str] = "certificates.file-not-ready"
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    message: ClassVar[str] = "This file is not ready yet. Try again in a minute, or take the PDF."


@transaction
def take_file(
    *, certificate_id: UUID, format_: trust.SealFormat, actor: Actor, at: datetime
) -> tuple[str, BinaryIO]:
    """Return a sealed file of a certificate with its name; who took it is audited and told to the holder.

    Raises:
        CertificateNotFound: there is none such that the actor may see.
        FileNotReady: there is no such file yet.
    """
    row = visible_row(certificate_id, actor=actor)
    use = next((one for one in _files(row) if one.format == format_), None)
    if use is None:
        raise FileNotReady
    _record, content = trust.open_sealed_file(
        use_id=use.id, document_kind=document_kind(row.type_code), document_id=row.pk
    )
    note_use(
        row, UseKind.TAKEN, at=at, who=actor.department_name or actor.name, purpose=format_.value.upper()
    )
    publish(
        CertificateTaken(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=DepartmentId(row.department_id),
            certificate_id=str(row.pk),
            format=format_.value,
        )
    )
    return f"{row.version.read().names.zh}-{row.serial}.{format_.value}", content


def formats_of(*, certificate_id: UUID, actor: Actor) -> tuple[str, ...]:
    """Return in which formats there are files of a certificate.

    Raises:
        CertificateNotFound: there is none such that the actor may see.
    """
    return tuple(
        sorted((one.format for one in _files(visible_row(certificate_id, actor=actor))), reverse=True)
    )


@transaction
def write_ofd(*, certificate_id: UUID, at: datetime) -> None:
    """Write and seal the OFD of a certificate; once, however often it is asked for.

    A seal that was revoked in the meantime makes none; then the PDF stays alone.

    Raises:
        NoTimestamp: the timestamp authority does not answer; try again.
    """
    row = Certificate.objects.select_related("version").filter(pk=certificate_id).first()
    if row is None:
        return
    try:
        trust.seal_by_standing_use(
            document_kind=document_kind(row.type_code),
            document_id=row.pk,
            document=sealable(row, row.version.read()),
            department_id=row.department_id,
            formats=frozenset({trust.SealFormat.OFD}),
            actor=SEALER,
            at=at,
        )
    except (trust.NoStandingUse, trust.SealNotInUse, trust.SealOutOfTime):
        return


def _files(row: Certificate) -> Iterable[trust.SealUseRecord]:
    return trust.sealed_files(document_kind=document_kind(row.type_code), document_ids=[row.pk])
