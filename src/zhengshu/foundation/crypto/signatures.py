"""Key pairs that sign: SM2 with SM3, Ed25519, and ECDSA on P-256 with SHA-256, behind one face.

Signatures are in the form that X.509 wants (DER for SM2 and P-256); `raw` forms are made by `encodings`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from asn1crypto import keys, pem
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from zhengshu.foundation.crypto.sm2 import Sm2PrivateKey, Sm2PublicKey

_SM2_CURVE = "1.2.156.10197.1.301"


class KeyUnfit(ValueError):
    """The bytes are no key of a scheme that we know; expected is an SM2, Ed25519 or P-256 key, in DER or PEM."""


class Scheme(StrEnum):
    """How a key pair signs."""

    SM2_SM3 = "sm2-sm3"
    ED25519 = "ed25519"
    ECDSA_P256 = "ecdsa-p256-sha256"

    @property
    def oid(self) -> str:
        """The object identifier of the signature in certificates."""
        return _OIDS[self]

    @classmethod
    def of_oid(cls, oid: str) -> "Scheme":
        """Return the scheme of an object identifier.

        Raises:
            KeyUnfit: we do not check such signatures.
        """
        for scheme in cls:
            if scheme.oid == oid:
                return scheme
        message = f"signatures of the algorithm {oid} are not checked here"
        raise KeyUnfit(message)


_OIDS: Mapping[Scheme, str] = {
    Scheme.SM2_SM3: "1.2.156.10197.1.501",
    Scheme.ED25519: "1.3.101.112",
    Scheme.ECDSA_P256: "1.2.840.10045.4.3.2",
}
"""GM/T 0006 (GB/T 33560), RFC 8410, RFC 5758."""


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A public key.

    Attributes:
        spki: SubjectPublicKeyInfo in DER; two keys are equal when these are.
    """

    scheme: Scheme
    spki: bytes
    _check: Callable[[bytes, bytes], bool] = field(repr=False, compare=False)

    @classmethod
    def read(cls, text: bytes) -> Self:
        """Return the key of a SubjectPublicKeyInfo, in DER or PEM.

        Raises:
            KeyUnfit: it is none, or of another scheme.
        """
        der = _der_of(text)
        try:
            info = keys.PublicKeyInfo.load(der, strict=True)
            if info.algorithm == "ec" and info["algorithm"]["parameters"].native == _SM2_CURVE:
                public = Sm2PublicKey(bytes(info["public_key"].native)[1:])
                return cls(Scheme.SM2_SM3, public.der, public.is_right)
            return cls._of_other(der)
        except (ValueError, TypeError, UnsupportedAlgorithm) as fault:
            raise KeyUnfit("this is no public key of SM2, Ed25519 or P-256") from fault

    @classmethod
    def _of_other(cls, der: bytes) -> Self:
        key = load_der_public_key(der)
        if isinstance(key, Ed25519PublicKey):
            return cls(Scheme.ED25519, _spki(key), _check_of(lambda m, s: key.verify(s, m)))
        if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
            return cls(
                Scheme.ECDSA_P256, _spki(key), _check_of(lambda m, s: key.verify(s, m, ec.ECDSA(SHA256())))
            )
        raise KeyUnfit("the key is of another scheme than SM2, Ed25519 and P-256")

    @property
    def pem(self) -> str:
        """The key as PEM."""
        return str(pem.armor("PUBLIC KEY", self.spki).decode())

    def is_right(self, message: bytes, signature: bytes) -> bool:
        """Whether a signature is that of the message by this key."""
        return self._check(message, signature)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key; it never shows itself.

    Attributes:
        pkcs8: the private key as PKCS #8 in DER, to be kept sealed.
    """

    scheme: Scheme
    public: VerifyingKey
    pkcs8: bytes = field(repr=False)
    _sign: Callable[[bytes], bytes] = field(repr=False, compare=False)

    @classmethod
    def generate(cls, scheme: Scheme) -> Self:
        """Return a fresh key."""
        return cls.read(_MAKERS[scheme]())

    @classmethod
    def read(cls, text: bytes) -> Self:
        """Return the key of a PKCS #8 structure without a password, in DER or PEM.

        Raises:
            KeyUnfit: it is none, has a password, or is of another scheme.
        """
        der = _der_of(text)
        try:
            info = keys.PrivateKeyInfo.load(der, strict=True)
            parameters = info["private_key_algorithm"]["parameters"]
            if info.algorithm == "ec" and parameters.native == _SM2_CURVE:
                scalar = info["private_key"].parsed["private_key"].native
                return cls._of_sm2(Sm2PrivateKey.from_scalar(scalar.to_bytes(32)))
            return cls._of_other(der)
        except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm):
            raise KeyUnfit("this is no private key of SM2, Ed25519 or P-256 without a password") from None

    @classmethod
    def _of_sm2(cls, key: Sm2PrivateKey) -> Self:
        return cls(Scheme.SM2_SM3, VerifyingKey.read(key.public.der), key.pkcs8, key.sign)

    @classmethod
    def _of_other(cls, der: bytes) -> Self:
        key = load_der_private_key(der, password=None)
        if isinstance(key, Ed25519PrivateKey):
            return cls(Scheme.ED25519, VerifyingKey.read(_spki(key.public_key())), _pkcs8(key), key.sign)
        if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
            return cls(
                Scheme.ECDSA_P256,
                VerifyingKey.read(_spki(key.public_key())),
                _pkcs8(key),
                lambda message: key.sign(message, ec.ECDSA(SHA256())),
            )
        raise KeyUnfit("the key is of another scheme than SM2, Ed25519 and P-256")

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message; SM2 with the identifier that GB/T 35276 sets."""
        return self._sign(message)


def _der_of(text: bytes) -> bytes:
    if not pem.detect(text):
        return text
    try:
        return bytes(pem.unarmor(text)[2])
    except ValueError:
        raise KeyUnfit("the PEM text is not complete") from None


def _check_of(verify: Callable[[bytes, bytes], None]) -> Callable[[bytes, bytes], bool]:
    def is_right(message: bytes, signature: bytes) -> bool:
        try:
            verify(message, signature)
        except InvalidSignature:
            return False
        return True

    return is_right


def _spki(key: Ed25519PublicKey | ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _pkcs8(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


_MAKERS: Mapping[Scheme, Callable[[], bytes]] = {
    Scheme.SM2_SM3: lambda: Sm2PrivateKey.generate().pkcs8,
    Scheme.ED25519: lambda: _pkcs8(Ed25519PrivateKey.generate()),
    Scheme.ECDSA_P256: lambda: _pkcs8(ec.generate_private_key(ec.SECP256R1())),
}
