"""A certificate ends before its time: taken back, cancelled, withdrawn, transferred."""

from datetime import datetime
from uuid import UUID

from zhengshu.contexts.certificates.application.issue_certificate import subject_of
from zhengshu.contexts.certificates.application.queries import CertificateNotFound
from zhengshu.contexts.certificates.application.records import CertificateRecord, record_of
from zhengshu.contexts.certificates.domain.states import Ending, check_ending
from zhengshu.contexts.certificates.events import CertificateEndedEarly
from zhengshu.contexts.certificates.models import Certificate
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.identity import DepartmentId

ENDERS = (Role.APPROVER, Role.DEPARTMENT_HEAD)
"""Officials who end certificates of their department."""


@transaction
def revoke(
    *, certificate_id: UUID, ending: Ending, reason: str, actor: Actor, at: datetime
) -> CertificateRecord:
    """End a certificate before its time; from now on nobody is told that it is valid.

    Basis: Administrative Licensing Law, articles 69 and 70.

    Raises:
        CertificateNotFound: the actor's department has issued none such, or he is not entitled to end it.
        EndingUnfit, ReasonMissing, CertificateEnded: it cannot be ended so.
    """
    row = locked_of_office(certificate_id, actor=actor)
    check_ending(ending, reason=reason, former=Ending(row.ending) if row.ending else None)
    end(row, ending, reason=reason, actor=actor, at=at)
    publish(
        CertificateEndedEarly(
            at=at,
            actor=actor,
            subject=subject_of(row),
            department_id=DepartmentId(row.department_id),
            certificate_id=str(row.pk),
            type_code=row.type_code,
            ending=ending.value,
        )
    )
    return record_of(row, row.version.read(), at=at)


def locked_of_office(certificate_id: UUID, *, actor: Actor) -> Certificate:
    """Lock a certificate of the actor's department and return it.

    Raises:
        CertificateNotFound: there is none such, or he is not entitled.
    """
    rows = Certificate.objects.visible_to(actor)
    if not actor.has(*ENDERS):
        rows = rows.none()
    row = rows.select_for_update(of=("self",)).select_related("version").filter(pk=certificate_id).first()
    if row is None:
        raise CertificateNotFound
    return row


def end(row: Certificate, ending: Ending, *, reason: str, actor: Actor, at: datetime) -> None:
    """Note how a certificate ended."""
    row.ending, row.ended_at = ending.value, at
    row.ended_by_name, row.ended_because = actor.name[:100], reason.strip()[:300]
    row.save(update_fields=["ending", "ended_at", "ended_by_name", "ended_because"])
