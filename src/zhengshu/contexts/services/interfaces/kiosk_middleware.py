"""What is different at a kiosk: short sessions that the server ends, few pages, nothing kept by the browser."""

from datetime import UTC, datetime
from typing import Final, Protocol

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from zhengshu.contexts.casework.api import KIOSK_MARK
from zhengshu.contexts.services.application.keep_kiosk import KIOSK_IDLE, KioskRecord, kiosk_behind
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.kernel.actors import Actor

COOKIE: Final = "kiosk"
SEEN: Final = "kiosk_seen_at"
LIVE: Final = "Zhengshu-Live"
OPEN: Final = (
    "/kiosk/", "/services/", "/apply/", "/accounts/", "/certificates/", "/messages/", "/preferences/",
    "/static/", "/announcements/", "/hall/tickets/",
)  # fmt: skip
"""Where people go at a kiosk; everything else leads to its first page."""

FORGOTTEN: Final = ("messages", "django_language", "theme", "reading")
"""What the next person shall not find."""


class _Next(Protocol):
    def __call__(self, request: HttpRequest, /) -> HttpResponse: ...


class KioskMiddleware:
    """Set `request.kiosk` where the machine is one; elsewhere it costs nothing."""

    def __init__(self, get_response: _Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        """Pass the request on, as it is allowed at a kiosk."""
        kiosk = _kiosk_of(request)
        request.kiosk = kiosk  # type: ignore[attr-defined]  # the shell asks for it
        if kiosk is None:
            answer = leave(request) if _is_carried_away(request) else self.get_response(request)
            if COOKIE in request.COOKIES and COOKIE not in answer.cookies:
                answer.delete_cookie(COOKIE)
            return answer
        answer = self._at(request, kiosk)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _at(self, request: ActorRequest, kiosk: KioskRecord) -> HttpResponse:
        if not request.path.startswith(OPEN):
            return redirect("kiosk:start")
        if request.actor.is_signed_in:
            if _is_idle(request):
                return leave(request)
            if LIVE not in request.headers:
                request.session[SEEN] = timezone.now().timestamp()
            request.session[KIOSK_MARK] = str(kiosk.id)
        return self.get_response(request)


def leave(request: ActorRequest) -> HttpResponse:
    """End the session, have the browser forget everything of it, and go to the first page."""
    logout(request)
    request.actor = Actor.anonymous(address=request.actor.address)
    answer = redirect("kiosk:start")
    for name in FORGOTTEN:
        answer.delete_cookie(name)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _kiosk_of(request: HttpRequest) -> KioskRecord | None:
    cookie = request.COOKIES.get(COOKIE, "")
    return kiosk_behind(cookie, address=str(request.META.get("REMOTE_ADDR", ""))) if cookie else None


def _is_carried_away(request: ActorRequest) -> bool:
    """Whether a session began at a kiosk and goes on elsewhere: somebody took its cookie along."""
    return request.actor.is_signed_in and KIOSK_MARK in request.session


def _is_idle(request: HttpRequest) -> bool:
    seen = request.session.get(SEEN)
    return isinstance(seen, float) and timezone.now() - datetime.fromtimestamp(seen, tz=UTC) > KIOSK_IDLE
