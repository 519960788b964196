import pytest
from tests.kit.gateway import COLUMNS, PURPOSE, person

from zhengshu.client import Value
from zhengshu.contexts.exchange.gateway.tests.calling import code, post
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk

CITIZEN = {"citizen_id": str(person(7)["citizen_id"])}


class TestVerify:
    def test_says_yes_or_no_for_each_field_and_shows_nothing(self, desk: Desk) -> None:
        path = f"/v1/resources/{desk.granted.resource}/verify"
        values = {"name": "张三7", "phone": "13900000000"}

        response = post(desk.url, path, desk.key, {"key": CITIZEN, "values": values})

        assert response.json() == {
            "resource": desk.granted.resource,
            "found": True,
            "matches": False,
            "fields": {"name": True, "phone": False},
        }

    @pytest.mark.parametrize(
        ("column", "value", "is_so"),
        [
            ("name", " 张三７ ", True),
            ("name", "张**", False),
            ("born_on", "1990-01-01", True),
            ("born_on", "1991-01-01", False),
            ("amount", "1234.5", True),
            ("amount", "1234.51", False),
            ("children", 3, True),
            ("children", "3", True),
            ("is_insured", False, True),
            ("is_insured", True, False),
            ("seen_at", "2026-01-01T19:04:05Z", True),
            ("phone", None, False),
        ],
    )
    def test_compares_by_the_columns_type(
        self, desk: Desk, column: str, value: Value, *, is_so: bool
    ) -> None:
        granted = desk.office.grant(desk.key, view=desk.granted.view, fields=list(COLUMNS))

        answer = desk.key.client(desk.url).verify(
            granted.resource, key=CITIZEN, values={column: value}, purpose=PURPOSE
        )

        assert (answer.found, answer.matches, answer.fields) == (True, is_so, {column: is_so})

    def test_two_half_right_rows_do_not_make_a_match(self, desk: Desk) -> None:
        view = desk.office.serve([person(0, name="甲", phone="1"), person(0, name="乙", phone="2")])
        granted = desk.office.grant(desk.key, view=view)

        answer = desk.key.client(desk.url).verify(
            granted.resource,
            key={"citizen_id": str(person(0)["citizen_id"])},
            values={"name": "甲", "phone": "2"},
            purpose=PURPOSE,
        )

        assert (answer.matches, answer.fields) == (False, {"name": True, "phone": True})

    def test_nobody_is_found_and_nothing_is_so(self, desk: Desk) -> None:
        answer = desk.key.client(desk.url).verify(
            desk.granted.resource, key={"citizen_id": "x"}, values={"name": "张三7"}, purpose=PURPOSE
        )

        assert (answer.found, answer.matches, answer.fields) == (False, False, {"name": False})

    @pytest.mark.parametrize(
        "body",
        [
            b"not json",
            b"[]",
            b'{"key": {"citizen_id": "1"}}',
            b'{"key": {"citizen_id": "1"}, "values": {}}',
            b'{"key": {"citizen_id": ["1"]}, "values": {"name": "x"}}',
            b'{"key": {"citizen_id": "1"}, "values": {"name": {"x": 1}}}',
            b'{"key": {"citizen_id": "1"}, "values": {"name": "x"}, "more": 1}',
            b'{"key": {"citizen_id": "\xff"}, "values": {"name": "x"}}',
            b"[" * 30_000,
        ],
    )
    def test_refuses_a_body_that_is_not_its_document(self, desk: Desk, body: bytes) -> None:
        response = post(desk.url, f"/v1/resources/{desk.granted.resource}/verify", desk.key, body)

        assert code(response) == (422, "exchange.body-unreadable")

    def test_refuses_names_that_are_no_columns(self, desk: Desk) -> None:
        body = {"key": CITIZEN, "values": {'name" OR true --': "x"}}
        response = post(desk.url, f"/v1/resources/{desk.granted.resource}/verify", desk.key, body)

        assert code(response) == (422, "exchange.parameter-unknown")

    def test_refuses_a_field_that_was_not_granted(self, desk: Desk) -> None:
        body = {"key": CITIZEN, "values": {"amount": "1"}}
        response = post(desk.url, f"/v1/resources/{desk.granted.resource}/verify", desk.key, body)

        assert code(response) == (403, "exchange.field-not-granted")

    def test_refuses_a_value_of_another_type(self, desk: Desk) -> None:
        body = {"key": CITIZEN, "values": {"born_on": "yesterday"}}
        response = post(desk.url, f"/v1/resources/{desk.granted.resource}/verify", desk.key, body)

        assert code(response) == (422, "exchange.value-unreadable")
