"""Who calls: the signature of a call and the key that made it.

Until the signature is known to be right, every refusal is a 401 that is the same for known and unknown keys.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from zhengshu.contexts.exchange.domain.refusals import (
    BodyChanged,
    KeyExpired,
    SignatureIncomplete,
    SignatureMissing,
    SignatureTooOld,
    SignatureUnreadable,
    SignatureWrong,
)
from zhengshu.contexts.exchange.gateway.calls import Call
from zhengshu.foundation.crypto.algorithms import Verifier
from zhengshu.foundation.crypto.http_signatures import (
    DigestMalformed,
    Message,
    SignatureInput,
    SignatureMalformed,
    is_digest_of,
    read_signature,
    read_signature_input,
    signature_base,
)

PURPOSE, CASE, OFFICIAL, DIGEST = "zhengshu-purpose", "zhengshu-case", "zhengshu-official", "content-digest"
_NONCE = re.compile(r"[A-Za-z0-9_.:=/+-]{16,64}")
_KEY_ID = re.compile(r"[!-~]{1,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of a consuming system, ready to check signatures.

    Attributes:
        needs_official: whether each call for data must name the official who asks.
        may_report: whether reports of a monitor are taken from the system.
    """

    key_id: str
    system_id: UUID
    department_id: UUID
    verifier: Verifier
    active_from: datetime
    active_to: datetime | None
    needs_official: bool = False
    may_report: bool = False

    def is_active(self, at: datetime) -> bool:
        """Whether the key is valid at an instant."""
        return self.active_from <= at and (self.active_to is None or at < self.active_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever holds a key that made the signature of a call.

    Attributes:
        request_digest: SHA-256 of signature base and signature.
    """

    key: Key
    signed: SignatureInput
    request_digest: bytes

    def remembered_until(self, *, at: datetime, window: timedelta) -> datetime | None:
        """Return until when the nonce matters; None where the signature is too old to be accepted anyway."""
        if self._is_outside(at=at, window=window):
            return None
        return at + 2 * window

    def check(self, call: Call, *, at: datetime, window: timedelta) -> None:
        """Check what a right signature still does not say.

        Raises:
            SignatureTooOld: made too long ago, expired, or from the future.
            KeyExpired: the key is not valid now.
            BodyChanged: the body is not the one that was signed.
        """
        if self._is_outside(at=at, window=window):
            raise SignatureTooOld(seconds=int(window.total_seconds()))
        if not self.key.is_active(at):
            raise KeyExpired
        if DIGEST in self.signed.components and not _is_signed_body(call):
            raise BodyChanged

    def _is_outside(self, *, at: datetime, window: timedelta) -> bool:
        now = at.timestamp()
        age = abs(now - (self.signed.created or 0))
        return age > window.total_seconds() or (
            self.signed.expires is not None and now >= self.signed.expires
        )


def authenticate(call: Call, *, keys: Mapping[str, Key]) -> Caller:
    """Return who signed a call.

    Raises:
        SignatureMissing: there is no signature.
        SignatureUnreadable: the signature is not written as the protocol demands.
        SignatureIncomplete: the signature leaves out what must be signed.
        SignatureWrong: the key is unknown or the signature is not right.
    """
    headers = call.message.headers
    if "signature-input" not in headers or "signature" not in headers:
        raise SignatureMissing
    try:
        signed = read_signature_input(headers["signature-input"])
        signature = read_signature(headers["signature"], label=signed.label)
        _require(signed)
        _require_coverage(signed, call)
        base = signature_base(call.message, components=signed.components, parameters=signed.text)
    except SignatureMalformed as fault:
        raise SignatureUnreadable(reason=str(fault)) from fault
    key = keys.get(signed.key_id)
    if key is None or signed.algorithm not in {"", key.verifier.algorithm}:
        raise SignatureWrong
    if not key.verifier.is_right(base, signature):
        raise SignatureWrong
    return Caller(key=key, signed=signed, request_digest=sha256(base + b"\n" + signature).digest())


def _require(signed: SignatureInput) -> None:
    if signed.created is None:
        raise SignatureMalformed("the parameter created is missing")
    if not _NONCE.fullmatch(signed.nonce):
        raise SignatureMalformed("the parameter nonce must be 16 to 64 letters, digits or _ . : = / + -")
    if not _KEY_ID.fullmatch(signed.key_id):
        raise SignatureMalformed("the parameter keyid is missing")


def _require_coverage(signed: SignatureInput, call: Call) -> None:
    covered = set(signed.components)
    missing = [] if "@method" in covered else ["@method"]
    if "@target-uri" not in covered:
        missing += [name for name in ("@path", "@query") if name not in covered]
    if call.body and DIGEST not in covered:
        missing.append(DIGEST)
    missing += [
        name for name in (PURPOSE, CASE, OFFICIAL) if name in call.message.headers and name not in covered
    ]
    if missing:
        raise SignatureIncomplete(missing=", ".join(missing))


def _is_signed_body(call: Call) -> bool:
    try:
        return is_digest_of(call.message.headers[DIGEST], call.body)
    except DigestMalformed:
        return False


def message_of(
    *, method: str, scheme: str, path: bytes, query: bytes, headers: list[tuple[bytes, bytes]]
) -> Message:
    """Return a request as a signature sees it; header names come in small letters."""
    values: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1").strip()
        values[name] = f"{values[name]}, {value}" if name in values else value
    return Message(
        method=method,
        scheme=scheme,
        authority=_authority(values.get("host", ""), scheme=scheme),
        path=path.decode("latin-1"),
        query=query.decode("latin-1"),
        headers=values,
    )


def _authority(host: str, *, scheme: str) -> str:
    port = {"http": ":80", "https": ":443"}.get(scheme, "")
    return host.lower().removesuffix(port) if port else host.lower()
