"""Data keys and what they encrypt, without a store: the gateway uses this too.

A value is encrypted by SM4-GCM and bound to its place (table, column, row). Form: one byte of version, four bytes of
the key's number, 12 bytes of nonce, ciphertext, 16 bytes of tag.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from zhengshu.foundation.crypto.ciphers import SM4_KEY_BYTES, CipherName, NotOpened, SealingKey, sealing_key
from zhengshu.foundation.crypto.digests import keyed_sm3
from zhengshu.foundation.crypto.sealing import derived_key

VERSION = b"\x02"
NUMBER_BYTES = 4
HEAD_BYTES = len(VERSION) + NUMBER_BYTES
BLIND_BYTES = 16
"""Long enough that two values never share an index; it says that two rows have the same value, and no more."""
MOST_NUMBER = 2**31 - 1


class ValueUnreadable(ValueError):
    """An encrypted value was changed or moved, or its key is not one of this installation; it never shows anything."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose data a key encrypts, and of which grade (GB/T 43697: 1 to 6)."""

    department_id: UUID | None
    grade: int


@dataclass(frozen=True, slots=True)
class OpenedKey:
    """One version of a scope's key, ready for use."""

    number: int
    scope: Scope
    version: int
    key: SealingKey = field(repr=False)

    def encrypt(self, plain: bytes, *, place: bytes) -> bytes:
        """Return a value encrypted for its place."""
        head = VERSION + self.number.to_bytes(NUMBER_BYTES)
        return head + self.key.seal(plain, context=head + place)

    def decrypt(self, stored: bytes, *, place: bytes) -> bytes:
        """Return a value.

        Raises:
            ValueUnreadable: it was changed, stood in another place, or is of another key.
        """
        head, rest = stored[:HEAD_BYTES], stored[HEAD_BYTES:]
        try:
            return self.key.open(rest, context=head + place)
        except NotOpened:
            raise ValueUnreadable("the value was changed, or moved here from another place") from None


def fresh_key(scope: Scope, *, version: int) -> tuple[int, bytes]:
    """Return the number of a new key and the key as it is kept, wrapped under the master key."""
    number = secrets.randbelow(MOST_NUMBER) + 1
    wrapping = _wrapping(derived_key(b"vault.wrap"))
    return number, wrapping.seal(
        secrets.token_bytes(SM4_KEY_BYTES), context=_named(number, scope, version=version)
    )


def opened_key(number: int, scope: Scope, *, version: int, wrapped: bytes) -> OpenedKey:
    """Return a kept key, ready for use.

    Raises:
        ValueUnreadable: it was wrapped under another master key, or belongs to another number, scope or version.
    """
    try:
        secret = _wrapping(derived_key(b"vault.wrap")).open(
            wrapped, context=_named(number, scope, version=version)
        )
    except NotOpened:
        raise ValueUnreadable("the data key was wrapped under another master key, or changed") from None
    return OpenedKey(number, scope, version, sealing_key(CipherName.SM4_GCM, secret))


def number_of(stored: bytes) -> int:
    """Return the number of the key that encrypted a value.

    Raises:
        ValueUnreadable: it is no encrypted value.
    """
    if stored[:1] != VERSION or len(stored) < HEAD_BYTES:
        raise ValueUnreadable("this is no value that the vault encrypted")
    return int.from_bytes(stored[1:HEAD_BYTES])


def blind_index(column: str) -> Callable[[str], bytes]:
    """Return the function that makes a column's blind index of a text: equal texts, equal 16 bytes (HMAC-SM3)."""
    return _blind(derived_key(b"vault.index:" + column.encode()))


@lru_cache(maxsize=64)
def _blind(key: bytes) -> Callable[[str], bytes]:
    compute = keyed_sm3(key)
    return lambda text: compute(text.encode())[:BLIND_BYTES]


@lru_cache(maxsize=4)
def _wrapping(key: bytes) -> SealingKey:
    return sealing_key(CipherName.SM4_GCM, key[:SM4_KEY_BYTES])


def _named(number: int, scope: Scope, *, version: int) -> bytes:
    return f"data-key:{number}:{scope.department_id}:{scope.grade}:{version}".encode()


ROW = "row__id"
"""The column with the random id of a row of a serving table that has encrypted columns."""


def lookup_column(column: str) -> str:
    """Return the column with the blind index of an encrypted column of a serving table."""
    return f"blind__{column}"


def served_note(kind: str, grade: int) -> str:
    """Return what a serving view's column says of itself when it is encrypted."""
    return f"encrypted {kind} {grade}"


def read_note(note: str | None) -> tuple[str, int] | None:
    """Return type and grade of an encrypted column of a serving view; None where it is not encrypted."""
    parts = (note or "").split()
    return (parts[1], int(parts[2])) if len(parts) == 3 and parts[0] == "encrypted" else None  # noqa: PLR2004 - as written above


def served_place(view: str, column: str, row: bytes) -> bytes:
    """Return the place of a value of a serving view."""
    return f"serving.{view}.{column}:".encode() + row
