"""Kiosks: the calls of their program, and the page where somebody lets one in."""

import io

import qrcode
import qrcode.image.svg
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from oauthlib.common import Request

from zhengshu.contexts.trust.application.sign_on.codes import CodeFacts
from zhengshu.contexts.trust.application.sign_on.devices import (
    INTERVAL,
    LIVES,
    DeviceCodeWrong,
    Poll,
    WaitingDevice,
    answer_device,
    find_device,
    poll_device,
    scopes_of,
    start_device,
)
from zhengshu.contexts.trust.application.sign_on.keep_parties import DEVICE
from zhengshu.contexts.trust.domain.assurance import level_of, methods_of
from zhengshu.contexts.trust.domain.lockouts import SignInLocked
from zhengshu.contexts.trust.interfaces.assurance import authenticated_at, steps_of
from zhengshu.contexts.trust.interfaces.labels import SCOPES
from zhengshu.contexts.trust.interfaces.middleware import address_of
from zhengshu.contexts.trust.interfaces.sign_on.validator import (
    Around,
    PartyValidator,
    as_asked,
    bearer_of,
    grant_of,
)
from zhengshu.contexts.trust.models import Account
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import public, signed_in

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
LONGEST_CODE = 20


@csrf_exempt
@require_POST
@public
def device_code(request: HttpRequest) -> JsonResponse:
    """Give a kiosk its codes (RFC 8628)."""
    at, address = timezone.now(), address_of(request)
    asked = as_asked(request)
    validator = PartyValidator(Around(user=None, address=address, at=at))
    client_id = _kiosk(asked, validator)
    if client_id is None:
        return JsonResponse({"error": "invalid_client"}, status=401, headers=NO_STORE)
    scopes = scopes_of(client_id, (asked.scope or "").split())
    if scopes is None:
        return JsonResponse({"error": "invalid_scope"}, status=400, headers=NO_STORE)
    codes = start_device(client_id=client_id, scopes=scopes, address=address, at=at)
    if codes is None:
        return JsonResponse({"error": "slow_down"}, status=429, headers=NO_STORE)
    place = settings.PUBLIC_URL.rstrip("/") + reverse("sign_on:device")
    answer = {
        "device_code": codes.device_code,
        "user_code": codes.user_code,
        "verification_uri": place,
        "verification_uri_complete": f"{place}?code={codes.user_code}",
        "qr_uri": settings.PUBLIC_URL.rstrip("/") + reverse("sign_on:device-qr", args=[codes.user_code]),
        "expires_in": int(LIVES.total_seconds()),
        "interval": int(INTERVAL.total_seconds()),
    }
    return JsonResponse(answer, headers=NO_STORE)


def device_tokens(asked: Request, validator: PartyValidator) -> HttpResponse:
    """Give a kiosk that was let in its tokens, or say why it has to wait."""
    client_id = _kiosk(asked, validator)
    if client_id is None:
        return JsonResponse({"error": "invalid_client"}, status=401, headers=NO_STORE)
    found = poll_device(client_id=client_id, device_code=str(asked.device_code or ""), at=validator.around.at)
    if isinstance(found, Poll):
        return JsonResponse({"error": found.value}, status=400, headers=NO_STORE)
    validator.redeemed = found
    asked.user, asked.scopes = found.account, list(found.facts.scopes)
    handler = bearer_of(validator)
    tokens = handler.create_token(asked, refresh_token=False)
    tokens = grant_of(validator).add_id_token(tokens, handler, asked)
    validator.save_bearer_token(tokens, asked)
    return JsonResponse(dict(tokens), headers=NO_STORE)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def device(request: ActorRequest) -> HttpResponse:
    """Take the code of a kiosk, show who waits, let it in or refuse it."""
    user = request.user
    if not isinstance(user, Account):
        raise Http404
    code = request.POST.get("code") or request.GET.get("code", "")
    if request.method == "GET":
        return _ask_code(request, code)
    try:
        return _answer(request, user, code[:LONGEST_CODE])
    except SignInLocked as refusal:
        return _ask_code(request, "", fault=sentence(refusal), status=429)
    except DeviceCodeWrong as refusal:
        return _ask_code(request, code[:LONGEST_CODE], fault=sentence(refusal), status=422)


@require_GET
@public
def device_qr(_request: HttpRequest, user_code: str) -> HttpResponse:
    """Draw the address of a code, for kiosks that can only show a picture."""
    place = settings.PUBLIC_URL.rstrip("/") + reverse("sign_on:device")
    drawn = qrcode.make(f"{place}?code={user_code}", image_factory=qrcode.image.svg.SvgPathImage, border=2)
    out = io.BytesIO()
    drawn.save(out)
    return HttpResponse(out.getvalue(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


def _answer(request: ActorRequest, user: Account, code: str) -> HttpResponse:
    at = timezone.now()
    found = find_device(user_code=code, account=user, at=at)
    steps = steps_of(request)
    answer = request.POST.get("answer", "")
    if level_of(steps).value < found.least_level:
        return _ask_code(
            request,
            code,
            fault=str(
                _("This kiosk asks for a surer sign-in: sign in with your second factor, then try again.")
            ),
            status=403,
        )
    if answer not in {"yes", "no"}:
        return _show(request, found, code)
    answer_device(
        device=found,
        is_granted=answer == "yes",
        account=user,
        session_key=request.session.session_key or "",
        facts=CodeFacts(
            scopes=found.scopes,
            auth_time=int(authenticated_at(request).timestamp()),
            level=level_of(steps).value,
            methods=methods_of(steps),
        ),
        actor=request.actor,
        at=at,
    )
    return render(
        request, "trust/sign_on/device_done.html", {"party": found.party, "is_granted": answer == "yes"}
    )


def _show(request: ActorRequest, found: WaitingDevice, code: str) -> HttpResponse:
    context = {
        "party": found.party,
        "told": [SCOPES[scope] for scope in found.scopes],
        "code": code,
        "person": request.actor.name,
    }
    return render(request, "trust/sign_on/device_confirm.html", context)


def _ask_code(request: ActorRequest, code: str, *, fault: str = "", status: int = 200) -> HttpResponse:
    context = {"code": code[:LONGEST_CODE], "fault": fault}
    return render(request, "trust/sign_on/device.html", context, status=status)


def _kiosk(asked: Request, validator: PartyValidator) -> str | None:
    """Return which kiosk calls, if it is registered and at work; it has no secret that it could keep."""
    client = validator.lookup(asked)
    return client.id if client is not None and DEVICE in client.get_grant_types() else None
