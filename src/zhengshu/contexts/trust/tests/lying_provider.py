"""Another provider in the hand of a test: it says what it is told to say, true or not."""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from allauth.core.internal import jwkkit
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

Claims = dict[str, object]


def key() -> str:
    """Return a fresh private key."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


OWN, FORGED = key(), key()


class LyingProvider:
    """Answers discovery, keys and the token endpoint."""

    def __init__(self) -> None:
        self.nonce = ""
        self.subject = "p-1"
        self.twist: Callable[[Claims], Claims] = dict
        self.signer = OWN
        self.algorithm = "RS256"
        self.names_itself = True
        self.asked: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/authorize?"):
                    self._lead_back()
                    return
                self._send(outer.document if "configuration" in self.path else outer.keys)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.asked.append({name: values[0] for name, values in parse_qs(body).items()})
                self._send({"access_token": "x", "token_type": "Bearer", "id_token": outer.id_token()})

            def _lead_back(self) -> None:
                """Send a browser back at once, as if somebody had signed in."""
                asked = outer.heard(self.path)
                told = {"code": "c-1", "state": asked["state"], "iss": outer.issuer}
                self.send_response(302)
                self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(told)}")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def _send(self, told: object) -> None:
                content = json.dumps(told).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def document(self) -> Claims:
        """Discovery."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "authorization_response_iss_parameter_supported": self.names_itself,
        }

    @property
    def keys(self) -> Claims:
        """The published keys."""
        return {"keys": [jwkkit.load_jwk_from_pem(OWN)[0]]}

    def heard(self, address: str) -> dict[str, str]:
        """Take the question that a browser brings, and remember its nonce."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.nonce = query["nonce"]
        return query

    def id_token(self) -> str:
        """Return an ID token, twisted as the test wants."""
        now = int(time.time())
        claims: Claims = {
            "iss": self.issuer,
            "aud": "us",
            "sub": self.subject,
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "sid": "s-1",
            "name": "李华",
        }
        return self.signed(self.twist(claims))

    def logout_token(self, **changes: object) -> str:
        """Return a logout token, with some claims changed; None leaves one out."""
        now = int(time.time())
        claims: Claims = {
            "iss": self.issuer,
            "aud": "us",
            "sub": self.subject,
            "sid": "s-1",
            "iat": now,
            "exp": now + 120,
            "jti": "j-1",
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
            **changes,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return self.signed(kept, kind="logout+jwt")

    def signed(self, claims: Claims, *, kind: str = "JWT") -> str:
        """Sign with the key of the hour, under the name of the published one."""
        public, _ = jwkkit.load_jwk_from_pem(OWN)
        headers = {"kid": public["kid"], "typ": kind}
        if self.algorithm == "none":
            return jwt.encode(claims, "", algorithm="none", headers=headers)
        if self.algorithm == "HS256":
            return jwt.encode(claims, "k" * 32, algorithm="HS256", headers=headers)
        return jwt.encode(claims, self.signer, algorithm="RS256", headers=headers)

    def __enter__(self) -> Self:
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
