"""Signed notes and checkpoints (C2SP `signed-note`, `tlog-checkpoint`, `tlog-cosignature`).

Signatures by Ed25519 as the specification assigns them, so that any client of such logs reads ours, and beside them
by SM2 with SM3 (GB/T 32918) under an unassigned type, which other clients ignore.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from zhengshu.foundation.crypto.encodings import der_signature, raw_signature
from zhengshu.foundation.crypto.sm2 import Sm2PrivateKey, Sm2PublicKey
from zhengshu.foundation.tlog.merkle import HASH_BYTES

ED25519 = b"\x01"
SM2 = b"\xffzhengshu/sm2-with-sm3\0"
"""Signature types: the assigned one, and ours behind the byte for unassigned ones."""
MOST_SIGNATURES = 32
MOST_BYTES = 64 * 1024
_DASH = "\u2014 "
_ID_BYTES = 4


class NoteWrong(ValueError):
    """A note is not written as the specification says, or no signature that we can check is right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSigner:
    """Signs notes in one name."""

    name: str
    key_id: bytes
    sign: Callable[[bytes], bytes]

    def line(self, text: str) -> str:
        """Return the signature line of a text."""
        signature = base64.b64encode(self.key_id + self.sign(text.encode())).decode()
        return f"{_DASH}{self.name} {signature}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteVerifier:
    """Checks the notes of one name."""

    name: str
    key_id: bytes
    is_right: Callable[[bytes, bytes], bool]


def ed25519_signer(name: str, seed: bytes) -> NoteSigner:
    """Return the signer of an Ed25519 private key of 32 bytes."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key_id = key_id_of(name, ED25519 + private.public_key().public_bytes_raw())
    return NoteSigner(name=name, key_id=key_id, sign=private.sign)


def sm2_signer(name: str, key: Sm2PrivateKey) -> NoteSigner:
    """Return the signer of an SM2 private key; signatures are the 64 bytes r‖s."""
    return NoteSigner(
        name=name,
        key_id=key_id_of(name, SM2 + key.point),
        sign=lambda text: raw_signature(key.sign(text)),
    )


def ed25519_vkey(name: str, seed: bytes) -> str:
    """Return the verifier key of an Ed25519 private key, as strangers are given it."""
    return vkey_of(name, ED25519 + Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())


def sm2_vkey(name: str, key: Sm2PrivateKey) -> str:
    """Return the verifier key of an SM2 private key."""
    return vkey_of(name, SM2 + key.point)


def verifier(vkey: str) -> NoteVerifier:
    """Return the verifier of a verifier key ``name+id+base64(type and public key)``.

    Raises:
        NoteWrong: it is not of that form, its id does not fit, or its type is unknown.
    """
    name, key_id, material = read_vkey(vkey)
    if material.startswith(SM2):
        return NoteVerifier(name=name, key_id=key_id, is_right=_sm2_check(material.removeprefix(SM2)))
    if material[:1] == ED25519 and len(material) == HASH_BYTES + 1:
        public = Ed25519PublicKey.from_public_bytes(material[1:])
        return NoteVerifier(name=name, key_id=key_id, is_right=_ed25519_check(public))
    raise NoteWrong("the verifier key is neither of Ed25519 nor of SM2")


def read_vkey(vkey: str) -> tuple[str, bytes, bytes]:
    """Return the name, the key id, and type and public key of a verifier key.

    Raises:
        NoteWrong: it is not of that form, or its id does not fit.
    """
    name, _, rest = vkey.strip().partition("+")
    written_id, _, encoded = rest.partition("+")
    material = _base64(encoded)
    key_id = key_id_of(name, material)
    if not _is_name(name) or written_id != key_id.hex():
        raise NoteWrong("a verifier key reads name+id+key, and the id must be that of name and key")
    return name, key_id, material


def vkey_of(name: str, material: bytes) -> str:
    """Return the verifier key of a type and public key."""
    return f"{name}+{key_id_of(name, material).hex()}+{base64.b64encode(material).decode()}"


def key_id_of(name: str, material: bytes) -> bytes:
    """Return the id by which a key is named in signature lines."""
    return sha256(name.encode() + b"\n" + material).digest()[:_ID_BYTES]


def signed(text: str, *, signers: Sequence[NoteSigner]) -> str:
    """Return a text as a note.

    Raises:
        NoteWrong: the text does not end with a line feed, or holds control characters.
    """
    _check_text(text)
    return text + "\n" + "".join(signer.line(text) for signer in signers)


def opened(note: str, *, verifiers: Iterable[NoteVerifier]) -> tuple[str, frozenset[str]]:
    """Return the text of a note and the names whose signatures were checked and are right.

    Raises:
        NoteWrong: it is no note, a known key's signature is wrong, or no known key signed it.
    """
    text, lines = split(note)
    known = {(one.name, one.key_id): one for one in verifiers}
    names = set()
    for name, key_id, signature in lines:
        one = known.get((name, key_id))
        if one is None:
            continue
        if not one.is_right(text.encode(), signature):
            message = f"the signature of {name} is wrong: the text was changed"
            raise NoteWrong(message)
        names.add(name)
    if not names:
        raise NoteWrong("none of the signatures is by a key that is trusted here")
    return text, frozenset(names)


def split(note: str) -> tuple[str, tuple[tuple[str, bytes, bytes], ...]]:
    """Return the text of a note and its signatures as name, key id, signature; nothing is checked.

    Raises:
        NoteWrong: it is not written as the specification says.
    """
    if len(note.encode()) > MOST_BYTES:
        raise NoteWrong("the note is too long")
    text, separator, tail = note.rpartition("\n\n")
    if not separator or not tail.endswith("\n"):
        raise NoteWrong("a note is a text, an empty line and signature lines, each ended by a line feed")
    text += "\n"
    _check_text(text)
    lines = tail.removesuffix("\n").split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteWrong("the note has too many signatures")
    return text, tuple(_signature(line) for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a log says of itself: its name, how many entries it has, and their root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def of_text(cls, text: str) -> "Checkpoint":
        """Return the checkpoint of a text; extension lines are passed over.

        Raises:
            NoteWrong: it is no checkpoint.
        """
        lines = text.split("\n")
        if len(lines) < 4 or not _is_name(lines[0]):  # noqa: PLR2004 - origin, size, root, and what ends the last line
            raise NoteWrong("a checkpoint has an origin, a size and a root")
        size, root = lines[1], _base64(lines[2])
        if not size.isascii() or not size.isdecimal() or str(int(size)) != size or len(root) != HASH_BYTES:
            raise NoteWrong("the size or the root of the checkpoint is not written as it must be")
        return cls(origin=lines[0], size=int(size), root=root)


def _check_text(text: str) -> None:
    if not text.endswith("\n") or any(letter < " " and letter != "\n" for letter in text):
        raise NoteWrong("the text of a note ends with a line feed and has no other control characters")


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    content = _base64(encoded)
    if not line.startswith(_DASH) or not _is_name(name) or len(content) <= _ID_BYTES:
        raise NoteWrong("a signature line reads: dash, name, base64 of key id and signature")
    return name, content[:_ID_BYTES], content[_ID_BYTES:]


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name)


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise NoteWrong("a part of the note is not base64") from fault


def _ed25519_check(public: Ed25519PublicKey) -> Callable[[bytes, bytes], bool]:
    def is_right(text: bytes, signature: bytes) -> bool:
        try:
            public.verify(signature, text)
        except InvalidSignature:
            return False
        return True

    return is_right


def _sm2_check(point: bytes) -> Callable[[bytes, bytes], bool]:
    public = Sm2PublicKey(point)

    def is_right(text: bytes, signature: bytes) -> bool:
        return len(signature) == len(point) and public.is_right(text, der_signature(signature))

    return is_right
