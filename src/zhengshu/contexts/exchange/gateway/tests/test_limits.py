"""Sizes, times and crowds: hostile input is turned down before it costs anything."""

import pytest
from tests.kit.gateway import GatewayProcess, Office

from zhengshu.contexts.exchange.gateway.tests.calling import raw, send
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk

START = b"GET /v1/ping HTTP/1.1\r\nHost: x\r\n"


class TestHeaders:
    def test_of_ten_megabytes_are_refused_early(self, desk: Desk) -> None:
        answer = raw(desk.url, START + b"X: ", *[b"y" * 100_000 for _ in range(100)])

        assert answer == b"" or b"431 Request Header Fields Too Large" in answer

    def test_in_one_piece_over_the_limit_are_refused(self, desk: Desk) -> None:
        answer = raw(desk.url, START + b"X: " + b"y" * 17_000 + b"\r\n\r\n")

        assert answer.startswith(b"HTTP/1.1 431 ")
        assert b"exchange.headers-too-large" in answer

    def test_in_many_pieces_over_the_limit_are_refused(self, desk: Desk) -> None:
        answer = raw(desk.url, START, *[b"X-%d: %s\r\n" % (place, b"y" * 1000) for place in range(20)])

        assert b"exchange.headers-too-large" in answer

    def test_with_a_very_long_address_are_refused(self, desk: Desk) -> None:
        answer = raw(desk.url, b"GET /v1/ping?" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")

        assert answer.startswith(b"HTTP/1.1 431 ")

    def test_just_under_the_limit_are_read(self, desk: Desk) -> None:
        answer = raw(desk.url, START + b"Connection: close\r\nX: " + b"y" * 15_000 + b"\r\n\r\n")

        assert answer.startswith(b"HTTP/1.1 401 ")

    @pytest.mark.parametrize(
        "garbage",
        [
            b"\x00\x01\x02\r\n\r\n",
            b"GET /v1/ping HTTP/9.9\r\n\r\n",
            b"GET\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00",
            START + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            START + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            START + b"X: a\r\n\tb\x00\r\n\r\n",
        ],
    )
    def test_that_are_no_http_get_a_400_and_the_gateway_lives(self, desk: Desk, garbage: bytes) -> None:
        answer = raw(desk.url, garbage)

        assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")
        assert send("GET", f"{desk.url}/healthz", {}).status_code == 200


class TestBodies:
    def test_that_announce_too_much_are_refused_unread(self, desk: Desk) -> None:
        answer = raw(
            desk.url,
            b"POST /v1/resources/1/verify HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000000\r\n\r\n",
        )

        assert answer.startswith(b"HTTP/1.1 413 ")

    def test_that_grow_too_large_in_chunks_are_refused(self, desk: Desk) -> None:
        chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
        answer = raw(
            desk.url,
            b"POST /v1/resources/1/verify HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
            *[chunk] * 5,
        )

        assert b"413" in answer.split(b"\r\n")[0]


class TestTimes:
    def test_callers_who_dawdle_are_sent_away(self, office: Office, gateway: GatewayProcess) -> None:
        impatient = GatewayProcess.start(office.url, ZHENGSHU_GATEWAY_ARRIVAL_SECONDS="0.3")
        try:
            silent = raw_without_end(impatient.url, b"")
            slow_headers = raw_without_end(impatient.url, START)
            slow_body = raw_without_end(
                impatient.url, b"POST /v1/ping HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"
            )
        finally:
            impatient.stop()

        assert silent.startswith(b"HTTP/1.1 408 ")
        assert slow_headers.startswith(b"HTTP/1.1 408 ")
        assert slow_body.startswith(b"HTTP/1.1 408 ")


class TestCrowds:
    def test_an_address_that_fails_too_often_is_told_to_wait(self, desk: Desk) -> None:
        strict = GatewayProcess.start(desk.office.url, ZHENGSHU_GATEWAY_MOST_FAILURES="3")
        try:
            failures = [send("GET", f"{strict.url}/v1/ping", {}) for _ in range(5)]
            known = desk.key.client(strict.url).ping()
        finally:
            strict.stop()

        assert [answer.status_code for answer in failures] == [401, 401, 401, 429, 429]
        assert failures[-1].headers["retry-after"] == "60"
        assert known["system"] == str(desk.key.system_id)


def raw_without_end(url: str, start: bytes) -> bytes:
    """Begin a call, then say nothing more."""
    import socket
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=10) as line:
        line.sendall(start)
        return line.recv(65536)
