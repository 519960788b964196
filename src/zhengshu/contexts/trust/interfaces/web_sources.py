"""Programs of other places that keep officials' accounts, on pages of the security administrator."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from zhengshu.contexts.trust.application.scim import add_source, close_source, sources
from zhengshu.contexts.trust.interfaces.pages import confirm, done
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive
from zhengshu.kernel.actors import Role


class SourceForm(forms.Form):
    """A program that keeps accounts."""

    name = forms.CharField(
        label=_("Name"), max_length=60, help_text=_("Such as: personnel system of the city")
    )


@allow(Role.SECURITY_ADMIN)
def source_list(request: ActorRequest) -> HttpResponse:
    """Show who keeps accounts here."""
    context = {"rows": sources(actor=request.actor), "place": _place()}
    return render(request, "trust/sources.html", context)


@allow(Role.SECURITY_ADMIN)
@sensitive
@never_cache
def source_add(request: ActorRequest) -> HttpResponse:
    """Let a program keep accounts; its token is shown once."""
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        token = done(form, lambda: add_source(name=name, actor=request.actor, at=timezone.now()))
        if token:
            return render(
                request, "trust/source_issued.html", {"name": name, "token": token, "place": _place()}
            )
    context = {
        "form": form,
        "title": _("Admit a source of accounts"),
        "lead": _("A program that keeps officials' accounts here by SCIM 2.0. It gives no roles."),
        "cancel_url": reverse("trust:source-list"),
        "action_label": _("Admit"),
    }
    return render(request, "trust/form.html", context)


@allow(Role.SECURITY_ADMIN)
def source_close(request: ActorRequest, source_id: UUID) -> HttpResponse:
    """Let a program keep accounts no more."""
    return confirm(
        request,
        lambda: close_source(source_id=source_id, actor=request.actor, at=timezone.now()),
        title=_("Close this source of accounts?"),
        text=_(
            "Its token stops working at once. The accounts stay as they are; leavers are then ended by hand."
        ),
        action_label=_("Close"),
        back=reverse("trust:source-list"),
        said=_("The source was closed."),
    )


def _place() -> str:
    return settings.PUBLIC_URL.rstrip("/") + "/scim/v2"
