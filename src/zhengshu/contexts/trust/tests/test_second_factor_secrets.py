"""Secrets of second factors lie in the vault: by department, encrypted anew after a rotation, former ones included."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from zhengshu.contexts.trust.application.second_factors import (
    FORMER_CONTEXT,
    SecondFactorColumn,
    decrypted,
    encrypted,
)
from zhengshu.contexts.trust.models import Account
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.signing import SECRET, code_now
from zhengshu.foundation.crypto.data_keys import Scope, ValueUnreadable, number_of
from zhengshu.foundation.crypto.sealing import seal
from zhengshu.foundation.vault import keys, reencrypting
from zhengshu.foundation.vault.models import DataKey

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    keys.forget()
    yield
    keys.forget()


@pytest.fixture
def official() -> Account:
    return factories.account()


def sealed_before(text: str) -> str:
    return base64.b64encode(seal(text.encode(), context=FORMER_CONTEXT)).decode()


def stored(official: Account, kind: str, name: str) -> bytes:
    return base64.b64decode(Authenticator.objects.get(user=official, type=kind).data[name])


def newest(official: Account) -> int:
    return DataKey.objects.get(department_id=official.department_id, grade=4, retired_at=None).id


class TestSecrets:
    def test_are_encrypted_by_the_vault_and_work(self, official: Account) -> None:
        TOTP.activate(official, SECRET)

        assert SECRET.encode() not in stored(official, "totp", "secret")
        assert keys.key_of(stored(official, "totp", "secret")).scope.grade == 4
        assert TOTP(Authenticator.objects.get(user=official, type="totp")).validate_code(code_now())

    def test_from_before_the_vault_still_work(self, official: Account) -> None:
        Authenticator.objects.create(user=official, type="totp", data={"secret": sealed_before(SECRET)})

        assert TOTP(Authenticator.objects.get(user=official, type="totp")).validate_code(code_now())

    def test_changed_or_foreign_are_refused(self, official: Account) -> None:
        content = bytearray(base64.b64decode(encrypted(SECRET, department_id=official.department_id)))
        content[-1] ^= 1
        elsewhere = base64.b64encode(seal(SECRET.encode(), context=b"another")).decode()

        for text in (base64.b64encode(content).decode(), elsewhere):
            with pytest.raises(ValueUnreadable):
                decrypted(text)


class TestEncryptingAnew:
    def test_takes_former_ones_to_the_key_of_their_owners_department(self, official: Account) -> None:
        Authenticator.objects.create(user=official, type="totp", data={"secret": sealed_before(SECRET)})
        Authenticator.objects.create(
            user=official, type="recovery_codes", data={"seed": sealed_before("5eed"), "used_mask": 3}
        )
        reencrypting.ask(at=AT)

        reencrypting.go_on(at=LATER, seconds=30)

        assert number_of(stored(official, "totp", "secret")) == newest(official)
        assert number_of(stored(official, "recovery_codes", "seed")) == newest(official)
        codes = RecoveryCodes(Authenticator.objects.get(user=official, type="recovery_codes"))
        assert codes.instance.data["used_mask"] == 3
        assert TOTP(Authenticator.objects.get(user=official, type="totp")).validate_code(code_now())

    def test_follows_a_rotation_in_batches(self, official: Account, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reencrypting, "BATCH", 2)
        for kind in ("totp", "recovery_codes", "webauthn"):
            data = {"secret": encrypted(SECRET, department_id=official.department_id)}
            Authenticator.objects.create(
                user=official, type=kind, data=data if kind != "webauthn" else {"a": 1}
            )
        before = number_of(stored(official, "totp", "secret"))
        keys.rotate(Scope(official.department_id, 4), at=AT)
        keys.forget()
        reencrypting.ask(at=AT)

        reencrypting.go_on(at=LATER, seconds=30)

        assert before != newest(official) == number_of(stored(official, "totp", "secret"))
        state = next(one for one in reencrypting.progress() if one.column == SecondFactorColumn.name)
        assert (state.percent, state.unreadable, state.changed) == (100, 0, 2)
        assert Authenticator.objects.get(user=official, type="webauthn").data == {"a": 1}

    def test_loses_no_code_that_is_used_meanwhile(self, official: Account) -> None:
        row = Authenticator.objects.create(
            user=official, type="recovery_codes", data={"seed": sealed_before("5eed"), "used_mask": 0}
        )
        stale = Authenticator.objects.select_related("user").get(pk=row.pk)
        row.data["used_mask"] = 1
        row.save()

        assert reencrypting._renew(SecondFactorColumn(), [stale]) == (0, 0)
        assert Authenticator.objects.get(pk=row.pk).data["used_mask"] == 1
