"""Absences: who does my to-dos while I am away, and for whom I do them."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.declare_absence import absences, declare_absence, end_absence
from zhengshu.contexts.casework.interfaces.access import CASE_OFFICIALS
from zhengshu.contexts.casework.interfaces.once import OnceForm
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.kernel.actors import Actor
from zhengshu.kernel.errors import Refused


class AbsenceForm(OnceForm):
    """From when to when, and to whom."""

    first = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    deputy = forms.ChoiceField(label=gettext_lazy("Deputy"))
    types = forms.MultipleChoiceField(
        label=gettext_lazy("Types of cases"),
        help_text=gettext_lazy("None ticked: all."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def offer(self, actor: Actor) -> None:
        """Let a colleague and types of cases be chosen."""
        people = trust.officials(department_id=actor.department_id) if actor.department_id else ()
        names = [(str(one.id), f"{one.name} ({one.username})") for one in people if one.id != actor.id]
        self.fields["deputy"] = forms.ChoiceField(label=_("Deputy"), choices=[("", "—"), *names])
        kinds = [(kind.definition.code, kind.text("name")) for kind in queries.case_types()]
        self.fields["types"] = forms.MultipleChoiceField(
            label=_("Types of cases"),
            help_text=_("None ticked: all."),
            required=False,
            choices=kinds,
            widget=forms.CheckboxSelectMultiple,
        )


@require_http_methods(["GET", "POST"])
@allow(*CASE_OFFICIALS)
def absence_list(request: ActorRequest) -> HttpResponse:
    """Show the absences that concern the reader, and declare one."""
    at = timezone.now()
    form = AbsenceForm(request.POST or None)
    form.offer(request.actor)
    if request.method == "POST" and form.is_valid():
        zone = get_default_timezone()
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        try:
            declare_absence(
                deputy_id=UUID(form.cleaned_data["deputy"]),
                active_from=datetime.combine(first, time(), zone),
                active_to=datetime.combine(last + timedelta(days=1), time(), zone),
                case_types=form.cleaned_data["types"],
                actor=request.actor,
                at=at,
                idempotency_key=form.cleaned_data["key"],
            )
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, _("Stored. Your deputy sees your to-dos in these days."))
            return redirect("casework:absences")
    names = {kind.definition.code: kind.text("name") for kind in queries.case_types()}
    rows = [
        {
            "record": one,
            "last": one.active_to - timedelta(seconds=1),
            "types": [names.get(code, code) for code in one.case_types],
            "is_mine": one.person_id == request.actor.id,
            "may_end": not one.is_over and one.deputy_id != request.actor.id,
        }
        for one in absences(actor=request.actor, at=at)
    ]
    trail = [(_("To-dos"), "/cases/"), (_("Absences"), "")]
    return render(request, "casework/absences.html", {"form": form, "rows": rows, "trail": trail})


@require_http_methods(["GET", "POST"])
@allow(*CASE_OFFICIALS)
def absence_end(request: ActorRequest, absence_id: UUID) -> HttpResponse:
    """End an absence now."""
    if request.method == "POST":
        try:
            end_absence(absence_id=absence_id, actor=request.actor, at=timezone.now())
        except Refused as refusal:
            messages.error(request, sentence(refusal))
        else:
            messages.success(request, _("The absence has ended; the deputy can do nothing more in it."))
        return redirect("casework:absences")
    context = {
        "title": _("End the absence"),
        "text": _("The deputy can then do nothing more for the absent person. What was done stays done."),
        "action_label": _("End the absence"),
        "cancel_url": reverse("casework:absences"),
    }
    return render(request, "ui/confirm.html", context)
