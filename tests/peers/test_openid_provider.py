"""A foreign provider, npm `oidc-provider`, lets people in here, and its sign-out ends their sessions here."""

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from zhengshu.contexts.trust.application.providers.keep_providers import ProviderValues, add_provider
from zhengshu.contexts.trust.models import IdentityProvider, LinkedIdentity, SessionRecord
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT, PASSWORD, PLATFORM
from zhengshu.contexts.trust.tests.signing import fresh
from zhengshu.kernel.actors import Role
from zhengshu.kernel.identity import new_id

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]

PROVIDER = Path(__file__).parent / "openid" / "provider.mjs"
FORM = re.compile(r'<form[^>]*action="([^"]+)"')
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]+)"')


@pytest.fixture
def here(live_server: LiveServer, settings: Settings) -> str:
    address = live_server.url.replace("localhost", "127.0.0.1")
    settings.PUBLIC_URL = address
    settings.CSRF_TRUSTED_ORIGINS = [address]
    return address


@pytest.fixture
def provider_id(here: str) -> Iterator[object]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    key = new_id()
    env = {
        **os.environ,
        "PORT": str(port),
        "REDIRECT": here + reverse("providers:answer", args=[key]),
        "LOGOUT": here + reverse("providers:logout", args=[key]),
    }
    process = subprocess.Popen(
        ["node", str(PROVIDER)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=env
    )
    assert process.stdout is not None
    while process.stdout.readline().strip() != "ready":
        assert process.poll() is None
    values = ProviderValues(name="外省", issuer=f"http://127.0.0.1:{port}", client_id="us", secret="geheim")
    made = add_provider(values=values, actor=PLATFORM, at=timezone.now(), provider_id=key)
    yield made
    process.kill()
    process.communicate()


class TestForeignProvider:
    def test_lets_a_linked_person_in_and_out(self, here: str, provider_id: object) -> None:
        person = fresh(factories.account(Role.DATA_OFFICER))
        LinkedIdentity.objects.create(
            provider=IdentityProvider.objects.get(), subject="p-7", account=person, linked_at=AT
        )
        with httpx.Client(follow_redirects=True) as http:
            page = http.get(here + reverse("providers:start", args=[provider_id]))
            for _ in range(4):
                form = FORM.search(page.text)
                if form is None or page.url.host not in form[1]:
                    break
                page = http.post(
                    form[1], data={**dict(HIDDEN.findall(page.text)), "login": "p-7", "password": "x"}
                )
            mine = http.get(here + reverse("trust:me"))
            bye = http.get(f"{IdentityProvider.objects.get().issuer}/session/end")
            form = FORM.search(bye.text)
            assert form is not None
            http.post(form[1], data={**dict(HIDDEN.findall(bye.text)), "logout": "yes"})
            after = http.get(here + reverse("trust:me"), follow_redirects=False)

        assert person.username in mine.text
        assert PASSWORD not in mine.text
        assert after.status_code == 302
        assert not SessionRecord.objects.filter(account=person, ended_at=None).exists()
