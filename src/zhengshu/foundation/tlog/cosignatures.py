"""Cosignatures of witnesses (C2SP `tlog-cosignature`): somebody else has seen this checkpoint, and when.

The signed message binds the moment and the whole text of the checkpoint, so that a cosignature means: of all trees of
this log that I have seen, this is the largest, and it continues the one before it.
"""

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from zhengshu.foundation.tlog.notes import (
    NoteSigner,
    NoteVerifier,
    NoteWrong,
    key_id_of,
    read_vkey,
    split,
    vkey_of,
)

COSIGNATURE = b"\x04"
_TIME = struct.Struct(">Q")
_KEY_BYTES, _SIGNATURE_BYTES = 32, 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """That a witness saw a checkpoint.

    Attributes:
        name: the witness.
        at: when it cosigned, by its own clock.
    """

    name: str
    at: datetime


def cosigner(name: str, seed: bytes, *, at: datetime) -> NoteSigner:
    """Return what cosigns checkpoints at a moment with an Ed25519 private key of 32 bytes."""
    private, seconds = Ed25519PrivateKey.from_private_bytes(seed), int(at.timestamp())

    def sign(text: bytes) -> bytes:
        return _TIME.pack(seconds) + private.sign(_message(text, seconds=seconds))

    return NoteSigner(name=name, key_id=key_id_of(name, _material(private.public_key())), sign=sign)


def cosigner_vkey(name: str, seed: bytes) -> str:
    """Return the verifier key of a witness, as logs and strangers are given it."""
    return vkey_of(name, _material(Ed25519PrivateKey.from_private_bytes(seed).public_key()))


def cosignature_verifier(vkey: str) -> NoteVerifier:
    """Return what checks the cosignatures of one witness.

    Raises:
        NoteWrong: it is no verifier key of a witness.
    """
    name, key_id, material = read_vkey(vkey)
    if material[:1] != COSIGNATURE or len(material) != _KEY_BYTES + 1:
        raise NoteWrong("this is not the key of a witness: those are Ed25519 keys for cosignatures (type 4)")
    public = Ed25519PublicKey.from_public_bytes(material[1:])
    return NoteVerifier(name=name, key_id=key_id, is_right=_check(public))


def cosignatures(note: str, *, verifiers: Iterable[NoteVerifier]) -> tuple[Cosigned, ...]:
    """Return who of the known witnesses has cosigned a checkpoint, and when; others' lines are passed over.

    Raises:
        NoteWrong: it is no note, or a known witness's signature is wrong.
    """
    text, lines = split(note)
    known = {(one.name, one.key_id): one for one in verifiers}
    found: dict[str, Cosigned] = {}
    for name, key_id, signature in lines:
        one = known.get((name, key_id))
        if one is None:
            continue
        if not one.is_right(text.encode(), signature):
            message = f"the cosignature of {name} is wrong"
            raise NoteWrong(message)
        found[name] = Cosigned(name=name, at=datetime.fromtimestamp(_seconds(signature), tz=UTC))
    return tuple(found.values())


def _check(public: Ed25519PublicKey) -> Callable[[bytes, bytes], bool]:
    def is_right(text: bytes, signature: bytes) -> bool:
        if len(signature) != _TIME.size + _SIGNATURE_BYTES:
            return False
        seconds = _seconds(signature)
        try:
            public.verify(signature[_TIME.size :], _message(text, seconds=seconds))
        except InvalidSignature:
            return False
        return seconds < 1 << 40

    return is_right


def _message(text: bytes, *, seconds: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % seconds + text


def _seconds(signature: bytes) -> int:
    (seconds,) = _TIME.unpack(signature[: _TIME.size])
    return int(seconds)


def _material(public: Ed25519PublicKey) -> bytes:
    return COSIGNATURE + public.public_bytes_raw()
