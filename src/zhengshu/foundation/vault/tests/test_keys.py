from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from zhengshu.foundation.crypto import master_key
from zhengshu.foundation.crypto.data_keys import Scope, ValueUnreadable, blind_index, fresh_key, opened_key
from zhengshu.foundation.crypto.master_key import MasterKeyStrange
from zhengshu.foundation.vault import keys
from zhengshu.foundation.vault.models import DataKey

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PLACE = b"table.column:row"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    keys.forget()
    yield
    keys.forget()


def fresh_scope(grade: int = 4) -> Scope:
    return Scope(uuid4(), grade)


class TestDataKeys:
    def test_of_a_scope_is_made_once_and_kept_wrapped(self) -> None:
        scope = fresh_scope()

        sealed = keys.active_key(scope).encrypt(b"secret", place=PLACE)
        keys.forget()

        assert keys.key_of(sealed).decrypt(sealed, place=PLACE) == b"secret"
        assert keys.active_key(scope).number == keys.key_of(sealed).number
        (row,) = DataKey.objects.filter(department_id=scope.department_id)
        assert (row.grade, row.version, row.retired_at) == (4, 1, None)

    def test_differ_by_department_and_grade(self) -> None:
        home = uuid4()
        scopes = [Scope(home, 4), Scope(home, 5), Scope(uuid4(), 4), Scope(None, 4)]

        assert len({keys.active_key(scope).number for scope in scopes}) == 4

    def test_outlives_the_transaction_that_needed_it_first(self) -> None:
        scope = fresh_scope()

        class Undone(Exception):
            pass

        def use_and_undo() -> None:
            with transaction.atomic():
                sealed.append(keys.active_key(scope).encrypt(b"secret", place=PLACE))
                raise Undone

        sealed: list[bytes] = []
        with pytest.raises(Undone):
            use_and_undo()
        keys.forget()

        assert keys.key_of(sealed[0]).decrypt(sealed[0], place=PLACE) == b"secret"

    def test_costs_no_statement_once_known(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        sealed = keys.active_key(Scope(None, 4)).encrypt(b"secret", place=PLACE)
        keys.key_of(sealed)

        with django_assert_num_queries(0):
            keys.key_of(sealed)
            keys.active_key(Scope(None, 4))

    def test_of_many_values_are_loaded_together(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        numbers = [keys.active_key(fresh_scope()).number for _ in range(5)]
        keys.forget()

        with django_assert_num_queries(1):
            keys.load(numbers * 3)

    def test_rotated_one_still_opens_what_it_encrypted(self) -> None:
        scope = fresh_scope()
        old = keys.active_key(scope).encrypt(b"secret", place=PLACE)

        assert keys.rotate(scope, at=AT) == 2
        keys.forget()
        new = keys.active_key(scope).encrypt(b"secret", place=PLACE)

        assert keys.key_of(old).version == 1
        assert keys.key_of(new).version == 2
        assert keys.key_of(old).decrypt(old, place=PLACE) == b"secret"

    @pytest.mark.parametrize(
        "statement",
        [
            "DELETE FROM foundation_data_key",
            "TRUNCATE foundation_data_key",
            "UPDATE foundation_data_key SET wrapped = 'x'",
            "UPDATE foundation_data_key SET grade = 1, retired_at = now()",
        ],
    )
    def test_are_never_changed_or_removed(self, statement: str) -> None:
        keys.active_key(fresh_scope())

        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


class TestValues:
    def test_moved_to_another_place_or_changed_are_refused(self) -> None:
        key = keys.active_key(Scope(None, 4))
        sealed = key.encrypt(b"secret", place=PLACE)

        with pytest.raises(ValueUnreadable):
            key.decrypt(sealed, place=b"table.column:other")
        for place in range(len(sealed)):
            changed = bytearray(sealed)
            changed[place] ^= 1
            with pytest.raises(ValueUnreadable):
                keys.key_of(bytes(changed)).decrypt(bytes(changed), place=PLACE)

    def test_of_a_strange_key_are_refused_without_showing_it(self) -> None:
        number, wrapped = fresh_key(Scope(None, 4), version=1)
        stranger = opened_key(number, Scope(None, 4), version=1, wrapped=wrapped)
        sealed = stranger.encrypt(b"360101199001010007", place=PLACE)

        with pytest.raises(ValueUnreadable) as refused:
            keys.key_of(sealed)

        assert "360101" not in repr(refused.value)
        assert "key=" not in repr(stranger)

    def test_a_wrapped_key_given_out_for_another_department_is_refused(self) -> None:
        number, wrapped = fresh_key(fresh_scope(), version=1)

        with pytest.raises(ValueUnreadable):
            opened_key(number, fresh_scope(), version=1, wrapped=wrapped)


class TestBlindIndex:
    def test_is_equal_for_equal_texts_of_one_column_only(self) -> None:
        by_phone, by_email = blind_index("a.phone"), blind_index("a.email")

        assert by_phone("13800138000") == blind_index("a.phone")("13800138000")
        assert len(by_phone("13800138000")) == 16
        assert by_phone("13800138000") != by_phone("13800138001")
        assert by_phone("13800138000") != by_email("13800138000")


class TestStart:
    def test_goes_on_with_the_right_keys(self) -> None:
        keys.active_key(fresh_scope())

        keys.require_keys()

    def test_stops_with_a_sentence_where_the_database_belongs_to_another_master_key(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        keys.active_key(fresh_scope())
        with monkeypatch.context() as patch:
            patch.setenv("ZHENGSHU_DATA", str(tmp_path))
            patch.delenv("ZHENGSHU_ROOT_KEY_FILE", raising=False)
            master_key._kept.cache_clear()

            with pytest.raises(MasterKeyStrange) as refused:
                keys.require_keys()

        master_key._kept.cache_clear()
        assert "another master key" in str(refused.value)
