"""The administrator's page and the operator's commands of the encryption keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from zhengshu.contexts.trust.application.keep_keys import encryption_state, rotate_data_keys
from zhengshu.contexts.trust.domain.duties import NotYourDuty
from zhengshu.contexts.trust.domain.kinds import SecondFactorRule
from zhengshu.contexts.trust.interfaces.key_commands import keys as commands
from zhengshu.contexts.trust.models import AuditEvent, SecurityPolicy
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT
from zhengshu.foundation.crypto import master_key, root_key
from zhengshu.foundation.crypto.data_keys import Scope
from zhengshu.foundation.vault import keys
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    keys.forget()
    yield
    keys.forget()


def client_of(*roles: Role) -> Client:
    client = Client(REMOTE_ADDR="198.51.100.4")
    client.force_login(factories.account(*roles))
    return client


class TestPage:
    @pytest.fixture(autouse=True)
    def _one_factor(self) -> None:
        SecurityPolicy.objects.update_or_create(id=1, defaults={"second_factor": SecondFactorRule.NONE})

    def test_shows_keys_and_rotates_them(self) -> None:
        home = factories.department()
        keys.active_key(Scope(home.id, 4))
        client = client_of(Role.SECURITY_ADMIN)

        before = client.get(reverse("trust:keys")).content.decode()
        asked = client.get(reverse("trust:keys-rotate"))
        done = client.post(reverse("trust:keys-rotate"), follow=True).content.decode()

        assert home.name in before
        assert asked.status_code == 200
        assert "<progress" in done
        row = next(
            one for one in encryption_state(actor=factories.PLATFORM).keys if one.department == home.name
        )
        assert row.version == 2
        assert AuditEvent.objects.filter(name="trust.data-keys.rotated.v1").count() == 1

    @pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.DATA_OFFICER])
    def test_is_not_for_others(self, role: Role) -> None:
        client = client_of(role)

        assert client.get(reverse("trust:keys")).status_code == 403
        assert client.post(reverse("trust:keys-rotate")).status_code == 403
        with pytest.raises(NotYourDuty):
            rotate_data_keys(actor=factories.actor(role), at=AT)


class TestCommands:
    def run(self, *words: str) -> str:
        return CliRunner().invoke(commands, list(words), catch_exceptions=False).output

    def test_rotate_one_departments_keys(self) -> None:
        home, other = factories.department(), factories.department()
        for department in (home, other):
            keys.active_key(Scope(department.id, 4))

        assert "1 data keys rotated" in self.run("rotate", "--department", home.code)

        lines = self.run("status").splitlines()
        assert any(home.name in line and "version 2" in line for line in lines)
        assert any(other.name in line and "version 1" in line for line in lines)
        assert any("trust_account.sealed_citizen_id  0 %" in line for line in lines)

    def test_change_the_root_and_forget_the_former(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in (root_key.FILE, root_key.TEXT, root_key.TOKEN):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("ZHENGSHU_DATA", str(tmp_path))
        before = master_key.master_key()

        said = self.run("change-root", "--file", str(tmp_path / "new.key"))
        assert f"{root_key.FILE}={tmp_path / 'new.key'}" in said
        assert "others that still open the master key: 1" in self.run("status")
        monkeypatch.setenv(root_key.FILE, str(tmp_path / "new.key"))
        assert "1 former root keys forgotten" in self.run("forget-former-root")
        (tmp_path / "keys" / "root.key").unlink()

        master_key._kept.cache_clear()
        assert master_key.master_key() == before
        assert AuditEvent.objects.filter(name="trust.root-key.changed.v1").count() == 2

    def test_say_what_is_wrong(self, tmp_path: Path) -> None:
        (tmp_path / "bad.key").write_text("no key")

        assert "64 digits" in self.run("change-root", "--file", str(tmp_path / "bad.key"))
        assert "Say either" in self.run("change-root")
        assert "the URI lacks module-path" in self.run("change-root", "--pkcs11", "pkcs11:token=a;object=b")
