"""What we say to another provider and hear from it: discovery, keys, tokens."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import quote_plus

import httpx
import jwt
import structlog
from jwt.types import Options

from zhengshu.contexts.trust.domain.id_tokens import ProviderAnswerWrong
from zhengshu.contexts.trust.domain.relying_parties import RedirectUnfit, checked_address
from zhengshu.contexts.trust.models import IdentityProvider
from zhengshu.foundation.crypto.sealing import unseal
from zhengshu.kernel.errors import Kind, Refused

log = structlog.get_logger(__name__)

SECONDS = 5.0
MOST_BYTES = 256 * 1024
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures with a key pair only: `none` and shared secrets are not believed."""
SIGNATURE_ONLY: Options = {
    "verify_aud": False,
    "verify_iss": False,
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}
FRESH = timedelta(hours=1)
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
KEYS = "jwks"


class ProviderUnreachable(Refused):
    """The other provider does not answer, or not as it should; look whether its address is right."""

    code = "trust.provider-unreachable"
    kind = Kind.UNAVAILABLE
    message = (
        "The other sign-in does not answer as it should (%(fault)s). Try again later, or sign in with your"
        " password."
    )


def read_metadata(row: IdentityProvider, *, at: datetime) -> None:
    """Read discovery document and keys into a row, which the caller saves.

    Raises:
        ProviderUnreachable: no answer, or one of somebody else.
    """
    told = _json(_got(f"{row.issuer}/.well-known/openid-configuration"))
    if str(told.get("issuer", "")).rstrip("/") != row.issuer:
        raise ProviderUnreachable(fault="issuer")
    kept: dict[str, object] = {"issuer": told["issuer"]}
    for name in ENDPOINTS:
        try:
            kept[name] = checked_address(str(told.get(name, "")))
        except RedirectUnfit as fault:
            raise ProviderUnreachable(fault=name) from fault
    kept["iss_in_answer"] = told.get("authorization_response_iss_parameter_supported") is True
    kept[KEYS] = _json(_got(str(kept["jwks_uri"])))
    row.metadata, row.metadata_at = kept, at


def refresh(row: IdentityProvider, *, at: datetime) -> None:
    """Read them again where they are older than an hour; old ones do where the provider is down."""
    if row.metadata_at is not None and at - row.metadata_at < FRESH:
        return
    try:
        read_metadata(row, at=at)
    except ProviderUnreachable:
        if not row.metadata:
            raise
        return
    row.save(update_fields=["metadata", "metadata_at"])


def issuer_of(row: IdentityProvider) -> str:
    """Return the issuer as the provider itself writes it."""
    return str(row.metadata.get("issuer", row.issuer))


def exchange(row: IdentityProvider, *, code: str, verifier: str, redirect_uri: str) -> str:
    """Return the ID token for a code.

    Raises:
        ProviderUnreachable: no answer.
        ProviderAnswerWrong: the provider refuses the code, or sends no ID token.
    """
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }
    auth: httpx.BasicAuth | None = None
    if row.sealed_secret is not None:
        secret = unseal(bytes(row.sealed_secret), context=b"trust.provider:" + row.id.bytes).decode()
        auth = httpx.BasicAuth(quote_plus(row.client_id), quote_plus(secret))
    else:
        body["client_id"] = row.client_id
    try:
        answer = httpx.post(
            str(row.metadata["token_endpoint"]), data=body, auth=auth, timeout=SECONDS, follow_redirects=False
        )
    except httpx.HTTPError as fault:
        raise ProviderUnreachable(fault=type(fault).__name__) from fault
    if answer.status_code != httpx.codes.OK:
        log.info("trust.provider_refused_code", provider=str(row.id), status=answer.status_code)
        raise ProviderAnswerWrong(reason="code")
    token = _json(answer).get("id_token")
    if not isinstance(token, str):
        raise ProviderAnswerWrong(reason="id_token")
    return token


def opened(row: IdentityProvider, token: str, *, kinds: frozenset[str], at: datetime) -> Mapping[str, object]:
    """Return the claims of a token that the provider has signed; what they say is checked by the caller.

    Args:
        row: the provider.
        token: a signed token.
        kinds: what its `typ` may be, in small letters; an empty text stands for none.
        at: now.

    Raises:
        ProviderAnswerWrong: not signed by the provider, or of another kind.
    """
    try:
        header = jwt.get_unverified_header(token)
        if str(header.get("typ", "")).lower() not in kinds or header.get("alg") not in ALGORITHMS:
            raise ProviderAnswerWrong(reason="typ")
        key = _key(row, str(header.get("kid", "")), at=at)
        claims: Mapping[str, object] = jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            options=SIGNATURE_ONLY,
        )
    except jwt.PyJWTError as fault:
        raise ProviderAnswerWrong(reason="signature") from fault
    return claims


def _key(row: IdentityProvider, kid: str, *, at: datetime) -> jwt.PyJWK:
    found = _known(row, kid)
    if found is None and (row.metadata_at is None or at - row.metadata_at > timedelta(minutes=1)):
        read_metadata(row, at=at)
        row.save(update_fields=["metadata", "metadata_at"])
        found = _known(row, kid)
    if found is None:
        raise ProviderAnswerWrong(reason="key")
    return found


def _known(row: IdentityProvider, kid: str) -> jwt.PyJWK | None:
    keys = row.metadata.get(KEYS)
    if not isinstance(keys, dict):
        return None
    usable = [one for one in jwt.PyJWKSet.from_dict(keys).keys if one.public_key_use in {None, "sig"}]
    if not kid and len(usable) == 1:
        return usable[0]
    return next((one for one in usable if one.key_id == kid), None)


def _got(address: str) -> httpx.Response:
    """Return the answer of an address.

    Raises:
        ProviderUnreachable: none, or not one that says yes.
    """
    try:
        answer = httpx.get(address, timeout=SECONDS, follow_redirects=False)
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise ProviderUnreachable(fault=type(fault).__name__) from fault
    if answer.status_code != httpx.codes.OK:
        raise ProviderUnreachable(fault=f"HTTP {answer.status_code}")
    return answer


def _json(answer: httpx.Response) -> dict[str, object]:
    try:
        told = answer.json() if len(answer.content) <= MOST_BYTES else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise ProviderUnreachable(fault="JSON")
    return told
