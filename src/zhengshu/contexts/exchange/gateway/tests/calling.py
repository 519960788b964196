"""Calls that a test forms by hand, down to single bytes."""

import json
import socket
from urllib.parse import urlsplit

import httpx
from tests.kit.gateway import PURPOSE, SigningKey

from zhengshu.client import signed_headers


def get(
    url: str,
    path: str,
    key: SigningKey,
    *,
    purpose: str = PURPOSE,
    case: str = "",
    official: str = "",
    accept: str = "application/json",
    **signing: object,
) -> httpx.Response:
    """Send a signed GET; `signing` may set nonce and created."""
    address = url + path
    given = {name: value for name, value in signing.items() if name in {"nonce", "created"}}
    headers = signed_headers(
        "GET",
        address,
        key_id=key.key_id,
        secret=key.secret,
        algorithm=key.algorithm,
        purpose=purpose,
        case=case,
        official=official,
        nonce=str(given.get("nonce", "")),
        created=int(str(given["created"])) if "created" in given else None,
    )
    return send("GET", address, {**headers, "Accept": accept})


def post(
    url: str, path: str, key: SigningKey, document: object, *, purpose: str = PURPOSE, sent: bytes = b""
) -> httpx.Response:
    """Send a signed POST; `sent` replaces the body after it was signed."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    headers = signed_headers(
        "POST",
        url + path,
        key_id=key.key_id,
        secret=key.secret,
        algorithm=key.algorithm,
        body=body,
        purpose=purpose,
    )
    return send("POST", url + path, headers, body=sent or body)


def send(method: str, address: str, headers: dict[str, str], *, body: bytes = b"") -> httpx.Response:
    """Send a call as it is."""
    return httpx.request(
        method, address, headers={"Accept-Language": "en", **headers}, content=body or None, timeout=10
    )


def code(response: httpx.Response) -> tuple[int, str]:
    """Return the status and the code of a refusal."""
    document = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert document["status"] == response.status_code
    assert "%(" not in document["title"]
    return response.status_code, document["code"]


def raw(url: str, *pieces: bytes) -> bytes:
    """Send bytes over a socket and return what comes back until the other side closes."""
    parts = urlsplit(url)
    received = b""
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=15) as line:
        try:
            for piece in pieces:
                line.sendall(piece)
            line.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            while chunk := line.recv(65536):
                received += chunk
        except ConnectionResetError:
            pass
    return received
