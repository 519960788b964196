"""Language, appearance and size of type: remembered in cookies, so that the server draws the page right at once."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from zhengshu.contexts.portal.interfaces.navigation import LARGE, READING_COOKIE, THEME_COOKIE, THEMES
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import public

YEAR = 365 * 24 * 3600


@public
@require_POST
def language(request: ActorRequest) -> HttpResponse:
    """Remember the language and go back to the page."""
    response = HttpResponseRedirect(_back(request))
    chosen = request.POST.get("language", "")
    if check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@public
@require_POST
def theme(request: ActorRequest) -> HttpResponse:
    """Remember light or dark, or forget it to follow the system, and go back to the page."""
    response = HttpResponseRedirect(_back(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        _remember(response, THEME_COOKIE, chosen)
    else:
        response.delete_cookie(THEME_COOKIE)
    return response


@public
@require_POST
def reading(request: ActorRequest) -> HttpResponse:
    """Remember that pages are wanted in large type (适老化), or forget it, and go back to the page."""
    response = HttpResponseRedirect(_back(request))
    if request.POST.get("reading") == LARGE:
        _remember(response, READING_COOKIE, LARGE)
    else:
        response.delete_cookie(READING_COOKIE)
    return response


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=settings.IS_SECURE)


def _back(request: ActorRequest) -> str:
    target = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None, require_https=request.is_secure())
    return target if is_ours else "/"
