"""Authenticated encryption: SM4-GCM (GB/T 32907 in the mode of RFC 8998) and AES-256-GCM, in one form.

A sealed text is 12 bytes of nonce, the ciphertext and 16 bytes of tag; the context is bound to it and not in it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
TAG_BYTES = 16
SM4_KEY_BYTES = 16
AES_KEY_BYTES = 32


class CipherName(StrEnum):
    """The ciphers that seal texts."""

    SM4_GCM = "sm4-gcm"
    AES_256_GCM = "aes-256-gcm"


class NotOpened(ValueError):
    """A sealed text was changed, belongs to another context, or was sealed by another key."""


@dataclass(frozen=True, slots=True, repr=False)
class SealingKey:
    """One key of a cipher, ready for use; it never shows itself.

    Attributes:
        encrypt: of nonce, plain text and context.
        decrypt: of nonce, ciphertext with tag, and context; fails by `InvalidTag` or `ValueError`.
    """

    cipher: CipherName
    encrypt: Callable[[bytes, bytes, bytes], bytes]
    decrypt: Callable[[bytes, bytes, bytes], bytes]

    def seal(self, plain: bytes, *, context: bytes) -> bytes:
        """Return a text sealed and bound to its context."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self.encrypt(nonce, plain, context)

    def open(self, sealed: bytes, *, context: bytes) -> bytes:
        """Return the text.

        Raises:
            NotOpened: it was changed, or sealed for another context or by another key.
        """
        try:
            return self.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
        except (InvalidTag, ValueError) as fault:
            raise NotOpened("the sealed text was changed or does not belong here") from fault


def sealing_key(cipher: CipherName, key: bytes) -> SealingKey:
    """Return a key ready for use: 16 bytes for SM4-GCM, 32 for AES-256-GCM."""
    if cipher is CipherName.SM4_GCM:
        return _sm4(algorithms.SM4(key))
    if len(key) != AES_KEY_BYTES:
        raise ValueError("a key of AES-256-GCM has 32 bytes")
    aes = AESGCM(key)
    return SealingKey(cipher, aes.encrypt, aes.decrypt)


def _sm4(algorithm: algorithms.SM4) -> SealingKey:
    def encrypt(nonce: bytes, plain: bytes, context: bytes) -> bytes:
        work = Cipher(algorithm, modes.GCM(nonce)).encryptor()
        work.authenticate_additional_data(context)
        return work.update(plain) + work.finalize() + work.tag

    def decrypt(nonce: bytes, sealed: bytes, context: bytes) -> bytes:
        work = Cipher(algorithm, modes.GCM(nonce, sealed[-TAG_BYTES:])).decryptor()
        work.authenticate_additional_data(context)
        return work.update(sealed[:-TAG_BYTES]) + work.finalize()

    return SealingKey(CipherName.SM4_GCM, encrypt, decrypt)
