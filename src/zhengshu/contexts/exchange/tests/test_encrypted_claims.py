"""Claims of corrections lie in the vault of the department that makes them, those from before included."""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import pytest

from zhengshu.contexts.exchange.domain.corrections import SealedClaim
from zhengshu.contexts.exchange.models import CorrectionRequest
from zhengshu.contexts.exchange.tests import factories
from zhengshu.contexts.exchange.tests.factories import AT, correction
from zhengshu.foundation.crypto.data_keys import Scope, ValueUnreadable, number_of
from zhengshu.foundation.crypto.sealing import seal
from zhengshu.foundation.vault import keys, reencrypting
from zhengshu.kernel.identity import new_id

pytestmark = pytest.mark.django_db
BEFORE = SealedClaim(
    key={"credit_code": "91110000100006485Y"}, right={"name": "云州第一商贸"}, evidence="营业执照"
)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    keys.forget()
    yield
    keys.forget()


@pytest.fixture
def row() -> CorrectionRequest:
    correction(factories.city())
    return CorrectionRequest.objects.get()


def sealed_before(row: CorrectionRequest) -> None:
    content = seal(msgspec.json.encode(BEFORE), context=b"exchange.correction:" + row.pk.bytes)
    CorrectionRequest.objects.filter(pk=row.pk).update(sealed=content)
    row.refresh_from_db()


class TestClaims:
    def test_are_encrypted_by_the_key_of_the_department_that_makes_them(self, row: CorrectionRequest) -> None:
        content = bytes(row.sealed or b"")

        assert keys.key_of(content).scope == Scope(row.requester_department_id, 4)
        assert row.claim.key
        assert not any(
            value.encode() in content for value in (*row.claim.key.values(), *row.claim.right.values())
        )

    def test_moved_to_another_row_or_department_are_refused(self, row: CorrectionRequest) -> None:
        other = CorrectionRequest.objects.get(pk=row.pk)
        other.pk = new_id()
        with pytest.raises(ValueUnreadable):
            _ = other.claim
        row.requester_department_id = new_id()
        with pytest.raises(ValueUnreadable):
            _ = row.claim

    def test_from_before_the_vault_are_read(self, row: CorrectionRequest) -> None:
        sealed_before(row)

        assert row.claim == BEFORE

    def test_are_encrypted_anew_by_the_job(self, row: CorrectionRequest) -> None:
        sealed_before(row)
        scope = Scope(row.requester_department_id, 4)
        keys.rotate(scope, at=AT)
        keys.forget()
        reencrypting.ask(at=AT)

        reencrypting.go_on(at=AT + timedelta(minutes=5), seconds=30)

        row.refresh_from_db()
        assert number_of(bytes(row.sealed or b"")) == keys.active_key(scope).number
        assert row.claim == BEFORE
