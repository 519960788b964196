"""HTTP Message Signatures (RFC 9421) and content digests (RFC 9530), as the exchange protocol uses them.

One signature a message. Components are header fields and the derived components of `DERIVED`, without
parameters. A signature input must be written in its one canonical form (RFC 8941 serialisation), so that what
was signed is exactly what was sent.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from zhengshu.foundation.crypto.algorithms import Signer
from zhengshu.foundation.crypto.digests import DIGESTS


class SignatureMalformed(ValueError):
    """A signature header is not what RFC 9421 describes; the text says which part and what was expected."""


class DigestMalformed(ValueError):
    """A `Content-Digest` is not what RFC 9530 describes, or names no digest that we know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A request, as far as a signature can cover it.

    Attributes:
        method: in capitals.
        scheme, authority: in small letters; the authority without the scheme's own port.
        path: as sent, percent-encoding and all.
        query: as sent, without the question mark.
        headers: values by names in small letters; several values of a name joined by ``, ``.
    """

    method: str
    scheme: str
    authority: str
    path: str
    query: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureInput:
    """What a signature covers, and its parameters.

    Attributes:
        label: the name that ties `Signature-Input` to `Signature`.
        components: covered component names in order.
        created, expires: seconds since 1970, where given.
        text: the canonical serialisation that is itself signed.
    """

    label: str
    components: tuple[str, ...]
    created: int | None
    expires: int | None
    nonce: str
    key_id: str
    algorithm: str
    text: str


_STRING = r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"'
_NAME = r'"@?[a-z0-9!#$%&\'*+.^_`|~-]+"'
_INPUT = re.compile(
    r"(?P<label>[a-z*][a-z0-9_.*-]*)=(?P<text>\((?P<components>(?:" + _NAME + "(?: " + _NAME + r")*)?)\)"
    r"(?P<parameters>(?:;[a-z]+=(?:[0-9]{1,15}|" + _STRING.replace("(", "(?:", 1) + r"))*))"
)
_PARAMETER = re.compile(r";([a-z]+)=(?:([0-9]{1,15})|" + _STRING + ")")
_ESCAPE = re.compile(r'\\(["\\])')
_SIGNATURE = re.compile(r"(?P<label>[a-z*][a-z0-9_.*-]*)=:(?P<value>[A-Za-z0-9+/]*={0,2}):")
_NUMBERS = frozenset({"created", "expires"})
_STRINGS = frozenset({"nonce", "keyid", "alg", "tag"})


def read_signature_input(header: str) -> SignatureInput:
    """Return what a `Signature-Input` header says.

    Raises:
        SignatureMalformed: it is not one canonical inner list with known parameters.
    """
    match = _INPUT.fullmatch(header)
    if match is None:
        raise SignatureMalformed("Signature-Input must be one canonical inner list of components")
    components = tuple(name.strip('"') for name in match["components"].split())
    if len(set(components)) != len(components):
        raise SignatureMalformed("a component is covered twice")
    numbers, strings = _parameters(match["parameters"])
    return SignatureInput(
        label=match["label"],
        components=components,
        created=numbers.get("created"),
        expires=numbers.get("expires"),
        nonce=strings.get("nonce", ""),
        key_id=strings.get("keyid", ""),
        algorithm=strings.get("alg", ""),
        text=match["text"],
    )


def read_signature(header: str, *, label: str) -> bytes:
    """Return the signature of a label from a `Signature` header.

    Raises:
        SignatureMalformed: it is not one byte sequence under that label.
    """
    match = _SIGNATURE.fullmatch(header)
    if match is None or match["label"] != label:
        raise SignatureMalformed("Signature must be one byte sequence under the label of Signature-Input")
    try:
        return base64.b64decode(match["value"], validate=True)
    except binascii.Error as fault:
        raise SignatureMalformed("the value of Signature is not base64") from fault


def signature_base(message: Message, *, components: Sequence[str], parameters: str) -> bytes:
    """Return the bytes that are signed (RFC 9421, section 2.5).

    Raises:
        SignatureMalformed: a component that the message does not have, or that we do not know.
    """
    lines = [f'"{name}": {_value(message, name)}' for name in components]
    lines.append(f'"@signature-params": {parameters}')
    return "\n".join(lines).encode("latin-1")


def sign(
    message: Message,
    *,
    components: Sequence[str],
    signer: Signer,
    key_id: str,
    created: int,
    nonce: str,
    expires: int | None = None,
    label: str = "zhengshu",
) -> dict[str, str]:
    """Return the two headers that sign a message."""
    covered = " ".join(f'"{name}"' for name in components)
    until = "" if expires is None else f";expires={expires}"
    parameters = (
        f'({covered});created={created}{until};nonce="{_escaped(nonce)}"'
        f';alg="{signer.algorithm}";keyid="{_escaped(key_id)}"'
    )
    signature = signer.sign(signature_base(message, components=components, parameters=parameters))
    return {
        "Signature-Input": f"{label}={parameters}",
        "Signature": f"{label}=:{base64.b64encode(signature).decode()}:",
    }


def content_digest(body: bytes) -> str:
    """Return the `Content-Digest` of a body, by SHA-256."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def is_digest_of(header: str, body: bytes) -> bool:
    """Whether every digest of a `Content-Digest` header that we know is that of the body.

    Raises:
        DigestMalformed: the header cannot be read, or holds no digest that we know.
    """
    known = 0
    for member in header.split(","):
        match = _SIGNATURE.fullmatch(member.strip())
        if match is None:
            raise DigestMalformed("Content-Digest must be byte sequences by the names of digests")
        compute = DIGESTS.get(match["label"])
        if compute is None:
            continue
        known += 1
        if base64.b64encode(compute(body)).decode() != match["value"]:
            return False
    if not known:
        raise DigestMalformed(f"Content-Digest must hold one of {', '.join(sorted(DIGESTS))}")
    return True


def _parameters(text: str) -> tuple[dict[str, int], dict[str, str]]:
    numbers: dict[str, int] = {}
    strings: dict[str, str] = {}
    for name, number, string in _PARAMETER.findall(text):
        if name in numbers or name in strings:
            message = f"the parameter {name} is given twice"
            raise SignatureMalformed(message)
        if number and name in _NUMBERS:
            numbers[name] = int(number)
        elif not number and name in _STRINGS:
            strings[name] = _ESCAPE.sub(r"\1", string)
        else:
            message = f"the parameter {name} is unknown or of the wrong type"
            raise SignatureMalformed(message)
    return numbers, strings


def _value(message: Message, name: str) -> str:
    if name.startswith("@"):
        derive = DERIVED.get(name)
        if derive is None:
            text = f"the component {name} is not supported"
            raise SignatureMalformed(text)
        return derive(message)
    value = message.headers.get(name)
    if value is None:
        text = f"the signature covers {name}, which the request does not carry"
        raise SignatureMalformed(text)
    return value


def _target(message: Message) -> str:
    return f"{message.path or '/'}?{message.query}" if message.query else message.path or "/"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


DERIVED: Mapping[str, Callable[[Message], str]] = {
    "@method": lambda message: message.method,
    "@authority": lambda message: message.authority,
    "@scheme": lambda message: message.scheme,
    "@path": lambda message: message.path or "/",
    "@query": lambda message: f"?{message.query}",
    "@request-target": _target,
    "@target-uri": lambda message: f"{message.scheme}://{message.authority}{_target(message)}",
}
"""Derived components (RFC 9421, section 2.2)."""
