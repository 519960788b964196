"""What somebody sent when his session was over: kept while he signs in again, then done.

A page of a form asks for much, and a session ends while somebody looks for a paper. What he then sends is kept,
encrypted, in the session of that browser; as soon as he has signed in and comes back to the page, it is as if he had
sent it then. Files are not kept. At a kiosk nothing is: the next person stands there already.
"""

from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from zhengshu.foundation.crypto.data_keys import Scope, ValueUnreadable
from zhengshu.foundation.vault.columns import PERSONAL
from zhengshu.foundation.vault.keys import active_key, key_of

KEPT: Final = "kept"
SECONDS_KEPT: Final = 3600.0
MOST_LETTERS: Final = 200_000

V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def keeps(view: V) -> V:
    """Have what is sent to a view kept while its sender signs in again."""
    view.keeps_what_was_sent = True  # type: ignore[attr-defined]  # a function may carry attributes
    return view


class _Next(Protocol):
    def __call__(self, request: HttpRequest, /) -> HttpResponse: ...


class KeepMiddleware:
    """Keep what is sent after a session's end; do it when its sender is back."""

    def __init__(self, get_response: _Next) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, as the one that was kept where there is one for this page."""
        if request.method == "GET" and KEPT in request.session and request.user.is_authenticated:
            _restore(request)
            return self.get_response(request)
        response = self.get_response(request)
        if request.method == "POST" and _asks_to_sign_in(response) and _is_to_be_kept(request):
            return _keep(request)
        return response


def _asks_to_sign_in(response: HttpResponse) -> bool:
    return response.headers.get("Location", "").startswith(settings.LOGIN_URL)


def _is_to_be_kept(request: HttpRequest) -> bool:
    try:
        view = resolve(request.path).func
    except Resolver404:
        return False
    return getattr(view, "keeps_what_was_sent", False) and not getattr(request, "kiosk", None)


def _keep(request: HttpRequest) -> HttpResponse:
    path, sent = request.get_full_path(), request.POST.urlencode()
    if len(sent) <= MOST_LETTERS:
        sealed = active_key(Scope(None, PERSONAL)).encrypt(sent.encode(), place=_place(path))
        request.session[KEPT] = [path, sealed.hex(), bool(request.FILES), timezone.now().timestamp()]
    return redirect_to_login(path)


def _restore(request: HttpRequest) -> None:
    """Make the request the one that was kept, if that was sent to this page; it is done once."""
    path, sealed, had_files, at = request.session[KEPT]
    if path != request.get_full_path():
        return
    del request.session[KEPT]
    if timezone.now().timestamp() - at > SECONDS_KEPT:
        return
    try:
        sent = key_of(bytes.fromhex(sealed)).decrypt(bytes.fromhex(sealed), place=_place(path))
    except ValueUnreadable:
        return
    # It came with its token in the session that ended; the one of this session it cannot know.
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # noqa: SLF001 - Django's own name for this
    request.method = "POST"
    request.POST = QueryDict(sent.decode())
    request._files = MultiValueDict()  # type: ignore[attr-defined]  # noqa: SLF001 - none are kept
    messages.info(request, _("What you had filled in before you signed in again was kept."))
    if had_files:
        messages.warning(request, _("Files are not kept: please choose them again."))


def _place(path: str) -> bytes:
    return f"{KEPT}:{path}".encode()
