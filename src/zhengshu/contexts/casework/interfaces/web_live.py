"""What lets pages update themselves: a stamp that is asked for while a page is looked at, and mostly did not change."""

from hashlib import sha256
from uuid import UUID

from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.views.decorators.http import require_GET

from zhengshu.contexts.casework.application.messages.stamps import stamps
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import signed_in

MOST_PARTS = 5


@require_GET
@signed_in
def stamp(request: ActorRequest) -> HttpResponse:
    """Say whether parts of a page changed; an unchanged stamp is an empty answer."""
    found = stamps(
        parts=request.GET.getlist("part")[:MOST_PARTS], case_id=_case(request), actor=request.actor
    )
    tag = sha256(repr(sorted(found.items())).encode()).hexdigest()[:32]
    quoted = f'"{tag}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == quoted:
        response = HttpResponseNotModified()
    else:
        response = JsonResponse({"parts": {part: _short(text) for part, text in found.items()}})
    response.headers["ETag"] = quoted
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def _case(request: ActorRequest) -> UUID | None:
    try:
        return UUID(request.GET["case"])
    except (KeyError, ValueError):
        return None
