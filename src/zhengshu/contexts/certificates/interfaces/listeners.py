"""What follows from a certificate: its OFD, made by the worker, for it takes five times as long as the PDF."""

from uuid import UUID

from django.utils import timezone

from zhengshu.contexts.certificates.application.take_file import write_ofd
from zhengshu.contexts.certificates.events import CertificateIssued
from zhengshu.foundation.events import on


@on(CertificateIssued, may_wait=True)
def follow_issue(event: CertificateIssued) -> None:
    """Write the OFD of a certificate that was issued; nobody's message waits for it."""
    write_ofd(certificate_id=UUID(event.certificate_id), at=timezone.now())
