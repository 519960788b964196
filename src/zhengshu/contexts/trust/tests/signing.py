"""How tests come in by the door, as people do."""

from datetime import timedelta

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from zhengshu.contexts.trust.models import Account
from zhengshu.contexts.trust.tests.factories import PASSWORD

LOGIN = "/accounts/login/"
CHANGE = "/accounts/password/change/"
SECRET = "JBSWY3DPEHPK3PXP"


def fresh(account: Account) -> Account:
    """Let the password have been changed today: the tests sign in by the wall clock."""
    account.password_changed_at = timezone.now()
    account.save(update_fields=["password_changed_at"])
    return account


def sign_in(client: Client, username: str, password: str = PASSWORD, query: str = "") -> str:
    """Return where the answer leads, an empty text when the form is shown again."""
    response = client.post(LOGIN + query, {"login": username, "password": password})
    return response.headers.get("Location", "")


def is_in(client: Client) -> bool:
    return client.get(reverse("trust:me")).status_code == 200


def rewind(client: Client, **back: timedelta) -> None:
    """Make a session older than it is."""
    session = client.session
    for key, ago in back.items():
        session[key] = (timezone.now() - ago).timestamp()
    session.save()


def code_now() -> str:
    """Return the one-time code of this half minute."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(SECRET, counter)))
