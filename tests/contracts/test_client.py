"""What the client does by itself."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from zhengshu.client import CallRefused, Client

SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ="


@dataclass(slots=True)
class Answers:
    """A gateway that gives prepared answers and remembers the signatures of the calls."""

    prepared: list[tuple[int, dict[str, str]]]
    signatures: list[str] = field(default_factory=list)

    @contextmanager
    def served(self) -> Iterator[str]:
        answers = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answers.signatures.append(self.headers["Signature"])
                status, document = answers.prepared.pop(0)
                content = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}"
            finally:
                server.shutdown()
                thread.join()


STALE = (503, {"code": "exchange.gateway-not-fresh"})
SLOW = (503, {"code": "exchange.answer-too-slow"})
FINE = (200, {"system": "a"})


class TestPatience:
    def test_calls_again_signed_anew_while_the_gateway_is_not_fresh(self) -> None:
        answers = Answers([STALE, STALE, FINE])

        with answers.served() as url:
            assert Client(url, "k", SECRET).ping() == {"system": "a"}

        assert len(set(answers.signatures)) == 3

    @pytest.mark.parametrize(("answer", "patience"), [(STALE, 0.0), (SLOW, 3.0)])
    def test_gives_up_at_once_where_waiting_was_not_asked_for_or_does_not_help(
        self, answer: tuple[int, dict[str, str]], patience: float
    ) -> None:
        answers = Answers([answer, FINE])

        with answers.served() as url, pytest.raises(CallRefused) as refused:
            Client(url, "k", SECRET, patience=patience).ping()

        assert refused.value.code == answer[1]["code"]
        assert len(answers.signatures) == 1
