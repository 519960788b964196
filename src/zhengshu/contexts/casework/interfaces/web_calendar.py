"""Working days that this platform decides otherwise than the published calendar."""

from datetime import date

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from zhengshu.contexts.casework.application.decide_day import (
    DECIDING_ROLES,
    clocks_over,
    decide_day,
    decided_days,
    free_day,
)
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.once import OnceForm
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.ui.tags import day as day_text
from zhengshu.kernel.errors import Refused

DECIDERS = tuple(sorted(DECIDING_ROLES))


class DayForm(OnceForm):
    """A day, what it is, and on which notice."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    is_working = forms.TypedChoiceField(
        label=gettext_lazy("What it is here"),
        choices=[("no", gettext_lazy("No working day")), ("yes", gettext_lazy("Working day"))],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It stands in “why on that day?” of every limit that it moves."),
        max_length=200,
    )
    basis = forms.CharField(
        label=gettext_lazy("Notice or article"),
        help_text=gettext_lazy("The document on which it rests, with its number."),
        max_length=200,
    )

    def hide(self) -> None:
        """Carry what was asked without showing it again, for the confirmation."""
        for field in self.fields.values():
            field.widget = forms.HiddenInput()


@require_http_methods(["GET", "POST"])
@allow(*DECIDERS, *READERS)
def calendar(request: ActorRequest) -> HttpResponse:
    """Show what was decided about days; who may, decides another, after having read what it moves."""
    at = timezone.now()
    may_decide = request.actor.has(*DECIDING_ROLES)
    form = DayForm(request.POST or None) if may_decide else None
    if form is not None and request.method == "POST" and form.is_valid():
        if "confirmed" not in request.POST:
            return _confirm(request, form)
        try:
            decide_day(
                day=form.cleaned_data["day"],
                is_working=form.cleaned_data["is_working"],
                reason=form.cleaned_data["reason"],
                basis=form.cleaned_data["basis"],
                actor=request.actor,
                at=at,
                idempotency_key=form.cleaned_data["key"],
            )
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(
                request,
                _("Decided. Running clocks are counted again within ten minutes; each case tells it."),
            )
            return redirect("casework:calendar")
    context = {
        "days": decided_days(at=at),
        "form": form,
        "trail": [(_("Cases"), "/cases/"), (_("Working days"), "")],
    }
    return render(request, "casework/calendar.html", context)


@require_http_methods(["GET", "POST"])
@allow(*DECIDERS)
def calendar_free(request: ActorRequest, day: date) -> HttpResponse:
    """Ask before a day follows the published calendar again."""
    form = OnceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            free_day(
                day=day, actor=request.actor, at=timezone.now(), idempotency_key=form.cleaned_data["key"]
            )
        except Refused as refusal:
            messages.error(request, sentence(refusal))
        else:
            messages.success(request, _("The day follows the published calendar again."))
        return redirect("casework:calendar")
    context = {
        "title": _("Take the decision back"),
        "text": _moved(day, _("%(day)s follows the published calendar again.")),
        "form": form,
        "action_label": _("Take the decision back"),
        "cancel_url": reverse("casework:calendar"),
    }
    return render(request, "ui/confirm.html", context)


def _confirm(request: ActorRequest, form: DayForm) -> HttpResponse:
    day, is_working = form.cleaned_data["day"], form.cleaned_data["is_working"]
    text = _("%(day)s becomes a working day.") if is_working else _("%(day)s becomes no working day.")
    form.hide()
    form.fields["confirmed"] = forms.CharField(widget=forms.HiddenInput(), initial="yes")
    again = request.POST.copy()
    again["confirmed"] = "yes"
    form.data = again
    context = {
        "title": _("Decide this day?"),
        "text": f"{_moved(day, text)} {form.cleaned_data['reason']} ({form.cleaned_data['basis']})",
        "form": form,
        "action_label": _("Decide the day"),
        "cancel_url": reverse("casework:calendar"),
    }
    return render(request, "ui/confirm.html", context)


def _moved(day: date, text: str) -> str:
    """Say how many running clocks a decision may move."""
    count = clocks_over(day=day)
    more = ngettext(
        "%(count)s running clock ends on that day or later and is counted again.",
        "%(count)s running clocks end on that day or later and are counted again.",
        count,
    ) % {"count": count}
    return f"{text % {'day': day_text(day)}} {more}"
