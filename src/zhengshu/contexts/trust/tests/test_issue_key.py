import base64
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.models import AuditEvent, SystemKey
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.foundation.crypto import signatures
from zhengshu.foundation.crypto.sealing import unseal
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db


def keys_in_view(key_id: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key_id, algorithm, sealed_secret, public_key, active_from, active_to FROM gateway.keys"
            " WHERE key_id = %s",
            [key_id],
        )
        rows: list[tuple[object, ...]] = cursor.fetchall()
        return rows


class TestIssueKey:
    def test_the_gateway_can_open_the_secret_that_the_officer_was_shown(self) -> None:
        system = factories.system()

        issued = api.issue_key(system_id=system.id, algorithm="hmac-sm3", actor=factories.PLATFORM, at=AT)

        ((_, algorithm, sealed, public, active_from, _to),) = keys_in_view(issued.key_id)
        assert algorithm == "hmac-sm3"
        assert public is None
        assert active_from == AT
        assert isinstance(sealed, bytes | memoryview)
        secret = unseal(bytes(sealed), context=b"trust.key:" + issued.key_id.encode())
        assert base64.b64decode(issued.secret or "") == secret

    def test_a_rotation_lets_both_keys_work_for_the_overlap(self) -> None:
        system = factories.system()
        first = api.issue_key(system_id=system.id, algorithm="hmac-sha256", actor=factories.PLATFORM, at=AT)
        later = AT + timedelta(days=10)

        api.issue_key(
            system_id=system.id,
            algorithm="hmac-sha256",
            actor=factories.PLATFORM,
            at=later,
            overlap=timedelta(hours=24),
        )

        assert keys_in_view(first.key_id)[0][5] == later + timedelta(hours=24)

    def test_an_overlap_beyond_the_policy_is_refused(self) -> None:
        system = factories.system()

        with pytest.raises(api.OverlapTooLong):
            api.issue_key(
                system_id=system.id,
                algorithm="hmac-sha256",
                actor=factories.PLATFORM,
                at=AT,
                overlap=timedelta(days=30),
            )

    def test_a_revoked_key_ends_at_once(self) -> None:
        system = factories.system()
        issued = api.issue_key(system_id=system.id, algorithm="hmac-sha256", actor=factories.PLATFORM, at=AT)
        now = AT + timedelta(hours=1)

        api.revoke_key(key_id=issued.key_id, actor=factories.PLATFORM, at=now)

        assert keys_in_view(issued.key_id)[0][5] == now
        with pytest.raises(api.KeyAlreadyEnded):
            api.revoke_key(key_id=issued.key_id, actor=factories.PLATFORM, at=now)

    def test_a_deactivated_system_has_no_keys_for_the_gateway(self) -> None:
        system = factories.system()
        issued = api.issue_key(system_id=system.id, algorithm="hmac-sha256", actor=factories.PLATFORM, at=AT)

        api.set_system_active(system_id=system.id, is_active=False, actor=factories.PLATFORM, at=AT)

        assert keys_in_view(issued.key_id) == []
        with pytest.raises(api.SystemNotActive):
            api.issue_key(system_id=system.id, algorithm="hmac-sha256", actor=factories.PLATFORM, at=AT)

    @pytest.mark.parametrize(
        "text", ["", "abc", "AAAA", "-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----"]
    )
    def test_something_else_than_a_public_key_is_refused(self, text: str) -> None:
        system = factories.system()

        with pytest.raises(api.PublicKeyUnfit):
            api.issue_key(
                system_id=system.id, algorithm="ed25519", public_key=text, actor=factories.PLATFORM, at=AT
            )

    def test_a_key_of_another_algorithm_is_refused(self) -> None:
        system, key = factories.system(), signatures.SigningKey.generate(signatures.Scheme.ED25519)

        for text in (
            key.public.pem,
            base64.b64encode(key.public.spki[-32:]).decode(),
            base64.b64encode(bytes(64)).decode(),
        ):
            with pytest.raises(api.PublicKeyUnfit):
                api.issue_key(
                    system_id=system.id, algorithm="sm2-sm3", public_key=text, actor=factories.PLATFORM, at=AT
                )

    @pytest.mark.parametrize("scheme", [signatures.Scheme.SM2_SM3, signatures.Scheme.ED25519])
    def test_a_public_key_is_taken_as_pem_and_as_its_bytes(self, scheme: signatures.Scheme) -> None:
        system, key = factories.system(), signatures.SigningKey.generate(scheme)
        raw = key.public.spki[-64:] if scheme is signatures.Scheme.SM2_SM3 else key.public.spki[-32:]
        whole = [b"\x04" + raw] if scheme is signatures.Scheme.SM2_SM3 else []

        for text in (key.public.pem, *(base64.b64encode(one).decode() for one in (raw, *whole))):
            issued = api.issue_key(
                system_id=system.id, algorithm=scheme.value, public_key=text, actor=factories.PLATFORM, at=AT
            )
            assert issued.secret is None
            assert bytes(SystemKey.objects.get(key_id=issued.key_id).public_key or b"") == raw

    def test_another_department_is_told_that_there_is_no_such_system(self) -> None:
        system, stranger = factories.system(), factories.actor(Role.DATA_OFFICER)

        with pytest.raises(api.SystemNotFound):
            api.issue_key(system_id=system.id, algorithm="hmac-sha256", actor=stranger, at=AT)

    def test_a_clerk_of_the_same_department_gets_no_key(self) -> None:
        home = factories.department()
        system = factories.system(department_id=home.id)
        clerk = factories.actor(Role.WINDOW_CLERK, department_id=home.id)

        with pytest.raises(api.NotYourDuty):
            api.issue_key(system_id=system.id, algorithm="hmac-sha256", actor=clerk, at=AT)

    def test_the_platforms_own_system_gets_none_from_people(self, settings: Settings) -> None:
        home = factories.department()
        system = factories.system(department_id=home.id)
        officer = factories.actor(Role.DATA_OFFICER, department_id=home.id)
        settings.FORMS_SYSTEM = system.name

        with pytest.raises(api.KeyKeptByPlatform):
            api.issue_key(system_id=system.id, algorithm="hmac-sha256", actor=officer, at=AT)
        with pytest.raises(api.KeyKeptByPlatform):
            api.issue_trial_key(system_id=system.id, actor=officer, at=AT)
        assert not SystemKey.objects.filter(system_id=system.id).exists()
        assert api.issue_trial_key(system_id=system.id, actor=factories.PLATFORM, at=AT).secret

    def test_the_audit_names_the_key_but_never_its_secret(self) -> None:
        system = factories.system()

        issued = api.issue_key(system_id=system.id, algorithm="hmac-sha256", actor=factories.PLATFORM, at=AT)

        row = AuditEvent.objects.get(name="trust.key.issued.v1", subject_id=str(system.id))
        assert row.data["key_id"] == issued.key_id
        assert (issued.secret or "?") not in str(row.data)
        assert SystemKey.objects.get(key_id=issued.key_id).sealed_secret
