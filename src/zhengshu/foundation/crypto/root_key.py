"""The root key, under which the installation's master key lies: in a file, in the environment, or in a token.

It wraps the master key and does nothing else, so that it can be changed while everything runs. A key in a PKCS#11
token never leaves it.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from zhengshu.foundation.crypto.ciphers import SM4_KEY_BYTES, CipherName, sealing_key
from zhengshu.foundation.crypto.digests import hmac_sm3
from zhengshu.kernel.errors import Kind, Refused

KEY_BYTES = 32
FILE, TEXT, TOKEN = "ZHENGSHU_ROOT_KEY_FILE", "ZHENGSHU_ROOT_KEY", "ZHENGSHU_ROOT_KEY_PKCS11"
HEAD = "zhengshu-root-key-1 "
"""Before the digits of a root key that never was anything else. Bare digits may be from before the master key."""
_CONTEXT = b"zhengshu:master"


class RootKeyUnfit(Refused):
    """What the settings name as the root key is none; restore it, or let a fresh installation make its own."""

    code = "crypto.root-key-unfit"
    kind = Kind.CONFLICT
    message = "The root key in %(where)s is not what is expected: 32 bytes in hexadecimal (64 digits)."


class RootKeyWrong(Refused):
    """The root key is another one than that under which the master key lies; give back the one that was in use."""

    code = "crypto.root-key-wrong"
    kind = Kind.CONFLICT
    message = (
        "The root key in %(where)s is not the one under which the master key in %(file)s lies. Give back the root "
        "key that was in use; with another one nothing that is sealed here can be read."
    )


class RootKey(Protocol):
    """What can wrap the master key.

    Attributes:
        name: by which a wrapped master key names the root key that opens it; no secret.
        where: shown to the operator; no secret.
    """

    @property
    def name(self) -> str:
        """By which a wrapped master key names it."""
        ...

    @property
    def where(self) -> str:
        """What the operator is told."""
        ...

    def wrap(self, master: bytes) -> bytes:
        """Return the master key as only this root key can open it."""
        ...

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return the master key.

        Raises:
            NotOpened: it was wrapped by another root key, or changed.
        """
        ...


@dataclass(frozen=True, slots=True)
class PlainRootKey:
    """A root key whose bytes we hold; it wraps by SM4-GCM."""

    secret: bytes = field(repr=False)
    where: str

    @property
    def name(self) -> str:
        """The first bytes of a keyed digest of a constant."""
        return "sm4:" + hmac_sm3(self.secret, b"zhengshu:root:name")[:8].hex()

    def wrap(self, master: bytes) -> bytes:
        """Return the master key as only this root key can open it."""
        return sealing_key(CipherName.SM4_GCM, self._wrapping()).seal(master, context=_CONTEXT)

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return the master key.

        Raises:
            NotOpened: it was wrapped by another root key, or changed.
        """
        return sealing_key(CipherName.SM4_GCM, self._wrapping()).open(wrapped, context=_CONTEXT)

    def _wrapping(self) -> bytes:
        return hmac_sm3(self.secret, b"zhengshu:root:wrap")[:SM4_KEY_BYTES]


def root_key(environment: Mapping[str, str]) -> RootKey:
    """Return the root key that the settings name: a token's, that of the environment, else that of a file.

    Raises:
        RootKeyUnfit: it is none.
        TokenUnavailable: the token or its key cannot be used.
    """
    if uri := environment.get(TOKEN):
        from zhengshu.foundation.crypto.pkcs11 import token_key

        return token_key(uri)
    if text := environment.get(TEXT):
        return PlainRootKey(_secret(text, where=TEXT), TEXT)
    file = root_key_file(environment)
    if not file.exists():
        make(file)
    return plain_file_key(file)


def plain_file_key(file: Path) -> PlainRootKey:
    """Return the root key in a file.

    Raises:
        RootKeyUnfit: it holds none.
    """
    try:
        return PlainRootKey(_secret(file.read_text(), where=str(file)), str(file))
    except (OSError, UnicodeDecodeError):
        raise RootKeyUnfit(where=str(file)) from None


def is_from_before_master_keys(environment: Mapping[str, str]) -> bool:
    """Whether the root key is a file of bare digits, as they were written when there was no master key."""
    if environment.get(TOKEN) or environment.get(TEXT):
        return False
    file = root_key_file(environment)
    return file.exists() and not file.read_text(errors="replace").startswith(HEAD)


def root_key_file(environment: Mapping[str, str]) -> Path:
    """Return where the root key lies: ``ZHENGSHU_ROOT_KEY_FILE``, else `keys/root.key` in the data folder."""
    return Path(environment.get(FILE) or _keys(environment) / "root.key")


def master_key_file(environment: Mapping[str, str]) -> Path:
    """Return where the wrapped master key lies: ``ZHENGSHU_MASTER_KEY_FILE``, else beside `root.key`'s usual place."""
    return Path(environment.get("ZHENGSHU_MASTER_KEY_FILE") or _keys(environment) / "master.key")


def make(file: Path) -> None:
    """Write a new key; of two processes that start at once, both get the one that was first."""
    write_once(file, HEAD + secrets.token_bytes(KEY_BYTES).hex())


def write_once(file: Path, text: str) -> None:
    """Write a file that only its user may read, unless it is there; it is there wholly or not at all."""
    draft = _draft(file, text)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def replace(file: Path, text: str) -> None:
    """Put a file that only its user may read in the place of another one, wholly or not at all."""
    _draft(file, text).replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _draft(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return draft


def _keys(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("ZHENGSHU_DATA", "var")) / "keys"


def _secret(text: str, *, where: str) -> bytes:
    try:
        secret = bytes.fromhex(text.strip().removeprefix(HEAD))
    except ValueError:
        raise RootKeyUnfit(where=where) from None
    if len(secret) != KEY_BYTES:
        raise RootKeyUnfit(where=where)
    return secret
