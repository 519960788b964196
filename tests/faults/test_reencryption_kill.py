"""Encrypting anew is killed between any two words to the database: every value stays readable, and it ends."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from tests.kit.killed import is_killed
from zhengshu.contexts.trust.models import Account
from zhengshu.foundation.crypto.data_keys import Scope, number_of
from zhengshu.foundation.vault import keys, reencrypting
from zhengshu.foundation.vault.models import DataKey

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
NUMBERS = [f"11010519491231{place:04d}" for place in range(5)]
MOST_WORDS = 200


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    keys.forget()
    yield
    keys.forget()


def read() -> list[str]:
    return [row.citizen_id for row in Account.objects.order_by("username")]


def test_loses_nothing_wherever_it_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reencrypting, "BATCH", 2)
    for place, number in enumerate(NUMBERS):
        row = Account(username=f"p{place}", name="张三", kind="citizen", created_at=AT, password="!")
        row.citizen_id = number
        row.save(force_insert=True)
    with transaction.atomic():
        keys.rotate(Scope(None, 4), at=AT)
    keys.forget()
    reencrypting.ask(at=AT)
    deaths = 0

    for word in range(1, MOST_WORDS):
        was_killed = is_killed(lambda: reencrypting.go_on(at=LATER, seconds=20), before_word=word)
        assert read() == NUMBERS
        if not was_killed:
            break
        deaths += 1

    newest = DataKey.objects.get(department_id=None, grade=4, retired_at=None).id
    assert deaths > 5
    assert {number_of(bytes(row.sealed_citizen_id or b"")) for row in Account.objects.all()} == {newest}
    assert all(one.finished_at is not None and one.unreadable == 0 for one in reencrypting.progress())
