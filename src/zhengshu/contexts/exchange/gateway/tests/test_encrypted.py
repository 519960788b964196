"""Columns that are stored encrypted: found by key, decrypted, compared; refused where they were moved."""

import os
import secrets
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from tests.kit.gateway import PURPOSE, Granted

from zhengshu.client import CallRefused
from zhengshu.contexts.exchange.gateway.tests.conftest import Desk
from zhengshu.foundation.crypto.data_keys import (
    OpenedKey,
    Scope,
    blind_index,
    fresh_key,
    lookup_column,
    opened_key,
    served_note,
    served_place,
)

GRADE = 6


@dataclass(frozen=True, slots=True)
class Sealed:
    """A granted view with encrypted columns `citizen_id`, `phone` and `born_on`, and `name` in clear."""

    desk: Desk
    granted: Granted
    key: OpenedKey

    @classmethod
    def make(cls, desk: Desk, *, masks: dict[str, str] | None = None) -> "Sealed":
        view = f"r_{secrets.token_hex(6)}"
        granted = desk.office.grant(
            desk.key, view=view, fields=["name", "citizen_id", "phone", "born_on"], masks=masks or {}
        )
        sealed = cls(desk, granted, data_key(desk, granted.provider_id))
        desk.office.run(
            f"CREATE TABLE serving.{view}_1 (row__id bytea, citizen_id bytea, name text, phone bytea,"
            " born_on bytea, blind__citizen_id bytea)"
        )
        desk.office.run(f"CREATE VIEW serving.{view} AS SELECT * FROM serving.{view}_1")  # noqa: S608 - our own view
        for column, kind in (("citizen_id", "text"), ("phone", "text"), ("born_on", "date")):
            desk.office.run(f"COMMENT ON COLUMN serving.{view}.{column} IS '{served_note(kind, GRADE)}'")
        desk.office.settle()
        return sealed

    def add(
        self, citizen_id: str, name: str, *, phone: str | None = "13800138000", key: OpenedKey | None = None
    ) -> None:
        view, row = self.granted.view, os.urandom(16)

        def sealed(column: str, text: str | None) -> bytes | None:
            place = served_place(view, column, row)
            return None if text is None else (key or self.key).encrypt(text.encode(), place=place)

        self.desk.office.run(
            f"INSERT INTO serving.{view}_1 (row__id, citizen_id, name, phone, born_on, blind__citizen_id)"  # noqa: S608 - our own view
            " VALUES (%s, %s, %s, %s, %s, %s)",
            row,
            sealed("citizen_id", citizen_id),
            name,
            sealed("phone", phone),
            sealed("born_on", "1990-01-01"),
            blind_index(f"serving.{view}.citizen_id")(citizen_id),
        )

    def records(self, citizen_id: str) -> tuple[dict[str, object], ...]:
        client = self.desk.key.client(self.desk.url)
        answer = client.records(self.granted.resource, key={"citizen_id": citizen_id}, purpose=PURPOSE)
        return tuple(dict(row) for row in answer.rows)


def data_key(desk: Desk, department_id: UUID) -> OpenedKey:
    scope = Scope(department_id, GRADE)
    number, wrapped = fresh_key(scope, version=1)
    desk.office.run(
        "INSERT INTO foundation_data_key (id, department_id, grade, version, wrapped, created_at)"
        " VALUES (%s, %s, %s, 1, %s, now())",
        number,
        department_id,
        GRADE,
        wrapped,
    )
    return opened_key(number, scope, version=1, wrapped=wrapped)


class TestRecords:
    def test_are_found_by_the_blind_index_and_shown_in_clear(self, desk: Desk) -> None:
        sealed = Sealed.make(desk)
        sealed.add("360101199001010007", "张三")
        sealed.add("360101199001010015", "李四", phone=None)

        assert sealed.records("360101199001010007") == (
            {
                "name": "张三",
                "citizen_id": "360101199001010007",
                "phone": "13800138000",
                "born_on": "1990-01-01",
            },
        )
        (other,) = sealed.records("360101199001010015")
        assert (other["name"], other["phone"]) == ("李四", None)
        assert sealed.records("360101199001010023") == ()

    def test_are_masked_as_granted(self, desk: Desk) -> None:
        sealed = Sealed.make(desk, masks={"phone": "phone"})
        sealed.add("360101199001010007", "张三")

        (row,) = sealed.records("360101199001010007")

        assert "****" in str(row["phone"])

    def test_values_are_compared_without_being_shown(self, desk: Desk) -> None:
        sealed = Sealed.make(desk)
        sealed.add("360101199001010007", "张三")

        answer = sealed.desk.key.client(desk.url).verify(
            sealed.granted.resource,
            key={"citizen_id": "360101199001010007"},
            values={"phone": "13800138000", "born_on": date(1990, 1, 2).isoformat()},
            purpose=PURPOSE,
        )

        assert answer.fields == {"phone": True, "born_on": False}


class TestAbuse:
    def test_a_value_of_another_row_is_refused(self, desk: Desk) -> None:
        sealed = Sealed.make(desk)
        sealed.add("360101199001010007", "张三", phone="13800138000")
        sealed.add("360101199001010015", "李四", phone="13900139000")
        desk.office.run(
            f"UPDATE serving.{sealed.granted.view}_1 SET phone = (SELECT phone FROM serving.{sealed.granted.view}_1"  # noqa: S608 - our own view
            " WHERE name = %s) WHERE name = %s",
            "李四",
            "张三",
        )

        with pytest.raises(CallRefused) as refused:
            sealed.records("360101199001010007")

        assert refused.value.code == "exchange.resource-not-ready"
        assert "139" not in str(refused.value.document)

    def test_a_value_of_another_column_is_refused(self, desk: Desk) -> None:
        sealed = Sealed.make(desk)
        sealed.add("360101199001010007", "张三")
        desk.office.run(f"UPDATE serving.{sealed.granted.view}_1 SET phone = citizen_id")  # noqa: S608 - our own view

        with pytest.raises(CallRefused):
            sealed.records("360101199001010007")

    def test_a_value_under_another_departments_key_is_refused(self, desk: Desk) -> None:
        sealed = Sealed.make(desk)
        sealed.add("360101199001010007", "张三", key=data_key(desk, desk.office.department()))

        with pytest.raises(CallRefused):
            sealed.records("360101199001010007")

    def test_the_blind_index_cannot_be_asked_for(self, desk: Desk) -> None:
        sealed = Sealed.make(desk)
        sealed.add("360101199001010007", "张三")

        with pytest.raises(CallRefused) as refused:
            sealed.desk.key.client(desk.url).records(
                sealed.granted.resource, key={lookup_column("citizen_id"): "x"}, purpose=PURPOSE
            )

        assert refused.value.code == "exchange.key-unknown"
