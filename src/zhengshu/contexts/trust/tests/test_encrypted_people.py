"""Citizen IDs in the database: encrypted, bound to their row and department, encrypted anew after a rotation."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from zhengshu.contexts.trust.application import manage_account
from zhengshu.contexts.trust.models import Account
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.foundation.crypto.data_keys import Scope, ValueUnreadable, number_of
from zhengshu.foundation.crypto.sealing import seal
from zhengshu.foundation.vault import columns, keys, reencrypting
from zhengshu.foundation.vault.models import DataKey, Reencryption

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(minutes=5)
COLUMN = "trust_account.sealed_citizen_id"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    keys.forget()
    yield
    keys.forget()


def person(citizen_id: str = "11010519491231002X", *, department: UUID | None = None) -> Account:
    row = Account(
        username=uuid4().hex,
        name="张三",
        kind="citizen",
        created_at=AT,
        department_id=department,
        password="!",
    )
    if department is not None:
        row.kind = "official"
    row.citizen_id = citizen_id
    row.save(force_insert=True)
    return Account.objects.get(pk=row.pk)


class TestCitizenIds:
    def test_are_read_in_clear_and_kept_encrypted(self) -> None:
        row = person()

        assert row.citizen_id == "11010519491231002X"
        with connection.cursor() as cursor:
            cursor.execute("SELECT trust_account::text FROM trust_account WHERE id = %s", [row.pk])
            (text,) = cursor.fetchone()
        assert "11010519491231002X" not in text
        assert b"11010519491231002X".hex() not in text
        assert "11010519491231002X" not in repr(row.__dict__)

    def test_moved_to_another_person_are_refused(self) -> None:
        one, other = person(), person("44030619900307123X")

        other.sealed_citizen_id = one.sealed_citizen_id

        with pytest.raises(ValueUnreadable) as refused:
            _ = other.citizen_id
        assert "1101051949" not in repr(refused.value)

    def test_taken_over_by_another_department_are_refused(self) -> None:
        home, other = factories.department(), factories.department()
        row = person(department=home.id)
        Account.objects.filter(pk=row.pk).update(department_id=other.id)

        with pytest.raises(ValueUnreadable):
            _ = Account.objects.get(pk=row.pk).citizen_id

    def test_of_an_official_follow_him_to_his_new_department(self) -> None:
        home, other = factories.department(), factories.department()
        row = person(department=home.id)

        manage_account.move_official(
            account_id=row.pk, department_id=other.id, actor=factories.PLATFORM, at=AT
        )

        moved = Account.objects.get(pk=row.pk)
        assert moved.citizen_id == "11010519491231002X"
        assert keys.key_of(bytes(moved.sealed_citizen_id or b"")).scope == Scope(other.id, 4)

    def test_from_before_the_vault_are_still_read(self) -> None:
        row = person()
        row.sealed_citizen_id = seal(b"44030619900307123X", context=b"trust.account:" + row.pk.bytes)

        assert row.citizen_id == "44030619900307123X"
        row.sealed_citizen_id = seal(b"44030619900307123X", context=b"trust.account:" + uuid4().bytes)
        with pytest.raises(ValueUnreadable):
            _ = row.citizen_id


class TestEncryptingAnew:
    def rotate(self, scope: Scope) -> None:
        keys.rotate(scope, at=AT)
        keys.forget()
        reencrypting.ask(at=AT)

    def state(self) -> reencrypting.Progress:
        return next(one for one in reencrypting.progress() if one.column == COLUMN)

    def test_turns_every_value_to_the_newest_key_and_says_how_far_it_is(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reencrypting, "BATCH", 3)
        rows = [person(f"11010519491231{place:04d}") for place in range(7)]
        self.rotate(Scope(None, 4))

        assert (self.state().percent, self.state().began_at) == (0, None)
        assert reencrypting.go_on(at=LATER, seconds=30) >= 7

        newest = DataKey.objects.get(department_id=None, grade=4, retired_at=None).id
        for place, row in enumerate(rows):
            row.refresh_from_db()
            assert number_of(bytes(row.sealed_citizen_id or b"")) == newest
            assert row.citizen_id == f"11010519491231{place:04d}"
        assert self.state().percent == 100
        assert self.state().changed == self.state().total >= 7
        assert reencrypting.go_on(at=LATER, seconds=30) == 0

    def test_waits_until_no_process_uses_the_former_key(self) -> None:
        person()
        self.rotate(Scope(None, 4))

        assert reencrypting.go_on(at=AT + timedelta(seconds=30), seconds=30) == 0

    def test_takes_what_was_sealed_before_the_vault(self) -> None:
        row = person()
        old = seal(b"44030619900307123X", context=b"trust.account:" + row.pk.bytes)
        Account.objects.filter(pk=row.pk).update(sealed_citizen_id=old)
        reencrypting.ask(at=AT)

        reencrypting.go_on(at=LATER, seconds=30)

        row.refresh_from_db()
        assert bytes(row.sealed_citizen_id or b"")[:1] == b"\x02"
        assert row.citizen_id == "44030619900307123X"

    def test_goes_on_where_a_killed_worker_stopped(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reencrypting, "BATCH", 2)
        rows = [person() for _ in range(5)]
        self.rotate(Scope(None, 4))
        column = next(one for one in columns.COLUMNS if one.name == COLUMN)
        reencrypting._batch(column, at=LATER)
        half = Reencryption.objects.get(column=COLUMN).after

        reencrypting.go_on(at=LATER, seconds=30)

        assert half is not None
        assert {keys.key_of(self.stored(row)).version for row in rows} == {
            DataKey.objects.get(department_id=None, grade=4, retired_at=None).version
        }

    def test_leaves_a_value_that_somebody_changed_meanwhile(self) -> None:
        row = person()
        self.rotate(Scope(None, 4))
        column = next(one for one in columns.COLUMNS if one.name == COLUMN)
        stale = Account.objects.get(pk=row.pk)
        row.citizen_id = "44030619900307123X"
        row.save()

        assert reencrypting._renew(column, [stale]) == (0, 0)
        assert Account.objects.get(pk=row.pk).citizen_id == "44030619900307123X"

    def test_counts_what_it_cannot_read_and_goes_on(self) -> None:
        broken, sound = person(), person()
        Account.objects.filter(pk=broken.pk).update(sealed_citizen_id=self.stored(sound))
        self.rotate(Scope(None, 4))

        reencrypting.go_on(at=LATER, seconds=30)

        assert self.state().unreadable == 1
        assert self.state().percent == 100

    def stored(self, row: Account) -> bytes:
        return bytes(Account.objects.get(pk=row.pk).sealed_citizen_id or b"")
