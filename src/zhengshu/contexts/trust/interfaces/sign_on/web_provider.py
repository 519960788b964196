"""What programs of relying parties call: discovery, keys, tokens, who it is, revocation."""

from typing import Final

from allauth.core.internal import jwkkit
from allauth.idp.oidc.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from oauthlib.oauth2.rfc6749.endpoints import RevocationEndpoint
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from zhengshu.contexts.trust.application.sign_on.keep_parties import DEVICE
from zhengshu.contexts.trust.domain.relying_parties import SCOPES
from zhengshu.contexts.trust.interfaces.middleware import address_of
from zhengshu.contexts.trust.interfaces.sign_on.validator import (
    S256,
    Around,
    PartyValidator,
    as_asked,
    bearer_of,
    grant_of,
)
from zhengshu.contexts.trust.interfaces.sign_on.web_device import device_tokens
from zhengshu.contexts.trust.models import Account
from zhengshu.foundation.http.rules import public
from zhengshu.kernel.levels import Assurance

SECONDS_OF_KEYS: Final = 3600
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@require_GET
@public
def configuration(_request: HttpRequest) -> JsonResponse:
    """Describe the provider (OpenID Connect Discovery 1.0)."""
    response = JsonResponse(
        {
            "issuer": get_adapter().get_issuer(),
            "authorization_endpoint": absolute("sign_on:authorize"),
            "token_endpoint": absolute("sign_on:token"),
            "userinfo_endpoint": absolute("sign_on:userinfo"),
            "jwks_uri": absolute("sign_on:jwks"),
            "revocation_endpoint": absolute("sign_on:revoke"),
            "end_session_endpoint": absolute("sign_on:end-session"),
            "device_authorization_endpoint": absolute("sign_on:device-code"),
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", DEVICE],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "code_challenge_methods_supported": [S256],
            "claims_supported": ["sub", "auth_time", "acr", "amr", "name", "department", "enterprises"],
            "acr_values_supported": [level.acr for level in Assurance],
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
            "ui_locales_supported": ["zh-CN", "en"],
        }
    )
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_GET
@public
def jwks(_request: HttpRequest) -> JsonResponse:
    """Publish the keys that sign ID tokens, those to come included."""
    keys = [jwkkit.load_jwk_from_pem(key.pem)[0] for key in get_adapter().list_private_keys(is_active=True)]
    response = JsonResponse({"keys": [{**key, "use": "sig", "alg": "RS256"} for key in keys]})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"max-age={SECONDS_OF_KEYS}, must-revalidate"
    return response


@csrf_exempt
@require_POST
@public
def token(request: HttpRequest) -> HttpResponse:
    """Give tokens for a code, or to a kiosk that was let in."""
    validator = PartyValidator(around(request))
    asked = as_asked(request)
    if asked.grant_type == DEVICE:
        return device_tokens(asked, validator)
    headers, body, status = grant_of(validator).create_token_response(asked, bearer_of(validator))
    response = HttpResponse(body, status=status)
    for name, value in {**headers, **NO_STORE, "Content-Type": "application/json"}.items():
        response[name] = value
    return response


@csrf_exempt
@require_http_methods(["GET", "POST"])
@public
def userinfo(request: HttpRequest) -> HttpResponse:
    """Say who it is, as far as the person consented."""
    validator = PartyValidator(around(request))
    asked = as_asked(request)
    asked.scopes = ["openid"]
    if not bearer_of(validator).validate_request(asked):
        return JsonResponse(
            {"error": "invalid_token"},
            status=401,
            headers={**NO_STORE, "WWW-Authenticate": 'Bearer error="invalid_token"'},
        )
    return JsonResponse(validator.get_userinfo_claims(asked), headers=NO_STORE)


@csrf_exempt
@require_POST
@public
def revoke(request: HttpRequest) -> HttpResponse:
    """End an access token of the calling party (RFC 7009)."""
    asked = as_asked(request)
    endpoint = RevocationEndpoint(PartyValidator(around(request)))
    try:
        headers, body, status = endpoint.create_revocation_response(
            asked.uri, asked.http_method, str(asked.body or ""), asked.headers
        )
    except OAuth2Error as fault:
        return JsonResponse(dict(fault.twotuples), status=fault.status_code)
    response = HttpResponse(body, status=status, content_type="application/json")
    for name, value in headers.items():
        response[name] = value
    return response


def around(request: HttpRequest) -> Around:
    """Return what surrounds a request."""
    user = request.user
    return Around(
        user=user if isinstance(user, Account) else None, address=address_of(request), at=timezone.now()
    )


def absolute(route: str) -> str:
    """Return the public address of a route; never what a request says its host is."""
    return settings.PUBLIC_URL.rstrip("/") + reverse(route)
