"""Which language an answer has: the one chosen, else Chinese; a program may ask by header."""

from typing import Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

FOR_PROGRAMS = "/api/"


class _Next(Protocol):
    def __call__(self, request: HttpRequest, /) -> HttpResponse: ...


class LanguageMiddleware:
    """Speak the language of the cookie.

    A browser's own list is not asked: it comes from whoever installed the computer and would greet officials
    in English. Programs have no cookie and use ``Accept-Language``.
    """

    def __init__(self, get_response: _Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language."""
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response


def language_of(request: HttpRequest) -> str:
    """Return the language in which a request is answered."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    if request.path.startswith(FOR_PROGRAMS) and "Accept-Language" in request.headers:
        return translation.get_language_from_request(request)
    return settings.LANGUAGE_CODE
