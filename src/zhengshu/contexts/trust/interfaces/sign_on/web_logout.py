"""Signing out, asked for by a relying party (OpenID Connect RP-Initiated Logout 1.0)."""

from urllib.parse import urlsplit

from allauth.account.internal.flows.logout import logout
from allauth.idp.oidc.internal.tokens import decode_jwt_token
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods
from oauthlib.common import add_params_to_uri

from zhengshu.contexts.trust.models import RelyingParty
from zhengshu.foundation.http.headers import DIRECTIVES
from zhengshu.foundation.http.rules import public

LONGEST_STATE = 500


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
@public
def end_session(request: HttpRequest) -> HttpResponse:
    """Ask whether to sign out here and everywhere; only a press on our own page does it."""
    given = request.POST if request.method == "POST" else request.GET
    back = _back(given.get("id_token_hint", ""), given.get("client_id", ""), given)
    if not request.user.is_authenticated:
        return _to(back or "/")
    if "answer" in request.POST:
        return _signed_out(request)
    context = {
        "fields": [
            (name, given[name])
            for name in ("id_token_hint", "client_id", "post_logout_redirect_uri", "state")
            if given.get(name)
        ]
    }
    response = render(request, "trust/sign_on/end_session.html", context)
    if back:
        place = urlsplit(back)
        response["Content-Security-Policy"] = "; ".join(DIRECTIVES).replace(
            "form-action 'self'", f"form-action 'self' {place.scheme}://{place.netloc}"
        )
    return response


@csrf_protect
def _signed_out(request: HttpRequest) -> HttpResponse:
    given = request.POST
    back = _back(given.get("id_token_hint", ""), given.get("client_id", ""), given)
    if given["answer"] != "yes":
        return redirect("/")
    logout(request, show_message=not back)
    return _to(back or "/")


def _back(hint: str, client_id: str, given: QueryDict) -> str:
    """Return the registered address to go back to, an empty text where there is none."""
    told = decode_jwt_token(hint, verify_exp=False, verify_iss=True) if hint else None
    party_id = str(told["aud"]) if told else client_id
    if told and client_id and client_id != party_id:
        return ""
    party = RelyingParty.objects.select_related("client").filter(client_id=party_id, is_active=True).first()
    wanted = str(given.get("post_logout_redirect_uri", ""))
    if party is None or wanted not in party.client.get_post_logout_redirect_uris():
        return ""
    state = str(given.get("state", ""))[:LONGEST_STATE]
    return str(add_params_to_uri(wanted, [("state", state)])) if state else wanted


def _to(address: str) -> HttpResponse:
    response = HttpResponse(status=303)
    response["Location"] = address
    return response
