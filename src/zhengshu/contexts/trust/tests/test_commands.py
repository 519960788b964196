import pytest
from click.testing import CliRunner

from zhengshu.contexts.trust import api
from zhengshu.contexts.trust.interfaces.commands import account, department
from zhengshu.contexts.trust.models import Account, AuditEvent
from zhengshu.contexts.trust.tests import factories
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db


class TestFirstSteps:
    def test_an_installation_gets_its_first_department_and_administrator(self) -> None:
        code = factories.credit_code(999_101)
        made = CliRunner().invoke(
            department,
            [
                "add",
                "--code",
                code,
                "--name",
                "首个局",
                "--region",
                "470300",
                "--level",
                "city",
                "--data-authority",
            ],
        )
        created = CliRunner().invoke(
            account,
            ["create", "root.admin", "--name", "首位管理员", "--department", code, "--role", "system_admin"],
        )

        assert made.exit_code == created.exit_code == 0, made.output + created.output
        row = Account.objects.get(username="root.admin")
        assert row.check_password(created.output.split()[1])
        assert row.must_change_password
        assert api.actor_of(official_id=row.id).roles == {Role.SYSTEM_ADMIN}
        assert AuditEvent.objects.filter(subject_id=str(row.id), actor_name="console").exists()

    def test_one_person_does_not_become_two_administrators(self) -> None:
        home = factories.department()

        result = CliRunner().invoke(
            account,
            f"create too.much --name 某人 --department {home.code} --role system_admin --role audit_admin".split(),
        )

        assert result.exit_code == 1
        assert "three different persons" in result.output
        assert not Account.objects.filter(username="too.much").exists()


class TestRecovery:
    def test_an_administrator_who_lost_the_password_is_helped_at_the_console(self) -> None:
        admin = factories.account(Role.AUDIT_ADMIN)

        result = CliRunner().invoke(account, ["reset-password", admin.username, "--second-factors"])

        admin.refresh_from_db()
        assert admin.check_password(result.output.split()[1])
        assert admin.must_change_password

    def test_an_unknown_name_gets_a_sentence(self) -> None:
        result = CliRunner().invoke(account, ["reset-password", "nobody.known"])

        assert (result.exit_code, "no such account" in result.output) == (1, True)

    def test_stale_accounts_are_listed(self) -> None:
        stale = factories.account()
        Account.objects.filter(id=stale.id).update(created_at=factories.AT, last_login=None)

        result = CliRunner().invoke(account, ["stale"])

        assert stale.username in result.output
