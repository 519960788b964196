"""Rating a service: what is due, the form for a case or a visit, and the codes that a window gives."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from zhengshu.contexts.services.application import rating_queries as queries
from zhengshu.contexts.services.application.give_rating import (
    RatedAlready,
    rate_by_link,
    rate_case,
    rate_visit,
)
from zhengshu.contexts.services.application.invite_rating import MOST_WINDOW
from zhengshu.contexts.services.application.offered import offered_by
from zhengshu.contexts.services.application.open_visit import VisitRecord, open_visit, visits_today
from zhengshu.contexts.services.application.rating_queries import InvitationRecord
from zhengshu.contexts.services.domain.ratings import (
    MOST_CONTACT,
    MOST_WORDS,
    Indicator,
    RatingChannel,
    RatingDraft,
    indicators_of,
)
from zhengshu.contexts.services.domain.vocabulary import Satisfaction
from zhengshu.contexts.services.interfaces.labels import in_language
from zhengshu.contexts.services.interfaces.qr import qr
from zhengshu.contexts.services.interfaces.rating_words import END_WORDS, INDICATORS, LEVELS
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow, public
from zhengshu.kernel.actors import APPLICANTS, Role
from zhengshu.kernel.errors import Refused

applicants = allow(*sorted(APPLICANTS))
clerks = allow(Role.WINDOW_CLERK)
LEVEL_CHOICES = [(level.value, words) for level, words in LEVELS.items()]


class RatingForm(forms.Form):
    """Five levels, sides of the service, words."""

    level = forms.ChoiceField(
        label=gettext_lazy("How content are you, all in all?"),
        choices=LEVEL_CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the five answers.")},
    )
    words = forms.CharField(
        label=gettext_lazy("What would you like to say?"),
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Names and numbers are hidden before the department reads it."),
    )
    contact = forms.CharField(
        label=gettext_lazy("How may we reach you?"),
        max_length=MOST_CONTACT,
        required=False,
        help_text=gettext_lazy("Only the call-back desk sees it; the rated department does not."),
    )

    def __init__(self, *args: object, is_online: bool, **kwargs: object) -> None:
        """Offer the sides that such a service has."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as Django's own
        self.sides = indicators_of(is_online=is_online)
        for side in self.sides:
            self.fields[side.value] = forms.ChoiceField(
                label=str(INDICATORS[side]), choices=[("", _("Not rated")), *LEVEL_CHOICES], required=False
            )
        self.order_fields(["level", *(side.value for side in self.sides), "words", "contact"])

    def draft(self, channel: RatingChannel) -> RatingDraft:
        """Return what was said."""
        told = self.cleaned_data
        return RatingDraft(
            level=Satisfaction(told["level"]),
            channel=channel,
            indicators={
                Indicator(side): Satisfaction(told[side.value]) for side in self.sides if told[side.value]
            },
            words=told["words"],
            contact=told["contact"],
        )


class VisitForm(forms.Form):
    """Whose visit, and what its number or application leaves open."""

    visit = forms.TypedChoiceField(
        label=gettext_lazy("Visit"),
        coerce=UUID,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the visit that is to be rated.")},
    )
    item = forms.ChoiceField(
        label=gettext_lazy("Service item"),
        required=False,
        help_text=gettext_lazy("Only where the number was taken for any matter."),
    )
    window = forms.CharField(
        label=gettext_lazy("Window"),
        max_length=MOST_WINDOW,
        required=False,
        help_text=gettext_lazy("Only where no number was called."),
    )


@require_GET
@applicants
def mine(request: ActorRequest) -> HttpResponse:
    """List what the reader may rate, and what he rated."""
    context = {
        "due": queries.due(actor=request.actor, at=timezone.now()),
        "given": [
            (one, LEVELS[one.level], END_WORDS.get(one.end, "")) for one in queries.given(actor=request.actor)
        ],
    }
    return render(request, "services/my_ratings.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@applicants
def rate(request: ActorRequest, invitation_id: UUID) -> HttpResponse:
    """Rate a case of one's own, once."""
    found = queries.invitation(invitation_id=invitation_id, actor=request.actor)

    def give(draft: RatingDraft) -> None:
        rate_case(invitation_id=invitation_id, draft=draft, actor=request.actor, at=timezone.now())

    channel = RatingChannel.MOBILE if "Mobi" in request.headers.get("User-Agent", "") else RatingChannel.PC
    return _form(request, found, give, channel)


@never_cache
@require_http_methods(["GET", "POST"])
@public
def visit(request: ActorRequest, code: str) -> HttpResponse:
    """Rate a visit by the code of its QR, once; nobody has to sign in."""
    found = queries.visit(code=code)

    def give(draft: RatingDraft) -> None:
        rate_visit(code=code, draft=draft, actor=request.actor, at=timezone.now())

    return _form(request, found, give, RatingChannel.QR)


@never_cache
@require_http_methods(["GET", "POST"])
@public
def rate_linked(request: ActorRequest, code: str) -> HttpResponse:
    """Rate a case by the link of an SMS, an e-mail or a message, once; nobody has to sign in, and nobody is named."""
    found = queries.by_link(code=code, actor=request.actor)

    def give(draft: RatingDraft) -> None:
        rate_by_link(code=code, draft=draft, actor=request.actor, at=timezone.now())

    answer = _form(request, found, give, RatingChannel.SMS)
    # Not "no-referrer": browsers then send no origin with the form either, and it is refused as forged.
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


@never_cache
@require_http_methods(["GET", "POST"])
@clerks
def visits(request: ActorRequest) -> HttpResponse:
    """Give a code with which somebody rates his visit: shown as QR, to be printed or held up."""
    now = timezone.now()
    found = visits_today(actor=request.actor, at=now)
    chosen = next((one for one in found if str(one.id) == request.GET.get("visit")), None)
    known = {"visit": str(chosen.id), "window": chosen.window} if chosen else {}
    form = VisitForm(request.POST or None, initial=known)
    form.fields["visit"].choices = [(str(one.id), _visit_words(one)) for one in found]  # type: ignore[attr-defined]
    form.fields["item"].choices = [  # type: ignore[attr-defined]
        ("", "—"),
        *((one.code, in_language(one.name, one.name_en)) for one in offered_by(actor=request.actor)),
    ]
    context: dict[str, object] = {"form": form, "has_visits": bool(found)}
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            code = open_visit(
                visit_id=told["visit"],
                item_code=told["item"],
                window=told["window"],
                actor=request.actor,
                at=now,
            )
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            address = request.build_absolute_uri(reverse("services:rate-visit", args=[code]))
            context |= {"code": code, "address": address, "picture": qr(address)}
    return render(request, "services/visits.html", context)


def _visit_words(one: VisitRecord) -> str:
    told = (one.label, in_language(one.item_name, one.item_name_en) or _("Any matter"), one.window)
    return " · ".join(part for part in (*told, _("has its code") if one.code else "") if part)


def _form(
    request: ActorRequest,
    found: InvitationRecord,
    give: Callable[[RatingDraft], None],
    channel: RatingChannel,
) -> HttpResponse:
    is_over = found.used_at is not None
    form = RatingForm(request.POST or None, is_online=found.is_online)
    if request.method == "POST" and not is_over and form.is_valid():
        try:
            give(form.draft(channel))
        except RatedAlready:
            is_over = True
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return redirect(request.path)
    context = {
        "found": found,
        "form": form,
        "is_over": is_over,
        "is_late": found.expires_at <= timezone.now(),
    }
    return render(request, "services/rate.html", context)
