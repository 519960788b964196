"""The HTTP protocol with limits: on the size of address and headers, and on the time they take to arrive."""

import asyncio

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from zhengshu.contexts.exchange.domain.refusals import CallTooSlow, HeadersTooLarge
from zhengshu.contexts.exchange.gateway.problems import problem
from zhengshu.contexts.exchange.gateway.settings import Settings

SECONDS_TO_LINGER = 1.0
_REASONS = {408: b"Request Timeout", 431: b"Request Header Fields Too Large"}


def limited_protocol(settings: Settings) -> type[HttpToolsProtocol]:
    """Return the protocol class for uvicorn, with the limits of the settings."""

    class Limited(LimitedProtocol):
        limits = settings

    return Limited


class LimitedProtocol(HttpToolsProtocol):
    """Closes a connection whose headers are too large or too slow, after telling why."""

    limits: Settings

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """Wait for the first call."""
        super().__init__(config=config, server_state=server_state, app_state=app_state, _loop=_loop)
        self._is_in_headers = self._is_refused = False
        self._header_bytes = 0
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait: a connection that never says anything is closed, too."""
        super().connection_made(transport)  # type: ignore[arg-type]  # uvicorn narrows what asyncio promises
        self._deadline = self.loop.call_later(self.limits.arrival_seconds, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Pass data on; give up when headers go on and on."""
        if self._is_refused:
            return
        super().data_received(data)
        if self._is_in_headers:
            self._header_bytes += len(data)  # also of the piece in which the headers began
            if self._header_bytes > self.limits.most_header_bytes:
                self._refuse(HeadersTooLarge(most=self.limits.most_header_bytes))

    def on_message_begin(self) -> None:
        """Begin to count and to wait."""
        super().on_message_begin()
        self._is_in_headers = True
        self._header_bytes = 0
        if self._deadline is None:
            self._deadline = self.loop.call_later(self.limits.arrival_seconds, self._give_up)

    def on_headers_complete(self) -> None:
        """Stop waiting; refuse headers that are too large although they came in one piece."""
        self._is_in_headers = False
        self._stop_waiting()
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > self.limits.most_header_bytes:
            self._refuse(HeadersTooLarge(most=self.limits.most_header_bytes))
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Pass a body on, unless its call was refused."""
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Pass the end of a call on, unless it was refused."""
        if not self._is_refused:
            super().on_message_complete()

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._refuse(CallTooSlow(seconds=int(self.limits.arrival_seconds)))

    def _refuse(self, refusal: HeadersTooLarge | CallTooSlow) -> None:
        self._stop_waiting()
        if self._is_refused or self.transport.is_closing():
            return
        self._is_refused = True
        answer = problem(refusal)
        self.transport.write(
            b"HTTP/1.1 %d %s\r\nconnection: close\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n%s"
            % (answer.status, _REASONS[answer.status], answer.media_type, len(answer.body), answer.body)
        )
        # Closing at once would reset the connection while the caller still sends, and the answer would be lost.
        self.transport.write_eof()
        self._deadline = self.loop.call_later(SECONDS_TO_LINGER, self.transport.close)
