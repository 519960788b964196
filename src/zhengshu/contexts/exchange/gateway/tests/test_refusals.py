"""What an abuser may try, and that he gets a clear refusal and nothing else."""

import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from tests.kit.gateway import PURPOSE, person

from zhengshu.client import signed_headers
from zhengshu.contexts.exchange.gateway.tests.calling import code, get, post, send
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk

KEY = f"key.citizen_id={person(7)['citizen_id']}"


def path_of(desk: Desk, *, resource: str = "") -> str:
    return f"/v1/resources/{resource or desk.granted.resource}/records?{KEY}"


def headers_of(desk: Desk, path: str, *, key_id: str = "", secret: str = "") -> dict[str, str]:
    return signed_headers(
        "GET",
        desk.url + path,
        key_id=key_id or desk.key.key_id,
        secret=secret or desk.key.secret,
        purpose=PURPOSE,
    )


class TestUnknownCallers:
    @pytest.mark.parametrize(
        "path",
        [
            "/v1/ping",
            "/v1/resources/306001-00001/records",
            "/v1/resources/%2e%2e/%2e%2e/etc",
            "/v1/x",
            "/v1/receipts/x",
        ],
    )
    def test_get_the_same_401_for_every_address(self, desk: Desk, path: str) -> None:
        response = httpx.get(desk.url + path, headers={"Accept-Language": "en"}, timeout=5)

        assert code(response) == (401, "exchange.signature-missing")
        assert response.headers["www-authenticate"].startswith("Signature")

    def test_cannot_tell_an_unknown_key_from_a_wrong_signature(self, desk: Desk) -> None:
        path = path_of(desk)
        unknown = send("GET", desk.url + path, headers_of(desk, path, key_id="k-0000000000000000"))
        wrong = send("GET", desk.url + path, headers_of(desk, path, secret="AAAA"))

        assert code(unknown) == code(wrong) == (401, "exchange.signature-wrong")
        assert unknown.content == wrong.content
        assert desk.office.records(desk.key) == []

    def test_cannot_sign_with_the_public_key_as_if_it_were_a_secret(self, desk: Desk) -> None:
        from base64 import b64decode, b64encode

        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = desk.office.key(algorithm="ed25519")
        public = Ed25519PrivateKey.from_private_bytes(b64decode(key.secret)).public_key().public_bytes_raw()
        path = path_of(desk)

        response = send(
            "GET",
            desk.url + path,
            headers_of(desk, path, key_id=key.key_id, secret=b64encode(public).decode()),
        )

        assert code(response) == (401, "exchange.signature-wrong")

    @pytest.mark.parametrize(
        "header",
        [
            "",
            "zhengshu",
            "zhengshu=()",
            'zhengshu=("@method" "@path" "@query");created=1;created=1;keyid="k";nonce="0123456789abcdef"',
            'zhengshu=("@method" "@path" "@query");created="1";keyid="k";nonce="0123456789abcdef"',
            'zhengshu=("@method" "@path" "@query");created=1;keyid="k";nonce="short"',
            'zhengshu=("@method" "@path" "@query");created=1;keyid="k"',
            'zhengshu=("@method" "@path" "@query");created=1;keyid="k";nonce="0123456789abcdef";evil="x"',
            'zhengshu=("@method" "@method" "@path" "@query");created=1;keyid="k";nonce="0123456789abcdef"',
            'zhengshu=("@method" "@path" "@query" "x-absent");created=1;keyid="k";nonce="0123456789abcdef"',
            'zhengshu=("@method" "@path" "@query" "@status");created=1;keyid="k";nonce="0123456789abcdef"',
            'zhengshu=("@method";req "@path" "@query");created=1;keyid="k";nonce="0123456789abcdef"',
            'a=("@method" "@path" "@query");created=1;keyid="k";nonce="0123456789abcdef", b=()',
            'zhengshu=("@method" "@path" "@query");created=1;keyid="k\'; --";nonce="0123456789abcdef"',
        ],
    )
    def test_with_unreadable_signatures_are_told_what_is_wrong(self, desk: Desk, header: str) -> None:
        headers = {"Signature-Input": header, "Signature": "zhengshu=:AAAA:", "Zhengshu-Purpose": "x"}
        status, found = code(send("GET", f"{desk.url}/v1/ping", headers))

        assert status == 401
        assert found in {
            "exchange.signature-unreadable",
            "exchange.signature-incomplete",
            "exchange.signature-wrong",
        }


class TestSignatures:
    def test_must_cover_the_purpose(self, desk: Desk) -> None:
        path = path_of(desk)
        headers = signed_headers("GET", desk.url + path, key_id=desk.key.key_id, secret=desk.key.secret)

        response = send("GET", desk.url + path, {**headers, "Zhengshu-Purpose": PURPOSE})

        assert code(response) == (401, "exchange.signature-incomplete")
        assert "zhengshu-purpose" in response.json()["title"]

    def test_must_cover_the_digest_of_a_body(self, desk: Desk) -> None:
        path = f"/v1/resources/{desk.granted.resource}/verify"
        headers = signed_headers(
            "POST", desk.url + path, key_id=desk.key.key_id, secret=desk.key.secret, purpose=PURPOSE
        )

        assert code(send("POST", desk.url + path, headers, body=b"{}")) == (
            401,
            "exchange.signature-incomplete",
        )

    @pytest.mark.parametrize(
        ("signed", "called"),
        [
            (f"?{KEY}", f"?{KEY}1"),
            (f"?{KEY}", f"?{KEY}&fields=name"),
            (f"?{KEY}", ""),
        ],
    )
    def test_do_not_fit_another_query(self, desk: Desk, signed: str, called: str) -> None:
        base = f"/v1/resources/{desk.granted.resource}/records"
        headers = headers_of(desk, base + signed)

        assert code(send("GET", desk.url + base + called, headers)) == (401, "exchange.signature-wrong")

    def test_do_not_fit_another_resource_method_purpose_or_host(self, desk: Desk) -> None:
        path = path_of(desk)
        other = desk.office.grant(desk.key, view=desk.granted.view)

        answers = [
            send("GET", desk.url + path_of(desk, resource=other.resource), headers_of(desk, path)),
            send("POST", desk.url + path, headers_of(desk, path)),
            send("GET", desk.url + path, {**headers_of(desk, path), "Zhengshu-Purpose": "another"}),
            send("GET", desk.url + path, {**headers_of(desk, path), "Host": "elsewhere.example"}),
        ]

        assert {code(answer) for answer in answers} == {(401, "exchange.signature-wrong")}

    def test_do_not_fit_a_changed_body(self, desk: Desk) -> None:
        path = f"/v1/resources/{desk.granted.resource}/verify"
        response = post(
            desk.url, path, desk.key, {"key": {}, "values": {}}, sent=b'{"key": {}, "values": {"name": 1}}'
        )

        assert code(response) == (401, "exchange.body-changed")
        assert [record["verdict"] for record in desk.office.records(desk.key)] == ["exchange.body-changed"]

    @pytest.mark.parametrize("seconds", [-301, -100_000, 302, 100_000])
    def test_that_are_old_or_early_are_refused_and_recorded(self, desk: Desk, seconds: int) -> None:
        response = get(desk.url, path_of(desk), desk.key, created=int(time.time()) + seconds)

        assert code(response) == (401, "exchange.signature-too-old")
        assert [record["verdict"] for record in desk.office.records(desk.key)] == [
            "exchange.signature-too-old"
        ]

    def test_within_the_window_are_accepted(self, desk: Desk) -> None:
        response = get(desk.url, path_of(desk), desk.key, created=int(time.time()) - 290)

        assert response.status_code == 200


class TestReplay:
    def test_is_refused_and_recorded(self, desk: Desk) -> None:
        path = path_of(desk)
        headers = headers_of(desk, path)

        first, second, third = (send("GET", desk.url + path, headers) for _ in range(3))

        assert first.status_code == 200
        assert code(second) == code(third) == (409, "exchange.call-replayed")
        assert b"rows" not in second.content
        verdicts = [record["verdict"] for record in desk.office.records(desk.key)]
        assert verdicts == ["ok", "exchange.call-replayed", "exchange.call-replayed"]

    def test_of_a_nonce_with_another_call_is_refused(self, desk: Desk) -> None:
        first = get(desk.url, path_of(desk), desk.key, nonce="0123456789abcdef")
        second = get(desk.url, path_of(desk) + "&fields=name", desk.key, nonce="0123456789abcdef")

        assert first.status_code == 200
        assert code(second) == (409, "exchange.call-replayed")

    def test_the_nonces_of_two_keys_do_not_meet(self, desk: Desk) -> None:
        other = desk.office.key()
        granted = desk.office.grant(other, view=desk.granted.view)

        first = get(desk.url, path_of(desk), desk.key, nonce="0123456789abcdef")
        second = get(desk.url, path_of(desk, resource=granted.resource), other, nonce="0123456789abcdef")

        assert (first.status_code, second.status_code) == (200, 200)


class TestKeys:
    def test_both_are_valid_while_they_overlap_and_the_old_one_never_after(self, desk: Desk) -> None:
        new = desk.office.key(owner=desk.key)
        during = [get(desk.url, path_of(desk), key).status_code for key in (desk.key, new)]

        desk.office.end_key(desk.key)

        assert during == [200, 200]
        assert code(get(desk.url, path_of(desk), desk.key)) == (401, "exchange.key-expired")
        assert get(desk.url, path_of(desk), new).status_code == 200

    def test_that_begin_later_are_refused(self, desk: Desk) -> None:
        later = desk.office.key(owner=desk.key, active_from=datetime.now(UTC) + timedelta(hours=1))

        assert code(get(desk.url, path_of(desk), later)) == (401, "exchange.key-expired")

    def test_of_a_deactivated_system_are_unknown(self, desk: Desk) -> None:
        desk.office.run(
            "UPDATE trust_consuming_system SET is_active = false WHERE id = %s", desk.key.system_id
        )
        desk.office.settle()

        assert code(get(desk.url, path_of(desk), desk.key)) == (401, "exchange.signature-wrong")


class TestGrants:
    def test_of_another_department_look_like_nothing(self, desk: Desk) -> None:
        other = desk.office.grant(desk.office.key(), view=desk.granted.view)

        foreign = get(desk.url, path_of(desk, resource=other.resource), desk.key)
        absent = get(desk.url, path_of(desk, resource="306001-999999999"), desk.key)

        assert code(foreign) == code(absent) == (403, "exchange.resource-not-granted")
        assert foreign.content == absent.content

    @pytest.mark.parametrize(
        "path",
        [
            "/v1/resources/..%2f..%2fetc/records",
            "/v1/resources/%2e%2e/records",
            "/v1/resources//records",
            "/v1/resources/a/b/records",
            "/v1/resources/306001-1%00/records",
            "/v1/resources/306001-1/records/",
            "/v1/resources/306001-1/delete",
            "/v1/resources/r_x';--/records",
            "/v1/receipts/1",
            "/v1/",
        ],
    )
    def test_path_tricks_lead_nowhere(self, desk: Desk, path: str) -> None:
        assert code(get(desk.url, path, desk.key)) == (404, "exchange.no-such-address")

    def test_hold_for_their_purposes_only(self, desk: Desk) -> None:
        response = get(desk.url, path_of(desk), desk.key, purpose="statistics")

        assert code(response) == (403, "exchange.purpose-not-granted")
        assert [(record["verdict"], record["purpose"]) for record in desk.office.records(desk.key)] == [
            ("exchange.purpose-not-granted", "statistics")
        ]

    @pytest.mark.parametrize("purpose", ["", "a b", "x" * 65, "目的"])
    def test_need_one_readable_purpose(self, desk: Desk, purpose: str) -> None:
        headers = headers_of(desk, path_of(desk))
        if purpose.isascii():
            response = get(desk.url, path_of(desk), desk.key, purpose=purpose)
            assert code(response) == (422, "exchange.purpose-missing")
        else:
            headers["Zhengshu-Purpose"] = purpose.encode().decode("latin-1")
            sent = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
            response = httpx.get(desk.url + path_of(desk), headers=sent, timeout=5)
            assert response.status_code == 401

    def test_hold_for_their_fields_only(self, desk: Desk) -> None:
        response = get(desk.url, path_of(desk) + "&fields=name,amount", desk.key)

        assert code(response) == (403, "exchange.field-not-granted")
        assert response.json()["field"] == "amount"

    def test_for_verification_show_nothing(self, desk: Desk) -> None:
        granted = desk.office.grant(desk.key, view=desk.granted.view, operations=["verify"])

        response = get(desk.url, path_of(desk, resource=granted.resource), desk.key)

        assert code(response) == (403, "exchange.operation-not-granted")

    def test_that_demand_a_case_refuse_calls_without_one(self, desk: Desk) -> None:
        granted = desk.office.grant(desk.key, view=desk.granted.view, needs_case=True)
        path = path_of(desk, resource=granted.resource)

        without = get(desk.url, path, desk.key)
        answered = get(desk.url, path, desk.key, case="云政许〔2026〕1号")

        assert code(without) == (403, "exchange.case-missing")
        assert answered.status_code == 200
        assert [record["case_ref"] for record in desk.office.records(desk.key)] == ["", "云政许〔2026〕1号"]

    def test_hold_within_their_validity_only(self, desk: Desk) -> None:
        now = datetime.now(UTC)
        ended = desk.office.grant(desk.key, view=desk.granted.view, active_to=now - timedelta(seconds=1))
        later = desk.office.grant(desk.key, view=desk.granted.view, active_from=now + timedelta(hours=1))

        assert code(get(desk.url, path_of(desk, resource=ended.resource), desk.key)) == (
            403,
            "exchange.grant-expired",
        )
        assert code(get(desk.url, path_of(desk, resource=later.resource), desk.key)) == (
            403,
            "exchange.grant-not-active-yet",
        )

    def test_are_refused_once_revoked_and_the_refusal_is_recorded(self, desk: Desk) -> None:
        before = get(desk.url, path_of(desk), desk.key)

        desk.office.revoke(desk.granted)

        assert before.status_code == 200
        assert code(get(desk.url, path_of(desk), desk.key)) == (403, "exchange.grant-revoked")
        verdicts = [record["verdict"] for record in desk.office.records(desk.key)]
        assert verdicts == ["ok", "exchange.grant-revoked"]

    def test_the_one_that_fits_is_chosen_among_several(self, desk: Desk) -> None:
        desk.office.grant(
            desk.key,
            view=desk.granted.view,
            resource=desk.granted.resource,
            purposes=["statistics"],
            fields=["region"],
        )

        one = get(desk.url, path_of(desk), desk.key)
        two = get(desk.url, path_of(desk), desk.key, purpose="statistics")

        assert set(one.json()["rows"][0]) == {"name", "phone", "born_on"}
        assert set(two.json()["rows"][0]) == {"region"}

    @pytest.mark.parametrize(
        ("method", "operation", "allowed"), [("POST", "records", "GET"), ("GET", "verify", "POST")]
    )
    def test_each_operation_has_its_method(
        self, desk: Desk, method: str, operation: str, allowed: str
    ) -> None:
        url = f"{desk.url}/v1/resources/{desk.granted.resource}/{operation}"
        headers = signed_headers(method, url, key_id=desk.key.key_id, secret=desk.key.secret, purpose=PURPOSE)
        response = send(method, url, headers)

        assert code(response) == (405, "exchange.method-not-allowed")
        assert response.headers["allow"] == allowed
