
import pytest
from django.test import Client
from django.utils import timezone

from zhengshu.contexts.trust.models import Account, AuditEvent, SessionRecord
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import PASSWORD
from zhengshu.kernel.actors import Role

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


@pytest.fixture
def official() -> Account:
    account = factories.account(Role.DATA_OFFICER)
    Account.objects.filter(id=account.id).update(password_changed_at=timezone.now())
    return account


def sign_in(client: Client, username: str, password: str = PASSWORD, path: str = LOGIN) -> int:
    response = client.post(path, {"login": username, "password": password})
    return response.status_code


class TestSignIn:
    def test_the_right_password_opens_a_session_that_the_audit_knows(self, official: Account) -> None:
        client = Client(REMOTE_ADDR="192.0.2.7")

        assert sign_in(client, official.username.upper()) == 302

        assert SessionRecord.objects.get(account=official).address == "192.0.2.7"
        row = AuditEvent.objects.get(name="trust.session.started.v1", actor_id=official.id)
        assert row.address == "192.0.2.7"
        assert client.get("/trust/me/").status_code == 200

    def test_unknown_names_and_wrong_passwords_get_the_same_page(self, official: Account) -> None:
        wrong = Client().post(LOGIN, {"login": official.username, "password": "Wrong-Horse-1"})
        unknown = Client().post(LOGIN, {"login": "nobody.here", "password": "Wrong-Horse-1"})

        clean = [
            response.content.decode().replace(name, "NAME")
            for response, name in ((wrong, official.username), (unknown, "nobody.here"))
        ]
        strip = [text.split("csrfmiddlewaretoken")[0] for text in clean]
        assert wrong.status_code == unknown.status_code == 200
        assert strip[0] == strip[1]

    def test_a_deactivated_account_answers_like_a_wrong_password(self, official: Account) -> None:
        Account.objects.filter(id=official.id).update(is_active=False)

        response = Client().post(LOGIN, {"login": official.username, "password": PASSWORD})

        assert response.status_code == 200
        assert not SessionRecord.objects.filter(account=official).exists()
