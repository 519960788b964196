import json

import httpx
import pytest
from tests.kit.gateway import COLUMNS, PURPOSE, Office, person

from zhengshu.client import CallRefused
from zhengshu.contexts.exchange.gateway.tests.calling import code, get
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk

CITIZEN = {"citizen_id": str(person(7)["citizen_id"])}


class TestRecords:
    def test_shows_granted_fields_under_their_masks(self, desk: Desk) -> None:
        answer = desk.key.client(desk.url).records(desk.granted.resource, key=CITIZEN, purpose=PURPOSE)

        assert answer.rows == ({"name": "张**", "phone": "138****0007", "born_on": "1990-01-01"},)
        assert answer.next == ""

    def test_shows_only_the_fields_that_are_asked_for(self, desk: Desk) -> None:
        client = desk.key.client(desk.url)

        answer = client.records(desk.granted.resource, key=CITIZEN, fields=["born_on"], purpose=PURPOSE)

        assert answer.rows == ({"born_on": "1990-01-01"},)

    def test_shows_each_type_as_json_knows_it(self, desk: Desk) -> None:
        granted = desk.office.grant(desk.key, view=desk.granted.view, fields=list(COLUMNS), masks={})

        answer = desk.key.client(desk.url).records(granted.resource, key=CITIZEN, purpose=PURPOSE)

        assert answer.rows == (
            {
                **person(7),
                "is_insured": False,
                "children": 3,
                "amount": "1234.50",
                "seen_at": "2026-01-01T19:04:05Z",
            },
        )

    def test_finds_nothing_for_a_key_that_nobody_has(self, desk: Desk) -> None:
        answer = desk.key.client(desk.url).records(
            desk.granted.resource, key={"citizen_id": "nobody"}, purpose=PURPOSE
        )

        assert answer.rows == ()

    @pytest.mark.parametrize("algorithm", ["hmac-sha256", "hmac-sm3", "ed25519", "sm2-sm3"])
    def test_accepts_each_algorithm(self, desk: Desk, algorithm: str) -> None:
        key = desk.office.key(algorithm=algorithm)
        granted = desk.office.grant(key, view=desk.granted.view)

        answer = key.client(desk.url).records(granted.resource, key=CITIZEN, purpose=PURPOSE)

        assert len(answer.rows) == 1

    def test_says_what_its_digest_is_and_may_not_be_kept(self, desk: Desk) -> None:
        from zhengshu.foundation.crypto.http_signatures import is_digest_of

        response = get(desk.url, f"/v1/resources/{desk.granted.resource}/records?key.citizen_id=1", desk.key)

        assert is_digest_of(response.headers["content-digest"], response.content)
        assert response.headers["cache-control"] == "no-store"


class TestPages:
    def test_follow_each_other_without_gap_or_repetition(self, desk: Desk) -> None:
        view = desk.office.serve([person(0, name=f"李{place:03d}") for place in range(45)])
        granted = desk.office.grant(desk.key, view=view, fields=["name"], masks={})
        client, names, cursor = desk.key.client(desk.url), [], ""

        for _ in range(5):
            page = client.records(
                granted.resource,
                key={"citizen_id": str(person(0)["citizen_id"])},
                purpose=PURPOSE,
                limit=10,
                cursor=cursor,
            )
            names += [row["name"] for row in page.rows]
            cursor = page.next

        assert names == [f"李{place:03d}" for place in range(45)]
        assert cursor == ""

    def test_refuse_a_cursor_of_another_key(self, desk: Desk) -> None:
        view = desk.office.serve([person(0), person(0), person(1)])
        granted = desk.office.grant(desk.key, view=view)
        client = desk.key.client(desk.url)
        first = client.records(
            granted.resource, key={"citizen_id": str(person(0)["citizen_id"])}, purpose=PURPOSE, limit=1
        )

        with pytest.raises(CallRefused) as refused:
            client.records(
                granted.resource,
                key={"citizen_id": str(person(1)["citizen_id"])},
                purpose=PURPOSE,
                limit=1,
                cursor=first.next,
            )

        assert refused.value.code == "exchange.page-unreadable"

    @pytest.mark.parametrize(
        "page", ["limit=0", "limit=101", "limit=-1", "limit=x", "cursor=x", "cursor=MTox"]
    )
    def test_refuse_sizes_and_cursors_that_are_not_ours(self, desk: Desk, page: str) -> None:
        path = f"/v1/resources/{desk.granted.resource}/records?key.citizen_id=1&{page}"

        assert code(get(desk.url, path, desk.key)) == (422, "exchange.page-unreadable")


class TestRowFilter:
    @pytest.mark.parametrize(
        ("condition", "found"),
        [
            ({"column": "region", "operator": "eq", "values": ["360107"]}, 1),
            ({"column": "region", "operator": "eq", "values": ["360108"]}, 0),
            ({"column": "region", "operator": "in", "values": ["360101", "360107"]}, 1),
            ({"column": "region", "operator": "prefix", "values": ["3601"]}, 1),
            ({"column": "region", "operator": "prefix", "values": ["36_1"]}, 0),
            ({"column": "region", "operator": "prefix", "values": ["%"]}, 0),
            ({"column": "amount", "operator": "ge", "values": ["1234.50"]}, 1),
            ({"column": "amount", "operator": "ge", "values": ["1234.51"]}, 0),
            ({"column": "born_on", "operator": "le", "values": ["1990-01-01"]}, 1),
            ({"column": "children", "operator": "in", "values": ["1", "3"]}, 1),
            ({"column": "is_insured", "operator": "eq", "values": ["true"]}, 0),
            ({"column": "seen_at", "operator": "ge", "values": ["2026-01-02T03:04:05+08:00"]}, 1),
            ({"column": "region", "operator": "eq", "values": ["' OR true --"]}, 0),
        ],
    )
    def test_hides_rows_outside_of_it(self, desk: Desk, condition: dict[str, object], found: int) -> None:
        granted = desk.office.grant(desk.key, view=desk.granted.view, row_filter=[condition])

        answer = desk.key.client(desk.url).records(granted.resource, key=CITIZEN, purpose=PURPOSE)

        assert len(answer.rows) == found

    def test_applies_to_verification_too(self, desk: Desk) -> None:
        condition = {"column": "region", "operator": "eq", "values": ["360108"]}
        granted = desk.office.grant(desk.key, view=desk.granted.view, row_filter=[condition])

        answer = desk.key.client(desk.url).verify(
            granted.resource, key=CITIZEN, values={"name": "张三7"}, purpose=PURPOSE
        )

        assert (answer.found, answer.fields) == (False, {"name": False})


class TestKeys:
    def test_of_several_columns_must_all_fit(self, desk: Desk) -> None:
        granted = desk.office.grant(desk.key, view=desk.granted.view, keys=["citizen_id", "born_on"])
        client = desk.key.client(desk.url)

        right = client.records(granted.resource, key={**CITIZEN, "born_on": "1990-01-01"}, purpose=PURPOSE)
        wrong = client.records(granted.resource, key={**CITIZEN, "born_on": "1990-01-02"}, purpose=PURPOSE)

        assert (len(right.rows), len(wrong.rows)) == (1, 0)

    def test_must_be_given(self, desk: Desk) -> None:
        path = f"/v1/resources/{desk.granted.resource}/records"

        assert code(get(desk.url, path, desk.key)) == (422, "exchange.key-missing")

    def test_must_be_key_columns(self, desk: Desk) -> None:
        path = f"/v1/resources/{desk.granted.resource}/records?key.name=x"

        assert code(get(desk.url, path, desk.key)) == (422, "exchange.key-unknown")

    def test_must_be_of_the_columns_type(self, desk: Desk) -> None:
        granted = desk.office.grant(desk.key, view=desk.granted.view, keys=["born_on"])
        response = get(desk.url, f"/v1/resources/{granted.resource}/records?key.born_on=1990-02-30", desk.key)

        assert code(response) == (422, "exchange.value-unreadable")
        assert "2024-03-05" in response.json()["title"]

    @pytest.mark.parametrize(
        "key",
        [
            "' OR '1'='1",
            "'; DROP TABLE exchange_grant; --",
            '" UNION SELECT secret FROM trust_system_key --',
            "$1",
            "%",
            "\\",
            "\u202e",
            "*",
        ],
    )
    def test_that_hold_sql_are_only_text(self, desk: Desk, key: str) -> None:
        answer = desk.key.client(desk.url).records(
            desk.granted.resource, key={"citizen_id": key}, purpose=PURPOSE
        )

        assert answer.rows == ()

    @pytest.mark.parametrize(
        "query",
        [
            "key.citizen_id%22%20OR%201=1--=1",
            "key.=1",
            "key.Citizen=1",
            "citizen_id=1",
            "key.citizen_id=1&key.citizen_id=2",
            "key.citizen_id=1&fields=name;drop",
            "key.citizen_id=1&fields=*",
            "key.citizen_id=%ff",
            "key.citizen_id",
            "key.citizen_id=1&select=secret",
            "&".join(f"key.c{place}=1" for place in range(300)),
        ],
    )
    def test_refuse_parameters_that_are_none(self, desk: Desk, query: str) -> None:
        path = f"/v1/resources/{desk.granted.resource}/records?{query}"

        assert code(get(desk.url, path, desk.key)) == (422, "exchange.parameter-unknown")

    def test_refuse_a_null_character(self, desk: Desk) -> None:
        path = f"/v1/resources/{desk.granted.resource}/records?key.citizen_id=%00"

        assert code(get(desk.url, path, desk.key)) == (422, "exchange.value-unreadable")


class TestServing:
    def test_tells_when_nothing_is_published(self, desk: Desk) -> None:
        granted = desk.office.grant(desk.key, view="r_never_published")
        response = get(desk.url, f"/v1/resources/{granted.resource}/records?key.citizen_id=1", desk.key)

        assert code(response) == (503, "exchange.resource-not-ready")

    def test_tells_when_a_granted_column_was_taken_away(self, desk: Desk) -> None:
        view = desk.office.serve([person(1)], columns={"citizen_id": "text"})
        granted = desk.office.grant(desk.key, view=view)
        response = get(desk.url, f"/v1/resources/{granted.resource}/records?key.citizen_id=1", desk.key)

        assert code(response) == (503, "exchange.resource-not-ready")

    def test_reads_the_new_table_after_an_exchange_of_another_type(self, desk: Desk, office: Office) -> None:
        view = office.serve([person(1)])
        granted = office.grant(desk.key, view=view, fields=["children"])
        client, key = desk.key.client(desk.url), {"citizen_id": str(person(1)["citizen_id"])}
        before = [client.records(granted.resource, key=key, purpose=PURPOSE).rows for _ in range(8)]

        office.serve([person(1, children="many")], view=view, columns={**COLUMNS, "children": "text"})

        after = [client.records(granted.resource, key=key, purpose=PURPOSE).rows for _ in range(8)]
        assert before == [({"children": 1},)] * 8
        assert after == [({"children": "many"},)] * 8


class TestLanguage:
    def test_a_refusal_is_the_same_document_in_every_language(self, desk: Desk) -> None:
        response = httpx.get(f"{desk.url}/v1/ping", headers={"Accept-Language": "zh-CN"}, timeout=5)

        assert json.loads(response.content)["code"] == "exchange.signature-missing"
