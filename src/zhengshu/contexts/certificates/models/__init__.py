"""Tables of `certificates`."""

from zhengshu.contexts.certificates.models.certificates import Certificate, CertificateReader, CertificateSet
from zhengshu.contexts.certificates.models.showing import (
    CertificateUse,
    FailedTries,
    Presentation,
    UseKind,
)
from zhengshu.contexts.certificates.models.types import CertificateIssuer, CertificateTypeVersion

__all__ = [
    "Certificate",
    "CertificateIssuer",
    "CertificateReader",
    "CertificateSet",
    "CertificateTypeVersion",
    "CertificateUse",
    "FailedTries",
    "Presentation",
    "UseKind",
]
