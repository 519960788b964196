"""Who of the consuming department asked: signed, recorded, committed to; demanded where the policy says so."""

import pytest

from zhengshu.client import signed_headers
from zhengshu.client.signing import request_digest
from zhengshu.contexts.exchange.gateway.tests.calling import code, get, send
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk


def path_of(desk: Desk) -> str:
    return f"/v1/resources/{desk.granted.resource}/records?key.citizen_id=360101199001010001"


def ruled(desk: Desk, rule: str) -> None:
    desk.office.run(
        "UPDATE trust_consuming_system SET official_rule = %s WHERE id = %s", rule, desk.key.system_id
    )
    desk.office.settle()


class TestOfficial:
    def test_is_kept_with_the_record_and_shown_in_the_receipt(self, desk: Desk) -> None:
        answer = get(desk.url, path_of(desk), desk.key, official="sw-0042")

        receipt = desk.key.client(desk.url).receipt(answer.headers["zhengshu-receipt"])
        (record, _receipt) = desk.office.records(desk.key)
        assert answer.status_code == 200
        assert record["official_ref"] == receipt["official_ref"] == "sw-0042"

    def test_is_part_of_what_the_entry_commits_to(self, desk: Desk) -> None:
        url = desk.url + path_of(desk)
        headers = signed_headers(
            "GET", url, key_id=desk.key.key_id, secret=desk.key.secret, purpose="social_assistance",
            official="sw-0042",
        )  # fmt: skip
        send("GET", url, headers)

        (record,) = desk.office.records(desk.key)
        changed = {**headers, "Zhengshu-Official": "sw-0043"}
        assert record["request_digest"] == request_digest("GET", url, headers)
        assert record["request_digest"] != request_digest("GET", url, changed)

    def test_put_in_after_signing_is_refused(self, desk: Desk) -> None:
        url = desk.url + path_of(desk)
        plain = signed_headers(
            "GET", url, key_id=desk.key.key_id, secret=desk.key.secret, purpose="social_assistance"
        )
        named = signed_headers(
            "GET", url, key_id=desk.key.key_id, secret=desk.key.secret, purpose="social_assistance",
            official="sw-0042",
        )  # fmt: skip

        assert code(send("GET", url, {**plain, "Zhengshu-Official": "sw-0042"})) == (
            401,
            "exchange.signature-incomplete",
        )
        assert code(send("GET", url, {**named, "Zhengshu-Official": "sw-0043"})) == (
            401,
            "exchange.signature-wrong",
        )

    @pytest.mark.parametrize("text", ["ab", "360101199001010007", "13812345678", "a b c", "x" * 65, "-abc"])
    def test_that_is_no_reference_is_refused(self, desk: Desk, text: str) -> None:
        answer = get(desk.url, path_of(desk), desk.key, official=text)

        assert code(answer) == (422, "exchange.official-unreadable")
        assert [record["official_ref"] for record in desk.office.records(desk.key)] == [""]


class TestPolicy:
    def test_that_demands_an_official_refuses_calls_without_one(self, desk: Desk) -> None:
        ruled(desk, "required")

        without = get(desk.url, path_of(desk), desk.key)
        named = get(desk.url, path_of(desk), desk.key, official="sw-0042")
        ping = get(desk.url, "/v1/ping", desk.key)

        assert code(without) == (422, "exchange.official-missing")
        assert (named.status_code, ping.status_code) == (200, 200)
        verdicts = [record["verdict"] for record in desk.office.records(desk.key)]
        assert verdicts[0] == "exchange.official-missing"

    def test_that_only_asks_for_one_answers_calls_without(self, desk: Desk) -> None:
        ruled(desk, "reported")

        assert get(desk.url, path_of(desk), desk.key).status_code == 200
