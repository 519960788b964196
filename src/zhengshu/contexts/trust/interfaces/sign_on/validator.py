"""What oauthlib asks at each step, answered more strictly than allauth does by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from allauth.idp.oidc.adapter import get_adapter
from allauth.idp.oidc.internal.oauthlib.request_validator import OAuthLibRequestValidator
from allauth.idp.oidc.internal.oauthlib.server import generate_opaque_token
from allauth.idp.oidc.internal.tokens import decode_jwt_token
from allauth.idp.oidc.models import Client, Token
from django.http import HttpRequest
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant

from zhengshu.contexts.trust.application.sign_on.codes import RedeemedCode, note_party_session, redeem_code
from zhengshu.contexts.trust.application.sign_on.consents import covers
from zhengshu.contexts.trust.application.sign_on.ending import SESSION
from zhengshu.contexts.trust.models import Account, RelyingParty
from zhengshu.kernel.levels import Assurance

ACCESS_SECONDS = 15 * 60
S256 = "S256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What surrounds a request: who is signed in, from where, when."""

    user: Account | None
    address: str
    at: datetime


class PartyValidator(OAuthLibRequestValidator):  # type: ignore[misc]  # allauth is untyped
    """One per request; remembers the code that was redeemed."""

    def __init__(self, around: Around) -> None:
        """Keep what surrounds the request."""
        super().__init__()
        self.around = around
        self.redeemed: RedeemedCode | None = None

    def _lookup_client(self, request: Request, client_id: str) -> Client | None:
        """Find a relying party that is registered and at work; nothing is looked up elsewhere."""
        found = super()._lookup_client(request, client_id)
        if not isinstance(found, Client):
            return None
        return found if RelyingParty.objects.filter(client_id=found.id, is_active=True).exists() else None

    def lookup(self, request: Request) -> Client | None:
        """Return the relying party that calls, where it is one that has no secret."""
        is_known = self.authenticate_client_id(request.client_id or "", request)
        return request.client if is_known else None

    def validate_redirect_uri(
        self, _client_id: str, redirect_uri: str, request: Request, *_args: object, **_more: object
    ) -> bool:
        """Compare letter by letter: no other query, port, case or ending."""
        return redirect_uri in client_of(request).get_redirect_uris()

    def is_pkce_required(self, _client_id: str, _request: Request) -> bool:
        """Everybody shows that he is who began."""
        return True

    def validate_silent_login(self, request: Request) -> bool:
        """Let a relying party ask without a page only for whoever is signed in."""
        request.user = self.around.user
        return self.around.user is not None

    def validate_silent_authorization(self, request: Request) -> bool:
        """Let it know without a page only what it was let know before."""
        user = self.around.user
        return user is not None and covers(
            client_id=client_of(request).id, account_id=user.id, scopes=request.scopes or ()
        )

    def validate_user_match(
        self, id_token_hint: str, _scopes: object, _claims: object, request: Request
    ) -> bool:
        """Keep a hint from naming somebody else than who is signed in; an old ID token will do as a hint."""
        if not id_token_hint or self.around.user is None:
            return True
        told = decode_jwt_token(
            id_token_hint, client_id=client_of(request).id, verify_exp=False, verify_iss=True
        )
        mine = get_adapter().get_user_sub(request.client, self.around.user)
        return bool(told) and told["sub"] == mine

    def validate_code(
        self, _client_id: str, code: str, client: Client, request: Request, *_args: object, **_more: object
    ) -> bool:
        """Spend the code: the first try counts, whether or not the rest of the request is right."""
        self.redeemed = redeem_code(
            client_id=client.id, code=code, address=self.around.address, at=self.around.at
        )
        if self.redeemed is None:
            return False
        request.user = self.redeemed.account
        request.scopes = list(self.redeemed.facts.scopes)
        return True

    def confirm_redirect_uri(
        self, _client_id: str, _code: str, redirect_uri: str, *_args: object, **_more: object
    ) -> bool:
        """Compare with the address to which the code was sent."""
        return self.redeemed is not None and redirect_uri == self.redeemed.facts.redirect_uri

    def get_code_challenge(self, _code: str, _request: Request) -> str | None:
        """Return what the code verifier is compared with."""
        return self.redeemed.facts.challenge if self.redeemed else None

    def get_code_challenge_method(self, _code: str, _request: Request) -> str | None:
        """Return the only method that there is."""
        return S256 if self.redeemed else None

    def get_authorization_code_nonce(
        self, _client_id: str, _code: str, _redirect_uri: str, _request: Request
    ) -> str | None:
        """Return the nonce that came with the request, to be repeated in the ID token."""
        return (self.redeemed.facts.nonce or None) if self.redeemed else None

    def invalidate_authorization_code(self, *_args: object, **_more: object) -> None:
        """Do nothing: it was spent when it was looked at."""

    def save_bearer_token(
        self, token: dict[str, object], request: Request, *_args: object, **_more: object
    ) -> None:
        """Keep the digest of an access token, bound to the session; there are no refresh tokens."""
        if self.redeemed is None:
            return
        row = Token(
            client=request.client,
            user=request.user,
            type=Token.Type.ACCESS_TOKEN,
            hash=get_adapter().hash_token(token["access_token"]),
            data={SESSION: self.redeemed.session_id.hex},
            created_at=self.around.at,
            expires_at=self.around.at + timedelta(seconds=ACCESS_SECONDS),
        )
        row.set_scopes(request.scopes)
        row.save()
        note_party_session(
            client_id=client_of(request).id,
            account=self.redeemed.account,
            session_id=self.redeemed.session_id,
            subject=get_adapter().get_user_sub(request.client, request.user),
            level=self.redeemed.facts.level,
            address=self.around.address,
            at=self.around.at,
        )

    def finalize_id_token(
        self, id_token: dict[str, object], token: object, token_handler: object, request: Request
    ) -> str:
        """Say how and when the person signed in, and in which session."""
        if self.redeemed is not None:
            facts = self.redeemed.facts
            id_token["auth_time"] = facts.auth_time
            id_token["acr"] = Assurance(facts.level).acr
            id_token["amr"] = list(facts.methods)
            id_token["sid"] = self.redeemed.session_id.hex
        return str(super().finalize_id_token(id_token, token, token_handler, request))

    def validate_jwt_bearer_token(self, *_args: object) -> bool:
        """Refuse an ID token in the place of an access token."""
        return False

    def revoke_token(self, token: str, _hint: str, request: Request, *_args: object, **_more: object) -> None:
        """Let a relying party end a token of its own, none of another."""
        Token.objects.by_value(token).filter(client_id=client_of(request).id).delete()


def client_of(request: Request) -> Client:
    """Return the relying party that oauthlib has found out to be calling."""
    if not isinstance(request.client, Client):
        message = "asked for the calling party before it was known"
        raise TypeError(message)
    return request.client


def grant_of(validator: PartyValidator) -> AuthorizationCodeGrant:
    """Return the one flow of browsers: a code, its verifier, an ID token, no refresh token."""
    grant = AuthorizationCodeGrant(request_validator=validator)
    grant.refresh_token = False
    return grant


def bearer_of(validator: PartyValidator) -> BearerToken:
    """Return the maker and checker of access tokens."""
    return BearerToken(
        request_validator=validator, token_generator=generate_opaque_token, expires_in=ACCESS_SECONDS
    )


def as_asked(request: HttpRequest) -> Request:
    """Return a request as oauthlib reads it."""
    headers = {
        name: request.headers[name]
        for name in ("Authorization", "Content-Type", "Origin")
        if name in request.headers
    }
    body = request.body.decode("utf-8", "replace") if request.method == "POST" else ""
    if body and not parse_qs(body, keep_blank_values=True):
        body = ""
    return Request(request.get_full_path(), "POST" if request.method == "POST" else "GET", body, headers)
