"""Where the security administrator ends the case of an alarm or a finding: beside its evidence."""

from collections.abc import Sequence
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhengshu.contexts.casework import api as casework
from zhengshu.contexts.exchange.application.alarm_cases import title_of
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.ui.tags import moment
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Refused

TASK = "examine"


class ExaminationForm(forms.Form):
    """How an examination ended, and why."""

    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("What was found out"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def offer(self, outcomes: Sequence[casework.OutcomeRecord]) -> None:
        """Let one of these be chosen."""
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Outcome"), choices=[(one.code, one.name) for one in outcomes], widget=forms.RadioSelect
        )


def examination(
    request: ActorRequest, *, subject_id: UUID
) -> tuple[ExaminationForm | None, casework.CaseRecord | None]:
    """Return the form by which the reader ends the case of a subject, and the case; no form if it is not his to-do.

    A sent form that holds is carried out; the form is None then, and the case is the ended one.
    """
    case = casework.cases_of(subject_ids=[subject_id], actor=request.actor, at=timezone.now()).get(subject_id)
    if case is None or not request.actor.has(Role.SECURITY_ADMIN):
        return None, None
    task = next((one for one in case.open_tasks if one.task == TASK and one.is_mine), None)
    if task is None:
        return None, case
    form = ExaminationForm(request.POST or None)
    form.offer(task.outcomes)
    if request.method == "POST" and form.is_valid() and _done(form, case, actor=request.actor):
        messages.success(request, gettext("The case has ended."))
        return None, case
    return form, case


def _done(form: ExaminationForm, case: casework.CaseRecord, *, actor: Actor) -> bool:
    try:
        casework.complete_task(
            case_id=case.id,
            task=TASK,
            outcome=form.cleaned_data["outcome"],
            reason=form.cleaned_data["reason"],
            actor=actor,
            at=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, sentence(refusal))
        return False
    return True


@allow(Role.SECURITY_ADMIN)
def alarm_case(request: ActorRequest, alarm_id: UUID) -> HttpResponse:
    """Show an alarm of the proof log, and let its case be ended."""
    alarm = trust.log_alarm(alarm_id=alarm_id, actor=request.actor)
    form, case = examination(request, subject_id=alarm_id)
    if request.method == "POST" and form is None:
        return redirect("exchange:alarm-case", alarm_id)
    facts: list[tuple[object, object]] = [
        (_("Raised"), moment(alarm.raised_at)),
        (_("Ended"), moment(alarm.cleared_at) if alarm.cleared_at else _("open")),
    ]
    facts += [(_("Reported by"), alarm.reporter)] if alarm.reporter else []
    facts += [(_("Said"), alarm.answer)] if alarm.answer else []
    context = {
        "alarm": alarm,
        "name": title_of(alarm.kind),
        "facts": facts,
        "form": form,
        "case": case,
        "trail": [(_("Watching"), reverse("exchange:watching")), (_("Alarm"), "")],
    }
    return render(request, "exchange/alarm_case.html", context)
