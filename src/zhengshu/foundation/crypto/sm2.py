"""SM2 signatures and encryption (GB/T 32918) by the system's OpenSSL 3, which is patched with the system.

`cryptography` has SM3 and SM4 but no SM2. The library is called through `ctypes`; keys, signatures and ciphertexts go
in and out as DER. `encodings` has their raw forms.

The distinguishing identifier of the signer is part of every signature (GB/T 32918.2, clause 5.5); without an agreed
one it is `DEFAULT_ID` (GB/T 35276).
"""

import ctypes
import ctypes.util
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

DEFAULT_ID = b"1234567812345678"
ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
"""The order n of the base point (GB/T 32918.5)."""
SCALAR_BYTES = 32
POINT_BYTES = 64

_ALGORITHM = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")
"""AlgorithmIdentifier: id-ecPublicKey with the curve 1.2.156.10197.1.301."""
_SPKI_HEAD = b"\x30\x59" + _ALGORITHM + b"\x03\x42\x00\x04"
_PKCS8_HEAD = bytes.fromhex("308187020100") + _ALGORITHM + bytes.fromhex("046d306b0201010420")
_PKCS8_POINT = bytes.fromhex("a14403420004")
_PKCS8_SHORT_HEAD = bytes.fromhex("3041020100") + _ALGORITHM + bytes.fromhex("042730250201010420")
"""PKCS #8 with and without the public key."""


class Sm2Unavailable(RuntimeError):
    """The system's OpenSSL is missing, older than 3.0, or built without SM2; install libssl3 of the distribution."""


class Sm2KeyUnfit(ValueError):
    """The bytes are no SM2 key: 32 bytes of a scalar below n - 1, or 64 bytes of a point on the curve."""


class NotDecrypted(ValueError):
    """The ciphertext was changed, or made for another key."""


@dataclass(frozen=True, slots=True)
class Sm2PrivateKey:
    """A private key.

    Attributes:
        scalar: 32 bytes, big-endian.
        point: the public key, 64 bytes x‖y.
    """

    scalar: bytes = field(repr=False)
    point: bytes

    @classmethod
    def generate(cls) -> "Sm2PrivateKey":
        """Return a fresh key."""
        return cls.from_scalar((secrets.randbelow(ORDER - 2) + 1).to_bytes(SCALAR_BYTES))

    @classmethod
    def from_scalar(cls, scalar: bytes) -> "Sm2PrivateKey":
        """Return the key of a scalar.

        Raises:
            Sm2KeyUnfit: not 32 bytes, zero, or not below n - 1.
        """
        if len(scalar) != SCALAR_BYTES or not 0 < int.from_bytes(scalar) < ORDER - 1:
            raise Sm2KeyUnfit("an SM2 private key is a whole number of 32 bytes from 1 to n - 2")
        with _private(scalar) as key:
            return cls(scalar, _public_der(key)[-POINT_BYTES:])

    @property
    def public(self) -> "Sm2PublicKey":
        """The key that checks what this one signs."""
        return Sm2PublicKey(self.point)

    @property
    def pkcs8(self) -> bytes:
        """The private key as PKCS #8 with the public key in it, as OpenSSL writes it."""
        return _PKCS8_HEAD + self.scalar + _PKCS8_POINT + self.point

    def sign(self, message: bytes, *, signer_id: bytes = DEFAULT_ID) -> bytes:
        """Return the SM2-with-SM3 signature of a message, in DER."""
        library = _library()
        with _whole(self.pkcs8) as key, _digest_context(key, signer_id) as (context, sm3):
            _must(library.EVP_DigestSignInit(context, None, sm3, None, key))
            length = ctypes.c_size_t(128)
            signature = ctypes.create_string_buffer(length.value)
            _must(library.EVP_DigestSign(context, signature, ctypes.byref(length), message, len(message)))
            return signature.raw[: length.value]

    def decrypt(self, ciphertext: bytes) -> bytes:
        """Return the plaintext of a ciphertext in the ASN.1 form C1‖C3‖C2 (GM/T 0009).

        Raises:
            NotDecrypted: it was changed, or made for another key.
        """
        with _whole(self.pkcs8) as key:
            plain = _crypt("decrypt", key, ciphertext)
        if plain is None:
            raise NotDecrypted("the ciphertext was changed, or made for another SM2 key")
        return plain


@dataclass(frozen=True, slots=True)
class Sm2PublicKey:
    """A public key: the 64 bytes x‖y of a point."""

    point: bytes

    def __post_init__(self) -> None:
        """Refuse what is no point of the curve."""
        if len(self.point) != POINT_BYTES:
            raise Sm2KeyUnfit("an SM2 public key is 64 bytes, x and y")
        with _public(self.point):
            pass

    @property
    def der(self) -> bytes:
        """SubjectPublicKeyInfo."""
        return _SPKI_HEAD + self.point

    def is_right(self, message: bytes, signature: bytes, *, signer_id: bytes = DEFAULT_ID) -> bool:
        """Whether a DER signature is that of the message by this key."""
        library = _library()
        with _public(self.point) as key, _digest_context(key, signer_id) as (context, sm3):
            _must(library.EVP_DigestVerifyInit(context, None, sm3, None, key))
            answer = library.EVP_DigestVerify(context, signature, len(signature), message, len(message))
            library.ERR_clear_error()
            return bool(answer == 1)

    def encrypt(self, plain: bytes) -> bytes:
        """Return a ciphertext in the ASN.1 form C1‖C3‖C2 (GM/T 0009); at least one byte."""
        with _public(self.point) as key:
            ciphertext = _crypt("encrypt", key, plain)
        if ciphertext is None:
            raise ValueError("SM2 encrypts at least one byte")
        return ciphertext


@lru_cache(maxsize=1)
def _library() -> ctypes.CDLL:
    """Return the system's libcrypto with the types of what we call.

    Raises:
        Sm2Unavailable: there is none, or it lacks SM2.
    """
    name = ctypes.util.find_library("crypto") or "libcrypto.so.3"
    try:
        library = ctypes.CDLL(name)
        pointer, size = ctypes.c_void_p, ctypes.c_size_t
        for function, result, arguments in (
            ("EVP_sm3", pointer, []),
            ("EVP_MD_CTX_new", pointer, []),
            ("EVP_MD_CTX_free", None, [pointer]),
            ("EVP_MD_CTX_set_pkey_ctx", None, [pointer, pointer]),
            ("EVP_PKEY_CTX_new", pointer, [pointer, pointer]),
            ("EVP_PKEY_CTX_free", None, [pointer]),
            ("EVP_PKEY_CTX_set1_id", ctypes.c_int, [pointer, ctypes.c_char_p, ctypes.c_int]),
            ("EVP_PKEY_free", None, [pointer]),
            ("d2i_AutoPrivateKey", pointer, [pointer, pointer, ctypes.c_long]),
            ("d2i_PUBKEY", pointer, [pointer, pointer, ctypes.c_long]),
            ("i2d_PUBKEY", ctypes.c_int, [pointer, pointer]),
            ("EVP_DigestSignInit", ctypes.c_int, [pointer] * 5),
            ("EVP_DigestSign", ctypes.c_int, [pointer, pointer, pointer, ctypes.c_char_p, size]),
            ("EVP_DigestVerifyInit", ctypes.c_int, [pointer] * 5),
            ("EVP_DigestVerify", ctypes.c_int, [pointer, ctypes.c_char_p, size, ctypes.c_char_p, size]),
            ("EVP_PKEY_encrypt_init", ctypes.c_int, [pointer]),
            ("EVP_PKEY_decrypt_init", ctypes.c_int, [pointer]),
            ("EVP_PKEY_encrypt", ctypes.c_int, [pointer, pointer, pointer, ctypes.c_char_p, size]),
            ("EVP_PKEY_decrypt", ctypes.c_int, [pointer, pointer, pointer, ctypes.c_char_p, size]),
            ("ERR_clear_error", None, []),
        ):
            found = getattr(library, function)
            found.restype, found.argtypes = result, arguments
    except (OSError, AttributeError) as fault:
        message = f"SM2 needs the system's OpenSSL 3 with SM2; {name} is not it: {fault}"
        raise Sm2Unavailable(message) from fault
    return library


def _must(answer: int | None) -> int:
    """Return what OpenSSL answered, unless it refused."""
    if not answer or answer < 0:
        _library().ERR_clear_error()
        raise Sm2Unavailable("the system's OpenSSL refuses SM2 with SM3")
    return answer


@contextmanager
def _key(function: str, der: bytes) -> Iterator[int]:
    library = _library()
    holder = ctypes.create_string_buffer(der, len(der))
    address = ctypes.c_void_p(ctypes.addressof(holder))
    key = getattr(library, function)(None, ctypes.byref(address), len(der))
    if not key:
        library.ERR_clear_error()
        raise Sm2KeyUnfit("the bytes are no key on the curve of SM2")
    try:
        yield key
    finally:
        library.EVP_PKEY_free(key)


def _private(scalar: bytes) -> AbstractContextManager[int]:
    return _key("d2i_AutoPrivateKey", _PKCS8_SHORT_HEAD + scalar)


def _whole(pkcs8: bytes) -> AbstractContextManager[int]:
    """Open a private key that carries its public key; without it OpenSSL would compute it each time."""
    return _key("d2i_AutoPrivateKey", pkcs8)


def _public(point: bytes) -> AbstractContextManager[int]:
    return _key("d2i_PUBKEY", _SPKI_HEAD + point)


def _public_der(key: int) -> bytes:
    library = _library()
    length = _must(library.i2d_PUBKEY(key, None))
    holder = ctypes.create_string_buffer(length)
    address = ctypes.c_void_p(ctypes.addressof(holder))
    _must(library.i2d_PUBKEY(key, ctypes.byref(address)))
    return holder.raw


@contextmanager
def _digest_context(key: int, signer_id: bytes) -> Iterator[tuple[int, int]]:
    library = _library()
    digest, parameters = library.EVP_MD_CTX_new(), library.EVP_PKEY_CTX_new(key, None)
    try:
        _must(library.EVP_PKEY_CTX_set1_id(parameters, signer_id, len(signer_id)))
        library.EVP_MD_CTX_set_pkey_ctx(digest, parameters)
        yield digest, library.EVP_sm3()
    finally:
        library.EVP_MD_CTX_free(digest)
        library.EVP_PKEY_CTX_free(parameters)


def _crypt(operation: str, key: int, data: bytes) -> bytes | None:
    library = _library()
    context = library.EVP_PKEY_CTX_new(key, None)
    try:
        _must(getattr(library, f"EVP_PKEY_{operation}_init")(context))
        run, length = getattr(library, f"EVP_PKEY_{operation}"), ctypes.c_size_t(0)
        if run(context, None, ctypes.byref(length), data, len(data)) <= 0:
            return None
        result = ctypes.create_string_buffer(length.value)
        if run(context, result, ctypes.byref(length), data, len(data)) <= 0:
            return None
        return result.raw[: length.value]
    finally:
        library.ERR_clear_error()
        library.EVP_PKEY_CTX_free(context)
