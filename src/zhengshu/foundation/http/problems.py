"""One place maps a refusal to what a browser or a program gets (RFC 9457)."""

from collections.abc import Mapping

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext

from zhengshu.kernel.errors import Kind, Stopped

log = structlog.get_logger(__name__)

FOR_PROGRAMS = ("/api/", "/healthz", "/livez")

STATUS: Mapping[Kind, int] = {
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.FORBIDDEN: 403,
    Kind.INVALID: 422,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}


def sentence(refusal: Stopped) -> str:
    """Return the refusal in the language of the reader."""
    text = gettext(refusal.message)
    return text % refusal.data if refusal.data else text


def problem(refusal: Stopped, *, instance: str) -> dict[str, object]:
    """Return the members of a problem document."""
    return {
        "type": f"/docs/errors#{refusal.code}",
        "title": sentence(refusal),
        "status": STATUS[refusal.kind],
        "code": refusal.code,
        "instance": instance,
        **{name: str(value) for name, value in refusal.data.items()},
    }


def respond(request: HttpRequest, refusal: Stopped) -> HttpResponse:
    """Return a refusal as a problem document for programs, as a page for people."""
    status = STATUS[refusal.kind]
    if not is_for_people(request):
        return JsonResponse(
            problem(refusal, instance=request.path), status=status, content_type="application/problem+json"
        )
    return render(
        request, "ui/refusal.html", {"refusal": refusal, "sentence": sentence(refusal)}, status=status
    )


def is_for_people(request: HttpRequest) -> bool:
    """Whether a page is the answer to a request, rather than a document for a program."""
    return not request.path.startswith(FOR_PROGRAMS) and "text/html" in request.headers.get(
        "Accept", "text/html"
    )


class RefusalMiddleware:
    """Turn a `Stopped` that no view caught into its page or problem document, and say why a method is not allowed."""

    def __init__(self, get_response: object) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        response: HttpResponse = self.get_response(request)  # type: ignore[operator]  # Django's chain is untyped
        if isinstance(response, HttpResponseNotAllowed) and not response.content and is_for_people(request):
            response.content = render_to_string("405.html", request=request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; leave every other exception to Django."""
        if not isinstance(exception, Stopped):
            return None
        log.info("refused", code=exception.code, path=request.path)
        return respond(request, exception)
