"""The signature algorithms of requests: two with a shared secret, one with a key pair.

`hmac-sha256` and `ed25519` are registered for HTTP Message Signatures (RFC 9421, section 3.3); `hmac-sm3` is
the national counterpart (GB/T 32905 in the construction of RFC 2104) and keeps our own name.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC

SECRET_BYTES = 32


class Algorithm(StrEnum):
    """How a request is signed."""

    HMAC_SHA256 = "hmac-sha256"
    HMAC_SM3 = "hmac-sm3"
    ED25519 = "ed25519"

    @property
    def is_shared_secret(self) -> bool:
        """Whether both sides hold the same secret; otherwise we hold only a public key."""
        return self is not Algorithm.ED25519


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes signatures with one key."""

    algorithm: Algorithm
    sign: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks signatures with one key: ``is_right(message, signature)``, in constant time."""

    algorithm: Algorithm
    is_right: Callable[[bytes, bytes], bool]


def signer(algorithm: Algorithm, key: bytes) -> Signer:
    """Return the signer of a key: the shared secret, or the 32 raw bytes of an Ed25519 private key."""
    if algorithm is Algorithm.ED25519:
        return Signer(algorithm, Ed25519PrivateKey.from_private_bytes(key).sign)
    digest = _DIGESTS[algorithm]
    return Signer(algorithm, lambda message: digest(key, message))


def verifier(algorithm: Algorithm, key: bytes) -> Verifier:
    """Return the verifier of a key: the shared secret, or the 32 raw bytes of an Ed25519 public key."""
    if algorithm is Algorithm.ED25519:
        return Verifier(algorithm, _ed25519_check(Ed25519PublicKey.from_public_bytes(key)))
    digest = _DIGESTS[algorithm]
    return Verifier(
        algorithm, lambda message, signature: hmac.compare_digest(digest(key, message), signature)
    )


def ed25519_pair() -> tuple[bytes, bytes]:
    """Return a fresh private and public key, 32 raw bytes each."""
    private = Ed25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def _hmac_sha256(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _hmac_sm3(key: bytes, message: bytes) -> bytes:
    context = HMAC(key, SM3())
    context.update(message)
    return context.finalize()


def _ed25519_check(public: Ed25519PublicKey) -> Callable[[bytes, bytes], bool]:
    def is_right(message: bytes, signature: bytes) -> bool:
        try:
            public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    return is_right


_DIGESTS: Mapping[Algorithm, Callable[[bytes, bytes], bytes]] = {
    Algorithm.HMAC_SHA256: _hmac_sha256,
    Algorithm.HMAC_SM3: _hmac_sm3,
}
