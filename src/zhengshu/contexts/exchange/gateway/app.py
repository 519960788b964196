"""The ASGI program: reads a call, has it authenticated, judged and recorded, and sends the answer."""

import asyncio
import time
import traceback
from base64 import b64encode
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import TypeAlias

import msgspec
import structlog

from zhengshu.contexts.exchange.domain.refusals import (
    BY_CODE,
    OK,
    BodyTooLarge,
    CallRefused,
    CallTooSlow,
    GatewayFault,
    GatewayNotFresh,
    GatewayOverloaded,
    NoSuchAddress,
    TooManyFailures,
)
from zhengshu.contexts.exchange.gateway.authentication import Caller, authenticate, message_of
from zhengshu.contexts.exchange.gateway.calls import Answer, Call, Entry, as_bytea
from zhengshu.contexts.exchange.gateway.failures import Failures
from zhengshu.contexts.exchange.gateway.operations import Operations
from zhengshu.contexts.exchange.gateway.problems import problem
from zhengshu.contexts.exchange.gateway.recorder import Recorder
from zhengshu.contexts.exchange.gateway.registry import Registry
from zhengshu.contexts.exchange.gateway.settings import Settings
from zhengshu.foundation.tlog.keys import promise_signer
from zhengshu.foundation.tlog.promises import Promise

log = structlog.get_logger(__name__)

Scope: TypeAlias = MutableMapping[str, object]
Event: TypeAlias = MutableMapping[str, object]
Receive: TypeAlias = Callable[[], Awaitable[Event]]
Send: TypeAlias = Callable[[Event], Awaitable[None]]


class Gone(Exception):
    """The caller closed the connection before its call had arrived."""


class Gateway:
    """The program of one worker."""

    def __init__(
        self, *, settings: Settings, registry: Registry, recorder: Recorder, operations: Operations
    ) -> None:
        """Keep the parts."""
        self._settings, self._registry = settings, registry
        self._recorder, self._operations = recorder, operations
        self._failures = Failures(most=settings.most_failures)
        self._window = timedelta(seconds=settings.replay_seconds)
        self._promises = promise_signer(settings.origin)
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        headers = scope["headers"]
        path, query = scope["raw_path"], scope["query_string"]
        if not isinstance(headers, list) or not isinstance(path, bytes) or not isinstance(query, bytes):
            raise TypeError("not an ASGI scope of a call")
        if not path.startswith(b"/v1/"):
            return await _send(send, self._outside(path))
        message = message_of(
            method=str(scope["method"]), scheme=self._settings.scheme, path=path, query=query, headers=headers
        )
        client = scope["client"]
        address = str(client[0]) if isinstance(client, tuple | list) else ""
        language = message.headers.get("accept-language", "")
        self._under_way += 1
        try:
            if self._under_way > self._settings.most_calls:
                raise GatewayOverloaded
            body = await self._body(receive, message.headers.get("content-length", ""))
            answer = await self.answer(Call(message=message, body=body, address=address))
        except CallRefused as refusal:
            answer = problem(refusal, accept_language=language)
        except Gone:
            return None
        finally:
            self._under_way -= 1
        return await _send(send, answer)

    async def answer(self, call: Call) -> Answer:
        """Return the answer to a call, whose record is then on disk.

        Raises:
            CallRefused: a refusal that leaves no record: the caller is unknown, or nothing can be recorded.
        """
        began = time.perf_counter()
        if not self._registry.is_fresh():
            raise GatewayNotFresh
        caller = self._authenticated(call)
        entry = self._entry(caller)
        answer = await self._worked(call, caller, entry)
        if entry.verdict == OK:
            entry.answer_digest = as_bytea(sha256(answer.body).digest())
        entry.microseconds = int((time.perf_counter() - began) * 1_000_000)
        verdict = await self._recorder.record(entry)
        if verdict != entry.verdict:
            refusal = BY_CODE.get(verdict, GatewayFault)()
            answer = problem(refusal, accept_language=call.message.headers.get("accept-language", ""))
        return self._with_receipt(answer, entry, caller.request_digest)

    def _with_receipt(self, answer: Answer, entry: Entry, request_digest: bytes) -> Answer:
        promise = Promise(
            receipt=str(entry.id),
            request_digest=request_digest,
            answer_digest=sha256(answer.body).digest() if answer.status == HTTPStatus.OK else None,
            by=int(time.time()) + self._settings.promise_seconds,
        )
        grant = ((b"zhengshu-grant", str(entry.grant_id).encode()),) if entry.grant_id else ()
        headers = (
            *answer.headers,
            *grant,
            (b"zhengshu-receipt", promise.receipt.encode()),
            (b"zhengshu-promise", promise.header(self._promises).encode()),
        )
        return Answer(status=answer.status, body=answer.body, headers=headers, media_type=answer.media_type)

    def _authenticated(self, call: Call) -> Caller:
        try:
            return authenticate(call, keys=self._registry.keys)
        except CallRefused as refusal:
            if self._failures.are_too_many(address=call.address, code=refusal.code):
                raise TooManyFailures from refusal
            raise

    def _entry(self, caller: Caller) -> Entry:
        at = datetime.now(UTC)
        return Entry(
            at=at,
            key_id=caller.key.key_id,
            nonce=caller.signed.nonce,
            nonce_until=caller.remembered_until(at=at, window=self._window),
            system_id=caller.key.system_id,
            consumer_department_id=caller.key.department_id,
            request_digest=as_bytea(caller.request_digest),
        )

    async def _worked(self, call: Call, caller: Caller, entry: Entry) -> Answer:
        try:
            caller.check(call, at=entry.at, window=self._window)
            return await self._operations.answer(call, caller, entry)
        except CallRefused as fault:
            refusal = fault
        except Exception as fault:  # noqa: BLE001 - the call gets an answer and a record whatever fails
            # The text of a fault may hold personal data; its kind and place do not.
            frames = [
                f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(fault.__traceback__)
            ]
            log.warning("gateway.fault", call_id=str(entry.id), fault=type(fault).__name__, frames=frames)
            refusal = GatewayFault()
        entry.refuse(refusal)
        return problem(refusal, accept_language=call.message.headers.get("accept-language", ""))

    async def _body(self, receive: Receive, content_length: str) -> bytes:
        most = self._settings.most_body_bytes
        if content_length.isdecimal() and int(content_length[:12]) > most:
            raise BodyTooLarge(most=most)
        event = await receive()
        if not event.get("more_body"):
            return _chunk(event, most=most)
        chunks = [_chunk(event, most=most)]
        try:
            async with asyncio.timeout(self._settings.arrival_seconds):
                while event.get("more_body"):
                    event = await receive()
                    chunks.append(_chunk(event, most=most - sum(map(len, chunks))))
        except TimeoutError as fault:
            raise CallTooSlow(seconds=int(self._settings.arrival_seconds)) from fault
        return b"".join(chunks)

    def _outside(self, path: bytes) -> Answer:
        if path != b"/healthz":
            return problem(NoSuchAddress())
        if not self._registry.is_fresh():
            return problem(GatewayNotFresh())
        state = {"status": "ready", "confirmed_at": self._registry.confirmed_at}
        return Answer(status=200, body=msgspec.json.encode(state))


def _chunk(event: Event, *, most: int) -> bytes:
    if event["type"] == "http.disconnect":
        raise Gone
    body = event.get("body", b"")
    if not isinstance(body, bytes) or len(body) > most:
        raise BodyTooLarge(most=most)
    return body


async def _send(send: Send, answer: Answer) -> None:
    digest = b64encode(sha256(answer.body).digest())
    headers = [
        (b"content-type", answer.media_type),
        (b"content-length", str(len(answer.body)).encode()),
        (b"content-digest", b"sha-256=:" + digest + b":"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *answer.headers,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
