"""The pages on which an application for a seal is decided or taken back, and how it stands on the seal's page."""

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

from zhengshu.contexts.casework.application import queries
from zhengshu.contexts.casework.application.assurance import ask_before
from zhengshu.contexts.casework.application.seals.decide_seal import decide_seal, seal_task
from zhengshu.contexts.casework.application.seals.withdraw_seal import may_withdraw, withdraw_seal
from zhengshu.contexts.casework.application.working import CaseNotFound
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
WITHDRAWERS = (Role.DATA_OFFICER, Role.WINDOW_CLERK, Role.APPROVER, Role.DEPARTMENT_HEAD)


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
    ask_before(task, kind=queries.type_of(case_id=case.id, actor=request.actor), actor=request.actor)
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


class WithdrawalForm(OnceForm):
    """Why an application is taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_http_methods(["GET", "POST"])
@allow(*WITHDRAWERS)
def seal_withdraw(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Ask before an application for a seal is taken back."""
    found = queries.case(case_id=CaseId(case_id), actor=request.actor, at=timezone.now())
    if not may_withdraw(found, actor=request.actor):
        messages.error(request, _("This application cannot be taken back by you now."))
        return redirect(found.subject.path)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_seal(
                case_id=found.id,
                reason=form.cleaned_data["reason"],
                actor=request.actor,
                at=timezone.now(),
                idempotency_key=form.cleaned_data["key"],
            )
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, _("The application was taken back; no seal is made."))
            return redirect(found.subject.path)
    title = _("Take back the application")
    context = {
        "title": title,
        "text": _("Application %(number)s for “%(name)s”. To apply again, hand in a new one.")
        % {"number": found.number, "name": found.subject.title},
        "form": form,
        "action_label": title,
        "is_dangerous": True,
        "cancel_url": found.subject.path,
        "trail": [
            (_("Seals"), reverse("trust:seal-list")),
            (found.subject.title, found.subject.path),
            (title, ""),
        ],
    }
    return render(request, "ui/confirm.html", context)


@slot("trust.seal", trust.SealRecord)
def case_buttons(request: HttpRequest, seal: trust.SealRecord) -> SafeString:
    """Lead to the case of an application, to its decision where it is the reader's, and to taking it back."""
    actor = getattr(request, "actor", None)
    if seal.case_id is None or not isinstance(actor, Actor) or not actor.has(*READERS):
        return SafeString("")
    may_decide = may_take_back = False
    if seal.state == "applied" and actor.has(*DECIDERS, *WITHDRAWERS):
        found, task = seal_task(case_id=CaseId(seal.case_id), actor=actor, at=timezone.now())
        may_decide = task is not None and actor.has(*DECIDERS)
        may_take_back = may_withdraw(found, actor=actor)
    context = {"seal": seal, "may_decide": may_decide, "may_withdraw": may_take_back}
    return render_to_string("casework/parts/seal_case_button.html", context, request=request)


@slot("trust.seal-aside", trust.SealRecord)
def case_standing(request: HttpRequest, seal: trust.SealRecord) -> SafeString:
    """Show how the application stands: whose turn it is, until when, what happened."""
    actor = getattr(request, "actor", None)
    if seal.case_id is None or not isinstance(actor, Actor) or not actor.has(*READERS):
        return SafeString("")
    try:
        found = queries.case(case_id=CaseId(seal.case_id), actor=actor, at=timezone.now())
    except CaseNotFound:
        return SafeString("")
    return render_to_string("casework/_case_panel.html", {"case": found}, request=request)
