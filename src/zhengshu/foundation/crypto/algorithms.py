"""The signature algorithms of requests: two with a shared secret, two with a key pair.

`hmac-sha256` and `ed25519` are registered for HTTP Message Signatures (RFC 9421, section 3.3); `hmac-sm3` and
`sm2-sm3` are the national counterparts (GB/T 32905 in the construction of RFC 2104, and GB/T 32918.2 with the
identifier of GB/T 35276 and the signature as r‖s) and keep our own names.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from zhengshu.foundation.crypto.digests import MACS
from zhengshu.foundation.crypto.encodings import RAW_SIGNATURE_BYTES, der_signature, raw_signature
from zhengshu.foundation.crypto.sm2 import Sm2PrivateKey, Sm2PublicKey

SECRET_BYTES = 32


class Algorithm(StrEnum):
    """How a request is signed."""

    HMAC_SHA256 = "hmac-sha256"
    HMAC_SM3 = "hmac-sm3"
    ED25519 = "ed25519"
    SM2_SM3 = "sm2-sm3"

    @property
    def is_shared_secret(self) -> bool:
        """Whether both sides hold the same secret; otherwise we hold only a public key."""
        return self.value in MACS


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes signatures with one key."""

    algorithm: Algorithm
    sign: Callable[[bytes], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks signatures with one key: ``is_right(message, signature)``, in constant time."""

    algorithm: Algorithm
    is_right: Callable[[bytes, bytes], bool] = field(repr=False)


def signer(algorithm: Algorithm, key: bytes) -> Signer:
    """Return the signer of a key: the shared secret, or the 32 raw bytes of a private key."""
    if algorithm is Algorithm.ED25519:
        return Signer(algorithm, Ed25519PrivateKey.from_private_bytes(key).sign)
    if algorithm is Algorithm.SM2_SM3:
        private = Sm2PrivateKey.from_scalar(key)
        return Signer(algorithm, lambda message: raw_signature(private.sign(message)))
    digest = MACS[algorithm]
    return Signer(algorithm, lambda message: digest(key, message))


def verifier(algorithm: Algorithm, key: bytes) -> Verifier:
    """Return the verifier of a key: the shared secret, or the raw bytes of a public key (SM2: x‖y)."""
    if algorithm is Algorithm.ED25519:
        return Verifier(algorithm, _ed25519_check(Ed25519PublicKey.from_public_bytes(key)))
    if algorithm is Algorithm.SM2_SM3:
        return Verifier(algorithm, _sm2_check(Sm2PublicKey(key)))
    digest = MACS[algorithm]
    return Verifier(
        algorithm, lambda message, signature: hmac.compare_digest(digest(key, message), signature)
    )


def fresh_pair(algorithm: Algorithm) -> tuple[bytes, bytes]:
    """Return a fresh private key of 32 raw bytes and its public key; of a shared secret, the same twice."""
    if algorithm is Algorithm.ED25519:
        ed25519 = Ed25519PrivateKey.generate()
        return ed25519.private_bytes_raw(), ed25519.public_key().public_bytes_raw()
    if algorithm is Algorithm.SM2_SM3:
        sm2 = Sm2PrivateKey.generate()
        return sm2.scalar, sm2.point
    secret = secrets.token_bytes(SECRET_BYTES)
    return secret, secret


def _ed25519_check(public: Ed25519PublicKey) -> Callable[[bytes, bytes], bool]:
    def is_right(message: bytes, signature: bytes) -> bool:
        try:
            public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return is_right


def _sm2_check(public: Sm2PublicKey) -> Callable[[bytes, bytes], bool]:
    def is_right(message: bytes, signature: bytes) -> bool:
        return len(signature) == RAW_SIGNATURE_BYTES and public.is_right(message, der_signature(signature))

    return is_right
