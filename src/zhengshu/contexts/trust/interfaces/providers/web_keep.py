"""Other providers on pages of the security administrator."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.trust.application.providers.keep_providers import (
    ProviderValues,
    add_provider,
    change_provider,
    close_provider,
    provider_row,
    provider_rows,
)
from zhengshu.contexts.trust.application.providers.talk import ProviderUnreachable
from zhengshu.contexts.trust.interfaces.labels import Text
from zhengshu.contexts.trust.interfaces.pages import confirm, done
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive
from zhengshu.kernel.actors import Role


class ProviderForm(forms.Form):
    """What is registered of another provider."""

    name = forms.CharField(
        label=_("Name on the button"), max_length=60, help_text=_("Such as: unified identity of the province")
    )
    issuer = forms.CharField(
        label=_("Address (issuer)"),
        max_length=500,
        help_text=_("Its discovery document must lie below this address."),
    )
    client_id = forms.CharField(label=_("Our client id there"), max_length=200)
    secret = forms.CharField(
        label=_("Our secret there"),
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Kept sealed and never shown. Leave empty to keep the present one."),
    )
    strong_acrs = forms.CharField(
        label=_("What its “acr” says for two factors"),
        required=False,
        max_length=500,
        help_text=_("Several are separated by spaces. Without one its sign-in counts as a single factor."),
    )

    def values(self) -> ProviderValues:
        """Return what was entered."""
        entered = self.cleaned_data
        return ProviderValues(
            name=entered["name"],
            issuer=entered.get("issuer", ""),
            client_id=entered["client_id"],
            secret=entered["secret"],
            strong_acrs=tuple(entered["strong_acrs"].split()),
        )


@allow(Role.SECURITY_ADMIN)
def provider_list(request: ActorRequest) -> HttpResponse:
    """Show the providers by which people may come in."""
    rows = [
        (row, _address(row.id, "answer"), _address(row.id, "logout"))
        for row in provider_rows(actor=request.actor)
    ]
    return render(request, "trust/sign_on/providers.html", {"rows": rows})


@allow(Role.SECURITY_ADMIN)
@sensitive
def provider_add(request: ActorRequest) -> HttpResponse:
    """Admit another provider."""
    form = ProviderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        added = _tried(
            form, lambda: add_provider(values=form.values(), actor=request.actor, at=timezone.now())
        )
        if added:
            messages.success(
                request, gettext("The provider was admitted; its button stands on the sign-in page.")
            )
            return redirect("providers:list")
    return _form(request, form, title=_("Admit a provider"), action_label=_("Admit"))


@allow(Role.SECURITY_ADMIN)
@sensitive
def provider_change(request: ActorRequest, provider_id: UUID) -> HttpResponse:
    """Change what is registered."""
    row = provider_row(provider_id=provider_id, actor=request.actor)
    shown = {
        "name": row.values.name,
        "client_id": row.values.client_id,
        "strong_acrs": " ".join(row.values.strong_acrs),
    }
    form = ProviderForm(request.POST or None, initial=shown)
    del form.fields["issuer"]
    if request.method == "POST" and form.is_valid():

        def change() -> bool:
            change_provider(
                provider_id=provider_id, values=form.values(), actor=request.actor, at=timezone.now()
            )
            return True

        if _tried(form, change):
            messages.success(request, gettext("The provider was changed."))
            return redirect("providers:list")
    return _form(
        request, form, title=_("Change %(name)s") % {"name": row.values.name}, action_label=_("Save")
    )


@allow(Role.SECURITY_ADMIN)
def provider_close(request: ActorRequest, provider_id: UUID) -> HttpResponse:
    """Close a provider."""
    row = provider_row(provider_id=provider_id, actor=request.actor)
    return confirm(
        request,
        lambda: close_provider(provider_id=provider_id, actor=request.actor, at=timezone.now()),
        title=_("Close %(name)s?") % {"name": row.values.name},
        text=_(
            "Its button goes, nobody signs in by it any more, and the sessions that it opened end at once."
        ),
        action_label=_("Close"),
        back=reverse("providers:list"),
        said=_("The provider was closed."),
    )


def _tried(form: ProviderForm, act: Callable[[], object]) -> object:
    """Run a use case; that the other side does not answer is a fault of the form as well."""
    try:
        return done(form, act)
    except ProviderUnreachable as refusal:
        said = gettext(
            "No provider was found at this address (%(fault)s). Check the address, and whether this server may"
            " reach it."
        )
        form.add_error("issuer" if "issuer" in form.fields else None, said % refusal.data)
        return None


def _form(request: ActorRequest, form: ProviderForm, *, title: Text, action_label: Text) -> HttpResponse:
    context = {
        "form": form,
        "trail": ((_("Providers"), reverse("providers:list")), (title, "")),
        "title": title,
        "lead": _("Another sign-in, such as the province's, whose word on who somebody is we take."),
        "cancel_url": reverse("providers:list"),
        "action_label": action_label,
    }
    return render(request, "trust/form.html", context)


def _address(provider_id: UUID, what: str) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse(f"providers:{what}", args=[provider_id])
