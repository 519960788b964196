"""The headers that sign a call; also for curl and for programs in other languages to compare with."""

import base64
import secrets
import time
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import quote, urlsplit

from zhengshu.foundation.crypto.algorithms import Algorithm, signer
from zhengshu.foundation.crypto.http_signatures import (
    Message,
    content_digest,
    read_signature,
    read_signature_input,
    sign,
    signature_base,
)

_PORTS = {"http": ":80", "https": ":443"}


def signed_headers(  # noqa: PLR0913 - one for each thing that a call may say
    method: str,
    url: str,
    *,
    key_id: str,
    secret: str,
    algorithm: str = "hmac-sha256",
    body: bytes = b"",
    purpose: str = "",
    case: str = "",
    official: str = "",
    created: int | None = None,
    nonce: str = "",
) -> dict[str, str]:
    """Return the headers to send with a call.

    Args:
        method: GET or POST.
        url: the whole address, percent-encoded, exactly as it will be sent.
        key_id: names the key.
        secret: base64 of the shared secret, or of the 32 bytes of a private key.
        algorithm: hmac-sha256, hmac-sm3, ed25519 or sm2-sm3.
        body: exactly the bytes that will be sent.
        purpose: the purpose code, for `records` and `verify`.
        case: the number of the case that the call serves, where the grant demands it.
        official: your department's own reference of the official who asks, never a name or a personal number.
        created: seconds since 1970; now, unless given.
        nonce: a text never used before; random, unless given.
    """
    headers: dict[str, str] = {}
    if body:
        headers |= {"Content-Type": "application/json", "Content-Digest": content_digest(body)}
    if purpose:
        headers["Zhengshu-Purpose"] = purpose
    if case:
        headers["Zhengshu-Case"] = quote(case, safe="-._~/:()")
    if official:
        headers["Zhengshu-Official"] = official
    covered = [name.lower() for name in headers if name != "Content-Type"]
    return headers | sign(
        _message(method, url, headers),
        components=["@method", "@authority", "@path", "@query", *covered],
        signer=signer(Algorithm(algorithm), base64.b64decode(secret, validate=True)),
        key_id=key_id,
        created=int(time.time()) if created is None else created,
        nonce=nonce or secrets.token_urlsafe(18),
    )


def request_digest(method: str, url: str, headers: Mapping[str, str]) -> bytes:
    """Return what the record of a signed call keeps: SHA-256 of signature base, line feed, signature."""
    signed = read_signature_input(headers["Signature-Input"])
    base = signature_base(
        _message(method, url, headers), components=signed.components, parameters=signed.text
    )
    return sha256(base + b"\n" + read_signature(headers["Signature"], label=signed.label)).digest()


def _message(method: str, url: str, headers: Mapping[str, str]) -> Message:
    parts = urlsplit(url)
    return Message(
        method=method,
        scheme=parts.scheme,
        authority=parts.netloc.lower().removesuffix(_PORTS.get(parts.scheme, "!")),
        path=parts.path or "/",
        query=parts.query,
        headers={name.lower(): value for name, value in headers.items()},
    )
