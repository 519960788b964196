"""Digests and keyed digests: SM3 (GB/T 32905), HMAC-SM3 (RFC 2104 with SM3), beside SHA-2."""

import hashlib
import hmac
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC


def sm3(message: bytes) -> bytes:
    """Return the SM3 digest, 32 bytes."""
    digest = Hash(SM3())
    digest.update(message)
    return digest.finalize()


def hmac_sm3(key: bytes, message: bytes) -> bytes:
    """Return the HMAC of a message by SM3, 32 bytes."""
    context = HMAC(key, SM3())
    context.update(message)
    return context.finalize()


def keyed_sm3(key: bytes) -> Callable[[bytes], bytes]:
    """Return HMAC-SM3 under one key, prepared; half the cost of `hmac_sm3` where the key stays."""
    prepared = HMAC(key, SM3())

    def compute(message: bytes) -> bytes:
        context = prepared.copy()
        context.update(message)
        return context.finalize()

    return compute


def _sha(name: str) -> Callable[[bytes], bytes]:
    return lambda message: hashlib.new(name, message).digest()


DIGESTS: Mapping[str, Callable[[bytes], bytes]] = {
    "sm3": sm3,
    "sha-256": _sha("sha256"),
    "sha-512": _sha("sha512"),
}
"""By the names of `Content-Digest` (RFC 9530); `sm3` is ours."""

MACS: Mapping[str, Callable[[bytes, bytes], bytes]] = {
    "hmac-sm3": hmac_sm3,
    "hmac-sha256": lambda key, message: hmac.digest(key, message, "sha256"),
}
"""Of key and message, by the names of request signatures."""
