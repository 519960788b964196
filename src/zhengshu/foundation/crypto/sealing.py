"""Secrets that must be kept are sealed: AES-256-GCM under a key that is derived from the master key.

A sealed secret is bound to its context (which table, which row), so that one cannot be put in another's
place. Form: one byte of version, 12 bytes of nonce, ciphertext, 16 bytes of tag.
"""

import hmac
import os
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhengshu.foundation.crypto.master_key import master_key

VERSION = b"\x01"
NONCE_BYTES = 12


class NotUnsealed(ValueError):
    """A sealed secret was changed, belongs to another context, or was sealed under another master key.

    Restore the key files that were in use when the secret was stored, or issue the secret anew.
    """


def seal(secret: bytes, *, context: bytes) -> bytes:
    """Return a secret encrypted and bound to its context."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(derived_key(b"seal")).encrypt(nonce, secret, context)


def unseal(sealed: bytes, *, context: bytes) -> bytes:
    """Return the secret.

    Raises:
        NotUnsealed: it was changed, or sealed for another context or under another master key.
    """
    version, nonce, rest = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if version != VERSION:
        raise NotUnsealed("the secret was sealed by a newer version, or is no sealed secret")
    try:
        return AESGCM(derived_key(b"seal")).decrypt(nonce, rest, context)
    except (InvalidTag, ValueError) as fault:
        raise NotUnsealed("the secret does not belong here, or the master key is another one") from fault


def derived_key(use: bytes) -> bytes:
    """Return the 32-byte key of one use, derived from the master key (HKDF expand, RFC 5869, one block)."""
    return hmac.digest(master_key(), b"zhengshu:" + use + b"\x01", sha256)
