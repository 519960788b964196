"""Making a seal, putting it on a digest, and checking both (GB/T 38540-2020, clauses 6 and 7; SM2 and SM3)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum

from asn1crypto import core

from zhengshu.foundation.crypto.certificates import Certificate
from zhengshu.foundation.crypto.digests import sm3
from zhengshu.foundation.crypto.signatures import Scheme, SigningKey
from zhengshu.foundation.seals.structures import (
    MALFORMED,
    SEAL_MARK,
    SEAL_VERSION,
    SM2_SM3_OID,
    CertificateDigests,
    Certificates,
    Header,
    Picture,
    Property,
    Seal,
    SealInfo,
    Signature,
    ToSign,
)

VENDOR = "zhengshu"
MOST_STAMP_BYTES = 2 << 20
_CERTIFICATES = 1


class StampWrong(ValueError):
    """The bytes are no seal or no signature with one, or not a right one; the text says why."""


class SealKind(IntEnum):
    """What GB/T 38540 calls the type of a seal; the numbers up to 99 are the standard's to give."""

    ORGAN = 1
    DEPARTMENT = 2
    PERSONAL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SealTerms:
    """What a seal is to say.

    Attributes:
        id: unique for ever.
        users: the certificates that may use it.
        picture: PNG.
        width_mm, height_mm: as large as it appears.
    """

    id: str
    kind: SealKind
    name: str
    users: tuple[Certificate, ...]
    made_at: datetime
    active_from: datetime
    active_to: datetime
    picture: bytes = field(repr=False)
    width_mm: int
    height_mm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeSeal:
    """A seal whose maker's signature is right; whether the maker is trusted is asked of his certificate."""

    id: str
    kind: int
    name: str
    made_at: datetime
    active_from: datetime
    active_to: datetime
    picture_type: str
    picture: bytes = field(repr=False)
    width_mm: int
    height_mm: int
    maker: Certificate
    user_certificates: frozenset[bytes] = field(repr=False)
    user_digests: frozenset[bytes] = field(repr=False)

    def is_for(self, certificate: Certificate) -> bool:
        """Whether the holder of a certificate may use the seal."""
        return certificate.der in self.user_certificates or sm3(certificate.der) in self.user_digests


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A signature with a seal that is right by itself: its value, its seal's maker, and that its user may use it.

    Attributes:
        digest: SM3 of what was sealed.
        place: what was sealed, within its file.
        claimed_at: when, by the signer's own clock.
        signature: the value that a timestamp is on.
        token: the timestamp in DER; empty without one.
    """

    seal: MadeSeal
    user: Certificate
    digest: bytes
    place: str
    claimed_at: datetime
    signature: bytes = field(repr=False)
    token: bytes = field(repr=False)


def make_seal(terms: SealTerms, *, maker: Certificate, maker_key: SigningKey) -> bytes:
    """Return the seal in DER, signed by its maker."""
    _must_be_sm2(maker_key)
    info = SealInfo(
        {
            "header": Header({"id": SEAL_MARK, "version": SEAL_VERSION, "vid": VENDOR}),
            "es_id": terms.id,
            "property": Property(
                {
                    "type": int(terms.kind),
                    "name": terms.name,
                    "cert_list_type": _CERTIFICATES,
                    "cert_list": Certificates([one.der for one in terms.users]),
                    "create_date": _time(terms.made_at),
                    "valid_start": _time(terms.active_from),
                    "valid_end": _time(terms.active_to),
                }
            ),
            "picture": Picture(
                {
                    "type": "PNG",
                    "data": terms.picture,
                    "width": terms.width_mm,
                    "height": terms.height_mm,
                }
            ),
        }
    )
    seal = Seal(
        {
            "seal_info": info,
            "cert": maker.der,
            "sign_alg_id": SM2_SM3_OID,
            "signed_value": _bits(maker_key.sign(info.dump())),
        }
    )
    return bytes(seal.dump())


def sign_with_seal(
    content: bytes, *, place: str, seal: bytes, user: Certificate, key: SigningKey, at: datetime
) -> Signature:
    """Return the signature on a content, still without a timestamp."""
    _must_be_sm2(key)
    to_sign = ToSign(
        {
            "version": SEAL_VERSION,
            "eseal": Seal.load(seal, strict=True),
            "time_info": _time(at),
            "data_hash": _bits(sm3(content)),
            "property_info": place,
        }
    )
    return Signature(
        {
            "to_sign": to_sign,
            "cert": user.der,
            "signature_alg_id": SM2_SM3_OID,
            "signature": _bits(key.sign(to_sign.dump())),
        }
    )


def with_timestamp(signature: Signature, token: bytes) -> bytes:
    """Return a signature in DER with its timestamp."""
    signature["time_stamp"] = _bits(token)
    return bytes(signature.dump(force=True))


def value_of(signature: Signature) -> bytes:
    """Return the value that the timestamp of a signature is on."""
    return _bytes(signature["signature"])


def read_seal(der: bytes) -> MadeSeal:
    """Return a seal, once its maker's signature on it is right.

    Raises:
        StampWrong: it is none, or not signed by the certificate in it.
    """
    try:
        return _seal(Seal.load(der, strict=True))
    except MALFORMED as fault:
        raise _as_wrong(fault, "the seal cannot be read") from fault


def read_stamp(der: bytes) -> Stamp:
    """Return a signature with a seal, once everything in it fits together.

    Raises:
        StampWrong: it is none, one of its two signatures is wrong, or its user may not use the seal.
    """
    if len(der) > MOST_STAMP_BYTES:
        raise StampWrong("the signature is larger than any that is genuine")
    try:
        return _stamp(Signature.load(der, strict=True))
    except MALFORMED as fault:
        raise _as_wrong(fault, "the signature with the seal cannot be read") from fault


def _seal(parsed: Seal) -> MadeSeal:
    info, maker = parsed["seal_info"], Certificate.read(parsed["cert"].native)
    said, picture = info["property"], info["picture"]
    if info["header"]["id"].native != SEAL_MARK or info["header"]["version"].native != SEAL_VERSION:
        raise StampWrong("this is no seal of GB/T 38540, version 4")
    if parsed["sign_alg_id"].dotted != SM2_SM3_OID or maker.key.scheme is not Scheme.SM2_SM3:
        raise StampWrong("the seal is not signed by SM2 with SM3")
    if not maker.key.is_right(info.dump(), _bytes(parsed["signed_value"])):
        raise StampWrong("the seal was changed after its maker signed it")
    if any(one["critical"] for one in info["ext_datas"].native or ()):
        raise StampWrong("the seal makes conditions that we do not know")
    users, digests = _users(said)
    return MadeSeal(
        id=info["es_id"].native,
        kind=said["type"].native,
        name=said["name"].native,
        made_at=said["create_date"].native,
        active_from=said["valid_start"].native,
        active_to=said["valid_end"].native,
        picture_type=picture["type"].native,
        picture=picture["data"].native,
        width_mm=picture["width"].native,
        height_mm=picture["height"].native,
        maker=maker,
        user_certificates=users,
        user_digests=digests,
    )


def _users(said: Property) -> tuple[frozenset[bytes], frozenset[bytes]]:
    listed = said["cert_list"]
    if isinstance(listed, Certificates):
        return frozenset(listed.native), frozenset()
    if isinstance(listed, CertificateDigests):
        return frozenset(), frozenset(one["value"] for one in listed.native)
    raise StampWrong("the seal does not say in a known way who may use it")


def _stamp(parsed: Signature) -> Stamp:
    to_sign, user = parsed["to_sign"], Certificate.read(parsed["cert"].native)
    seal = _seal(to_sign["eseal"])
    if to_sign["version"].native != SEAL_VERSION:
        raise StampWrong("this is no signature of GB/T 38540, version 4")
    if parsed["signature_alg_id"].dotted != SM2_SM3_OID or user.key.scheme is not Scheme.SM2_SM3:
        raise StampWrong("the signature is not by SM2 with SM3")
    signature = _bytes(parsed["signature"])
    if not user.key.is_right(to_sign.dump(), signature):
        raise StampWrong("the signature was changed, or the seal was put there by somebody else")
    if not seal.is_for(user):
        raise StampWrong("the person who signed may not use this seal")
    token = parsed["time_stamp"]
    return Stamp(
        seal=seal,
        user=user,
        digest=_bytes(to_sign["data_hash"]),
        place=to_sign["property_info"].native,
        claimed_at=to_sign["time_info"].native,
        signature=signature,
        token=b"" if token.native is None else _bytes(token),
    )


def _must_be_sm2(key: SigningKey) -> None:
    if key.scheme is not Scheme.SM2_SM3:
        raise ValueError("GB/T 38540 signs by SM2")


def _as_wrong(fault: Exception, otherwise: str) -> StampWrong:
    return fault if isinstance(fault, StampWrong) else StampWrong(otherwise)


def _time(at: datetime) -> core.GeneralizedTime:
    return core.GeneralizedTime(at.astimezone(UTC).replace(microsecond=0))


def _bits(content: bytes) -> core.OctetBitString:
    return core.BitString.load(core.OctetBitString(content).dump())


def _bytes(bits: core.BitString) -> bytes:
    """Return the bytes of a bit string of whole bytes."""
    content: bytes = bits.contents
    if content[:1] != b"\x00":
        raise StampWrong("a bit string is not of whole bytes")
    return content[1:]
