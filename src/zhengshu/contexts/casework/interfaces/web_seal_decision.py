"""The page on which an application for a seal is decided, and the way to it from the seal's own page."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhengshu.contexts.casework.application.assurance import ask_before
from zhengshu.contexts.casework.application.queries import type_of
from zhengshu.contexts.casework.application.seals.decide_seal import decide_seal, seal_task
from zhengshu.contexts.casework.domain.records import TaskRecord
from zhengshu.contexts.casework.interfaces.access import READERS
from zhengshu.contexts.casework.interfaces.once import OnceForm
from zhengshu.contexts.trust import api as trust
from zhengshu.foundation.http.problems import sentence
from zhengshu.foundation.http.requests import ActorRequest
from zhengshu.foundation.http.rules import allow
from zhengshu.foundation.ui.slots import slot
from zhengshu.kernel.actors import Actor, Role
from zhengshu.kernel.errors import Kind, Refused
from zhengshu.kernel.identity import CaseId

DECIDERS = (Role.DEPARTMENT_HEAD, Role.REVIEWER)


class DecisionForm(OnceForm):
    """What is decided, and why."""

    outcome = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Needed for a refusal; the applicant reads it."),
    )

    def offer(self, task: TaskRecord) -> None:
        """Let one of the task's outcomes be chosen."""
        self.fields["outcome"].choices = [(one.code, one.name) for one in task.outcomes]  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@allow(*DECIDERS)
def seal_decide(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Decide on an application for a seal."""
    case, task = seal_task(case_id=CaseId(case_id), actor=request.actor, at=timezone.now())
    if task is None:
        messages.error(request, _("There is nothing for you to decide in this application now."))
        return redirect(case.subject.path)
    ask_before(task, kind=type_of(case_id=case.id, actor=request.actor), actor=request.actor)
    form = DecisionForm(request.POST or None)
    form.offer(task)
    if request.method == "POST" and form.is_valid():
        try:
            decide_seal(
                case_id=case.id,
                task_id=task.id,
                outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                at=timezone.now(),
                idempotency_key=form.cleaned_data["key"],
            )
        except Refused as refusal:
            if refusal.kind is Kind.NOT_FOUND:
                raise
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, _("Your decision was stored."))
            return redirect(case.subject.path)
    context = {
        "form": form,
        "case": case,
        "task": task,
        "trail": [
            (_("Seals"), reverse("trust:seal-list")),
            (case.subject.title, case.subject.path),
            (task.task_name, ""),
        ],
    }
    return render(request, "casework/seal_decide.html", context)


@slot("trust.seal", trust.SealRecord)
def case_buttons(request: HttpRequest, seal: trust.SealRecord) -> SafeString:
    """Lead to the case of an application, and to its decision where it is the reader's."""
    actor = getattr(request, "actor", None)
    if seal.case_id is None or not isinstance(actor, Actor) or not actor.has(*READERS):
        return SafeString("")
    may_decide = False
    if seal.state == "applied" and actor.has(*DECIDERS):
        _case, task = seal_task(case_id=CaseId(seal.case_id), actor=actor, at=timezone.now())
        may_decide = task is not None
    context = {"seal": seal, "may_decide": may_decide}
    return render_to_string("casework/parts/seal_case_button.html", context, request=request)
