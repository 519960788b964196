"""How signatures and ciphertexts over elliptic curves are written; converted at the edge, nowhere else.

A signature is DER (X.509, GM/T 0009) or the 64 bytes r‖s (HTTP Message Signatures, signed notes). A ciphertext of
SM2 is DER (GM/T 0009) or 04‖C1 followed by C3‖C2 (GB/T 32918.4) or, in devices before 2012, by C2‖C3.
"""

from enum import StrEnum

from asn1crypto import core

SCALAR_BYTES = 32
RAW_SIGNATURE_BYTES = 64
_POINT_BYTES = 1 + 2 * SCALAR_BYTES
_HASH_BYTES = 32
_UNCOMPRESSED = b"\x04"
_INTEGER = 2
_SIGN_BIT = 0x80


class SignatureUnfit(ValueError):
    """A signature is not written as two whole numbers of 32 bytes, in DER or raw."""


class CiphertextUnfit(ValueError):
    """A ciphertext of SM2 is not written in the form that was named."""


class Order(StrEnum):
    """In which order the parts of a raw ciphertext of SM2 follow each other."""

    C1C3C2 = "C1C3C2"
    C1C2C3 = "C1C2C3"


class _Ciphertext(core.Sequence):  # type: ignore[misc]
    _fields = [
        ("x", core.Integer),
        ("y", core.Integer),
        ("hash", core.OctetString),
        ("text", core.OctetString),
    ]


def raw_signature(der: bytes) -> bytes:
    """Return r‖s of a DER signature.

    Raises:
        SignatureUnfit: it is not a SEQUENCE of two INTEGERs of at most 32 bytes, minimally encoded.
    """
    r, end = _integer(der, 2)
    s, last = _integer(der, end)
    if der[:1] != b"\x30" or der[1] != len(der) - 2 or last != len(der):
        raise SignatureUnfit("not a DER sequence of two integers")
    try:
        return r.to_bytes(SCALAR_BYTES) + s.to_bytes(SCALAR_BYTES)
    except OverflowError as fault:
        raise SignatureUnfit("an integer of the signature has more than 32 bytes") from fault


def der_signature(raw: bytes) -> bytes:
    """Return the DER form of r‖s.

    Raises:
        SignatureUnfit: not 64 bytes.
    """
    if len(raw) != RAW_SIGNATURE_BYTES:
        raise SignatureUnfit("a raw signature has 64 bytes")
    parts = b"".join(_der_integer(raw[start : start + SCALAR_BYTES]) for start in (0, SCALAR_BYTES))
    return b"\x30" + bytes([len(parts)]) + parts


def raw_ciphertext(der: bytes, *, order: Order = Order.C1C3C2) -> bytes:
    """Return the raw form of a DER ciphertext of SM2.

    Raises:
        CiphertextUnfit: it is no such DER.
    """
    try:
        parts = _Ciphertext.load(der, strict=True)
        x, y = (parts[name].native.to_bytes(SCALAR_BYTES) for name in ("x", "y"))
        digest, text = parts["hash"].native, parts["text"].native
    except (ValueError, TypeError, OverflowError) as fault:
        raise CiphertextUnfit("not a DER sequence of two integers and two octet strings") from fault
    if len(digest) != _HASH_BYTES:
        raise CiphertextUnfit("the hash in an SM2 ciphertext has 32 bytes")
    rest = digest + text if order is Order.C1C3C2 else text + digest
    return bytes(_UNCOMPRESSED + x + y + rest)


def der_ciphertext(raw: bytes, *, order: Order = Order.C1C3C2) -> bytes:
    """Return the DER form of a raw ciphertext of SM2.

    Raises:
        CiphertextUnfit: too short, or C1 is not an uncompressed point.
    """
    point, rest = raw[:_POINT_BYTES], raw[_POINT_BYTES:]
    if point[:1] != _UNCOMPRESSED or len(rest) <= _HASH_BYTES:
        raise CiphertextUnfit("a raw SM2 ciphertext is 04, a point, a hash of 32 bytes and a text")
    digest, text = (
        (rest[:_HASH_BYTES], rest[_HASH_BYTES:])
        if order is Order.C1C3C2
        else (rest[-_HASH_BYTES:], rest[:-_HASH_BYTES])
    )
    x, y = (int.from_bytes(point[start : start + SCALAR_BYTES]) for start in (1, 1 + SCALAR_BYTES))
    return bytes(_Ciphertext({"x": x, "y": y, "hash": digest, "text": text}).dump())


def _integer(der: bytes, start: int) -> tuple[int, int]:
    if len(der) < start + 3 or der[start] != _INTEGER or der[start + 1] > SCALAR_BYTES + 1:
        raise SignatureUnfit("not a DER sequence of two integers")
    end = start + 2 + der[start + 1]
    content = der[start + 2 : end]
    value = int.from_bytes(content)
    if content[:1] >= b"\x80" or len(content) != end - start - 2 or _der_integer(content) != der[start:end]:
        raise SignatureUnfit("an integer of the signature is negative, too long or not minimal")
    return value, end


def _der_integer(content: bytes) -> bytes:
    digits = content.lstrip(b"\0") or b"\0"
    if digits[0] >= _SIGN_BIT:
        digits = b"\0" + digits
    return b"\x02" + bytes([len(digits)]) + digits
