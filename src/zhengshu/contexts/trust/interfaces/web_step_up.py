"""The page before sensitive acts: it leads to the surest way in which somebody can show again who he is."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhengshu.contexts.trust.application.own_account import has_passkey
from zhengshu.contexts.trust.interfaces.labels import Text
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import signed_in
from zhengshu.kernel.levels import Assurance

MISSING: Mapping[Assurance, Text] = {
    Assurance.TWO_FACTORS: _("This act asks for a second factor. Set one up first, then come back to it."),
    Assurance.BOUND_KEY: _(
        "This act asks for a passkey or security key. Set one up first, then come back to it."
    ),
}


@never_cache
@require_GET
@signed_in
def step_up(request: ActorRequest) -> HttpResponse:
    """Ask for as much as the act wants: a passkey, the second factor of whoever has one, else the password.

    Whoever has nothing that is sure enough is led to where he sets it up.
    """
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = "/"
    level = _level(request.GET.get("level", ""))
    has_factor = bool(getattr(request.user, "has_second_factor", False))
    has_key = level is Assurance.BOUND_KEY and has_passkey(account_id=request.actor.id)
    if (level is Assurance.TWO_FACTORS and not has_factor) or (level is Assurance.BOUND_KEY and not has_key):
        messages.warning(request, str(MISSING[level]))
        return redirect("mfa_index")
    route = "account_reauthenticate"
    if has_factor:
        route = "mfa_reauthenticate_webauthn" if has_key else "mfa_reauthenticate"
    messages.info(request, gettext("This act is sensitive: show again who you are, then go on."))
    return redirect(f"{reverse(route)}?{urlencode({'next': target})}")


def _level(text: str) -> Assurance:
    known = {str(level.value): level for level in Assurance}
    return known.get(text, Assurance.ONE_FACTOR)
