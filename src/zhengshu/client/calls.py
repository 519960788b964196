"""Calls to a gateway, and what comes back."""

import http.client
import json
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from zhengshu.client.journal import Journal
from zhengshu.client.proofs import KeptCall, answer_digest
from zhengshu.client.signing import request_digest, signed_headers
from zhengshu.foundation.tlog.counts import ANSWERED
from zhengshu.foundation.tlog.promises import HEADER as PROMISE

Value = str | int | float | bool | None

OK = 200
GRANT = "Zhengshu-Grant"
NOT_FRESH = "exchange.gateway-not-fresh"
SECONDS_BETWEEN_TRIES = 0.2


class CallRefused(Exception):
    """The gateway refused a call; `code` is stable, `title` says what to do.

    Attributes:
        status: the HTTP status.
        document: the whole problem document (RFC 9457).
        receipt: the id of the record of the refused call; empty where the caller was not recognised.
        kept: what proves the refused call later.
    """

    def __init__(self, *, status: int, document: Mapping[str, object], kept: KeptCall) -> None:
        """Keep what the gateway said."""
        self.status, self.document, self.receipt, self.kept = status, document, kept.receipt, kept
        self.code = str(document.get("code", ""))
        self.title = str(document.get("title", ""))
        super().__init__(f"{status} {self.code}: {self.title}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """One page of rows.

    Attributes:
        rows: granted fields by column, masked as the grant says.
        next: the cursor of the page that follows; empty on the last.
        receipt: the id of the record of the call.
        kept: what proves the call later.
    """

    rows: Sequence[Mapping[str, Value]]
    next: str
    receipt: str
    kept: KeptCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What is so and what is not.

    Attributes:
        found: whether there is a row with the key.
        matches: whether one row has all the values.
        fields: for each field, whether a row of the key has the value.
        receipt: the id of the record of the call.
        kept: what proves the call later.
    """

    found: bool
    matches: bool
    fields: Mapping[str, bool]
    receipt: str
    kept: KeptCall


class _Line:
    """One thread's connection; closed when nobody holds it any more."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()


class _Said(NamedTuple):
    """What a call says of itself: for what it is, for which case, and who asks."""

    purpose: str = ""
    case: str = ""
    official: str = ""


NOTHING = _Said()


@dataclass(frozen=True, slots=True)
class _Reply:
    content: bytes
    kept: KeptCall

    @property
    def document(self) -> Mapping[str, object]:
        document: Mapping[str, object] = json.loads(self.content)
        return document


class Client:
    """A consuming system at one gateway; may be shared by threads.

    Args:
        url: the address of the gateway.
        key_id: names the key.
        secret: base64 of the shared secret, or of the 32 bytes of a private key.
        algorithm: hmac-sha256, hmac-sm3, ed25519 or sm2-sm3.
        timeout: seconds to wait for an answer.
        patience: seconds for which a call is repeated, signed anew, while the gateway says that it cannot
            confirm at this moment what is granted.
        language: of refusals: zh or en.
        journal: the own record, into which each call is written before its answer is handed out.
    """

    def __init__(
        self,
        url: str,
        key_id: str,
        secret: str,
        algorithm: str = "hmac-sha256",
        *,
        timeout: float = 10.0,
        patience: float = 3.0,
        language: str = "zh",
        journal: Journal | None = None,
    ) -> None:
        self._url, self._parts = url.rstrip("/"), urlsplit(url)
        self._key_id, self._secret, self._algorithm = key_id, secret, algorithm
        self._timeout, self._patience, self._language = timeout, patience, language
        self._own, self._journal = threading.local(), journal

    def records(
        self,
        resource: str,
        *,
        key: Mapping[str, str],
        purpose: str,
        fields: Sequence[str] = (),
        case: str = "",
        official: str = "",
        limit: int = 20,
        cursor: str = "",
    ) -> Records:
        """Return the rows of a key.

        Raises:
            CallRefused: the gateway says no, and why.
        """
        parameters = {f"key.{column}": value for column, value in key.items()}
        parameters |= {"fields": ",".join(fields)} if fields else {}
        parameters |= {"limit": str(limit)} | ({"cursor": cursor} if cursor else {})
        path = f"/v1/resources/{quote(resource, safe='')}/records?{urlencode(parameters)}"
        reply = self._call("GET", path, said=_Said(purpose, case, official))
        document = reply.document
        rows = document["rows"]
        return Records(
            rows=tuple(rows) if isinstance(rows, list) else (),
            next=str(document["next"] or ""),
            receipt=reply.kept.receipt,
            kept=reply.kept,
        )

    def verify(
        self,
        resource: str,
        *,
        key: Mapping[str, str],
        values: Mapping[str, Value],
        purpose: str,
        case: str = "",
        official: str = "",
    ) -> Verification:
        """Return which of the values are those on record; nothing else is shown.

        Raises:
            CallRefused: the gateway says no, and why.
        """
        path = f"/v1/resources/{quote(resource, safe='')}/verify"
        body = json.dumps({"key": dict(key), "values": dict(values)}, ensure_ascii=False).encode()
        reply = self._call("POST", path, body=body, said=_Said(purpose, case, official))
        document = reply.document
        fields = document["fields"]
        return Verification(
            found=document["found"] is True,
            matches=document["matches"] is True,
            fields={name: value is True for name, value in fields.items()}
            if isinstance(fields, dict)
            else {},
            receipt=reply.kept.receipt,
            kept=reply.kept,
        )

    def receipt(self, call_id: str) -> Mapping[str, object]:
        """Return the record of a call in which one's department took part, on either side.

        Raises:
            CallRefused: there is none.
        """
        return self._call("GET", f"/v1/receipts/{quote(call_id, safe='')}").document

    def proof(self, call_id: str) -> str:
        """Return the receipt of a call as a file that anybody can verify offline; `verify_receipt` does.

        Raises:
            CallRefused: there is no such call, or its entry is not published yet.
        """
        return self._call(
            "GET", f"/v1/receipts/{quote(call_id, safe='')}", accept="text/plain"
        ).content.decode()

    def report(self, found: Mapping[str, object]) -> int:
        """Hand in what an own monitor of the proof log found; return how many findings were taken.

        Args:
            found: `size`, and `faults` or `differences`, as docs/protocol.md describes.

        Raises:
            CallRefused: the system was not admitted, or the report cannot be read.
        """
        body = json.dumps(dict(found), ensure_ascii=False, default=str).encode()
        taken = self._call("POST", "/v1/reports", body=body).document["taken"]
        return taken if isinstance(taken, int) else 0

    def ping(self) -> Mapping[str, object]:
        """Return who the gateway takes this system for, and its time; the easiest call to try a key with.

        Raises:
            CallRefused: the key or the signature is not right.
        """
        return self._call("GET", "/v1/ping").document

    def _call(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        said: _Said = NOTHING,
        accept: str = "application/json",
    ) -> _Reply:
        end = time.monotonic() + self._patience
        while True:
            try:
                return self._once(method, path, body=body, said=said, accept=accept)
            except CallRefused as refusal:
                if refusal.code != NOT_FRESH or time.monotonic() >= end:
                    raise
            time.sleep(SECONDS_BETWEEN_TRIES)

    def _once(self, method: str, path: str, *, body: bytes, said: _Said, accept: str) -> _Reply:
        try:
            return self._send(method, path, body=body, said=said, accept=accept)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # The gateway closed a connection that was idle; signed anew, the call is a new one.
            self._own.line = None
            return self._send(method, path, body=body, said=said, accept=accept)

    def _send(self, method: str, path: str, *, body: bytes, said: _Said, accept: str) -> _Reply:
        headers = signed_headers(
            method,
            self._url + path,
            key_id=self._key_id,
            secret=self._secret,
            algorithm=self._algorithm,
            body=body,
            purpose=said.purpose,
            case=said.case,
            official=said.official,
        )
        connection = self._connection()
        try:
            connection.request(
                method,
                self._parts.path.rstrip("/") + path,
                body=body or None,
                headers={**headers, "Accept": accept, "Accept-Language": self._language},
            )
            response = connection.getresponse()
            content = response.read()
        except BaseException:
            connection.close()
            if self._journal is not None:
                self._journal.note(path=path, purpose=said.purpose, official=said.official)
            raise
        kept = KeptCall(
            receipt=response.headers.get("Zhengshu-Receipt", ""),
            request_digest=request_digest(method, self._url + path, headers),
            answer_digest=answer_digest(content) if response.status == OK else None,
            promise=response.headers.get(PROMISE, ""),
        )
        document: Mapping[str, object] = json.loads(content) if response.status != OK else {}
        if self._journal is not None and kept.receipt:
            verdict = ANSWERED if response.status == OK else str(document.get("code", ""))
            grant = response.headers.get(GRANT, "")
            self._journal.note(
                path=path,
                purpose=said.purpose,
                official=said.official,
                verdict=verdict,
                grant=grant,
                kept=kept,
            )
        if response.status != OK:
            raise CallRefused(status=response.status, document=document, kept=kept)
        return _Reply(content, kept)

    def _connection(self) -> http.client.HTTPConnection:
        line: _Line | None = getattr(self._own, "line", None)
        if line is None:
            secure = self._parts.scheme == "https"
            make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            line = _Line(make(self._parts.hostname or "", self._parts.port, timeout=self._timeout))
            self._own.line = line
        return line.connection
