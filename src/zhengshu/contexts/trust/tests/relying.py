"""A relying party in the hand of a test: it registers, asks, and redeems as it likes."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import jwt
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer
else:
    from django.http import HttpResponse as Answer

from zhengshu.contexts.trust.application.sign_on.keep_parties import PartyValues, add_party
from zhengshu.contexts.trust.tests.factories import AT, PLATFORM

BACK = "https://rp.example/callback"


@dataclass
class Party:
    """A registered relying party."""

    client_id: str
    secret: str
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    browser: Client = field(default_factory=Client)
    machine: Client = field(default_factory=Client)

    def ask(self, **changes: str) -> Answer:
        """Come with a browser to the authorization endpoint."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": BACK,
            "scope": "openid profile",
            "state": "s-1",
            "nonce": "n-1",
            "code_challenge": challenge(self.verifier),
            "code_challenge_method": "S256",
            **changes,
        }
        self.query = {name: value for name, value in asked.items() if value}
        return self.browser.get(reverse("sign_on:authorize"), self.query)

    def agree(self, answer: str = "yes") -> Answer:
        """Press a button of the consent page."""
        return self.browser.post(
            f"{reverse('sign_on:authorize')}?{urlencode(self.query)}", {"answer": answer}
        )

    def code(self, **changes: str) -> str:
        """Return a fresh code."""
        response = self.ask(**changes)
        if response.status_code == 200:
            response = self.agree()
        return answer_of(response)["code"]

    def redeem(self, code: str, **changes: str) -> Answer:
        """Ask for tokens."""
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": self.verifier,
            "client_id": self.client_id,
            "client_secret": self.secret,
            **changes,
        }
        return post(self.machine, "sign_on:token", **sent)

    def userinfo(self, token: str) -> Answer:
        """Ask who it is."""
        return self.machine.get(reverse("sign_on:userinfo"), headers={"Authorization": f"Bearer {token}"})


def post(machine: Client, route: str, **sent: str) -> Answer:
    """Post a form as programs do."""
    body = urlencode({name: value for name, value in sent.items() if value})
    return machine.post(reverse(route), body, content_type="application/x-www-form-urlencoded")


def registered(
    *, browser: Client | None = None, scopes: tuple[str, ...] = ("profile",), **more: object
) -> Party:
    """Register a relying party with a made-up name."""
    values = PartyValues(name=f"站点{secrets.token_hex(4)}", redirect_uris=(BACK,), scopes=scopes, **more)  # type: ignore[arg-type]  # handed on as they are
    issued = add_party(values=values, actor=PLATFORM, at=AT)
    return Party(issued.client_id, issued.secret, browser=browser or Client())


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def answer_of(response: Answer) -> dict[str, str]:
    """Return what a redirect tells the relying party."""
    query = parse_qs(urlsplit(response.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


def opened(id_token: str, *, audience: str) -> dict[str, object]:
    """Check an ID token against the published keys, as a relying party does."""
    keys = jwt.PyJWKSet.from_dict(Client().get(reverse("sign_on:jwks")).json())
    kid = jwt.get_unverified_header(id_token)["kid"]
    key = next(one for one in keys.keys if one.key_id == kid)
    told: dict[str, object] = jwt.decode(
        id_token, key, algorithms=["RS256"], audience=audience, issuer=settings.PUBLIC_URL.rstrip("/")
    )
    return told
