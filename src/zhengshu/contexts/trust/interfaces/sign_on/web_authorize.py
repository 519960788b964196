"""The page between a relying party and a person: who asks, what for, and may it?"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from allauth.idp.oidc.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from oauthlib.common import Request, add_params_to_uri
from oauthlib.oauth2.rfc6749.errors import FatalClientError, OAuth2Error

from zhengshu.contexts.trust.application.sign_on.codes import CodeFacts, issue_code
from zhengshu.contexts.trust.application.sign_on.consents import covers, give_consent
from zhengshu.contexts.trust.domain.assurance import asked_level, level_of, methods_of
from zhengshu.contexts.trust.interfaces.assurance import authenticated_at, steps_of
from zhengshu.contexts.trust.interfaces.labels import SCOPES, Text
from zhengshu.contexts.trust.interfaces.middleware import debt
from zhengshu.contexts.trust.interfaces.sign_on.validator import S256, PartyValidator, as_asked, grant_of
from zhengshu.contexts.trust.interfaces.sign_on.web_provider import around
from zhengshu.contexts.trust.models import Account, RelyingParty
from zhengshu.foundation.http.headers import DIRECTIVES
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import public
from zhengshu.kernel.levels import Assurance

LONGEST_REQUEST = 6000
JUST_NOW = 10
"""Seconds within which somebody counts as having signed in right now, or `max_age=0` would never end."""
SHORTEST_CHALLENGE, LONGEST_CHALLENGE = 43, 128


class _Answered(Exception):
    """The request was answered before its end; carries the answer."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.response = response


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request of a relying party that is in order."""

    request: Request
    party: RelyingParty
    scopes: tuple[str, ...]
    prompts: frozenset[str]
    level: Assurance


@never_cache
@require_http_methods(["GET", "POST"])
@public
def authorize(request: ActorRequest) -> HttpResponseBase:
    """Check what a relying party asks; let the person sign in and consent; send the code back."""
    try:
        asked = _checked(request)
        user = _signed_in(request, asked)
        _require_recent(request, asked)
        _require_level(request, asked)
        if request.method == "POST":
            return _answered(request, asked, user)
        is_known = covers(client_id=asked.party.client_id, account_id=user.id, scopes=asked.scopes)
        if is_known and "consent" not in asked.prompts:
            return _back(asked, code=_code(request, asked, user))
        return _page(request, asked)
    except _Answered as done:
        return done.response


@never_cache
@require_GET
@public
def proceed(request: HttpRequest) -> HttpResponse:
    """Go on to the request of a relying party by a navigation of its own.

    Browsers apply `form-action` to where a form's answer leads; the answer of the sign-in form may not lead to
    another site, but this page may be followed to one.
    """
    target = request.GET.get("to", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None) or not target.startswith(
        reverse("sign_on:authorize")
    ):
        target = "/"
    return render(request, "trust/sign_on/proceed.html", {"target": target})


def _checked(request: ActorRequest) -> _Asked:
    asked = as_asked(request) if request.method == "GET" else Request(request.get_full_path(), "GET", "", {})
    if len(request.get_full_path()) > LONGEST_REQUEST:
        raise _Answered(_refused(request, "invalid_request"))
    try:
        scopes, info = grant_of(PartyValidator(around(request))).validate_authorization_request(asked)
    except FatalClientError as fault:
        raise _Answered(_refused(request, str(fault.error))) from fault
    except OAuth2Error as fault:
        raise _Answered(_error(asked, str(fault.error), fault.description)) from fault
    challenge = asked.code_challenge or ""
    if asked.code_challenge_method != S256 or not SHORTEST_CHALLENGE <= len(challenge) <= LONGEST_CHALLENGE:
        raise _Answered(_error(asked, "invalid_request", "code_challenge_method must be S256"))
    for name in ("request", "request_uri"):
        if name in request.GET:
            raise _Answered(_error(asked, f"{name}_not_supported"))
    if asked.response_mode not in {None, "query"} or "openid" not in scopes:
        raise _Answered(
            _error(asked, "invalid_request", "response_mode must be query, scope must hold openid")
        )
    party = RelyingParty.objects.select_related("client", "department").get(client_id=asked.client_id)
    least = max(Assurance(party.least_level), asked_level(asked.acr_values or "") or Assurance.ONE_FACTOR)
    return _Asked(
        request=asked, party=party, scopes=tuple(scopes), prompts=frozenset(info["prompt"]), level=least
    )


def _signed_in(request: ActorRequest, asked: _Asked) -> Account:
    user = request.user
    if not isinstance(user, Account):
        if "none" in asked.prompts:
            raise _Answered(_error(asked.request, "login_required"))
        raise _Answered(redirect(f"{reverse('account_login')}?{_next(request)}"))
    if (due := debt(request)) is not None:
        if "none" in asked.prompts:
            raise _Answered(_error(asked.request, "interaction_required"))
        raise _Answered(due)
    return user


def _require_recent(request: ActorRequest, asked: _Asked) -> None:
    """Let somebody show again who he is, where the party asks for it."""
    most_seconds = asked.request.max_age
    if most_seconds is not None and not str(most_seconds).isdecimal():
        raise _Answered(_error(asked.request, "invalid_request", "max_age must be a number"))
    is_old = most_seconds is not None and around(request).at - authenticated_at(request) > timedelta(
        seconds=min(max(int(most_seconds), JUST_NOW), 10**8)
    )
    if not is_old and "login" not in asked.prompts:
        return
    if "none" in asked.prompts:
        raise _Answered(_error(asked.request, "login_required"))
    query = request.GET.copy()
    rest = [word for word in query.get("prompt", "").split() if word != "login"]
    query.pop("prompt", None)
    if rest:
        query["prompt"] = " ".join(rest)
    target = f"{request.path}?{query.urlencode()}"
    raise _Answered(redirect(f"{reverse('account_reauthenticate')}?{_next(request, target)}"))


def _require_level(request: ActorRequest, asked: _Asked) -> None:
    """Let somebody sign in more surely, where the party asks for it."""
    if level_of(steps_of(request)) >= asked.level:
        return
    has_factor = bool(getattr(request.user, "has_second_factor", False))
    if "none" in asked.prompts or not has_factor or asked.level > Assurance.TWO_FACTORS:
        raise _Answered(_error(asked.request, "unmet_authentication_requirements"))
    raise _Answered(redirect(f"{reverse('mfa_reauthenticate')}?{_next(request)}"))


def _answered(request: ActorRequest, asked: _Asked, user: Account) -> HttpResponse:
    if request.POST.get("answer") != "yes":
        return _error(asked.request, "access_denied")
    at = around(request).at
    give_consent(
        client_id=asked.party.client_id, account=user, scopes=asked.scopes, actor=request.actor, at=at
    )
    return _back(asked, code=_code(request, asked, user))


def _code(request: ActorRequest, asked: _Asked, user: Account) -> str:
    steps = steps_of(request)
    facts = CodeFacts(
        scopes=asked.scopes,
        auth_time=int(authenticated_at(request).timestamp()),
        level=level_of(steps).value,
        methods=methods_of(steps),
        redirect_uri=str(asked.request.redirect_uri),
        challenge=str(asked.request.code_challenge),
        nonce=asked.request.nonce or "",
    )
    return issue_code(
        client_id=asked.party.client_id,
        account_id=user.id,
        session_key=request.session.session_key or "",
        facts=facts,
        at=around(request).at,
    )


def _page(request: ActorRequest, asked: _Asked) -> HttpResponse:
    if "none" in asked.prompts:
        return _error(asked.request, "consent_required")
    place = urlsplit(str(asked.request.redirect_uri))
    told: list[Text] = [SCOPES[scope] for scope in asked.scopes]
    context = {
        "party": asked.party.client.name,
        "department": asked.party.department,
        "place": place.netloc,
        "told": told,
        "person": request.actor.name,
        "action": request.get_full_path(),
    }
    response = render(request, "trust/sign_on/consent.html", context)
    origin = f"{place.scheme}://{place.netloc}"
    policy = "; ".join(DIRECTIVES).replace("form-action 'self'", f"form-action 'self' {origin}")
    response["Content-Security-Policy"] = policy
    return response


def _back(asked: _Asked, **answer: str) -> HttpResponse:
    return _to(asked.request, answer)


def _error(asked: Request, error: str, description: str | None = None) -> HttpResponse:
    answer = {"error": error}
    if description:
        answer["error_description"] = description
    return _to(asked, answer)


def _to(asked: Request, answer: dict[str, str]) -> HttpResponse:
    """Send the browser back; the address was compared with the registered ones before."""
    if asked.state:
        answer["state"] = asked.state
    answer["iss"] = get_adapter().get_issuer()
    response = HttpResponse(status=303)
    response["Location"] = add_params_to_uri(str(asked.redirect_uri), list(answer.items()))
    response["Referrer-Policy"] = "no-referrer"
    return response


def _refused(request: HttpRequest, error: str) -> HttpResponse:
    """Explain to the person, who must not be sent to an address that nobody registered."""
    context = {
        "title": _("This request cannot be answered"),
        "lead": _(
            "The site that sent you here is not registered, or asked in a way that is not allowed. Nothing was"
            " told to it. Tell the people who run it."
        ),
        "error": error,
    }
    return render(request, "trust/sign_on/refused.html", context, status=400)


def _next(request: HttpRequest, target: str = "") -> str:
    """Return the query that leads back here, over a page that is no answer to a form."""
    on = f"{reverse('sign_on:proceed')}?{urlencode({'to': target or request.get_full_path()})}"
    return urlencode({"next": on})
