"""Supervision: how each department stands, urging, notes and their answers."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.supervise import (
    MOST_DAYS,
    answer_note,
    by_department,
    urge_case,
    write_note,
)
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.asking import Question, ask_about
from zhengshu.contexts.casework.interfaces.once import OnceForm
from zhengshu.contexts.casework.models.readers import SUPERVISING_ROLES
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.lists import ListQuery
from zhengshu.kernel.clocks import Light
from zhengshu.kernel.identity import CaseId

SHOWN = (Light.RED, Light.YELLOW, Light.GREEN, Light.GREY)


class UrgeForm(OnceForm):
    """What is said, and by when it must be answered."""

    text = forms.CharField(
        label=gettext_lazy("Words"),
        help_text=gettext_lazy("The departments that have something to do read it; no personal data."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Answer within working days"),
        help_text=gettext_lazy("Empty: an urging that asks for no answer."),
        min_value=1,
        max_value=MOST_DAYS,
        required=False,
    )


class AnswerForm(OnceForm):
    """The answer to a note."""

    answer = forms.CharField(
        label=gettext_lazy("Answer"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_GET
@allow(*READERS)
def departments(request: ActorRequest) -> HttpResponse:
    """Show how the open to-dos of each department stand."""
    at = timezone.now()
    counts = by_department(actor=request.actor, at=at)
    path = reverse("casework:supervision")
    rows = [
        {
            "name": one.name,
            "total": one.total,
            "cells": [
                {
                    "light": light.value,
                    "count": one.lights[light],
                    "url": path
                    + ListQuery(filters={"party": (str(one.department_id),), "light": (light.value,)}).link(),
                }
                for light in SHOWN
            ],
        }
        for one in counts
    ]
    totals = [{"light": light.value, "count": sum(one.lights[light] for one in counts)} for light in SHOWN]
    context = {
        "rows": rows,
        "totals": totals,
        "heads": [light.value for light in SHOWN],
        "trail": [(_("Cases"), "/cases/"), (_("By department"), "")],
    }
    return render(request, "casework/departments.html", context)


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def case_urge(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Urge those who have something to do, or ask them for an answer by a day."""
    at = timezone.now()
    case = queries.case(case_id=CaseId(case_id), actor=request.actor, at=at)
    form = UrgeForm(request.POST or None)
    if not request.actor.has(*SUPERVISING_ROLES):
        del form.fields["days"]

    def urge() -> None:
        text, key = form.cleaned_data["text"], form.cleaned_data["key"]
        days = form.cleaned_data.get("days")
        if days:
            write_note(case_id=case.id, text=text, days=days, actor=request.actor, at=at, idempotency_key=key)
        else:
            urge_case(case_id=case.id, text=text, actor=request.actor, at=at, idempotency_key=key)

    text = _("Case %(number)s. It is told to the departments that have something to do.")
    question = Question(
        title=_("Urge"),
        text=text % {"number": case.number},
        done=_("The departments concerned were told."),
    )
    return ask_about(case, question, form, act=urge, request=request)


@require_http_methods(["GET", "POST"])
@allow(*READERS)
def note_answer(request: ActorRequest, case_id: UUID, note_id: UUID) -> HttpResponse:
    """Answer a note for one's department."""
    at = timezone.now()
    case = queries.case(case_id=CaseId(case_id), actor=request.actor, at=at)
    form = AnswerForm(request.POST or None)

    def answer() -> None:
        answer_note(
            case_id=case.id,
            note_id=note_id,
            answer=form.cleaned_data["answer"],
            actor=request.actor,
            at=at,
            idempotency_key=form.cleaned_data["key"],
        )

    question = Question(
        title=_("Answer the supervision note"),
        text=_("Case %(number)s") % {"number": case.number},
        done=_("Your answer was stored."),
        label=_("Send the answer"),
    )
    return ask_about(case, question, form, act=answer, request=request)
