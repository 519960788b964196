"""Keys that sign ID tokens: made here, sealed under the root key, published before and after they are used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt
from allauth.core.internal import jwkkit
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.db import connection

from zhengshu.contexts.trust.domain.duties import require
from zhengshu.contexts.trust.models import SigningKey
from zhengshu.contexts.trust.sign_on_events import SigningKeyIssued
from zhengshu.foundation.crypto.sealing import seal, unseal
from zhengshu.foundation.events import Subject
from zhengshu.foundation.outbox import publish
from zhengshu.foundation.transactions import transaction
from zhengshu.kernel.actors import Actor, Role

AHEAD = timedelta(hours=2)
"""How long a new key is published before it signs: relying parties keep the set for an hour."""
AFTER = timedelta(hours=1)
"""How long a former key stays published: what it has signed has run out long before."""
_LOCK = 0x7A687373
BITS = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeyRecord:
    """A key, opened."""

    pem: str
    issued_at: datetime
    not_before: datetime
    expires_at: datetime | None


def signing_keys(*, at: datetime) -> tuple[SigningKeyRecord, ...]:
    """Return the keys in force or to come; a fresh installation makes its first."""
    rows = [row for row in SigningKey.objects.order_by("issued_at") if _lives(row, at)]
    if not rows:
        rows = [_first(at)]
    return tuple(_opened(row) for row in rows)


def signed(claims: Mapping[str, object], *, kind: str, at: datetime) -> str:
    """Return claims as a token signed by the key in force.

    Args:
        claims: what is said.
        kind: the `typ` of the token, so that none is taken for another sort.
        at: now.
    """
    usable = [key for key in signing_keys(at=at) if key.not_before <= at]
    public, private = jwkkit.load_jwk_from_pem(max(usable, key=lambda key: key.issued_at).pem)
    return jwt.encode(dict(claims), private, algorithm="RS256", headers={"kid": public["kid"], "typ": kind})


@transaction
def rotate_signing_key(*, actor: Actor, at: datetime) -> datetime:
    """Issue the next key and return from when it signs; the present one ends an hour later.

    Raises:
        NotYourDuty: the actor is not the security administrator.
    """
    require(actor, Role.SECURITY_ADMIN)
    _locked()
    starts = at + AHEAD
    SigningKey.objects.filter(expires_at=None).update(expires_at=starts + AFTER)
    _issue(actor=actor, at=at, not_before=starts)
    return starts


@transaction
def _first(at: datetime) -> SigningKey:
    _locked()
    known = [row for row in SigningKey.objects.order_by("-issued_at") if _lives(row, at)]
    return known[0] if known else _issue(actor=Actor.platform("trust.sign-on"), at=at, not_before=at)


def _issue(*, actor: Actor, at: datetime, not_before: datetime) -> SigningKey:
    pem = rsa.generate_private_key(public_exponent=65537, key_size=BITS).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    row = SigningKey(issued_at=at, not_before=not_before)
    row.sealed_pem = seal(pem, context=_context(row))
    row.save(force_insert=True)
    publish(SigningKeyIssued(at=at, actor=actor, subject=Subject("signing_key", str(row.pk), "")))
    return row


def _locked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _lives(row: SigningKey, at: datetime) -> bool:
    return row.expires_at is None or row.expires_at > at


def _opened(row: SigningKey) -> SigningKeyRecord:
    return SigningKeyRecord(
        pem=unseal(bytes(row.sealed_pem), context=_context(row)).decode(),
        issued_at=row.issued_at,
        not_before=row.not_before,
        expires_at=row.expires_at,
    )


def _context(row: SigningKey) -> bytes:
    return b"trust.signing-key:" + row.id.bytes
