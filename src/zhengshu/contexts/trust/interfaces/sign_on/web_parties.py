"""Relying parties on pages of the security administrator, and one's own consents."""

from collections.abc import Mapping
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from zhengshu.contexts.trust.application.sign_on.consents import withdraw_consent
from zhengshu.contexts.trust.application.sign_on.keep_parties import (
    IssuedParty,
    PartyValues,
    add_party,
    change_party,
    close_party,
    renew_secret,
)
from zhengshu.contexts.trust.application.sign_on.keys import rotate_signing_key
from zhengshu.contexts.trust.application.sign_on.party_queries import PartyRow, parties, party
from zhengshu.contexts.trust.domain.relying_parties import OPENID
from zhengshu.contexts.trust.interfaces.labels import ASSURANCE, SCOPES, Text
from zhengshu.contexts.trust.interfaces.pages import chosen, confirm, department_choices, done
from zhengshu.contexts.trust.interfaces.sign_on.web_provider import absolute
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, sensitive, signed_in
from zhengshu.foundation.ui.tags import moment
from zhengshu.kernel.actors import Role
from zhengshu.kernel.levels import Assurance

SITE, PROGRAM, KIOSK = "site", "program", "kiosk"
SORTS: Mapping[str, Text] = {
    SITE: _("A site with a server, which keeps a secret"),
    PROGRAM: _("A program on people's machines, without a secret"),
    KIOSK: _("A kiosk, which shows a code"),
}
_LINES = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})


class PartyForm(forms.Form):
    """What is registered of a relying party."""

    sort = forms.ChoiceField(label=_("Sort of party"), choices=list(SORTS.items()))
    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("People read it when they are asked for their consent.")
    )
    redirect_uris = forms.CharField(
        label=_("Addresses to send users back to"),
        required=False,
        widget=_LINES,
        help_text=_(
            "One a line, complete, with https. They are compared letter by letter. A kiosk needs none."
        ),
    )
    logout_uris = forms.CharField(
        label=_("Addresses to go to after signing out"),
        required=False,
        widget=_LINES,
        help_text=_("One a line."),
    )
    backchannel_uri = forms.CharField(
        label=_("Address that hears when a session ends"),
        required=False,
        max_length=500,
        help_text=_("We post a signed logout token there, within seconds."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may ask for"),
        choices=[(scope, label) for scope, label in SCOPES.items() if scope != OPENID],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    least_level = forms.TypedChoiceField(
        label=_("How its users must have signed in"),
        choices=[(level.value, label) for level, label in ASSURANCE.items()],
        coerce=int,
    )

    def __init__(self, *arguments: object, values: PartyValues | None = None, **options: object) -> None:
        """Offer the departments, and show what is registered."""
        if values is not None:
            options["initial"] = _shown(values)
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # handed on as they are
        self.fields["department"] = forms.ChoiceField(
            label=_("Department"),
            choices=department_choices(empty=_("none of this platform")),
            required=False,
        )
        if values is not None:
            del self.fields["sort"]

    def values(self) -> PartyValues:
        """Return what was entered."""
        entered = self.cleaned_data
        return PartyValues(
            name=entered["name"],
            redirect_uris=tuple(entered["redirect_uris"].split()),
            logout_uris=tuple(entered["logout_uris"].split()),
            backchannel_uri=entered["backchannel_uri"].strip(),
            scopes=tuple(entered["scopes"]),
            least_level=Assurance(entered["least_level"]),
            department_id=chosen(entered["department"]),
        )


@allow(Role.SECURITY_ADMIN)
def party_list(request: ActorRequest) -> HttpResponse:
    """Show the relying parties, and what their makers need to know of us."""
    context = {
        "rows": parties(actor=request.actor),
        "configuration": absolute("sign_on:configuration"),
    }
    return render(request, "trust/sign_on/parties.html", context)


@allow(Role.SECURITY_ADMIN)
@never_cache
@sensitive
def party_add(request: ActorRequest) -> HttpResponse:
    """Register a relying party; its secret is shown once."""
    form = PartyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sort = form.cleaned_data["sort"]
        issued = done(
            form,
            lambda: add_party(
                values=form.values(),
                keeps_secret=sort == SITE,
                is_kiosk=sort == KIOSK,
                actor=request.actor,
                at=timezone.now(),
            ),
        )
        if issued:
            return _issued(request, issued)
    context = {
        "form": form,
        "trail": _trail(_("Register")),
        "title": _("Register a relying party"),
        "lead": _("A site, program or kiosk to which people sign in with their account of this platform."),
        "cancel_url": reverse("sign_on:party-list"),
        "action_label": _("Register"),
    }
    return render(request, "trust/form.html", context)


@allow(Role.SECURITY_ADMIN)
def party_detail(request: ActorRequest, client_id: str) -> HttpResponse:
    """Show one relying party."""
    row = party(client_id=client_id, actor=request.actor)
    return render(
        request,
        "trust/sign_on/party.html",
        {"row": row, "facts": _facts(row), "trail": _trail(row.values.name)},
    )


@allow(Role.SECURITY_ADMIN)
def party_change(request: ActorRequest, client_id: str) -> HttpResponse:
    """Change what is registered."""
    row = party(client_id=client_id, actor=request.actor)
    form = PartyForm(request.POST or None, values=row.values)
    if request.method == "POST" and form.is_valid():

        def change() -> bool:
            change_party(client_id=client_id, values=form.values(), actor=request.actor, at=timezone.now())
            return True

        if done(form, change):
            messages.success(request, gettext("The relying party was changed."))
            return redirect("sign_on:party-detail", client_id)
    context = {
        "form": form,
        "trail": _trail(row.values.name),
        "title": _("Change %(name)s") % {"name": row.values.name},
        "cancel_url": reverse("sign_on:party-detail", args=[client_id]),
        "action_label": _("Save"),
    }
    return render(request, "trust/form.html", context)


@allow(Role.SECURITY_ADMIN)
@never_cache
@sensitive
def party_secret(request: ActorRequest, client_id: str) -> HttpResponse:
    """Give a new secret, shown once."""
    row = party(client_id=client_id, actor=request.actor)
    if request.method == "POST":
        return _issued(request, renew_secret(client_id=client_id, actor=request.actor, at=timezone.now()))
    context = {
        "title": _("Renew the secret of %(name)s?") % {"name": row.values.name},
        "text": _(
            "The present secret stops working at once. Nobody can sign in there until the new one is entered."
        ),
        "action_label": _("Renew the secret"),
        "cancel_url": reverse("sign_on:party-detail", args=[client_id]),
        "is_dangerous": True,
    }
    return render(request, "ui/confirm.html", context)


@allow(Role.SECURITY_ADMIN)
def party_close(request: ActorRequest, client_id: str) -> HttpResponse:
    """Close a relying party."""
    row = party(client_id=client_id, actor=request.actor)
    return confirm(
        request,
        lambda: close_party(client_id=client_id, actor=request.actor, at=timezone.now()),
        title=_("Close %(name)s?") % {"name": row.values.name},
        text=_(
            "Nobody signs in there any more. Its tokens end at once, and it is told that all sessions have ended."
        ),
        action_label=_("Close"),
        back=reverse("sign_on:party-list"),
        said=_("The relying party was closed."),
    )


@allow(Role.SECURITY_ADMIN)
def key_rotate(request: ActorRequest) -> HttpResponse:
    """Issue the next signing key."""
    return confirm(
        request,
        lambda: rotate_signing_key(actor=request.actor, at=timezone.now()),
        title=_("Issue the next signing key?"),
        text=_(
            "It is published now and signs in two hours, when every relying party has it. The present one is"
            " withdrawn an hour later."
        ),
        action_label=_("Issue the key"),
        back=reverse("sign_on:party-list"),
        said=_("The next key is published and signs in two hours."),
        is_dangerous=False,
    )


@signed_in
def consent_withdraw(request: ActorRequest, consent_id: UUID) -> HttpResponse:
    """Let a relying party know nothing more."""
    return confirm(
        request,
        lambda: withdraw_consent(consent_id=consent_id, actor=request.actor, at=timezone.now()),
        title=_("Withdraw your consent?"),
        text=_(
            "You are signed out there, and the site is told nothing more. It may keep what it was told before."
        ),
        action_label=_("Withdraw"),
        back=reverse("trust:me"),
        said=_("Your consent was withdrawn."),
    )


def _issued(request: ActorRequest, issued: IssuedParty) -> HttpResponse:
    row = party(client_id=issued.client_id, actor=request.actor)
    context = {
        "row": row,
        "issued": issued,
        "configuration": absolute("sign_on:configuration"),
        "trail": _trail(row.values.name),
    }
    return render(request, "trust/sign_on/party_issued.html", context)


def _facts(row: PartyRow) -> list[tuple[Text, str]]:
    values = row.values
    sort = KIOSK if row.is_kiosk else SITE if row.keeps_secret else PROGRAM
    facts: list[tuple[Text, str]] = [
        (_("Client id"), row.client_id),
        (_("Sort of party"), str(SORTS[sort])),
        (_("Department"), row.department),
        (_("Addresses to send users back to"), "\n".join(values.redirect_uris)),
        (_("Addresses to go to after signing out"), "\n".join(values.logout_uris)),
        (_("Address that hears when a session ends"), values.backchannel_uri),
        (_("What it may ask for"), "、".join(str(SCOPES[scope]) for scope in values.scopes)),
        (_("How its users must have signed in"), str(ASSURANCE[values.least_level])),
        (_("People who use it"), str(row.people)),
        (_("Registered"), moment(row.created_at)),
    ]
    return [*facts, (_("Secret given"), moment(row.secret_at))] if row.keeps_secret else facts


def _shown(values: PartyValues) -> dict[str, object]:
    return {
        "name": values.name,
        "redirect_uris": "\n".join(values.redirect_uris),
        "logout_uris": "\n".join(values.logout_uris),
        "backchannel_uri": values.backchannel_uri,
        "scopes": list(values.scopes),
        "least_level": values.least_level.value,
        "department": str(values.department_id or ""),
    }


def _trail(label: Text) -> tuple[tuple[Text, str], ...]:
    return ((_("Relying parties"), reverse("sign_on:party-list")), (label, ""))
