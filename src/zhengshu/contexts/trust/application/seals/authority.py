"""The platform's own authority for seals: roots, seal maker and timestamp authority, made when first needed.

It is for trying out, for tests, and for use inside an organ that trusts itself. Towards citizens a licensed authority
issues the certificates and gives the timestamps; `docs/how-to/licensed-authority.md` says how it is put in.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import httpx
from django.conf import settings
from django.db import connection
from django.utils import timezone

from zhengshu.contexts.trust.domain.seals import KeyUse
from zhengshu.contexts.trust.models import Seal, SealKey
from zhengshu.contexts.trust.seal_events import SealAuthorityFounded
from zhengshu.foundation.crypto.certificates import Certificate, Terms, issue_certificate
from zhengshu.foundation.crypto.sealing import seal, unseal
from zhengshu.foundation.crypto.signatures import Scheme, SigningKey
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.seals.revocations import Revoked, read_list, revocation_list
from zhengshu.foundation.seals.timestamps import (
    ANSWER_TYPE,
    MOST_TOKEN_BYTES,
    REQUEST_TYPE,
    Ask,
    Office,
    TimestampAuthority,
    TimestampRefused,
)
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor

FOUNDER = Actor.platform("trust.seal-authority")
SCHEMES = (Scheme.SM2_SM3, Scheme.ECDSA_P256)
"""SM2 for OFD (GB/T 38540), P-256 for PDF, whose readers do not know SM2."""

ROOT_YEARS, TIMESTAMPS_YEARS, MAKER_YEARS = 20, 12, 10
LIST_HOURS = 24
ASK_SECONDS = 15
_YEAR = timedelta(days=365)
_LOCK = "zhengshu.seal-authority"
_NAMES: Mapping[KeyUse, str] = {
    KeyUse.ROOT: "电子印章根证书",
    KeyUse.TIMESTAMPS: "时间戳服务",
    KeyUse.MAKER: "电子印章制章中心",
}
_YEARS: Mapping[KeyUse, int] = {
    KeyUse.ROOT: ROOT_YEARS,
    KeyUse.TIMESTAMPS: TIMESTAMPS_YEARS,
    KeyUse.MAKER: MAKER_YEARS,
}


def office(use: KeyUse, scheme: Scheme) -> Office:
    """Return a key of our own authority with its certificate and those above it; made when first asked for."""
    row = _key(use, scheme) or _found(use, scheme, at=timezone.now())
    above = () if use is KeyUse.ROOT else (root_certificate(scheme),)
    return Office(key_of(row), Certificate.read(bytes(row.certificate)), above)


def root_certificate(scheme: Scheme) -> Certificate:
    """Return the certificate above all others of our own authority; its key stays sealed."""
    row = _key(KeyUse.ROOT, scheme) or _found(KeyUse.ROOT, scheme, at=timezone.now())
    return Certificate.read(bytes(row.certificate))


def issue_seal_key(
    owner: Seal, *, scheme: Scheme, subject: Mapping[str, str], active_from: datetime, active_to: datetime
) -> SealKey:
    """Make a key for a seal, with a certificate of our own authority."""
    root = office(KeyUse.ROOT, scheme)
    terms = Terms(
        subject=subject, active_from=active_from, active_to=min(active_to, root.certificate.active_to)
    )
    return _store(KeyUse.SEAL, SigningKey.generate(scheme), terms, issuer=root, owner=owner)


def key_of(row: SealKey) -> SigningKey:
    """Return the private key of a row.

    Raises:
        NotUnsealed: it was sealed under another root key.
    """
    return SigningKey.read(unseal(bytes(row.sealed_secret), context=_context(row)))


def roots() -> tuple[Certificate, ...]:
    """Return whom checks trust: our own roots as far as they were made, and those in the folder of the settings."""
    own = SealKey.objects.filter(use=KeyUse.ROOT).values_list("certificate", flat=True)
    return (*(Certificate.read(bytes(der)) for der in own), *_foreign("*.root.pem"))


def between() -> tuple[Certificate, ...]:
    """Return further authorities' certificates that chains may need, from the folder of the settings."""
    return _foreign("*.between.pem")


def foreign_revocations() -> Mapping[tuple[str, int], datetime]:
    """Return what lists in the folder of the settings take back: by the issuer's name and the certificate's number."""
    found: dict[tuple[str, int], datetime] = {}
    for file in _files("*.crl"):
        for issuer in (*_foreign("*.root.pem"), *between()):
            try:
                listed = read_list(file.read_bytes(), issuer=issuer)
            except ValueError:
                continue
            name = issuer.subject.get("common_name", "")
            found |= {(name, serial): at for serial, at in listed.items()}
    return found


def timestamp_answer(request: bytes) -> bytes:
    """Return our own authority's answer to a timestamp request (RFC 3161)."""
    return _own_stamper(*SCHEMES).answer(request)


def stamper(scheme: Scheme) -> Ask:
    """Return how a timestamp is asked for: of the authority in the settings, else of our own, in this process.

    Our own key is read here, not when it is asked, because a PDF is signed where the database cannot be asked.
    """
    address = settings.SEAL_TIMESTAMP_URLS.get(scheme.value, "")
    return (lambda request: _ask(address, request)) if address else _own_stamper(scheme).answer


def _own_stamper(*schemes: Scheme) -> TimestampAuthority:
    offices = {scheme: office(KeyUse.TIMESTAMPS, scheme) for scheme in schemes}
    return TimestampAuthority(offices, clock=timezone.now)


def current_list(scheme: Scheme, *, at: datetime) -> bytes:
    """Return the list of certificates that our own authority has taken back."""
    root = office(KeyUse.ROOT, scheme)
    rows = SealKey.objects.filter(scheme=scheme.value, revoked_at__lte=at).exclude(use=KeyUse.ROOT)
    revoked = [Revoked(int(row.serial, 16), row.revoked_at) for row in rows if row.revoked_at]
    return revocation_list(
        revoked,
        issuer=root.certificate,
        key=root.key,
        number=int(at.timestamp()),
        at=at,
        next_at=at + timedelta(hours=LIST_HOURS),
    )


def _key(use: KeyUse, scheme: Scheme) -> SealKey | None:
    return SealKey.objects.filter(use=use, scheme=scheme.value, seal=None, is_current=True).first()


@transaction
def _found(use: KeyUse, scheme: Scheme, *, at: datetime) -> SealKey:
    """Make a key of the authority; of two processes that need it at once, both get the one that was first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
    known = _key(use, scheme)
    if known is not None:
        return known
    terms = Terms(
        subject={
            "country_name": "CN",
            "organization_name": settings.PROOF_LOG_ORIGIN[:60],
            "common_name": f"{_NAMES[use]} {scheme.value}",
        },
        active_from=at.replace(microsecond=0),
        active_to=at + _YEARS[use] * _YEAR,
        is_authority=use is KeyUse.ROOT,
        extended_usages=("time_stamping",) if use is KeyUse.TIMESTAMPS else (),
    )
    issuer = None if use is KeyUse.ROOT else office(KeyUse.ROOT, scheme)
    row = _store(use, SigningKey.generate(scheme), terms, issuer=issuer)
    publish(
        SealAuthorityFounded(
            at=at,
            actor=FOUNDER,
            subject=Subject("seal_authority", str(row.pk), f"{_NAMES[use]} {scheme.value}"),
            use=use,
            scheme=scheme.value,
            fingerprint=row.fingerprint,
        )
    )
    return row


def _store(
    use: KeyUse, key: SigningKey, terms: Terms, *, issuer: Office | None, owner: Seal | None = None
) -> SealKey:
    certificate = issue_certificate(
        terms,
        key=key.public,
        issuer=issuer.certificate if issuer else None,
        issuer_key=issuer.key if issuer else key,
    )
    return _insert(use, key, certificate, owner=owner)


def replace_certificate(row: SealKey, certificate: Certificate) -> SealKey:
    """Put another certificate for the same key in the place of one, which still counts for what it sealed."""
    row.is_current = False
    row.save(update_fields=["is_current"])
    return _insert(KeyUse(row.use), key_of(row), certificate, owner=row.seal)


def _insert(use: KeyUse, key: SigningKey, certificate: Certificate, *, owner: Seal | None) -> SealKey:
    row = SealKey(
        use=use,
        scheme=key.scheme.value,
        seal=owner,
        certificate=certificate.der,
        serial=f"{certificate.serial:x}",
        fingerprint=sha256(certificate.der).hexdigest(),
        active_from=certificate.active_from,
        active_to=certificate.active_to,
    )
    row.sealed_secret = seal(key.pkcs8, context=_context(row))
    row.save(force_insert=True)
    return row


def _context(row: SealKey) -> bytes:
    return f"trust_seal_key:{row.pk}".encode()


def _foreign(pattern: str) -> tuple[Certificate, ...]:
    return tuple(Certificate.read(file.read_bytes()) for file in _files(pattern))


def _files(pattern: str) -> list[Path]:
    folder = settings.SEAL_TRUST_FOLDER
    return sorted(Path(folder).glob(pattern)) if folder else []


def _ask(address: str, request: bytes) -> bytes:
    """Ask an authority over HTTP (RFC 3161, section 3.4).

    Raises:
        TimestampRefused: it cannot be reached, or answers with something else.
    """
    try:
        answer = httpx.post(
            address, content=request, headers={"Content-Type": REQUEST_TYPE}, timeout=ASK_SECONDS
        )
        answer.raise_for_status()
    except httpx.HTTPError as fault:
        raise TimestampRefused("the timestamp authority cannot be reached") from fault
    kind = answer.headers.get("Content-Type", "").split(";")[0]
    if kind != ANSWER_TYPE or len(answer.content) > MOST_TOKEN_BYTES:
        raise TimestampRefused("the timestamp authority answered with something else")
    return answer.content
