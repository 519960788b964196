"""Secrets that must be kept are sealed: AES-256-GCM under a key that only the root key file can give.

A sealed secret is bound to its context (which table, which row), so that one cannot be put in another's
place. Form: one byte of version, 12 bytes of nonce, ciphertext, 16 bytes of tag.
"""

import hmac
import os
import secrets
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32


class NotUnsealed(ValueError):
    """A sealed secret was changed, belongs to another context, or was sealed under another root key.

    Restore the root key file that was in use when the secret was stored, or issue the secret anew.
    """


def root_key_file() -> Path:
    """Return where the root key lies: ``ZHENGSHU_ROOT_KEY_FILE``, else `keys/root.key` in the data folder."""
    data = Path(os.environ.get("ZHENGSHU_DATA", "var"))
    return Path(os.environ.get("ZHENGSHU_ROOT_KEY_FILE", data / "keys" / "root.key")).resolve()


def seal(secret: bytes, *, context: bytes) -> bytes:
    """Return a secret encrypted and bound to its context."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(derived_key(b"seal")).encrypt(nonce, secret, context)


def unseal(sealed: bytes, *, context: bytes) -> bytes:
    """Return the secret.

    Raises:
        NotUnsealed: it was changed, or sealed for another context or under another root key.
    """
    version, nonce, rest = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    if version != VERSION:
        raise NotUnsealed("the secret was sealed by a newer version, or is no sealed secret")
    try:
        return AESGCM(derived_key(b"seal")).decrypt(nonce, rest, context)
    except (InvalidTag, ValueError) as fault:
        raise NotUnsealed("the secret does not belong here, or the root key is another one") from fault


def derived_key(use: bytes) -> bytes:
    """Return the 32-byte key of one use, derived from the root key (HKDF expand, RFC 5869, one block)."""
    return hmac.digest(_root_key(root_key_file()), b"zhengshu:" + use + b"\x01", sha256)


@lru_cache(maxsize=8)
def _root_key(file: Path) -> bytes:
    """Return the root key; a fresh installation makes its own, readable by its own user only."""
    if not file.exists():
        _make(file)
    key = bytes.fromhex(file.read_text().strip())
    if len(key) != KEY_BYTES:
        message = f"{file} must hold {KEY_BYTES} bytes in hexadecimal"
        raise ValueError(message)
    return key


def _make(file: Path) -> None:
    """Write a new key; of two processes that start at once, both get the one that was first."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_bytes(KEY_BYTES).hex())
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
