"""A licensed authority's certificate takes the place of our own authority's, for the same key."""

from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from zhengshu.contexts.trust.application.seals.apply_for_seal import SealNotFound, sealed_by_maker, subject_of
from zhengshu.contexts.trust.application.seals.authority import between, key_of, replace_certificate, roots
from zhengshu.contexts.trust.domain.seals import SealState
from zhengshu.contexts.trust.models import Seal, SealKey
from zhengshu.contexts.trust.seal_events import SealCertificateInstalled
from zhengshu.foundation.crypto.certificates import (
    Certificate,
    CertificateUnfit,
    ChainBroken,
    build_request,
    verify_chain,
)
from zhengshu.foundation.crypto.signatures import Scheme
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import DepartmentId


class CertificateNotTaken(Refused):
    """The file is no certificate for this key that a trusted authority issued."""

    code: ClassVar[str] = "trust.certificate-not-taken"
    kind: ClassVar[Kind] = Kind.INVALID
    message: ClassVar[str] = "The certificate was not taken: %(reason)s"


def certificate_request(*, code: str, scheme: Scheme) -> bytes:
    """Return a request (PKCS #10, DER) for a certificate of a seal's key.

    Raises:
        SealNotFound: no seal in use has that code.
    """
    row = _key(code, scheme)
    subject = Certificate.read(bytes(row.certificate)).subject
    return build_request(subject=subject, key=key_of(row))


@transaction
def install_certificate(*, code: str, scheme: Scheme, certificate: bytes, actor: Actor, at: datetime) -> None:
    """Let a seal's key be certified by another authority from now on.

    Raises:
        SealNotFound: no seal in use has that code.
        CertificateNotTaken: it is for another key, not trusted, or not valid now.
    """
    row = _key(code, scheme)
    try:
        found = Certificate.read(certificate)
        verify_chain(found, between=between(), roots=roots(), at=at)
    except (CertificateUnfit, ChainBroken) as fault:
        raise CertificateNotTaken(reason=str(fault)) from fault
    if found.key != key_of(row).public:
        raise CertificateNotTaken(reason="it is for another key")
    replace_certificate(row, found)
    seal = Seal.objects.select_for_update().get(code=code)
    if scheme is Scheme.SM2_SM3:
        seal.made = sealed_by_maker(seal, user=found, at=at)
        seal.save(update_fields=["made"])
    publish(
        SealCertificateInstalled(
            at=at,
            actor=actor,
            subject=subject_of(seal),
            department_id=DepartmentId(seal.department_id),
            scheme=scheme.value,
            fingerprint=sha256(found.der).hexdigest(),
        )
    )


def _key(code: str, scheme: Scheme) -> SealKey:
    row = SealKey.objects.filter(
        seal__code=code, seal__state=SealState.IN_USE, scheme=scheme.value, is_current=True
    ).first()
    if row is None:
        raise SealNotFound
    return row
