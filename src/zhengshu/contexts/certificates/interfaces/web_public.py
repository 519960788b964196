"""Pages for whoever is shown a certificate: by its identifier, or by a code that holds for a minute."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zhengshu.contexts.certificates.application.present_certificate import look_at, open_presentation
from zhengshu.contexts.certificates.application.queries import types
from zhengshu.contexts.certificates.application.verify_certificate import Verified, verify
from zhengshu.contexts.certificates.interfaces.words import badge, badge_of, period_of, why
from zhengshu.foundation.http.problems import STATUS, sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import public
from zhengshu.kernel.errors import Refused

MOST_LETTERS = 120


class NumberForm(forms.Form):
    """The identifier of a certificate."""

    number = forms.CharField(
        label=gettext_lazy("Identifier of the certificate"),
        max_length=MOST_LETTERS,
        help_text=gettext_lazy("It stands beside the QR code and begins with 1.2.156.3005.2."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "text"}),
    )


@public
@require_GET
def verify_page(request: ActorRequest) -> HttpResponse:
    """Say whether a certificate was issued here and where it stands; of what it says, what strangers may see."""
    is_asked = bool(request.GET.get("number"))
    form = NumberForm(request.GET if is_asked else None)
    context: dict[str, object] = {"form": form}
    status = 200
    if is_asked and form.is_valid():
        try:
            found = verify(
                number=form.cleaned_data["number"],
                actor=request.actor,
                at=timezone.now(),
                language=get_language() or "",
            )
        except Refused as refusal:
            status = STATUS[refusal.kind]
            context["refusal"] = sentence(refusal)
        else:
            context |= _verified(found)
    return render(request, "certificates/verify.html", context, status=status)


@public
@require_http_methods(["GET", "POST"])
def shown(request: ActorRequest, token: str) -> HttpResponse:
    """Show a certificate whole, once: a browser that only looks ahead (GET) uses nothing up."""
    at, context, status = timezone.now(), dict[str, object](), 200
    try:
        if request.method == "POST":
            record = open_presentation(token=token, actor=request.actor, at=at)
            context |= {
                "certificate": record,
                "badge": badge_of(record),
                "period": period_of(record.active_from, record.active_to),
                "seen_at": at,
            }
        else:
            kind = types().get(look_at(token=token, actor=request.actor, at=at))
            context["name"] = kind.names.of(get_language() or "") if kind else ""
    except Refused as refusal:
        status = STATUS[refusal.kind]
        context["refusal"] = sentence(refusal)
    response = render(request, "certificates/shown.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _verified(found: Verified) -> dict[str, object]:
    return {
        "found": found,
        "badge": badge(found.standing, found.ending),
        "period": period_of(found.active_from, found.active_to),
        "why": why(found.ended_because),
    }
