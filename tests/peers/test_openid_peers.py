"""Foreign relying parties sign in with an account of ours: npm `openid-client` and PyPI `authlib`."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs

import httpx
import pytest
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from django.utils import timezone
from joserfc import jwt as jose
from joserfc.jwk import KeySet
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from zhengshu.contexts.trust.application.sign_on.keep_parties import IssuedParty, PartyValues, add_party
from zhengshu.contexts.trust.application.sign_on.tell_parties import tell_parties
from zhengshu.contexts.trust.models import Account, PartySession
from zhengshu.contexts.trust.tests import factories
from zhengshu.contexts.trust.tests.factories import AT, PASSWORD, PLATFORM
from zhengshu.contexts.trust.tests.signing import fresh
from zhengshu.kernel.actors import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]

BACK = "http://127.0.0.1:9/callback"
PARTY = Path(__file__).parent / "openid" / "party.mjs"
SCOPES = ("profile", "department")


@pytest.fixture
def issuer(live_server: LiveServer, settings: Settings) -> str:
    settings.PUBLIC_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return str(live_server.url)


@pytest.fixture
def person() -> Account:
    return fresh(factories.account(Role.DATA_OFFICER))


class Browser:
    """A person's browser: no JavaScript, forms pressed as they stand."""

    def __init__(self, issuer: str) -> None:
        self.http = httpx.Client(base_url=issuer, follow_redirects=False, headers={"Origin": issuer})

    def sign_in(self, person: Account) -> None:
        self.http.get("/accounts/login/")
        self.press("/accounts/login/", login=person.username, password=PASSWORD)

    def press(self, path: str, **fields: str) -> httpx.Response:
        token = self.http.cookies["csrftoken"]
        return self.http.post(path, data={"csrfmiddlewaretoken": token, **fields})

    def agree(self, address: str) -> str:
        """Return where the visitor is sent back to."""
        answer = self.http.get(address)
        if answer.status_code == 200:
            answer = self.press(address, answer="yes")
        return answer.headers["Location"]


@pytest.fixture
def visitor(issuer: str, person: Account) -> Iterator[Browser]:
    opened = Browser(issuer)
    opened.sign_in(person)
    yield opened
    opened.http.close()


def registered(**more: object) -> IssuedParty:
    values = PartyValues(name="外方", redirect_uris=(BACK,), scopes=SCOPES, **more)  # type: ignore[arg-type]
    return add_party(values=values, actor=PLATFORM, at=AT)


class Node:
    """A relying party in a process of its own."""

    def __init__(self, issuer: str, party: IssuedParty, **more: str) -> None:
        env = {
            **os.environ,
            "ISSUER": issuer,
            "CLIENT_ID": party.client_id,
            "CLIENT_SECRET": party.secret,
            "REDIRECT": BACK,
            **more,
        }
        self.process = subprocess.Popen(
            ["node", str(PARTY)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
        )

    def hear(self) -> dict[str, dict[str, object]]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        told: dict[str, dict[str, object]] = json.loads(line)
        return told

    def say(self, line: str) -> dict[str, dict[str, object]]:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.hear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


class TestOpenidClient:
    def test_signs_a_person_in(self, issuer: str, visitor: Browser, person: Account) -> None:
        with Node(issuer, registered()) as node:
            back = visitor.agree(str(node.hear()["address"]))
            told = node.say(back)

        assert told["user"]["name"] == person.name
        assert told["claims"]["amr"] == ["pwd"]
        assert told["claims"]["sub"] == told["user"]["sub"]

    def test_refuses_an_answer_that_names_another_issuer(self, issuer: str, visitor: Browser) -> None:
        with Node(issuer, registered()) as node:
            back = visitor.agree(str(node.hear()["address"]))
            told = node.say(back.replace("iss=", "iss=https%3A%2F%2Fother.example&was="))

        assert "iss" in str(told["cause"])

    def test_lets_a_kiosk_in(self, issuer: str, visitor: Browser, person: Account) -> None:
        kiosk = add_party(
            values=PartyValues(name="自助终端", scopes=SCOPES), is_kiosk=True, actor=PLATFORM, at=AT
        )
        with Node(issuer, kiosk, DEVICE="1") as node:
            code = str(node.hear()["user_code"])
            assert code in visitor.http.get("/identity/device", params={"code": code}).text
            visitor.press("/identity/device", code=code)
            visitor.press("/identity/device", code=code, answer="yes")
            told = node.hear()

        assert told["user"]["name"] == person.name


class TestAuthlib:
    def test_signs_a_person_in_and_hears_of_the_end(
        self, issuer: str, visitor: Browser, person: Account
    ) -> None:
        with Listener() as listener:
            party = registered(backchannel_uri=listener.address)
            configuration = httpx.get(f"{issuer}/.well-known/openid-configuration").json()
            http = OAuth2Session(
                party.client_id,
                party.secret,
                scope="openid profile",
                redirect_uri=BACK,
                code_challenge_method="S256",
            )
            verifier = "v" * 64
            address, state = http.create_authorization_url(
                configuration["authorization_endpoint"], code_verifier=verifier, nonce="n-2"
            )
            tokens = http.fetch_token(
                configuration["token_endpoint"],
                authorization_response=visitor.agree(address),
                state=state,
                code_verifier=verifier,
            )
            keys = KeySet.import_key_set(httpx.get(configuration["jwks_uri"]).json())
            opened = jose.decode(tokens["id_token"], keys, algorithms=["RS256"])
            claims = CodeIDToken(
                opened.claims,
                opened.header,
                {"iss": {"value": issuer}, "aud": {"value": party.client_id}},
                {"client_id": party.client_id, "nonce": "n-2", "access_token": tokens["access_token"]},
            )
            claims.validate()
            user = http.get(configuration["userinfo_endpoint"]).json()
            http.close()
            visitor.press("/accounts/logout/")
            tell_parties(at=timezone.now())
            heard = jose.decode(listener.heard[0], keys, algorithms=["RS256"])

        assert user == {"sub": claims["sub"], "name": person.name}
        assert heard.header["typ"] == "logout+jwt"
        assert heard.claims["aud"] == party.client_id
        assert heard.claims["sid"] == claims["sid"]
        assert "nonce" not in heard.claims
        assert heard.claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}

    def test_a_party_that_does_not_listen_is_told_again_later(self, issuer: str, visitor: Browser) -> None:
        with Listener(status=500) as listener:
            party = registered(backchannel_uri=listener.address)
            with Node(issuer, party) as node:
                node.say(visitor.agree(str(node.hear()["address"])))
            visitor.press("/accounts/logout/")

            assert tell_parties(at=timezone.now()) == 0
            assert tell_parties(at=timezone.now()) == 0
            listener.status = 200
            row = PartySession.objects.get(party_id=party.client_id)
            assert row.ended_at is not None
            assert tell_parties(at=row.ended_at + timedelta(seconds=3)) == 1

        assert len(listener.heard) == 2


class Listener:
    """The address of a relying party that hears when sessions end."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.heard: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.heard.append(parse_qs(body)["logout_token"][0])
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/logout"

    def __enter__(self) -> Self:
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
