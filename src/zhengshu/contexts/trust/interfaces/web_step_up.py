"""The page before sensitive acts: it leads to the surest way in which somebody can show again who he is."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import signed_in


@never_cache
@require_GET
@signed_in
def step_up(request: ActorRequest) -> HttpResponse:
    """Ask for the second factor of whoever has one, else for the password."""
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    route = (
        "mfa_reauthenticate"
        if getattr(request.user, "has_second_factor", False)
        else "account_reauthenticate"
    )
    messages.info(request, gettext("This act is sensitive: show again who you are, then go on."))
    return redirect(f"{reverse(route)}?{urlencode({'next': target})}")
