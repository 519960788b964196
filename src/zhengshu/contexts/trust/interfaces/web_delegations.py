"""Pages of an enterprise: who acts in its name, for what, until when."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.trust.application.delegate_powers import grant_power, powers_of, revoke_power
from zhengshu.contexts.trust.application.scopes import offered
from zhengshu.contexts.trust.domain.delegating import NotItsRepresentative
from zhengshu.contexts.trust.interfaces.labels import Text
from zhengshu.contexts.trust.interfaces.pages import confirm, done
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive
from zhengshu.kernel.actors import Role
from zhengshu.kernel.mandates import Power

POWERS: Mapping[Power, Text] = {
    Power.MATTERS: _("All its matters on this platform: apply, follow, answer"),
    Power.DATA: _("Its data: have forms filled in by what authoritative sources know of it"),
    Power.SITES: _("All other sites: be named there as its handler"),
}
SINGLE: Mapping[Power, Text] = {
    Power.MATTERS: _("Matters of the kind “%(name)s”"),
    Power.SITES: _("Site “%(name)s”"),
}


class PowerForm(forms.Form):
    """A power for a handler."""

    username = forms.CharField(
        label=_("User name of the handler"),
        max_length=64,
        help_text=_("Of an account for acting for enterprises."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    name = forms.CharField(label=_("Name of the handler"), max_length=60)
    powers = forms.MultipleChoiceField(
        label=_("What the handler may do"),
        choices=[(power.value, label) for power, label in POWERS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    matters = forms.MultipleChoiceField(
        label=_("Or only matters of these kinds"), widget=forms.CheckboxSelectMultiple, required=False
    )
    sites = forms.MultipleChoiceField(
        label=_("Or only these sites"), widget=forms.CheckboxSelectMultiple, required=False
    )
    last_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through as they came
        for power in SINGLE:
            choices = [(f"{power.value}:{code}", name) for code, name in offered(power).items()]
            if choices:
                self.fields[power.value].choices = choices  # type: ignore[attr-defined]  # it is a choice field
            else:
                del self.fields[power.value]

    def scope(self) -> list[str]:
        """Return everything that was ticked."""
        return [item for name in ("powers", "matters", "sites") for item in self.cleaned_data.get(name, ())]


def scope_texts(scope: Iterable[str]) -> list[str]:
    """Return what a power is for, in words."""
    names = {power: offered(power) for power in SINGLE}
    texts = []
    for item in scope:
        kind, _colon, code = item.partition(":")
        power = Power(kind)
        name = names.get(power, {}).get(code, code)
        texts.append(str(SINGLE[power]) % {"name": name} if code else str(POWERS[power]))
    return texts


@allow(Role.ENTERPRISE_DELEGATE)
def power_list(request: ActorRequest) -> HttpResponse:
    """Show for which enterprises one acts, and to the representative who else does."""
    found = [
        (one, [(row, scope_texts(row.scope)) for row in one.powers])
        for one in powers_of(actor=request.actor, at=timezone.now())
    ]
    return render(request, "trust/powers.html", {"enterprises": found, "me": request.actor.id})


@allow(Role.ENTERPRISE_DELEGATE)
@sensitive
def power_grant(request: ActorRequest, enterprise_id: UUID) -> HttpResponse:
    """Give a handler a power."""
    at = timezone.now()
    known = {one.id: one for one in powers_of(actor=request.actor, at=at) if one.is_representative}
    if enterprise_id not in known:
        raise NotItsRepresentative
    form = PowerForm(request.POST or None, initial={"last_on": timezone.localdate() + timedelta(days=365)})
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        given = done(
            form,
            lambda: grant_power(
                enterprise_id=enterprise_id,
                username=entered["username"],
                name=entered["name"],
                scope=form.scope(),
                last_on=entered["last_on"],
                actor=request.actor,
                at=at,
            ),
        )
        if given:
            messages.success(
                request, gettext("The power was given; it counts from the handler's next page on.")
            )
            return redirect("trust:power-list")
    name = known[enterprise_id].name
    context = {
        "form": form,
        "trail": ((_("Acting for enterprises"), reverse("trust:power-list")), (_("Give a power"), "")),
        "title": _("Let a handler act for %(name)s") % {"name": name},
        "lead": _(
            "What the handler does counts as done by the enterprise. You can take the power at any time."
        ),
        "cancel_url": reverse("trust:power-list"),
        "action_label": _("Give the power"),
    }
    return render(request, "trust/form.html", context)


@allow(Role.ENTERPRISE_DELEGATE)
def power_revoke(request: ActorRequest, power_id: UUID) -> HttpResponse:
    """Take a power, or give back one's own."""
    return confirm(
        request,
        lambda: revoke_power(power_id=power_id, actor=request.actor, at=timezone.now()),
        title=_("End this power?"),
        text=_("It ends at once, here and in what other sites are told. What was done before stays done."),
        action_label=_("End the power"),
        back=reverse("trust:power-list"),
        said=_("The power was ended."),
    )
