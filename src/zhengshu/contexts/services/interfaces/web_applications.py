"""Pages of an application: the receipt that its number is kept by, and taking it back."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.services.application.application_queries import application
from zhengshu.contexts.services.application.application_records import ApplicationRecord
from zhengshu.contexts.services.application.bundle_queries import PartAlone, part_alone
from zhengshu.contexts.services.application.ticket_queries import ticket_behind
from zhengshu.contexts.services.application.withdraw_application import withdraw_application
from zhengshu.contexts.services.domain.vocabulary import Channel
from zhengshu.contexts.services.interfaces.labels import in_language
from zhengshu.contexts.services.interfaces.slots import certificate_of, views_of
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, signed_in
from zhengshu.kernel.actors import APPLICANTS
from zhengshu.kernel.errors import Refused

CHANNELS = {
    Channel.WINDOW: gettext_lazy("At the window"),
    Channel.WEB: gettext_lazy("On the web"),
    Channel.MOBILE: gettext_lazy("On a phone"),
    Channel.POST: gettext_lazy("By post"),
    Channel.OTHER: gettext_lazy("At a kiosk"),
}


class WithdrawForm(forms.Form):
    """Why somebody takes his application back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_GET
@signed_in
def receipt(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Show the receipt of an application, to be printed or kept."""
    found = application(draft_id=draft_id, actor=request.actor)
    case = casework.case(case_id=found.case_id, actor=request.actor, at=timezone.now())
    context = {
        "application": found,
        "item": name_of(found),
        "case": case,
        "channel": CHANNELS[found.channel],
        "checks": views_of(found.checks),
        "is_own": request.actor.department_id is None,
        "certificate": certificate_of(found, actor=request.actor),
        "ticket": ticket_behind(ticket_id=found.ticket_id),
        "sources": sorted({one.source for one in found.sources}),
    }
    return render(request, "services/receipt.html", context)


@require_http_methods(["GET", "POST"])
@allow(*sorted(APPLICANTS))
def withdraw(request: ActorRequest, draft_id: UUID) -> HttpResponse:
    """Take an application back while nobody has decided it."""
    found = application(draft_id=draft_id, actor=request.actor)
    part = part_alone(draft_id=draft_id, actor=request.actor)
    own = reverse("apply:my-case", args=[found.case_id])
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_application(
                draft_id=draft_id, reason=form.cleaned_data["reason"], actor=request.actor, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, _("Your application was taken back."))
            return redirect("services:thing", part.bundle_id) if part else redirect(own)
    context = {
        "title": _("Take the application back?"),
        "text": _what_follows(part),
        "form": form,
        "action_label": _("Take back"),
        "cancel_url": own,
        "is_dangerous": True,
        "trail": [(_("My matters"), reverse("apply:mine")), (found.number, own), (_("Take back"), "")],
    }
    return render(request, "ui/confirm.html", context)


def _what_follows(part: PartAlone | None) -> str:
    """Say what taking back means; of one thing, for the other parts too."""
    if part is None:
        return _("It ends, and nothing is decided. You may apply again at any time.")
    told = {"name": in_language(part.thing.name, part.thing.name_en), "items": _(", ").join(part.lost)}
    if part.lost:
        words = (
            _(
                "This matter ends, and nothing is decided in it. What waits for its result is then not begun: "
                "%(items)s. Everything else of “%(name)s” goes on."
            )
            if part.others_go_on
            else _(
                "This matter ends, and nothing is decided in it. What waits for its result is then not begun: "
                "%(items)s. Nothing else of “%(name)s” is under way."
            )
        )
    else:
        words = (
            _("Only this matter ends, and nothing is decided in it. Everything else of “%(name)s” goes on.")
            if part.others_go_on
            else _(
                "This matter ends, and nothing is decided in it. Nothing else of “%(name)s” is under way; "
                "what was done stays."
            )
        )
    return words % told


def name_of(found: ApplicationRecord) -> str:
    """Return the name of an application's item in the reader's language."""
    is_english = (get_language() or "").startswith("en")
    return found.item_name_en if is_english and found.item_name_en else found.item_name


urlpatterns: list[URLPattern | URLResolver] = [
    path("applications/<uuid:draft_id>/receipt/", receipt, name="receipt"),
    path("applications/<uuid:draft_id>/withdraw/", withdraw, name="withdraw"),
]
