"""What the record of a call says, who may read it, and that nobody changes it."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import psycopg
import pytest
from tests.kit.gateway import PURPOSE, Office, SigningKey, person

from zhengshu.client import CallRefused
from zhengshu.contexts.exchange.gateway.tests.calling import get, post
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk
from zhengshu.kernel.identity import new_id

KEY = {"citizen_id": str(person(7)["citizen_id"])}


def path_of(desk: Desk) -> str:
    return f"/v1/resources/{desk.granted.resource}/records?key.citizen_id={KEY['citizen_id']}"


class TestRecord:
    def test_says_who_called_what_for_which_purpose_and_what_came_of_it(self, desk: Desk) -> None:
        response = get(
            desk.url, path_of(desk) + "&fields=name", desk.key, case="C-1", nonce="0123456789abcdef"
        )

        (record,) = desk.office.records(desk.key)
        assert response.headers["zhengshu-receipt"] == str(record["id"])
        assert bytes(record.pop("answer_digest")) == sha256(response.content).digest()  # type: ignore[call-overload]
        assert {
            name: record[name] for name in ("operation", "purpose", "case_ref", "verdict", "row_count")
        } == {
            "operation": "records",
            "purpose": PURPOSE,
            "case_ref": "C-1",
            "verdict": "ok",
            "row_count": 1,
        }
        assert (record["fields"], record["nonce"]) == (["name"], "0123456789abcdef")
        assert (record["grant_id"], record["resource_code"]) == (desk.granted.id, desk.granted.resource)
        assert record["provider_department_id"] == desk.granted.provider_id

    def test_holds_no_personal_data(self, desk: Desk) -> None:
        get(desk.url, path_of(desk), desk.key)
        body = {"key": KEY, "values": {"name": "张三7"}}
        post(desk.url, f"/v1/resources/{desk.granted.resource}/verify", desk.key, body)

        told = json.dumps(desk.office.records(desk.key), default=str, ensure_ascii=False)

        assert KEY["citizen_id"] not in told
        assert "张三7" not in told

    def test_calls_about_one_person_can_be_found_without_telling_who(self, desk: Desk) -> None:
        body = {"key": KEY, "values": {"name": "x"}}
        get(desk.url, path_of(desk), desk.key)
        post(desk.url, f"/v1/resources/{desk.granted.resource}/verify", desk.key, body)
        get(desk.url, path_of(desk) + "0", desk.key)

        first, second, other = (bytes(record["subject_digest"]) for record in desk.office.records(desk.key))  # type: ignore[call-overload]

        assert first == second != other

    def test_is_never_changed_or_removed(self, desk: Desk) -> None:
        get(desk.url, path_of(desk), desk.key)

        for statement in (
            "UPDATE exchange_call_record SET verdict = 'ok' WHERE key_id = %s",
            "DELETE FROM exchange_call_record WHERE key_id = %s",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                desk.office.run(statement, desk.key.key_id)

    def test_numbers_follow_the_order_of_a_caller(self, desk: Desk) -> None:
        receipts = [get(desk.url, path_of(desk), desk.key).headers["zhengshu-receipt"] for _ in range(10)]

        assert [str(record["id"]) for record in desk.office.records(desk.key)] == receipts


class TestReceipt:
    def test_is_shown_to_both_sides_and_to_nobody_else(self, desk: Desk) -> None:
        receipt = desk.key.client(desk.url).records(desk.granted.resource, key=KEY, purpose=PURPOSE).receipt
        provider = provider_key(desk)
        stranger = desk.office.key()

        seen = [key.client(desk.url).receipt(receipt) for key in (desk.key, provider)]
        with pytest.raises(CallRefused) as refused:
            stranger.client(desk.url).receipt(receipt)

        assert [record["id"] for record in seen] == [receipt, receipt]
        assert seen[0]["verdict"] == "ok"
        assert "subject_digest" not in seen[0]
        assert (refused.value.status, refused.value.code) == (404, "exchange.receipt-not-found")

    def test_exists_for_a_refused_call_too(self, desk: Desk) -> None:
        client = desk.key.client(desk.url)
        with pytest.raises(CallRefused) as refused:
            client.records(desk.granted.resource, key=KEY, purpose="statistics")

        assert client.receipt(refused.value.receipt)["verdict"] == "exchange.purpose-not-granted"

    def test_ping_says_who_calls(self, desk: Desk) -> None:
        known = desk.key.client(desk.url).ping()

        assert (known["system"], known["department"]) == (
            str(desk.key.system_id),
            str(desk.key.department_id),
        )


def provider_key(desk: Desk) -> SigningKey:
    """Return a key of a system of the provider's."""
    department = desk.granted.provider_id
    system = desk.office.system(department)
    owner = SigningKey(key_id="", secret="", algorithm="", system_id=system, department_id=department)
    return desk.office.key(owner=owner)


def entry(key: SigningKey, **changes: object) -> dict[str, object]:
    """Return a call as the gateway hands it to the database."""
    now = datetime.now(UTC)
    return {
        "id": str(new_id()),
        "at": now.isoformat(),
        "key_id": key.key_id,
        "nonce": str(new_id()),
        "nonce_until": (now + timedelta(minutes=10)).isoformat(),
        "system_id": str(key.system_id),
        "consumer_department_id": str(key.department_id),
        "operation": "ping",
        "resource_code": "",
        "purpose": "",
        "case_ref": "",
        "verdict": "ok",
        "fields": [],
        "row_count": 0,
        "request_digest": "\\x00",
        "microseconds": 1,
        **changes,
    }


def commit(office: Office, *entries: dict[str, object], again: bool = False) -> dict[str, str]:
    """Commit a batch and return the verdicts by call."""
    rows = office.run(
        "SELECT call_id, outcome FROM gateway.commit_calls('test', %s::json, 'Asia/Shanghai', %s)",
        json.dumps(entries),
        again,
    )
    return {str(row["call_id"]): str(row["outcome"]) for row in rows}


class TestCommit:
    def test_of_a_batch_whose_first_try_was_stored_keeps_its_verdicts(self, desk: Desk) -> None:
        granted = desk.office.grant(desk.key, view=desk.granted.view, per_day=2)
        batch = [entry(desk.key, grant_id=str(granted.id)) for _ in range(3)]

        first = commit(desk.office, *batch)
        second = commit(desk.office, *batch, again=True)

        assert list(first.values()) == ["ok", "ok", "exchange.quota-per-day-used-up"]
        assert second == first
        assert len(desk.office.records(desk.key)) == 3

    def test_of_a_batch_that_was_partly_stored_adds_the_rest(self, desk: Desk) -> None:
        old, new = entry(desk.key), entry(desk.key)
        commit(desk.office, old)

        assert set(commit(desk.office, old, new, again=True).values()) == {"ok"}
        assert len(desk.office.records(desk.key)) == 2

    def test_refuses_the_second_use_of_a_nonce_within_a_batch(self, desk: Desk) -> None:
        one, two = entry(desk.key, nonce="n" * 16), entry(desk.key, nonce="n" * 16)

        verdicts = commit(desk.office, one, two)

        assert sorted(verdicts.values()) == ["exchange.call-replayed", "ok"]

    def test_refuses_what_was_revoked_after_the_gateway_looked(self, desk: Desk) -> None:
        desk.office.revoke(desk.granted)
        late = entry(desk.key, grant_id=str(desk.granted.id), answer_digest="\\x00", row_count=1)

        assert list(commit(desk.office, late).values()) == ["exchange.grant-revoked"]
        (record,) = desk.office.records(desk.key)
        assert (record["row_count"], record["answer_digest"]) == (0, None)

    def test_keeps_the_gateways_own_refusals_and_counts_no_quota_for_them(self, desk: Desk) -> None:
        granted = desk.office.grant(desk.key, view=desk.granted.view, per_day=1)
        refused = entry(desk.key, grant_id=str(granted.id), verdict="exchange.field-not-granted")
        allowed = entry(desk.key, grant_id=str(granted.id))

        assert list(commit(desk.office, refused, allowed).values()) == ["exchange.field-not-granted", "ok"]

    def test_numbers_a_batch_in_its_order(self, desk: Desk) -> None:
        batch = [entry(desk.key) for _ in range(50)]
        commit(desk.office, *batch[::-1])

        stored = [record["id"] for record in desk.office.records(desk.key)]

        assert stored == [UUID(str(call["id"])) for call in batch[::-1]]
