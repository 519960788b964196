"""A root key in a PKCS#11 token (a cryptographic module or card): AES-GCM inside of it, for it never gives the key out.

The token is named by a URI as RFC 7512 writes it:
``pkcs11:token=zhengshu;object=root?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=/etc/zhengshu/pin``.
Needs the optional package `python-pkcs11` (extra ``pkcs11``).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar
from urllib.parse import unquote

from zhengshu.foundation.crypto.ciphers import NONCE_BYTES, NotOpened
from zhengshu.kernel.errors import Kind, Refused

if TYPE_CHECKING:
    import pkcs11

Result = TypeVar("Result")


class _Cipher(Protocol):
    """A secret key of a token, as far as it is used here; the package's types leave its abilities out."""

    def encrypt(self, data: bytes, *, mechanism: object, mechanism_param: object) -> bytes: ...

    def decrypt(self, data: bytes, *, mechanism: object, mechanism_param: object) -> bytes: ...


_CONTEXT = b"zhengshu:master"
_TAG_BITS = 128
_KEY_BITS = 256


class TokenUnavailable(Refused):
    """The token, its PIN or its key cannot be used; the sentence says which."""

    code = "crypto.token-unavailable"
    kind = Kind.UNAVAILABLE
    message = "The root key in the PKCS#11 token “%(token)s” cannot be used: %(reason)s."


@dataclass(frozen=True, slots=True)
class TokenAddress:
    """Where a key of a token is, as a `pkcs11:` URI says."""

    token: str
    label: str
    module: str
    pin_file: str = field(repr=False)

    @classmethod
    def of(cls, uri: str) -> "TokenAddress":
        """Read a URI.

        Raises:
            TokenUnavailable: it names no token, key, module or PIN file.
        """
        path, _, query = uri.removeprefix("pkcs11:").partition("?")
        parts = {
            name: unquote(value)
            for name, _, value in (one.partition("=") for one in (*path.split(";"), *query.split("&")))
        }
        missing = [name for name in ("token", "object", "module-path", "pin-source") if not parts.get(name)]
        if missing or not uri.startswith("pkcs11:"):
            raise TokenUnavailable(
                token=parts.get("token", "-"), reason=f"the URI lacks {', '.join(missing) or 'pkcs11:'}"
            )
        return cls(
            parts["token"], parts["object"], parts["module-path"], parts["pin-source"].removeprefix("file:")
        )


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A root key inside of a token."""

    address: TokenAddress

    @property
    def name(self) -> str:
        """The labels of token and key."""
        return f"pkcs11:{self.address.token}:{self.address.label}"

    @property
    def where(self) -> str:
        """The same, for the operator."""
        return self.name

    def wrap(self, master: bytes) -> bytes:
        """Return the master key as only this root key can open it."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + _used(
            self.address,
            lambda key: key.encrypt(master, mechanism_param=_gcm(nonce), mechanism=_encrypting()),
        )

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return the master key.

        Raises:
            NotOpened: it was wrapped by another root key, or changed.
        """
        import pkcs11

        nonce, rest = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]

        def opened(key: _Cipher) -> bytes:
            try:
                return bytes(key.decrypt(rest, mechanism_param=_gcm(nonce), mechanism=_encrypting()))
            except pkcs11.PKCS11Error:
                raise NotOpened("the master key was wrapped by another key of the token") from None

        return _used(self.address, opened)


def token_key(uri: str) -> TokenKey:
    """Return the root key that a URI names.

    Raises:
        TokenUnavailable: the URI is not complete.
    """
    return TokenKey(TokenAddress.of(uri))


def token_key_made(uri: str) -> TokenKey:
    """Return the root key that a URI names; an AES key of 256 bits is made that cannot leave the token if it has none.

    Raises:
        TokenUnavailable: the token cannot be used.
    """
    key = token_key(uri)

    def make(session: "pkcs11.Session") -> None:
        import pkcs11

        if list(session.get_objects({pkcs11.Attribute.LABEL: key.address.label})):
            return
        session.generate_key(
            pkcs11.KeyType.AES,
            _KEY_BITS,
            label=key.address.label,
            store=True,
            capabilities=pkcs11.MechanismFlag.ENCRYPT | pkcs11.MechanismFlag.DECRYPT,
            template={pkcs11.Attribute.EXTRACTABLE: False, pkcs11.Attribute.SENSITIVE: True},
        )

    _in_session(key.address, make, is_writing=True)
    return key


def _used(address: TokenAddress, work: Callable[[_Cipher], bytes]) -> bytes:
    import pkcs11

    def use(session: "pkcs11.Session") -> bytes:
        try:
            key = session.get_key(object_class=pkcs11.ObjectClass.SECRET_KEY, label=address.label)
        except (pkcs11.NoSuchKey, pkcs11.MultipleObjectsReturned):
            raise TokenUnavailable(
                token=address.token, reason=f"it has not exactly one secret key named {address.label}"
            ) from None
        return work(key)  # type: ignore[arg-type] # its types name no abilities

    return _in_session(address, use)


def _in_session(
    address: TokenAddress, work: Callable[["pkcs11.Session"], Result], *, is_writing: bool = False
) -> Result:
    try:
        import pkcs11
    except ImportError:
        raise TokenUnavailable(token=address.token, reason="the package python-pkcs11 is missing") from None
    try:
        pin = Path(address.pin_file).read_text(encoding="utf-8").strip()
    except OSError:
        raise TokenUnavailable(token=address.token, reason="the file of its PIN cannot be read") from None
    try:
        token = pkcs11.lib(address.module).get_token(token_label=address.token)
        with token.open(user_pin=pin, rw=is_writing) as session:
            return work(session)
    except (pkcs11.PKCS11Error, RuntimeError) as fault:
        raise TokenUnavailable(
            token=address.token, reason=f"{type(fault).__name__} of {address.module}"
        ) from None


def _gcm(nonce: bytes) -> "pkcs11.GCMParams":
    import pkcs11

    return pkcs11.GCMParams(nonce, aad=_CONTEXT, tag_bits=_TAG_BITS)


def _encrypting() -> "pkcs11.Mechanism":
    import pkcs11

    return pkcs11.Mechanism.AES_GCM
