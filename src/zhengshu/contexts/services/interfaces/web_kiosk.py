"""Pages of a kiosk: the first page, finding by a number, leaving, help; and registering the machine."""

import re
from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengshu.contexts.services.application.application_queries import application
from zhengshu.contexts.services.application.hot_items import hot_items
from zhengshu.contexts.services.application.keep_kiosk import (
    MOST_NAME,
    MOST_PLACE,
    end_kiosk,
    kiosks,
    register_kiosk,
)
from zhengshu.contexts.services.interfaces.kiosk_middleware import COOKIE, leave
from zhengshu.contexts.services.interfaces.web_kiosk_ticket import number
from zhengshu.contexts.services.models.kiosks import KEEPERS
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, public, signed_in
from zhengshu.foundation.lists import readable
from zhengshu.kernel.errors import Refused

app_name = "kiosk"
keepers = allow(*KEEPERS)
YEAR: Final = 365 * 24 * 3600
_DRAFT: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class KioskForm(forms.Form):
    """How the machine is called and where it stands."""

    name = forms.CharField(label=gettext_lazy("Name of the kiosk"), max_length=MOST_NAME)
    place = forms.CharField(label=gettext_lazy("Place of the kiosk"), max_length=MOST_PLACE)


@never_cache
@require_GET
@public
def start(request: ActorRequest) -> HttpResponse:
    """Show what one can do at the machine."""
    context = {"hot": hot_items(actor=request.actor, at=timezone.now())}
    return render(request, "services/kiosk_start.html", context)


@never_cache
@require_GET
@public
def guidance(request: ActorRequest) -> HttpResponse:
    """Explain how the machine is used."""
    return render(request, "services/kiosk_help.html")


@require_GET
@public
def alive(request: ActorRequest) -> HttpResponse:  # noqa: ARG001 - the middleware has noted that somebody is there
    """Say that somebody is typing, so that the session goes on."""
    return HttpResponse(status=204)


@never_cache
@require_GET
@signed_in
def find(request: ActorRequest) -> HttpResponse:
    """Go to one's own draft or application by the number that was typed or scanned."""
    number = readable(request.GET.get("number", ""))
    if scanned := _DRAFT.search(number):
        return redirect("apply:draft", UUID(scanned[0]))
    try:
        found = application(number=number.upper(), actor=request.actor)
    except Refused as refusal:
        messages.error(request, sentence(refusal))
        return redirect("kiosk:start")
    return redirect("apply:my-case", found.case_id)


@require_http_methods(["GET", "POST"])
@public
def end(request: ActorRequest) -> HttpResponse:
    """Sign out and forget: by the button, and by the page that was left alone."""
    if request.method == "GET" and getattr(request, "kiosk", None) is None:
        return redirect("portal:home")
    return leave(request)


@never_cache
@require_http_methods(["GET", "POST"])
@keepers
def register(request: ActorRequest) -> HttpResponse:
    """Make a kiosk of this machine, and sign the official out of it; list and end those that there are."""
    form = KioskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            cookie = register_kiosk(
                name=told["name"], place=told["place"], actor=request.actor, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            answer = leave(request)
            answer.set_cookie(
                COOKIE, cookie, max_age=YEAR, httponly=True, samesite="Strict", secure=request.is_secure()
            )
            return answer
    context = {"form": form, "kiosks": kiosks(actor=request.actor)}
    return render(request, "services/kiosks.html", context)


@require_POST
@keepers
def remove(request: ActorRequest, kiosk_id: UUID) -> HttpResponse:
    """Let a machine be a kiosk no more."""
    end_kiosk(kiosk_id=kiosk_id, actor=request.actor, at=timezone.now())
    messages.success(request, _("The machine is a kiosk no more."))
    return redirect(reverse("kiosk:register"))


urlpatterns: list[URLPattern | URLResolver] = [
    path("", start, name="start"),
    path("help/", guidance, name="help"),
    path("find/", find, name="find"),
    path("number/", number, name="number"),
    path("alive/", alive, name="alive"),
    path("end/", end, name="end"),
    path("register/", register, name="register"),
    path("machines/<uuid:kiosk_id>/end/", remove, name="remove"),
]
