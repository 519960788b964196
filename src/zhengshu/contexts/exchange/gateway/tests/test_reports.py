"""What a department's own monitor hands in through the gateway: admitted, signed, once; anything else is nothing."""

import json
import secrets

import pytest
from tests.kit.gateway import SigningKey

from zhengshu.client import signed_headers
from zhengshu.contexts.exchange.gateway.tests.calling import code, post, send
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk

REPORT = {
    "size": 12,
    "differences": [
        {
            "day": "2026-03-02", "department": "11470300MB0000001X", "system": "assistance", "grant": "",
            "what": "answered", "logged": 4, "recorded": 3,
        }
    ],
}  # fmt: skip


def admitted(desk: Desk) -> SigningKey:
    desk.office.run("UPDATE trust_consuming_system SET may_report = true WHERE id = %s", desk.key.system_id)
    desk.office.settle()
    return desk.key


def kept(desk: Desk) -> list[dict[str, object]]:
    return desk.office.run(
        "SELECT m.id, c.verdict FROM exchange_monitor_report m LEFT JOIN exchange_call_record c ON c.id = m.id"
        " WHERE m.system_id = %s ORDER BY m.at",
        desk.key.system_id,
    )


class TestReport:
    def test_of_an_admitted_system_is_kept_with_the_record_of_its_call(self, desk: Desk) -> None:
        answer = post(desk.url, "/v1/reports", admitted(desk), REPORT, purpose="")

        (row,) = kept(desk)
        assert (answer.status_code, answer.json()) == (200, {"taken": 1})
        assert (str(row["id"]), row["verdict"]) == (answer.headers["zhengshu-receipt"], "ok")

    def test_of_any_other_system_is_refused(self, desk: Desk) -> None:
        answer = post(desk.url, "/v1/reports", desk.key, REPORT, purpose="")

        assert code(answer) == (403, "exchange.report-not-admitted")
        assert kept(desk) == []

    def test_forged_is_nobodys(self, desk: Desk) -> None:
        key = admitted(desk)
        body = json.dumps(REPORT).encode()
        url = f"{desk.url}/v1/reports"
        forged = signed_headers("POST", url, key_id=key.key_id, secret=desk.office.key().secret, body=body)

        assert code(send("POST", url, forged, body=body)) == (401, "exchange.signature-wrong")
        changed = json.dumps(REPORT | {"size": 13}).encode()
        assert code(post(desk.url, "/v1/reports", key, body, purpose="", sent=changed)) == (
            401,
            "exchange.body-changed",
        )
        assert kept(desk) == []

    def test_replayed_counts_once(self, desk: Desk) -> None:
        key = admitted(desk)
        body, url = json.dumps(REPORT).encode(), f"{desk.url}/v1/reports"
        headers = signed_headers(
            "POST", url, key_id=key.key_id, secret=key.secret, body=body, nonce=secrets.token_hex(16)
        )

        first = send("POST", url, headers, body=body)
        again = send("POST", url, headers, body=body)

        assert first.status_code == 200
        assert code(again) == (409, "exchange.call-replayed")
        assert [row["verdict"] for row in kept(desk)] == ["ok", "exchange.call-replayed"]

    @pytest.mark.parametrize(
        "body",
        [
            b"", b"{}", b'{"size": 1}', b'{"size": -1, "faults": [{"kind": "forked", "text": "x"}]}',
            b'{"size": 1, "faults": [{"kind": "else", "text": "x"}]}', b"\xff",
            json.dumps(REPORT | {"more": 1}).encode(),
            json.dumps({"size": 1, "faults": [{"kind": "entry", "text": "x" * 301}]}).encode(),
            json.dumps({"size": 1, "faults": [{"kind": "entry", "text": "x"}] * 101}).encode(),
        ],
    )  # fmt: skip
    def test_that_is_none_is_refused(self, desk: Desk, body: bytes) -> None:
        answer = post(desk.url, "/v1/reports", admitted(desk), body, purpose="")

        assert code(answer) == (422, "exchange.report-unreadable")
        assert kept(desk) == []
